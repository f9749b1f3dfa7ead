"""How strong a study is for one assumption, which may be weaker than the study is for its own question."""

from __future__ import annotations

from enum import StrEnum

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.standing.rules import RULES_2026_1, Rules


class Randomised(StrEnum):
    """What chance decided, seen from one assumption."""

    AT_CAUSE = "at cause"
    BEFORE_CAUSE = "before cause"
    NO = "no"


def level_for_link(
    level: int,
    *,
    association: bool = False,
    randomised: Randomised | str = Randomised.NO,
    is_review: bool = False,
    inclusion_level: int | None = None,
    rules: Rules = RULES_2026_1,
) -> int:
    """The Maryland level this study has for this assumption: the study's own level, or less.

    ``level`` is the lower end where a range was given; 0 means below the scale. An association is
    held at 2. Where chance decided only something before the assumption's cause, 3 is the most: what
    came between could differ for other reasons. A review takes the level its inclusion rule demands
    of every study in it (``inclusion_level``); where that rule was not read it stays below the level
    that counts. The scale judges how far a comparison can be trusted, and nothing else.
    """
    if not 0 <= level <= 5:
        raise CannotAnalyse(f"A level lies between 0 and 5 on the Maryland scale; {level} does not.")
    if inclusion_level is not None and not 0 <= inclusion_level <= 5:
        raise CannotAnalyse(f"A review's inclusion level lies between 0 and 5; {inclusion_level} does not.")
    at_most = [level]
    if association:
        at_most.append(rules.association_at_most)
    if Randomised(randomised) is Randomised.BEFORE_CAUSE:
        at_most.append(rules.randomised_before_cause_at_most)
    if is_review:
        at_most.append(rules.unstated_review_at_most if inclusion_level is None else inclusion_level)
    return min(at_most)
