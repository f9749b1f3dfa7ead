"""The code with which somebody takes back what they said, without an account and without a name.

The code is shown once and never kept: only its digest is. What does not belong here: what taking back does.
"""

from __future__ import annotations

import hashlib
import re
import secrets

# no letter that is read as a digit, or the other way round
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, LENGTH = 4, 4


def new_code() -> str:
    """Sixteen letters in four groups, easy to read out over a telephone: about 79 bits, so not to be guessed."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(GROUPS))


def digest_of(code: str) -> str:
    """The form in which a code is kept; blanks, dashes and capitals make no difference. Empty for no code."""
    plain = re.sub(r"[^a-z0-9]", "", code.casefold())
    return hashlib.sha256(plain.encode()).hexdigest() if len(plain) == GROUPS * LENGTH else ""
