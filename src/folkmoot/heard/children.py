"""Does a text tell who a child is? A name beside “my daughter”, a name with an age, an age with a school (RL7).

Rules over words, pure. A child without a name (“my nine-year-old is afraid there”) may be spoken of: that is what people
come to say. What does not belong here: names of grown people (``core.screening``).
"""

from __future__ import annotations

import re

_KIN = (
    "son|daughter|boy|girl|child|kid|lad|lass|grandson|granddaughter|grandchild|stepson|stepdaughter|nephew|niece|"
    "brother|sister|pupil|godson|goddaughter|little one|youngest|eldest|oldest|baby|toddler|teenager"
)
_AGE = (
    "(?:1[0-7]|[1-9]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    "seventeen)"
)
# capitals that begin no name of a person
_NO_NAME = (
    "(?!(?:I|He|She|We|They|It|You|My|Our|The|That|This|There|And|But|When|So|Monday|Tuesday|Wednesday|Thursday|Friday|"
    "Saturday|Sunday|January|February|March|April|May|June|July|August|September|October|November|December|Christmas|Easter|"
    "Eid|Diwali|Year|Bus|Route|Tram|Platform|Gate|Stop|Junction|Unit|Number|Page|Question|Room|Item|Section|Part|Class|Key|"
    "Stage|Street|Road|Lane|Avenue|Park|Ward|Mill|Bridge|Market|Station|Green|Estate|Square|Zone|Area|Block|English|Muslim|Christian|Sikh|Hindu|Jewish|Black|White|Asian|"
    r"British|Roma|Polish|Somali|Police|Council)\b)"
)
_NAME = _NO_NAME + "[A-Z][a-z]+(?:-[A-Z][a-z]+)?"
_SCHOOL = r"(?:[A-Z][\w.'’-]*\s+){1,4}(?:School|Primary|Academy|College|High|Infants?|Juniors?|Nursery|Grammar|Secondary)\b"
_RULES = tuple(
    re.compile(one)
    for one in (
        # my daughter Ellie · our son (12), Tom · her little boy called Sam
        rf"\b(?i:my|our|his|her|their|your|the|a)\s(?:[a-z]+\s){{0,3}}(?:{_KIN})(?:\s\(?(?i:{_AGE})\)?)?"
        rf"(?:,?\s(?:is|was)?\s?(?:called|named))?,?\s{_NAME}\b",
        # Ellie, aged 9 · Ellie is nine · Tom (12)
        rf"\b{_NAME},?\s\(?(?:who\s)?(?:is\s|was\s)?(?:only\s|just\s)?(?:aged?\s)(?i:{_AGE})\b",
        rf"\b{_NAME}\s(?:who\s)?(?:is|was|turned|turns)\s(?:only\s|just\s)?(?i:{_AGE})(?:\s(?:years?|and|now|but)\b|[,.;!?)]|$)",
        rf"\b{_NAME},?\s\((?i:{_AGE})\)",
        # my nine-year-old at St Mary's Primary · she is 9 and goes to Mill Lane School
        rf"\b(?i:{_AGE})[\s-]years?[\s-]old\b[^.!?\n]{{0,60}}?\b{_SCHOOL}",
        rf"\b(?i:aged?|is)\s(?i:{_AGE})\b[^.!?\n]{{0,60}}?\b{_SCHOOL}",
        rf"\b(?i:my|our|his|her)\s(?:[a-z]+\s){{0,3}}(?:{_KIN})\b[^.!?\n]{{0,40}}?\b(?:goes to|attends|is at|was at|in year \d+ at)\s{_SCHOOL}",
    )
)


def tells_of_a_child(text: str) -> bool:
    """True where the words join a child to a name, or to an age and a school by its name."""
    return any(one.search(text) for one in _RULES)
