"""What happens to free text before it is stored: cleaned, measured, and screened.

A report of somebody else's wrongdoing is never stored (RL1, RL2): ``Wrongdoing`` carries the words back to the
person who typed them and nowhere else. What does not belong here: how the screen judges (``core.screening``).
"""

from __future__ import annotations

import unicodedata

from folkmoot.core.errors import FolkmootError
from folkmoot.core.screening import screen
from folkmoot.heard.children import tells_of_a_child
from folkmoot.ui.forms import TURNING

LONGEST = 5_000
LONGEST_PUBLIC = 2_000
# control characters that no sentence has (a database may refuse them), and letters that nobody sees: blanks without
# width, soft hyphens and tags hide a word from the screen, or one message in another
UNSEEN = [
    0xAD,
    0x180E,
    0x200B,
    *range(0x2060, 0x2065),
    0xFEFF,
    *range(0xFFF9, 0xFFFC),
    *range(0xE0000, 0xE0080),
]
UNWANTED = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(127, 160), *UNSEEN]) | TURNING
# letters of other alphabets that look like ours: whoever writes a word with them hides it
ALIKE = str.maketrans(
    dict(
        zip(
            "аеорсухіјѕԁһАВЕКМНОРСТУХІЈЅαορικνυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
            "aeopcyxijsdhABEKMHOPCTYXIJSaopikvuABEZHIKMNOPTYX",
            strict=True,
        )
    )
)

HOLDS = {
    "name": "somebody's name",
    "phone": "a telephone number",
    "email": "an e-mail address",
    "plate": "a vehicle's registration",
    "address": "somebody's address",
    "birth": "a date of birth",
    "child": "something that tells who a child is",
}


class Wrongdoing(FolkmootError):
    """The words report what somebody else did wrong. ``words`` go back to the device they came from."""

    def __init__(self, words: str, sentence: str) -> None:
        self.words = words
        super().__init__(sentence)


class Personal(FolkmootError):
    """The words say who somebody is or how to reach them; they can be stored without that."""


def cleaned(text: str) -> str:
    """The text without characters that turn or hide the words beside them, and without blank ends."""
    return text.translate(UNWANTED).strip()


def let_in(text: str, *, what: str, longest: int = LONGEST, needed: bool = True) -> str:
    """The text as it may be stored.

    ``what`` names the field in the refusal. Raises Wrongdoing or Personal by the screen's word, and
    FolkmootError where nothing is said or too much.
    """
    plain = cleaned(text)
    if not plain:
        if needed:
            raise FolkmootError(f"{what}: write something first.")
        return ""
    if len(plain) > longest:
        raise FolkmootError(f"{what}: {longest:,} characters at most; this has {len(plain):,}.")
    kind, sentence = looks_like(plain)
    if kind == "report":
        raise Wrongdoing(plain, sentence)
    if kind:
        raise Personal(
            f"{what}: this seems to hold {HOLDS.get(kind, 'something that tells who somebody is')}. Take it out "
            "and send the rest: nothing here needs to know who anybody is."
        )
    return plain


def looks_like(text: str) -> tuple[str, str]:
    """What the screen takes the words for, with its sentence; nothing for words that may be kept.

    It reads them as a person sees them: without letters that have no width, and with letters of other alphabets that
    look like ours as ours.
    """
    seen = "".join(one for one in text if unicodedata.category(one) != "Cf")
    found = screen(seen)
    if found.clear and not seen.isascii():
        found = screen(seen.translate(ALIKE))
    if found.clear and tells_of_a_child(seen):
        return "child", ""
    return found.kind, found.sentence
