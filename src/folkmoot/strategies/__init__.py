"""Aims, strategies and action plans, the objectives and commitments found in them, and who owns what."""
