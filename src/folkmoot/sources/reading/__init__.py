"""Turn a file into documents of speaking turns: bytes in, frozen results out.

No Django, no database and no clock belong here; the database side calls ``read_source``.
"""

from .reader import read_source
from .redaction import propose_redactions
from .shapes import Limits, Proposal, ReadDocument, ReadFile, ReadTurn, SetAside

__all__ = [
    "Limits",
    "Proposal",
    "ReadDocument",
    "ReadFile",
    "ReadTurn",
    "SetAside",
    "propose_redactions",
    "read_source",
]
