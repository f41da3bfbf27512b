"""The desk: what people and the worker do with what Kuulo remembers."""
