"""Pictures as text: pure functions from frozen inputs to SVG. No Django, no files, no clock here."""
