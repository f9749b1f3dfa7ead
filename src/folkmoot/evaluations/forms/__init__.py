"""Forms of plans, of the board, and of runs."""
