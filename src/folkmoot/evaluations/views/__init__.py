"""Pages of plans, of the board, and of runs and findings."""
