"""Judging one assumption from evidence of many kinds: two ledgers beside each other, never one number."""
