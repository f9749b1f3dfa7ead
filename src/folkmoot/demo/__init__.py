"""A fictional network of seven organisations, generated."""
