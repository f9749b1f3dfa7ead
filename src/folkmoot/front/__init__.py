"""Overview, objective, chain and assumption pages: they read from everything below."""
