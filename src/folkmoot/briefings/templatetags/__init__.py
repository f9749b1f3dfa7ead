"""The tag that prints the pieces of an edition."""
