"""Several studies of one question, put together; and what papers print, turned into an estimate and its error.

What does not belong here: judging how sure one may be (certainty, ledgers), reading papers.
"""
