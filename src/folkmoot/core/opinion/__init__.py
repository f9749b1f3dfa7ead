"""Groups of opinion, and whether a shared characteristic means a shared view.

What does not belong here: reading files; any score of a person.
"""
