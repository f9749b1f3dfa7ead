"""How far coders agree, on codings as spans. Interval arithmetic; no text is needed."""
