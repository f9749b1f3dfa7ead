"""Results as careful sentences and as chart data, one module a verb.

What does not belong here: working anything out. A sentence only says what a result already holds.
"""
