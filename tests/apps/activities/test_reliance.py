"""Hours flow through mechanism versions to assumptions, each activity once; recomputed here by hand."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from folkmoot.activities.actions.occasions import correct_activity, delete_activity, log_activity
from folkmoot.activities.models import Activity, HourRate, Initiative
from folkmoot.activities.queries.reliance import hours_by_assumption, hours_in_all, work_of_objective
from folkmoot.mechanisms.models import Step
from tests.apps.activities.conftest import DAY, STAMP, chain_of

SINCE, UNTIL = date(2026, 1, 1), date(2026, 11, 1)


def rate(organisation, since, pounds):
    return HourRate.objects.create(
        organisation=organisation, since=since, pounds=pounds, basis="an officer", **STAMP
    )


@pytest.fixture
def second(cast, work):
    """A second initiative whose chain shares its second assumption with the first's."""
    version, mine = chain_of(cast.police, "We write", "People read", name="Letters")
    Step.objects.create(version=version, assumption=work.assumptions[1], position=5)
    initiative = Initiative.objects.create(
        name="Letters",
        method=work.visit,
        mechanism_version=version,
        organisation=cast.police,
        visibility="own",
        **STAMP,
    )
    return initiative, mine


def log(cast, initiative, hours, day=DAY, by=None):
    return log_activity(
        organisation=cast.police, initiative=initiative, happened_on=day, hours=hours, by=by or cast.ben
    )


def by_hand(organisation, since, until):
    """The same figures, activity by activity."""
    found = defaultdict(lambda: [Decimal(0), 0, 0, None])
    for one in Activity.objects.filter(organisation=organisation, happened_on__range=(since, until)):
        if one.mechanism_version_id is None:
            continue
        dated = (
            HourRate.objects.filter(organisation=organisation, since__lte=one.happened_on)
            .order_by("-since")
            .first()
        )
        for key in set(
            Step.objects.filter(version=one.mechanism_version).values_list("assumption_id", flat=True)
        ):
            kept = found[key]
            kept[1] += 1
            if one.hours is None:
                kept[2] += 1
                continue
            kept[0] += one.hours
            if dated:
                kept[3] = (kept[3] or Decimal(0)) + one.hours * dated.pounds
    return {
        key: (hours, every, without, cost and cost.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))
        for key, (hours, every, without, cost) in found.items()
    }


def asked(viewer, **options):
    found = hours_by_assumption(viewer=viewer, since=SINCE, until=UNTIL, **options)
    return {key: (one.hours, one.activities, one.without_hours, one.cost) for key, one in found.items()}


def test_an_hour_counts_once_for_each_assumption_of_its_chain(cast, work, second):
    log(cast, work.initiative, "2.5")
    log(cast, second[0], "4")
    log(cast, second[0], None)
    first, shared = work.assumptions
    found = asked(cast.ben)
    assert found[first.pk] == (Decimal("2.5"), 1, 0, None)
    assert found[shared.pk] == (Decimal("6.5"), 3, 1, None)
    assert found[second[1][0].pk] == (Decimal("4"), 2, 1, None)


def test_an_hour_costs_what_the_rate_in_force_on_its_day_says(cast, work):
    rate(cast.police, date(2026, 4, 1), "30.00")
    rate(cast.police, date(2026, 7, 1), "32.50")
    log(cast, work.initiative, 2, day=date(2026, 3, 31))
    log(cast, work.initiative, 2, day=date(2026, 6, 30))
    log(cast, work.initiative, 2, day=date(2026, 7, 1))
    found = asked(cast.ben)[work.assumptions[0].pk]
    assert found == (Decimal(6), 3, 0, Decimal("125.00"))
    assert hours_in_all(viewer=cast.ben, since=SINCE, until=UNTIL).every.hours_without_rate == 2


def test_only_the_period_and_ones_own_organisations_count(cast, work):
    log(cast, work.initiative, 1, day=SINCE - timedelta(days=1))
    log(cast, work.initiative, 1, day=SINCE)
    log(cast, work.initiative, 1, day=UNTIL)
    log(cast, work.initiative, 1, day=UNTIL + timedelta(days=1))
    assert asked(cast.ben)[work.assumptions[0].pk][0] == 2
    for outsider in (cast.cleo, cast.dina, cast.eli, cast.gus, None):
        assert asked(outsider) == {}
        assert asked(outsider, scope_organisations=[cast.police]) == {}
    assert asked(cast.ben, scope_organisations=[cast.office]) == {}


def test_reliance_takes_two_queries_and_all_work_two(cast, work, second, django_assert_num_queries):
    for initiative in (work.initiative, second[0]):
        log(cast, initiative, 1)
    rate(cast.police, date(2026, 4, 1), "30.00")
    cast.ben.__dict__.pop("_access", None)
    asked(cast.ben)
    with django_assert_num_queries(2):
        asked(cast.ben)
    with django_assert_num_queries(2):
        hours_in_all(viewer=cast.ben, since=SINCE, until=UNTIL)


def test_work_without_a_reason_is_told_apart(cast, work):
    log(cast, work.initiative, 3)
    log(cast, None, 2)
    found = hours_in_all(viewer=cast.ben, since=SINCE, until=UNTIL)
    assert (found.every.hours, found.without_reason.hours) == (5, 2)


def test_the_work_of_an_objective_is_listed_by_initiative(cast, work, objective):
    work.initiative.objectives.add(objective)
    log(cast, work.initiative, 3)
    (row,) = work_of_objective(objective, cast.ben)
    assert (row.initiative, row.sums.hours, row.last) == (work.initiative, 3, DAY)
    assert work_of_objective(objective, cast.eli) == ()


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["log", "correct", "delete", "move", "rate"]),
        st.integers(0, 7),
        st.one_of(st.none(), st.decimals(0, 30, places=2)),
        st.integers(0, 360),
    ),
    max_size=12,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
def test_after_any_writes_the_figures_equal_a_recomputation(cast, work, second, changes):
    initiatives = (work.initiative, second[0], None)
    Activity.objects.all().delete()
    HourRate.objects.all().delete()
    for what, which, hours, days in changes:
        rows = list(Activity.objects.order_by("pk"))
        row = rows[which % len(rows)] if rows else None
        day = timezone.localdate() - timedelta(days=days)
        if what == "log" or row is None:
            log(cast, initiatives[which % 3], hours, day=day)
        elif what == "correct":
            correct_activity(row, expected=row.version, hours=hours, happened_on=day, by=cast.ada)
        elif what == "move":
            correct_activity(row, expected=row.version, initiative=initiatives[which % 3], by=cast.ada)
        elif what == "delete":
            delete_activity(row, by=cast.ada)
        elif not HourRate.objects.filter(organisation=cast.police, since=day).exists():
            rate(cast.police, day, hours or 10)
    assert asked(cast.ben) == by_hand(cast.police, SINCE, UNTIL)
