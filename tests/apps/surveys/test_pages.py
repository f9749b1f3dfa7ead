"""Pages of surveys: what each shows to whom, in how many queries."""

from __future__ import annotations

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from folkmoot.audit.models import Event
from folkmoot.core.errors import FolkmootError
from folkmoot.surveys import actions
from folkmoot.surveys.drafts import QuestionDraft
from folkmoot.surveys.models import Indicator, Microdata, Otherwise, Series, Survey, Variable, Wave

WIDE = b"Borough,2019 Q1,2019 Q2,2019 Q3,2019 Q4\nNorth,61,62,63,60\nEast,55,54,56,57\nWest,70,71,69,70\nSouth,50,51,52,50\n"


@pytest.fixture
def series(cast):
    from folkmoot.surveys.reading.series import read_published

    found = read_published("trust.csv", WIDE, measure="Trust")
    actions.bring_in_series(
        found, content=WIDE, publisher="An office, OGL", owner=cast.police, visibility="own", by=cast.ada
    )
    return Series.objects.get()


@pytest.fixture
def otherwise(cast):
    from folkmoot.surveys.reading.files import read_answers
    from folkmoot.surveys.reading.held_out import held_out_counts

    rows = (
        "held_out,reached,acted\n"
        + "1,1,0\n" * 60
        + "1,0,0\n" * 140
        + "0,1,1\n" * 20
        + "0,1,0\n" * 80
        + "0,0,0\n" * 100
    )
    counts = held_out_counts(
        read_answers("list.csv", rows.encode()), held_out="held_out", reached="reached", acted="acted"
    )
    return actions.record_otherwise(
        title="Alerts in spring", system="An alert system", owner=cast.police, visibility="own", counts=counts,
        sent_to=10_000, signed_up=41_000, cost=86_000, outcome_words="locked their shed", by=cast.ada,
    )  # fmt: skip


@pytest.fixture
def indicator(cast, assumption):
    return actions.create_indicator(
        owner=cast.police, visibility="own", name="Feels heard", kind="proximal", measured_as="Do you feel heard?",
        assumption=assumption, end="effect", judged_by="residents", unit="per cent", better="up",
        smallest_change=3.0, by=cast.ada,
    )  # fmt: skip


@pytest.fixture
def urls(filled, series, otherwise, indicator):
    question = Variable.objects.get(name="heard")
    age = Variable.objects.get(name="age")
    return {
        "indicators": (), "indicator": (indicator.pk,), "surveys": (), "survey": (filled.survey_id,),
        "survey_panel": (filled.survey_id,), "wave": (filled.pk,), "wave_question": (filled.pk, question.pk),
        "series_list": (), "series": (series.pk,), "otherwise_list": (), "otherwise": (otherwise.pk,),
    }, question, age  # fmt: skip


INSIDE = ("indicator", "survey", "survey_panel", "wave", "wave_question", "series", "otherwise")
DESKS = ("indicator_new", "survey_new", "series_import", "otherwise_new")


def test_everybody_of_the_owner_sees_every_page_and_outsiders_find_nothing(urls, cast, as_):
    pages, _, age = urls
    for person in (cast.ada, cast.ben):
        client = as_(person)
        for name, args in pages.items():
            assert client.get(reverse(name, args=args)).status_code == 200, name
        divided = client.get(reverse("wave_question", args=pages["wave_question"]) + f"?by={age.pk}")
        assert "65 and over" in divided.content.decode()
    for person in (cast.cleo, cast.eli, cast.dina, cast.gus, None):
        client = as_(person)
        for name in INSIDE:
            assert client.get(reverse(name, args=pages[name])).status_code == 404, (person, name)


def test_forms_open_for_those_who_may_write_and_are_refused_to_others(urls, cast, as_):
    pages, *_ = urls
    edits = {
        "indicator_edit": pages["indicator"], "survey_edit": pages["survey"], "survey_questions": pages["survey"],
        "wave_new": pages["survey"], "wave_edit": pages["wave"], "wave_margins": pages["wave"],
        "wave_erase": pages["wave"], "wave_file": pages["wave"], "wave_recall": pages["wave"],
        "series_edit": pages["series"], "event_new": pages["series"],
    }  # fmt: skip
    for name, args in [*edits.items(), *((one, ()) for one in DESKS)]:
        url = reverse(name, args=args)
        assert as_(cast.ada).get(url).status_code == 200, name
        assert as_(cast.ben).get(url).status_code == 403, name
        if args:
            assert as_(cast.eli).get(url).status_code == 404, name
        assert as_(None).get(url).status_code == 302, name


def test_lists_take_as_many_queries_with_many_rows_as_with_one(
    filled, series, cast, as_, django_assert_max_num_queries
):
    for number in range(12):
        actions.create_survey(f"Survey {number}", owner=cast.police, population="All", by=cast.ada)
        actions.create_indicator(
            owner=cast.police, visibility="own", name=f"Contacts {number}", kind="output", measured_as="a count",
            judged_by="records", unit="contacts", by=cast.ada,
        )  # fmt: skip
    client = as_(cast.ada)
    for name, most in (("surveys", 9), ("indicators", 8), ("series_list", 9), ("otherwise_list", 10)):
        with django_assert_max_num_queries(most):
            client.get(reverse(name))


def test_a_wave_takes_few_queries_however_many_questions_it_has(
    filled, cast, as_, django_assert_max_num_queries
):
    client = as_(cast.ada)
    with django_assert_max_num_queries(16):
        answer = client.get(reverse("wave", args=[filled.pk]))
    page = answer.content.decode()
    assert "400 of 800 people who were invited answered: 50 %" in page
    assert "Design effect" in page


def test_an_output_never_stands_under_outcomes(indicator, cast, as_):
    actions.create_indicator(
        owner=cast.police, visibility="own", name="Outcome sign-ups", kind="output", measured_as="sign-ups",
        judged_by="records", unit="people", by=cast.ada,
    )  # fmt: skip
    page = as_(cast.ada).get(reverse("indicators")).content.decode()
    outcomes, _, counts = page.partition('id="counts"')
    assert "Feels heard" in outcomes and "Outcome sign-ups" not in outcomes
    assert "Outcome sign-ups" in counts
    output = Indicator.objects.get(kind="output")
    page = as_(cast.ada).get(reverse("indicator", args=[output.pk])).content.decode()
    assert "never shown as an outcome" in page and "Smallest change" not in page


def test_an_indicator_is_recorded_by_its_form(assumption, cast, as_):
    form = {
        "name": "Heard", "kind": "proximal", "measured_as": "Do you feel heard?", "assumption": assumption.pk,
        "end": "effect", "judged_by": "residents", "unit": "per cent", "better": "up", "smallest_change": "3",
        "owner": f"organisation-{cast.police.pk}", "reach": "only ours",
    }  # fmt: skip
    answer = as_(cast.ada).post(reverse("indicator_new"), form)
    assert answer.status_code == 302
    assert Indicator.objects.get().smallest_change == 3
    refused = as_(cast.ada).post(reverse("indicator_new"), form | {"kind": "output"})
    assert refused.status_code == 422 and "target" in refused.content.decode()


def test_a_stale_save_is_refused_and_keeps_the_words(indicator, cast, as_):
    form = {
        "name": "Another name", "kind": "proximal", "measured_as": "x", "assumption": indicator.assumption_id,
        "end": "effect", "judged_by": "residents", "unit": "per cent", "better": "up", "reach": "only ours",
        "version": indicator.version,
    }  # fmt: skip
    actions.revise_indicator(indicator, expected=1, by=cast.ira, unit="points")
    answer = as_(cast.ada).post(reverse("indicator_edit", args=[indicator.pk]), form)
    assert answer.status_code == 412
    assert "Another name" in answer.content.decode() and "Ira" in answer.content.decode()


def upload(content, name="answers.csv"):
    return SimpleUploadedFile(name, content)


def test_answers_are_looked_at_before_anything_is_stored(wave, answers, cast, as_):
    client, url = as_(cast.ada), reverse("wave_import", args=[wave.pk])
    content = answers.table(answers.people(), answers.header)
    first = client.post(url, {"chosen": upload(content)})
    page = first.content.decode()
    assert first.status_code == 200 and "400 rows, 7 columns" in page
    assert not Microdata.objects.exists()
    held = first.context["form"].initial["held"]
    assert held
    choices = {
        "held": held, "weight": "weight", "stratum": "area", "cluster": "street", "panel": "person",
        "missing": "heard: -9",
    }  # fmt: skip
    look = client.post(url, choices | {"do": "look"})
    assert "Read 400, used 400, set aside 0." in look.content.decode() and not Microdata.objects.exists()
    assert client.post(url, choices | {"do": "bring"}).status_code == 302
    assert Microdata.objects.get().used == 400
    # the word of one person opens nothing for another
    assert as_(cast.ira).post(url, {"held": held}).status_code in {403, 409, 422}


def test_a_file_that_names_people_is_not_kept_even_for_a_moment(wave, answers, cast, as_, instance_folder):
    client, url = as_(cast.ada), reverse("wave_import", args=[wave.pk])
    content = answers.table([(f"Ann Oak{one}", "yes") for one in "abcdefgh"], ("name", "heard"))
    first = client.post(url, {"chosen": upload(content)})
    assert "looks like names" in first.content.decode()
    assert not [
        path for path in instance_folder.rglob("*") if path.is_file() and b"Oakb" in path.read_bytes()
    ]
    refused = client.post(url, {"chosen": upload(content), "do": "bring"})
    assert refused.status_code == 422 and not Microdata.objects.exists()
    done = client.post(url, {"chosen": upload(content), "do": "bring", "drop": ["name"]})
    assert done.status_code == 302 and Microdata.objects.get().dropped == ["name"]
    assert not [
        path for path in instance_folder.rglob("*") if path.is_file() and b"Oakb" in path.read_bytes()
    ]


def test_a_published_file_is_looked_at_and_brought_in(cast, as_):
    client = as_(cast.ada)
    form = {
        "publisher": "An office, OGL", "measure": "Trust", "owner": f"organisation-{cast.police.pk}",
        "reach": "only ours",
    }  # fmt: skip
    look = client.post(reverse("series_import"), form | {"chosen": upload(WIDE, "t.csv"), "do": "look"})
    assert "Read 4, used 4, set aside 0" in look.content.decode() and not Series.objects.exists()
    done = client.post(reverse("series_import"), form | {"chosen": upload(WIDE, "t.csv"), "do": "bring"})
    assert done.status_code == 302
    again = client.post(reverse("series_import"), form | {"chosen": upload(WIDE, "t.csv"), "do": "bring"})
    assert again.status_code == 422 and "brought in already" in again.content.decode()


def test_breaks_cut_the_line_and_are_taken_back(series, cast, as_):
    client = as_(cast.ada)
    form = {"kind": "break", "on": "2019-07-01", "what": "The question was worded otherwise"}
    assert client.post(reverse("event_new", args=[series.pk]), form).status_code == 302
    page = client.get(reverse("series", args=[series.pk])).content.decode()
    assert "The line is cut there" in page
    event = series.events.get()
    assert client.get(reverse("event_remove", args=[series.pk, event.pk])).status_code == 405
    assert client.post(reverse("event_remove", args=[series.pk, event.pk])).status_code == 302
    assert Event.objects.filter(action="took back an event").exists()


def test_sign_ups_stay_an_output_on_the_page_of_reach(otherwise, cast, as_):
    page = as_(cast.ada).get(reverse("otherwise", args=[otherwise.pk])).content.decode()
    assert "Signed up (an output)" in page and "41,000" in page
    assert "What cannot be known from this" in page
    assert "locked their shed" in page


def test_a_hold_out_is_counted_and_its_list_not_kept(cast, as_, instance_folder):
    rows = (
        b"unit,held_out,reached\n"
        + b"U77x,1,0\n" * 50
        + b"U78x,0,1\n" * 30
        + b"U79x,0,0\n" * 20
        + b"U80x,,1\n"
    )
    form = {
        "title": "Trial", "system": "Alerts", "chosen": upload(rows, "list.csv"), "held_out": "held_out",
        "reached": "reached", "owner": f"organisation-{cast.police.pk}", "reach": "only ours",
    }  # fmt: skip
    assert as_(cast.ada).post(reverse("otherwise_new"), form).status_code == 302
    found = Otherwise.objects.get()
    assert (found.read, found.used) == (101, 100)
    assert "U77x" not in str(found.cells) + str(found.figures)
    assert not [
        path for path in instance_folder.rglob("*") if path.is_file() and b"U77x" in path.read_bytes()
    ]


def test_the_questions_of_a_survey_change_by_version_and_say_what_breaks(filled, cast, as_):
    survey = filled.survey
    client, url = as_(cast.ada), reverse("survey_questions", args=[survey.pk])
    page = client.get(url)
    listed = page.context["listed"]
    data = {
        "q-TOTAL_FORMS": str(len(listed)),
        "q-INITIAL_FORMS": str(len(listed) - 1),
        "version": survey.version,
    }
    for place, form in enumerate(listed):
        for name in ("code", "wording", "kind", "answers"):
            data[f"q-{place}-{name}"] = form.initial.get(name, "choice" if name == "kind" else "")
    data["q-0-wording"] = "Do they listen to you?"
    refused = client.post(url, data | {"note": "Shorter"})
    assert refused.status_code == 422 and "worded differently" in refused.content.decode()
    data |= {"q-0-breaks": "on", "q-0-break_note": "It asked of officers before", "note": "Shorter"}
    assert client.post(url, data).status_code == 302
    assert survey.instruments.count() == 2
    page = client.get(reverse("survey", args=[survey.pk])).content.decode()
    assert "Not comparable with before" in page and "Earlier versions" in page


def test_figures_shared_with_the_network_are_rounded_and_hide_more(filled, cast, as_):
    Survey.objects.update(visibility="network")
    inside = as_(cast.ada).get(reverse("wave", args=[filled.pk])).context["page"]
    outside = as_(cast.eli).get(reverse("wave", args=[filled.pk])).context["page"]
    assert inside.inside and not outside.inside
    for question in outside.questions:
        for answer in question.answers:
            assert answer.count.value is None or answer.count.value % 5 == 0
    assert as_(cast.eli).get(reverse("wave_file", args=[filled.pk])).status_code == 403


def test_questions_without_a_wave_may_be_written_first(survey, cast):
    version = actions.revise_questions(
        survey, questions=[QuestionDraft("heard", "Do you feel heard?", answers=(("1", "yes"), ("2", "no")))],
        note="", expected=1, by=cast.ada,
    )  # fmt: skip
    assert version.number == 1
    assert Wave.objects.count() == 0
    wave = actions.add_wave(survey, title="", began_on=datetime.date(2026, 3, 1), by=cast.ada)
    assert wave.title == "Wave 1" and wave.instrument == version


def test_everything_of_an_owner_can_be_taken_out_and_nothing_of_others(filled, series, indicator, cast):
    from folkmoot.surveys.exporting import parts

    def taken(**ids):
        return {
            name: part if isinstance(part, bytes) else list(part)
            for name, part in parts(**{"organisation_ids": [], "team_ids": []} | ids)
        }

    ours = taken(organisation_ids=[cast.police.pk])
    assert len(ours["waves.jsonl"]) == 1 and len(ours["series-values.jsonl"]) == 16
    assert any(name.startswith("answers/") for name in ours)
    assert "salt" not in ours["surveys.jsonl"][0]
    theirs = taken(organisation_ids=[cast.other.pk], team_ids=[cast.team.pk])
    assert not any(theirs.values())


LADDER = ["Signed up", "Delivered", "Opened", "Recalled, or reached by whatever way", "Acted", "Outcome"]


def test_the_ladder_goes_from_sign_up_to_outcome_and_says_what_is_missing(otherwise, cast, as_):
    answer = as_(cast.ada).get(reverse("otherwise", args=[otherwise.pk]))
    ladder = answer.context["ladder"]
    assert [rung.name for rung in ladder] == LADDER
    assert [rung.kind for rung in ladder[:3]] == ["Output"] * 3
    # however large an output is, nothing was added by it; who was held out says what was
    assert not any(rung.added for rung in ladder[:3]) and "41,000" in ladder[0].found
    assert [rung.missing for rung in ladder] == [False, True, True, False, False, True]
    assert "20.0 more of a hundred" in ladder[3].added
    page = answer.content.decode()
    assert "Not measured" in page and page.count("Cannot be said of an output") == 3


def test_an_outcome_of_a_hold_out_stands_at_its_assumption_with_its_uncertainty(indicator, cast, as_):
    rows = (
        b"held_out,reached,acted,better\n"
        + b"1,0,0,0\n" * 150
        + b"1,0,0,1\n" * 50
        + b"0,1,1,1\n" * 60
        + b"0,1,0,0\n" * 140
    )
    form = {
        "title": "Trial", "system": "Alerts", "chosen": upload(rows, "list.csv"), "held_out": "held_out",
        "reached": "reached", "acted": "acted", "bettered": "better", "signed_up": "900", "delivered": "800",
        "opened": "300", "owner": f"organisation-{cast.police.pk}", "reach": "only ours",
    }  # fmt: skip
    client = as_(cast.ada)
    refused = client.post(reverse("otherwise_new"), form)
    assert refused.status_code == 422 and "Say which indicator the outcome is" in refused.content.decode()
    form |= {"chosen": upload(rows, "list.csv"), "outcome": str(indicator.pk)}
    assert client.post(reverse("otherwise_new"), form).status_code == 302
    found = Otherwise.objects.get()
    added = found.figures["outcome"]["added"]
    assert added["estimate"] == pytest.approx(0.05) and added["low"] < 0 < added["high"]
    answer = client.get(reverse("otherwise", args=[found.pk]))
    last = answer.context["ladder"][-1]
    assert last.indicator == indicator and "may have added nothing" in last.added
    assert reverse("assumption", args=[indicator.assumption_id]) in answer.content.decode()
    assert "38 % of the step before" in answer.context["ladder"][2].found


def test_an_output_is_no_outcome_of_a_bought_system(otherwise, cast):
    output = actions.create_indicator(
        owner=cast.police, visibility="own", name="Sign-ups", kind="output", measured_as="Accounts",
        judged_by="records", unit="people", by=cast.ada,
    )  # fmt: skip
    with pytest.raises(FolkmootError, match="cannot be shown as an outcome"):
        actions.revise_otherwise(otherwise, expected=otherwise.version, outcome=output, by=cast.ada)


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"delivered": 41_001}, "than signed up"), ({"delivered": 10, "opened": 11}, "than it arrives at")],
)
def test_no_step_of_the_ladder_holds_more_people_than_the_one_before(otherwise, cast, changes, said):
    with pytest.raises(FolkmootError, match=said):
        actions.revise_otherwise(otherwise, expected=otherwise.version, by=cast.ada, **changes)


def test_what_stands_around_the_counts_is_corrected_and_the_cost_follows(otherwise, cast, as_):
    url = reverse("otherwise_edit", args=[otherwise.pk])
    assert as_(cast.cleo).get(url).status_code == 404 and as_(cast.ben).get(url).status_code == 403
    client = as_(cast.ada)
    form = {
        "title": "Alerts in spring", "system": "An alert system", "sent_to": "10000", "signed_up": "41000",
        "delivered": "39000", "opened": "9000", "cost": "43000", "reach": "only ours",
        "version": str(otherwise.version),
    }  # fmt: skip
    before = otherwise.figures["reach"]["cost"]["low"]
    assert client.post(url, form).status_code == 302
    otherwise.refresh_from_db()
    assert otherwise.figures["reach"]["cost"]["low"] == pytest.approx(before / 2)
    assert Event.objects.filter(action="revised an answer on reach").exists()
    assert client.post(url, form).status_code == 412
