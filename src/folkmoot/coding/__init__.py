"""Reading sources: codebooks, codings, and claims (cause → effect) on exact passages."""
