"""What a form of evidence may offer one person: owners, factors, studies, claims."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from folkmoot.coding.models import Claim
from folkmoot.coding.queries import live_claims
from folkmoot.evidence.models import Study
from folkmoot.mechanisms.models import Assumption, Factor, Step
from folkmoot.organisations.models import Organisation, ResearchTeam
from folkmoot.organisations.policies import may_edit_for
from folkmoot.organisations.visibility import access_of, visible
from folkmoot.sources.queries import Words, words_of

NETWORK = "network"
Owner = Organisation | ResearchTeam | None


def owners_for(user: Any) -> list[tuple[str, str, Owner]]:
    """For whom this person may record evidence: key, words, row. The network's shelf needs a lead researcher."""
    access = access_of(user)
    own = Organisation.objects.filter(
        pk__in=[pk for pk in access.organisations if may_edit_for(user, organisation_id=pk)]
    )
    teams = ResearchTeam.objects.filter(pk__in=[pk for pk in access.teams if may_edit_for(user, team_id=pk)])
    found: list[tuple[str, str, Owner]] = [(f"organisation-{one.pk}", one.name, one) for one in own]
    found += [(f"team-{one.pk}", f"{one.name} (research team)", one) for one in teams]
    if may_edit_for(user):
        found.append((NETWORK, "The network’s shared library", None))
    return found


def may_record(user: Any) -> bool:
    """Whether there is anybody this person may record evidence for."""
    return bool(owners_for(user))


def factor_choices(user: Any) -> list[tuple[str, list[tuple[int, str]]]]:
    """Every factor this person may see, grouped by the chain it stands in, the library's chains first."""
    factors = {one.pk: one for one in Factor.objects.filter(visible(user))}
    steps = (
        Step.objects.filter(visible(user, through="version__mechanism"), version__is_current=True)
        .order_by("version__mechanism__code", "version__mechanism__name", "position")
        .values_list(
            "version__mechanism__code",
            "version__mechanism__name",
            "assumption__cause_id",
            "assumption__effect_id",
        )
    )
    groups: dict[str, dict[int, None]] = {}
    placed: set[int] = set()
    for code, name, cause, effect in sorted(steps, key=lambda row: (not row[0], _number(row[0]))):
        mine = groups.setdefault(f"{code} {name}".strip(), {})
        for pk in (cause, effect):
            if pk in factors and pk not in placed:
                mine[pk] = None
                placed.add(pk)
    found = [(label, [(pk, _named(factors[pk])) for pk in pks]) for label, pks in groups.items() if pks]
    rest = [(pk, _named(one)) for pk, one in factors.items() if pk not in placed]
    return [*found, ("In no chain", rest)] if rest else found


def _number(code: str) -> int:
    return int(code[1:]) if code[1:].isdecimal() else 0


def _named(factor: Factor) -> str:
    return f"{factor.key} {factor.wording}".strip()


def study_choices(user: Any, *, besides: int | None = None) -> list[tuple[int, str]]:
    """Every study this person may see, named so that two of one author and year can be told apart."""
    rows = Study.objects.filter(visible(user))
    return [(one.pk, f"{one.short}: {one.title[:80]}") for one in rows if one.pk != besides]


@dataclass(frozen=True, slots=True)
class ClaimChoice:
    """A claim that a finding may rest on, with its words as far as this person may read them."""

    claim: Claim
    words: Words

    @property
    def label(self) -> str:
        told = f"“{self.words.text}”" if self.words.text else f"words not shown ({self.words.status})"
        return f"{self.claim.get_stance_display()}: {told}, {self.words.source_label}"


def claim_choices(assumption: Assumption, *, viewer: Any) -> list[ClaimChoice]:
    """The readings joined to an assumption that this person may see, through the consent gate."""
    claims = list(live_claims(viewer).filter(assumption=assumption).order_by("stance", "id"))
    words = words_of([one.passage_id for one in claims], viewer=viewer)
    grouped: dict[str, list[ClaimChoice]] = defaultdict(list)
    for one in claims:
        if one.passage_id in words:
            grouped[one.stance].append(ClaimChoice(one, words[one.passage_id]))
    return [choice for choices in grouped.values() for choice in choices]
