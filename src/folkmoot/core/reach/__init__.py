"""Who was reached against who lives there, with the unknown bounded.

What does not belong here: reading files, and any total score of representativeness.
"""
