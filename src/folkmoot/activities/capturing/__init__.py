"""What a phone sends: read, recorded once however often it is sent, answered with something in return.

What does not belong here: the page and its script (``views/capture.py``, ``static/activities``), and what may be
recorded of an occasion at all (``checking``).
"""
