"""The standing of one assumption, worked out again from the rows, slowly and plainly.

Written from the table of the rules alone; it uses nothing of ``core.standing`` and none of the queries.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import F

from folkmoot.coding.models import Claim
from folkmoot.evidence.models import Appraisal, HoopClue, HoopVerdict, Mark, Study
from folkmoot.mechanisms.models import Step

FOREVER = 10**9


@dataclass
class Said:
    """One study's word on the assumption."""

    key: str
    reading: str
    level: int
    sample: str
    team: str
    near: bool
    sound: bool
    review: bool
    pools: set[str]


class Rows:
    """All rows as they are now, read once, with nothing worked out. Plain values: they are read a thousand times."""

    def __init__(self):
        self.studies = list(Study.objects.order_by("id"))
        self.marks = grouped(Mark.objects.order_by("id").values_list(*MARK, named=True))
        self.chance = grouped(Study.randomised_at.through.objects.values_list("study_id", "factor_id"))
        by_key = {one.pk: one for one in self.studies}
        pooled = grouped(Study.pools.through.objects.values_list("from_study_id", "to_study_id"))
        self.pools = {key: [by_key[inner] for _, inner in rows] for key, rows in pooled.items()}
        self.appraisals = list(Appraisal.objects.order_by("created_at", "id"))
        self.clues = list(HoopClue.objects.values_list("pk", "assumption_id", *OWNED, named=True))
        self.verdicts = grouped(HoopVerdict.objects.values_list("clue_id", "verdict"))
        self.claims = list(
            Claim.objects.annotate(
                source_id=F("passage__source_id"), source_state=F("passage__source__state")
            ).values_list("assumption_id", "state", "source_id", "source_state", *OWNED, named=True)
        )
        arrows = Step.objects.filter(version__is_current=True).annotate(
            cause_id=F("assumption__cause_id"), effect_id=F("assumption__effect_id")
        )
        self.steps = list(
            arrows.values_list("version_id", "assumption_id", "cause_id", "effect_id", named=True)
        )


OWNED = ("visibility", "organisation_id", "team_id")
MARK = (
    "study_id",
    "pk",
    "factor_id",
    "sign",
    "horizon_days",
    "population",
    "outcome",
    "association",
    "direct",
    "in_conflict",
)


def grouped(rows):
    """Rows by their first column."""
    found = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found


def shared(row, *, organisations, teams, scope):
    if row.visibility in ("network", "public"):
        return True
    return scope == "ours" and (row.organisation_id in organisations or row.team_id in teams)


def table(j, k):
    if j == "up":
        return {"up": "for", "down": "against", "same": "against", "not_found": "none"}[k]
    return "other"


def naive(rows, assumption, *, organisations=(), teams=(), scope):
    """(word, leaning, F, A, N) as the rules give them."""

    def seen(row):
        return shared(row, organisations=organisations, teams=teams, scope=scope)

    upstream = before(rows, assumption)
    said = []
    usable = 0
    weak = set()
    for study in rows.studies:
        if seen(study):
            for one in words_of(rows, study, assumption, upstream, seen):
                usable += 1
                weak.add(one.reading)
                if one.level >= 3:
                    said.append(one)
    inside = set()
    for one in said:
        if one.review:
            inside |= one.pools
    said = [one for one in said if one.key not in inside]
    by_sample = defaultdict(list)
    for one in said:
        by_sample[one.sample].append(one)
    odd = 0
    chosen = []
    for group in by_sample.values():
        if len({one.reading for one in group}) > 1:
            odd += 1
            continue
        best = sorted(group, key=lambda one: (not one.sound, not one.near, -one.level, one.key))[0]
        chosen.append(best)
    hoops = 0
    for clue in (one for one in rows.clues if one.assumption_id == assumption.pk):
        verdicts = [verdict for _, verdict in rows.verdicts[clue.pk]]
        if seen(clue) and verdicts.count("not found") >= 2 and "found" not in verdicts:
            hoops += 1
    F = sum(one.reading == "for" for one in chosen)
    A = sum(one.reading == "against" for one in chosen) + hoops
    N = sum(one.reading == "none" for one in chosen)
    accounts = set()
    for claim in (one for one in rows.claims if one.assumption_id == assumption.pk):
        live = claim.source_state == "live" and claim.state not in ("superseded", "disputed")
        if seen(claim) and live:
            accounts.add(claim.source_id)
    if usable + hoops == 0:
        return ("anecdotal" if accounts else "none"), "", F, A, N
    if F >= 1 and (A >= 1 or N >= F):
        return "contested", "", F, A, N
    if F == 0 and A >= 2:
        return "challenged", "", F, A, N
    sound = [one for one in chosen if one.reading == "for" and one.sound]
    teams_of_sound = {one.team for one in sound if one.team}
    if (
        F >= 2
        and A == 0
        and N < F
        and len(sound) >= 2
        and len(teams_of_sound) >= 2
        and any(one.near for one in sound)
        and not odd
    ):
        return "supported", "", F, A, N
    leans = {one.reading for one in chosen} | ({"against"} if hoops else set())
    if not leans:
        leans = weak
    words = {"for": "for", "against": "against", "none": "no effect found"}
    return "thin", (words[leans.pop()] if len(leans) == 1 else "mixed"), F, A, N


def before(rows, assumption):
    """Every factor that comes before the assumption's cause in a chain in force with it."""
    found = set()
    for version in {step.version_id for step in rows.steps if step.assumption_id == assumption.pk}:
        steps = [step for step in rows.steps if step.version_id == version]
        reach = {assumption.cause_id}
        for _ in steps:
            reach |= {one.cause_id for one in steps if one.effect_id in reach}
        found |= reach - {assumption.cause_id}
    return found


def words_of(rows, study, assumption, upstream, seen):
    marks = [one for one in rows.marks[study.pk] if one.direct and one.sign != "not_measured"]
    wanted = assumption.horizon_days or 0
    effects = [one for one in marks if one.factor_id == assumption.effect_id and one.population == ""]
    chance = {factor for _, factor in rows.chance[study.pk]}
    if not effects:
        return []
    newest = None
    for row in rows.appraisals:
        if (row.study_id, row.assumption_id) == (study.pk, assumption.pk) and seen(row):
            newest = row
    found = set()
    for outcome in {one.outcome for one in effects}:
        reaching = [
            one
            for one in effects
            if one.outcome == outcome
            and (not wanted or (one.horizon_days is not None and one.horizon_days >= wanted))
        ]
        if not reaching:
            continue
        first = min(FOREVER if one.horizon_days is None else one.horizon_days for one in reaching)
        for effect in reaching:
            if (FOREVER if effect.horizon_days is None else effect.horizon_days) != first:
                continue
            causes = [one for one in marks if one.factor_id == assumption.cause_id and one.population == ""]
            for measure in {one.outcome for one in causes}:
                same = [one for one in causes if one.outcome == measure]
                timely = [
                    one for one in same if one.horizon_days is None or one.horizon_days <= first
                ] or same
                last = max(-1 if one.horizon_days is None else one.horizon_days for one in timely)
                cause = next(
                    one for one in timely if (-1 if one.horizon_days is None else one.horizon_days) == last
                )
                reading = table(cause.sign, effect.sign)
                level = newest.level if newest else study.level_low
                if study.association or effect.association:
                    level = min(level, 2)
                if chance and assumption.cause_id not in chance:
                    level = min(level, 3 if chance & upstream else 2)
                if study.kind == "review":
                    level = min(level, 2 if study.inclusion_level is None else study.inclusion_level)
                if study.retracted_at or cause.in_conflict or effect.in_conflict:
                    continue
                if reading == "other" or level < 1:
                    continue
                found.add((reading, level, effect.outcome))
    if newest:
        differs = [
            newest.unit_differs,
            newest.population_differs,
            newest.dose_differs,
            newest.delivery_differs,
        ]
        near, full, partial = (
            newest.same_country and sum(differs) <= 1,
            newest.read_in_full,
            newest.appraiser_is_evaluator,
        )
    else:
        near = study.country == "England and Wales" and len(set(study.differs)) <= 1
        full, partial = study.read_where == "full", False
    pools = (
        {one.short for one in rows.pools.get(study.pk, ()) if seen(one)} if study.kind == "review" else set()
    )
    return [
        Said(
            key=study.short,
            reading=reading,
            level=level,
            sample=study.sample or f"study {study.pk}",
            team=study.evaluators,
            near=near,
            sound=full and not partial,
            review=study.kind == "review",
            pools=pools,
        )
        for reading, level, outcome in sorted(found)
    ]
