"""Discussions: those that the municipality opened, and whether anybody comes."""
