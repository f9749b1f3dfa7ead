"""Nothing is dropped: whatever is done in whatever order, read + set aside + open (+ taken back) is what came in."""

from __future__ import annotations

import datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from folkmoot.core.errors import FolkmootError
from folkmoot.heard import actions
from folkmoot.heard.intake import read_contributions
from folkmoot.heard.models import Contribution, Said, ThemeMark
from folkmoot.heard.queries.concerns import whole
from folkmoot.heard.queries.contributions import account_of, theme_counts
from folkmoot.heard.states import CONTRIBUTION

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 2)
ACTS = ("bring in", "read", "aside", "open", "join", "join other", "leave", "withdraw", "theme", "file")
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 5)), max_size=14)


def test_the_counts_add_up_after_any_sequence_of_acts(cast, concern, code):
    other = actions.open_concern("Lamps", organisation=cast.police, by=cast.ada)

    @given(STEPS)
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    def any_order(steps):
        with transaction.atomic():
            before = Contribution.objects.count()
            came = sum(_done(cast, act, at, concern, other, code) for act, at in steps)
            _adds_up(cast, concern, other, before + came)
            transaction.set_rollback(True)

    any_order()


def _done(cast, act, at, concern, other, code):
    """Carry out one act where the state allows it; gives how many contributions came in by it."""
    if act == "bring in":
        actions.bring_in(
            "The lamp is out", organisation=cast.police, origin="letter", said_on=DAY, by=cast.ada
        )
        return 1
    if act == "file":
        rows = f"text\nIt is dark {at}\nRing 07700 900123\n,\nThe bus is late {at}\n"
        name = f"f{Contribution.objects.count()}.csv"
        content = (rows + f"No bench {Contribution.objects.count()}\n").encode()
        try:
            made = actions.bring_in_file(
                name, content=content, organisation=cast.police, origin="letter", said_on=DAY, by=cast.ada
            )
        except FolkmootError:
            return 0
        assert made.read == made.used + made.set_aside
        return made.used
    rows = list(Contribution.objects.order_by("pk"))
    if not rows:
        return 0
    one = rows[at % len(rows)]
    try:
        if act == "read":
            actions.mark_read(one, expected=one.version, by=cast.ada)
        elif act == "aside":
            actions.set_aside(one, because="said twice", expected=one.version, by=cast.ada)
        elif act == "open":
            actions.open_again(one, expected=one.version, by=cast.ada)
        elif act == "join":
            actions.join_concern(one, concern=concern, by=cast.ada)
        elif act == "join other":
            actions.join_concern(one, concern=other, by=cast.ada)
        elif act == "leave":
            actions.leave_concern(one, concern=concern, by=cast.ada)
        elif act == "theme":
            actions.add_theme(one, code=code, by=cast.ada)
        else:
            actions.withdraw_contribution(one, by=cast.ada)
    except FolkmootError:
        assert act in {"read", "aside", "open", "join", "join other", "theme", "withdraw"}
    return 0


def _adds_up(cast, concern, other, came):
    account = account_of(cast.police)
    assert account.all + account.withdrawn == came == Contribution.objects.count()
    assert set(Contribution.objects.values_list("state", flat=True)) <= {
        one.word for one in CONTRIBUTION.states
    }
    for one in (concern, other):
        shown = whole(one, viewer=cast.ada, today=DAY)
        under = Said.objects.filter(concern=one).count()
        assert shown.account.all == under == len(shown.words) + shown.more_words
        assert shown.account.withdrawn == 0
        # what stands under a concern was read, or opened again since; what was set aside or taken back never does
        assert not Said.objects.filter(concern=one, contribution__state__in=["aside", "withdrawn"]).exists()
    decided = sum(one.decided for one in theme_counts(cast.police))
    assert decided == ThemeMark.objects.filter(state="decided").count()
    assert not ThemeMark.objects.filter(contribution__state="withdrawn").exists()
    for one in Contribution.objects.all():
        assert bool(one.because) == (one.state == "aside") and bool(one.text) == (one.state != "withdrawn")


CELLS = st.sampled_from(
    [
        "",
        "The lamp is out",
        "word " * 1_200,
        "Ring 07700 900123",
        "my neighbour deals weed",
        "2026-11-01",
        "x",
        "-3",
        "0",
        "yes",
    ]
)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=12))
@settings(max_examples=60, deadline=None)
def test_every_row_of_any_file_is_used_or_set_aside_with_its_reason(rows):
    content = "text,date,people\n" + "".join(",".join(row) + "\n" for row in rows)
    found = read_contributions("a.csv", content.encode(), origin="letter", said_on=DAY, where="", today=DAY)
    told = [row for row in rows if any(cell.strip() for cell in row)]
    assert found.read == len(told) == len(found.rows) + len(found.reasons)
    assert all(reason and "weed" not in reason and "07700" not in reason for _, reason in found.reasons)
