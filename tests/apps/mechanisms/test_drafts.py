"""What makes a chain sound, and what happens to a sheet when its buttons are pressed. No database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.core.errors import FolkmootError
from folkmoot.mechanisms.comparing import nearest, overlap, stems
from folkmoot.mechanisms.drafts import StepDraft, require_sound
from folkmoot.mechanisms.sheet import BackfireRow, Row, Sheet, backfires_on, sheet_from, steps_on

NODES = st.integers(0, 7)
ARROWS = st.lists(
    st.tuples(NODES, NODES).filter(lambda one: one[0] != one[1]), min_size=1, max_size=12, unique=True
)


def drafts(arrows):
    return [StepDraft(cause=f"thing {cause}", effect=f"thing {effect}") for cause, effect in arrows]


def goes_in_a_circle(arrows):
    """By walking: can one come back to where one set out?"""
    after = {node: {effect for cause, effect in arrows if cause == node} for node in range(8)}

    def reaches(begin):
        seen, left = set(), list(after[begin])
        while left:
            node = left.pop()
            if node not in seen:
                seen.add(node)
                left += after[node]
        return begin in seen

    return any(reaches(node) for node in range(8))


@given(ARROWS)
def test_a_chain_with_a_circle_is_always_refused_and_without_never(arrows):
    if goes_in_a_circle(arrows):
        with pytest.raises(FolkmootError, match="circle"):
            require_sound(drafts(arrows))
    else:
        require_sound(drafts(arrows))


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ([], "at least one step"),
        ([StepDraft(cause="", effect="b")], "Step 1 does not say what leads"),
        (
            [StepDraft(cause="a", effect="b"), StepDraft(cause="b", effect="  ")],
            "Step 2 does not say what its",
        ),
        ([StepDraft(cause="a", effect="A ")], "leads from a thing to itself"),
        ([StepDraft(cause="a", effect="b"), StepDraft(cause="A", effect="B")], "Step 2 repeats"),
        ([StepDraft(cause="a", effect="b" * 301)], "more than 300 characters"),
    ],
)
def test_a_step_that_is_none_is_refused_by_its_number(steps, sentence):
    with pytest.raises(FolkmootError, match=sentence):
        require_sound(steps)


def test_three_hundred_characters_are_not_too_many():
    require_sound([StepDraft(cause="a", effect="b" * 300)])


WORD = st.text(alphabet="abc ", max_size=4)
ROWS = st.lists(st.builds(Row, cause=WORD, effect=WORD, own_words=WORD), min_size=1, max_size=5).map(tuple)
SHEETS = st.builds(Sheet, rows=ROWS, is_graph=st.booleans()).map(Sheet.in_line)


@given(SHEETS, st.integers(0, 5))
def test_moving_a_step_and_moving_it_back_changes_nothing_in_a_graph(sheet, place):
    graph = Sheet(sheet.rows, is_graph=True)
    assert graph.moved_step(place, by=1).moved_step(place + 1, by=-1) == graph


@given(SHEETS, st.integers(0, 5), st.sampled_from(["move", "remove", "add"]))
def test_no_button_loses_the_words_of_another_step(sheet, place, button):
    before = [row.effect for row in sheet.rows]
    if button == "move":
        after = sheet.moved_step(place, by=1)
        assert sorted(row.effect for row in after.rows) == sorted(before)
    elif button == "add":
        assert [row.effect for row in sheet.with_step().rows] == [*before, ""]
    else:
        left = [effect for at, effect in enumerate(before) if at != place]
        assert [row.effect for row in sheet.without_step(place).rows] == (left or [""])


@given(SHEETS)
def test_a_line_is_read_as_the_same_line_however_often(sheet):
    assert sheet.in_line() == sheet.in_line().in_line()
    assert sheet.is_graph or sheet.is_a_line()


def test_in_a_line_each_step_begins_where_the_one_before_it_ends():
    sent = {
        "steps": "3",
        "step-0-cause": "a",
        "step-0-effect": "b",
        "step-1-effect": "",
        "step-2-effect": "c",
    }
    assert [(one.cause, one.effect) for one in steps_on(sheet_from(sent), known={})] == [
        ("a", "b"),
        ("b", "c"),
    ]


def test_a_first_cause_without_effect_is_refused_and_not_dropped():
    steps = steps_on(sheet_from({"steps": "1", "step-0-cause": "we walk"}), known={})
    with pytest.raises(FolkmootError, match="does not say what its cause leads to"):
        require_sound(steps)


def test_a_backfire_follows_its_step_when_steps_move_or_go():
    rows = (Row(cause="a", effect="b"), Row(effect="c"), Row(effect="d"))
    sheet = Sheet(rows, (BackfireRow("x", "3"), BackfireRow("y", "0"), BackfireRow("z", "1"))).in_line()
    assert [one.from_words for one in backfires_on(sheet)] == ["d", "a", "b"]
    assert [one.after for one in sheet.moved_step(1, by=1).backfires] == ["2", "0", "1"]
    assert [one.after for one in sheet.without_step(0).backfires] == ["2", "0", ""]


@pytest.mark.parametrize(
    "sent",
    [{"steps": "x"}, {"steps": "-1"}, {"steps": "99999999999"}, {"steps": "2", "step-0-assumption": "’"}, {}],
)
def test_a_sheet_sent_by_nobodys_form_does_no_harm(sent):
    assert 1 <= len(sheet_from(sent).rows) <= 40
    assert steps_on(sheet_from(sent), known={}) == []


def test_shared_words_are_found_whatever_their_endings():
    assert stems("Residents noticed them") == stems("resident notices")
    assert overlap("Residents notice the patrols", "Residents noticed a patrol") == 1.0
    assert overlap("", "anything") == overlap("the of", "and to") == 0.0


def test_a_step_is_not_taken_for_its_neighbour():
    candidates = {
        1: ("Officers are on foot", "Residents notice them"),
        2: ("Residents notice them", "Residents feel safer"),
        3: ("Crime falls", "Houses sell"),
    }
    near = nearest(("We walk about", "Residents notice us"), candidates=candidates)
    keys = [one.key for one in near]
    assert keys[0] == 1 and 3 not in keys


@given(st.text(max_size=60), st.text(max_size=60))
def test_overlap_is_the_same_both_ways_and_between_nothing_and_all(one, other):
    assert overlap(one, other) == overlap(other, one)
    assert 0 <= overlap(one, other) <= 1
