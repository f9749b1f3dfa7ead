"""Organisations, research teams, the people who use the system, their roles, and who may see what."""
