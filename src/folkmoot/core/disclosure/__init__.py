"""Suppression and rounding of counts: what may be published, and what could be worked out from it."""
