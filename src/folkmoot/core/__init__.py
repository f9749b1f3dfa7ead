"""Pure functions and frozen dataclasses: what Folkmoot knows how to work out.

What does not belong here: Django, files, the clock, global randomness, anything that knows
where a number is stored or how it is shown.
"""
