"""Where messages are about: gazetteers taken in, places found in messages, and what is counted of them."""
