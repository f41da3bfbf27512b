"""HEAR: read what residents say, wherever it stands, into one kind of message."""
