"""All writing of plans, of the board, and of data, runs and findings, each in its own module."""
