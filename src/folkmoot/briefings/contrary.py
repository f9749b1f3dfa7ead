"""Everything recorded that speaks against what a briefing is about, read anew from the records.

This is the other half of a promise: composing puts it into an edition, and publishing asks here
whether anything is missing. Neither reads the other's answer. What does not belong here: how it
is shown, or whether its words may be.
"""

from __future__ import annotations

from django.db.models import Count, Q

from folkmoot.briefings.models import Briefing
from folkmoot.briefings.readers import keeper_of
from folkmoot.briefings.subject import Subject, subject_of
from folkmoot.coding.models import Claim
from folkmoot.coding.queries import live_claims
from folkmoot.core.standing import Reading
from folkmoot.evidence.models import HoopClue, QualitativeFinding
from folkmoot.evidence.queries import EvidenceItem, gather
from folkmoot.evidence.queries.chains import around_chain, factors_in_order
from folkmoot.evidence.queries.detail import evidence_of
from folkmoot.organisations.visibility import visible
from folkmoot.strategies.models import Commitment, DualBenefit

AGAINST = frozenset({Reading.AGAINST.value, Reading.NO_EFFECT.value})


def test_key(assumption_id: int, item: EvidenceItem) -> str:
    return f"test:{assumption_id}:{item.study.pk}:{item.reading}:{item.outcome}:{item.population}"


def beside_key(place: str, assumption_id: int, item: EvidenceItem) -> str:
    return f"{place}:{assumption_id}:{item.study.pk}:{item.reading}:{item.outcome}:{item.population}"


def around_key(mechanism_id: int, start: int, end: int, study_id: int, reading: str) -> str:
    return f"around:{mechanism_id}:{start}:{end}:{study_id}:{reading}"


def contrary_in_scope(briefing: Briefing) -> frozenset[str]:
    """The keys of all contrary evidence in the keeper's sight, shown to the readers or not.

    Tests against and with no effect found, outcomes without the mechanism, the nearest readings
    that went wrong, spans of a chain that do not read for it, accounts against, disputed readings
    and findings, findings against, clues looked for and not found, a dual benefit that was
    challenged, promises not kept.
    """
    subject = subject_of(briefing, keeper=keeper_of(briefing))
    return frozenset(
        {*_tests(briefing, subject), *_around(briefing, subject), *_told(briefing, subject)}
        | _findings(briefing, subject)
        | _of_the_objective(briefing)
    )


def _tests(briefing: Briefing, subject: Subject) -> set[str]:
    found: set[str] = set()
    wanted = [one.pk for one in subject.assumptions]
    for key, view in evidence_of(wanted, viewer=keeper_of(briefing), scope="ours").items():
        found |= {test_key(key, item) for item in (*view.against_it, *view.no_effect)}
        found |= {beside_key("without", key, item) for item in view.without_mechanism}
        found |= {beside_key("nearest", key, item) for item in view.nearest if item.reading in AGAINST}
    return found


def _around(briefing: Briefing, subject: Subject) -> set[str]:
    found: set[str] = set()
    for chain in subject.chains:
        steps = list(chain.steps)
        shelf = gather([step.assumption_id for step in steps], viewer=keeper_of(briefing), scope="ours")
        for one in around_chain(shelf, steps, factors_in_order(steps)):
            for study, reading in zip(one.studies, one.readings, strict=True):
                if one.without_mechanism or reading != Reading.FOR.value:
                    found.add(around_key(chain.mechanism.pk, one.start.pk, one.end.pk, study.pk, reading))
    return found


def _told(briefing: Briefing, subject: Subject) -> set[str]:
    claims = live_claims(keeper_of(briefing))
    stated = claims.filter(assumption__in=[one.pk for one in subject.assumptions])
    found: set[str] = set()
    for pk, stance, state in (
        *stated.values_list("pk", "stance", "state"),
        *((one.pk, one.stance, one.state) for one in subject.loose),
    ):
        if state == Claim.State.DISPUTED:
            found.add(f"disputed:{pk}")
        elif stance == Claim.Stance.CHALLENGES:
            found.add(f"account:{pk}")
    return found


def _findings(briefing: Briefing, subject: Subject) -> set[str]:
    ids = [one.pk for one in subject.assumptions]
    seen = visible(keeper_of(briefing))
    findings = QualitativeFinding.objects.filter(seen, assumption__in=ids).exclude(state="superseded")
    against = {
        f"finding:{pk}"
        for pk, direction, state in findings.values_list("pk", "direction", "state")
        if direction == QualitativeFinding.Direction.AGAINST or state == Claim.State.DISPUTED
    }
    clues = (
        HoopClue.objects.filter(seen, assumption__in=ids)
        .annotate(
            judged=Count("verdicts"),
            missed=Count("verdicts", filter=Q(verdicts__verdict=HoopClue.Verdict.NOT_FOUND)),
        )
        # one coder's word is nobody's business until the second has given theirs
        .filter(judged__gte=2, missed__gte=1)
    )
    return against | {f"clue:{pk}" for pk in clues.values_list("pk", flat=True)}


def _of_the_objective(briefing: Briefing) -> set[str]:
    if briefing.objective_id is None:
        return set()
    seen = visible(keeper_of(briefing))
    challenged = DualBenefit.objects.filter(
        seen, objective=briefing.objective_id, status=DualBenefit.Status.CHALLENGED
    )
    broken = Commitment.objects.filter(seen, objective=briefing.objective_id, state=Commitment.State.NOT_KEPT)
    return {f"benefit:{pk}" for pk in challenged.values_list("pk", flat=True)} | {
        f"promise:{pk}" for pk in broken.values_list("pk", flat=True)
    }
