"""What a piece of work changed: trials, differences in differences, staggered starts, series.

What does not belong here: planning (``core.power``), pooling of studies (``core.synthesis``),
reading files, and any judgement about whether an effect matters.
"""
