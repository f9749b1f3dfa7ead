"""“Could this see it?”: a plan tried on figures that were there before it.

What does not belong here: the methods (``core.power``, ``core.effects.placebo``), keeping the answer (``actions``),
showing it (``queries.sight``).
"""
