"""Reads of this room: ``places`` (what lies where), ``people`` (who lives there), ``meant`` (groupings)."""
