"""Words that only the front pages need."""
