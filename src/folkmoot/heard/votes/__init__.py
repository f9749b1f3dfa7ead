"""Imported votes: the box they lie in, reading, reckoning, what of it is public, and writing it out again."""
