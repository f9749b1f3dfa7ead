"""Papers that somebody found: read from RIS, BibTeX or a table, kept until they are recorded or set aside.

A reference is not evidence. It becomes a study when somebody has read it and says what it found.
"""
