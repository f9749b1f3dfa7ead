"""Bundles, paths, robustness and source tracing over claims. Pure functions; claims come in as columns."""
