"""Activities from files and to files: read, matched, looked through, brought in, taken out again.

What does not belong here: recording one occasion (``actions.occasions``) and its limits (``checking``).
"""
