"""The answers of a survey that is here become a plan's table: the figures are the survey's own, and they leave with it."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from django.conf import settings
from django.urls import reverse

from folkmoot.core.errors import FolkmootError, NotAllowed
from folkmoot.evaluations.actions.data import take_waves
from folkmoot.evaluations.actions.plans import register_plan
from folkmoot.evaluations.actions.runs import run_now
from folkmoot.evaluations.answers import Taken
from folkmoot.evaluations.looking import look
from folkmoot.evaluations.models import Dataset
from folkmoot.surveys import actions
from folkmoot.surveys.drafts import MarginDraft
from folkmoot.surveys.reading.files import read_answers
from folkmoot.surveys.reading.laying import Choices, lay

pytestmark = pytest.mark.django_db
CHOICES = Choices(weight="weight", cluster="street", panel="person", missing={"heard": frozenset({"-9"})})
EVERYBODY = Taken(["side", "heard", "trust"], {"heard": ["yes", "mostly"]})
PLACES = Taken(["heard", "trust"], {"heard": ["yes", "mostly"]}, "side", {"north": 2})


def answers(seed: int, *, moved: float = 0.0) -> list[tuple]:
    """Rows of (person, street, side, weight, heard, trust); the north is heard more by ``moved``."""
    random = np.random.default_rng(seed)
    rows = []
    for who in range(600):
        street = int(random.integers(40))
        north = street < 20
        yes = 0.4 + (moved if north else 0)
        heard = random.choice(["yes", "mostly", "no", "-9"], p=[yes - 0.1, 0.1, 0.95 - yes, 0.05])
        side = "north" if north else "south"
        rows.append(
            (f"P{who}", f"S{street:02d}", side, 2.0 if north else 1.0, heard, round(random.normal(6, 2), 2))
        )
    return rows


@pytest.fixture
def waves(cast):
    """Two waves of one survey: between them the north came to feel heard more by 20 points."""
    survey = actions.create_survey("Streets survey", owner=cast.police, population="Adults", by=cast.ada)
    found = []
    for number, moved in ((1, 0.0), (2, 0.2)):
        wave = actions.add_wave(survey, title=f"Wave {number}", by=cast.ada)
        text = io.StringIO()
        written = csv.writer(text)
        written.writerow(("person", "street", "side", "weight", "heard", "trust"))
        written.writerows(answers(number, moved=moved))
        content = text.getvalue().encode()
        laid = lay(read_answers("answers.csv", content), CHOICES, salt=survey.salt)
        actions.bring_in_answers(wave, laid=laid, content=content, by=cast.ada)
        found.append(wave)
    return found


def rows_of(dataset: Dataset) -> list[dict[str, str]]:
    path = settings.ORIGINALS / dataset.kept_as
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def test_a_row_a_person_holds_what_the_person_said(cast, draft, waves):
    dataset = take_waves(draft(), waves=waves, taken=EVERYBODY, by=cast.ada)
    rows = rows_of(dataset)
    assert list(rows[0]) == ["wave", "person", "weight", "street", "side", "heard", "trust"]
    for wave, seed, moved in ((1, 1, 0.0), (2, 2, 0.2)):
        kept = [one for one in rows if one["wave"] == str(wave)]
        for shown, (_, _, side, weight, heard, trust) in zip(kept, answers(seed, moved=moved), strict=True):
            counts = {"-9": "", "no": "0"}.get(heard, "1")
            assert (shown["side"], shown["heard"]) == (side, counts)
            assert (float(shown["weight"]), float(shown["trust"])) == (weight, trust)
        together = {
            (one["street"], real[1]) for one, real in zip(kept, answers(seed, moved=moved), strict=True)
        }
        assert len(together) == 40 and all(one.startswith(f"{wave}-") for one, _ in together)
    # the same person has one number in both, and it is not the file's
    assert len({one["person"] for one in rows}) == 600 and not rows[0]["person"].startswith("P")
    assert set(dataset.waves.all()) == set(waves)
    assert dataset.notes == [
        "In “heard” these answers count as 1: mostly, yes.",
        "What was drawn as a whole counts as another one in each wave: its names are not kept.",
    ]


def test_a_row_a_place_and_wave_holds_weighted_means_of_those_who_answered(cast, draft, waves):
    rows = rows_of(take_waves(draft("did"), waves=waves, taken=PLACES, by=cast.ada))
    assert [(one["place"], one["wave"], one["first_treated"], one["treated"]) for one in rows] == [
        ("north", "1", "2", "0"),
        ("south", "1", "", "0"),
        ("north", "2", "2", "1"),
        ("south", "2", "", "0"),
    ]
    said = [one for one in answers(2, moved=0.2) if one[2] == "north"]
    heard = [one[4] != "no" for one in said if one[4] != "-9"]
    assert int(rows[2]["people_asked"]) == len(said)
    assert float(rows[2]["heard"]) == pytest.approx(np.mean(heard))
    assert float(rows[2]["trust"]) == pytest.approx(np.mean([one[5] for one in said]))


def test_weights_are_those_that_the_waves_own_figures_use(cast, draft, waves):
    known = [MarginDraft("side", {"north": 300, "south": 700}, "the census")]
    actions.weight_to(waves[0].microdata, margins=known, by=cast.ada)
    rows = rows_of(take_waves(draft(), waves=waves[:1], taken=EVERYBODY, by=cast.ada))
    north = sum(float(one["weight"]) for one in rows if one["side"] == "north")
    assert north / sum(float(one["weight"]) for one in rows) == pytest.approx(0.3)


def test_what_is_taken_can_be_worked_out_and_finds_what_happened(cast, draft, waves):
    plan = draft("cluster")
    look(plan, by=cast.ada)
    plan.refresh_from_db()
    register_plan(plan, expected=plan.version, by=cast.ada)
    taken = Taken(["side", "heard"], {"side": ["north"], "heard": ["yes", "mostly"]})
    table = take_waves(plan, waves=waves[1:], taken=taken, by=cast.ada)
    run = run_now(
        plan,
        dataset=table,
        choices={"outcome": "heard", "treated": "side", "clusters": "street"},
        by=cast.ada,
    )
    assert run.state == "done", run.message
    low, high = run.result["interval"]
    assert low < 0.2 < high and low > 0


@pytest.mark.parametrize(
    ("taken", "says"),
    [
        (Taken([], {}), "at least one"),
        (Taken(["gone"], {}), "no “gone”"),
        (Taken(["street"], {}), "no “street”"),
        (Taken(["heard"], {"heard": ["perhaps"]}), "it has no, yes, mostly|it has"),
        (Taken(["trust"], {"heard": ["yes"]}), "not among"),
        (Taken(["heard"], {}, "side"), "count as 1"),
        (Taken(["side", "trust"], {}, "side"), "makes the rows"),
        (Taken(["trust"], {}, "side", {"west": 1}), "no “side”; there are"),
        (Taken(["trust"], {}, "side", {"north": 7}), "Wave 7"),
        (Taken(["trust"], {}, "", {"north": 1}), "makes a place"),
        (Taken(["trust"], {}, "trust"), "makes the rows"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_a_sentence_and_nothing_is_kept(cast, draft, waves, taken, says):
    plan = draft("did")
    with pytest.raises(FolkmootError, match=says):
        take_waves(plan, waves=waves, taken=taken, by=cast.ada)
    assert not Dataset.objects.exists()


def test_answers_go_to_no_plan_of_anybody_else(cast, draft, waves):
    plan = draft(owner=cast.team, by=cast.dina)
    for person in (cast.dina, cast.ada, cast.eli):
        with pytest.raises(NotAllowed):
            take_waves(plan, waves=waves, taken=EVERYBODY, by=person)
    assert not Dataset.objects.exists()


def test_the_table_goes_when_the_answers_are_erased(cast, draft, waves):
    dataset = take_waves(draft(), waves=waves, taken=EVERYBODY, by=cast.ada)
    actions.erase_answers(waves[0].microdata, why="Somebody asked", by=cast.ada)
    dataset.refresh_from_db()
    assert dataset.erased_at is not None and not dataset.kept_as and not dataset.notes
    assert "Somebody asked" in dataset.erased_why


def test_the_page_takes_them_and_says_what_is_wrong_with_a_line(cast, draft, waves, client):
    plan = draft("did")
    client.force_login(cast.ada)
    page = reverse("plan_data_survey", args=[plan.pk, waves[0].survey_id])
    assert page in client.get(reverse("plan_data", args=[plan.pk])).content.decode()
    assert "heard (" in client.get(page).content.decode()
    sent = {"waves": [one.pk for one in waves], "names": ["heard"], "yes": "heard: yes", "place": "side"}
    refused = client.post(page, sent)
    assert refused.status_code == 422 and "Line 1 is not written as" in refused.content.decode()
    sent |= {"yes": "heard = yes; mostly", "starts": "north, 2"}
    done = client.post(page, sent, follow=True).content.decode()
    assert "Frozen: 4 rows as they stand today." in done
    assert "The answers of" in done and "these answers count as 1" in done
    again = client.post(page, sent)
    assert again.status_code == 422 and "exactly this table already" in again.content.decode()


def test_a_survey_of_somebody_else_or_without_answers_is_not_there(cast, draft, waves, client):
    client.force_login(cast.ada)
    bare = actions.create_survey("No answers yet", owner=cast.police, population="Adults", by=cast.ada)
    plan = draft()
    assert client.get(reverse("plan_data_survey", args=[plan.pk, bare.pk])).status_code == 404
    client.force_login(cast.dina)
    theirs = draft(owner=cast.team, by=cast.dina)
    assert client.get(reverse("plan_data_survey", args=[theirs.pk, waves[0].survey_id])).status_code == 404
    assert "once they are brought in" in client.get(reverse("plan_data", args=[theirs.pk])).content.decode()
