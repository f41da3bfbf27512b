"""The desk in the browser: addresses, pages, words."""
