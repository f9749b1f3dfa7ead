"""Factors, assumptions, mechanisms in versions, the library P1 to P14, and how they are drawn."""
