"""Activities from a file: matched, looked through, brought in whole, undone; every row accounted for."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from folkmoot.activities.actions.bulk import STORING, write_many
from folkmoot.activities.actions.importing import (
    BRING,
    Corrected,
    ask_for,
    begin_import,
    drop_import,
    match_columns,
    match_values,
    undo_import,
)
from folkmoot.activities.actions.occasions import correct_activity
from folkmoot.activities.importing.carrying import bring_in, look_through
from folkmoot.activities.importing.keeping import kept_sheet, sheet_in
from folkmoot.activities.importing.known import known_to
from folkmoot.activities.importing.matching import Matching, first_guess, what_is_open
from folkmoot.activities.models import Activity, ActivityImport, LearnedMatch, Tally
from folkmoot.audit.models import Event
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet
from folkmoot.jobs.models import Job
from folkmoot.jobs.registry import Cancelled
from folkmoot.jobs.running import run_waiting

pytestmark = pytest.mark.django_db

TABLE = """Day,Begins at,Ends at,Title,Initiative,Method,Place,Place in words,How many people,Level reached,Staff hours,Remark,Age: Under 25,Age: 25 to 64
23/10/2026,18:30,20:00,Stall,Market stall,,E05000001,By the clock,24,L2 Asked,"2,5",Rain,4,10
24/10/2026,,,Visit,,M-DAY,Kelby Quay,,3,told,1:30,,,
25/10/2026,10:00,09:00,Walk,,,Nowhere known,,,,,,,
not a day,,,Lost,,,,,,,,,,
26/10/2026,,,Crowd,,,,,about 30,,,,,
23/10/2026,18:30,20:00,Stall,Market stall,,E05000001,By the clock,24,L2 Asked,"2,5",Rain,4,10
"""


def begun(cast, text=TABLE, *, name="log.csv", by=None):
    content = text if isinstance(text, bytes) else text.encode()
    return begin_import(
        name, content=content, sheet=sheet_in(name, content), organisation=cast.police, by=by or cast.ada
    )


def brought(cast, text=TABLE, **options):
    return bring_in(begun(cast, text, **options), by=cast.ada)


def test_rows_become_activities_with_all_that_they_say(cast, work):
    done = brought(cast)
    assert (done.state, done.read, done.used, done.set_aside) == ("done", 6, 4, 2)
    stall = Activity.objects.get(title="Stall")
    assert stall.initiative == work.initiative and stall.method == work.initiative.method
    assert stall.mechanism_version == work.initiative.mechanism_version
    assert stall.place.code == "E05000001" and stall.place_words == "By the clock"
    assert (stall.people, stall.level, stall.hours) == (24, "L2", Decimal("2.50"))
    assert stall.begins_at.isoformat() == "18:30:00" and stall.remark == "Rain"
    assert dict(stall.tallies.values_list("category__name", "people")) == {"Under 25": 4, "25 to 64": 10}
    tally = stall.tallies.first()
    assert (tally.organisation_key, tally.place_key) == (cast.police.pk, stall.place_id)
    assert stall.logged_by is None and stall.by_specialist is None and stall.brought_by == done
    visit = Activity.objects.get(title="Visit")
    assert visit.method.code == "M-DAY" and visit.level == "L1" and visit.hours == Decimal("1.50")
    assert visit.place.name == "Kelby Quay"
    assert Event.objects.filter(action="brought activities in", object_id=str(done.pk)).count() == 1


def test_every_row_is_used_or_set_aside_with_its_reason(cast, work):
    done = brought(cast)
    reasons = dict(done.reasons)
    assert "no day that can be read" in reasons[5]
    assert reasons[7].startswith("It repeats row 2")
    noticed = {row: what for what, rows in done.noticed for row in rows}
    assert noticed[6] == "How many people: What stands there is no number. The cell was left out."
    assert any("ends before it begins" in what and rows == [4] for what, rows in done.noticed)
    walk = Activity.objects.get(title="Walk")
    assert walk.ends_at is None and walk.place is None and walk.place_words == "Nowhere known"
    assert Activity.objects.get(title="Crowd").people is None


def test_a_cell_that_cannot_be_read_sets_its_row_aside_where_that_was_asked_for(cast, work):
    import_ = begun(cast)
    kept = Matching.of_json(import_.matching)
    strict = Matching(columns=kept.columns, tallies=kept.tallies, settled=kept.settled | {"unread": "aside"})
    match_columns(import_, sheet=kept_sheet(import_), matching=strict, by=cast.ada)
    done = bring_in(import_, by=cast.ada)
    assert dict(done.reasons)[6].startswith("How many people: “about 30”")
    assert (done.used, done.set_aside) == (3, 3)


def test_looking_through_stores_nothing_but_what_would_happen(cast, work):
    looked = look_through(begun(cast), by=cast.ada)
    assert (looked.state, looked.used, looked.set_aside) == ("begun", 4, 2)
    assert len(looked.shown["first"]) == 4
    assert not Activity.objects.exists()


def test_a_remark_that_reads_like_a_report_about_somebody_is_not_kept(cast, work):
    done = brought(cast, "Day,Title,Remark\n2026-10-01,Stall,Dave Smith is dealing drugs at number 14\n")
    assert done.used == 1 and Activity.objects.get().remark == ""
    assert "Dave" not in json.dumps([done.noticed, done.reasons, done.shown, done.matching])


def test_the_same_file_is_refused_once_it_is_in_and_goes_on_while_it_is_not(cast, work):
    first = begun(cast)
    assert begun(cast).pk == first.pk
    bring_in(first, by=cast.ada)
    with pytest.raises(FolkmootError, match="brought in on"):
        begun(cast)
    undo_import(first, by=cast.ada)
    assert begun(cast).pk != first.pk


def test_what_is_here_already_is_not_brought_in_again_each_row_counts_once(cast, work):
    head = "Day,Title,Place in words,Team\n"
    brought(cast, head + "2026-10-01,Walk,Park,A\n2026-10-01,Walk,Park,B\n")
    done = brought(cast, head + "2026-10-01,Walk,Park,A\n2026-10-01,Walk,Park,B\n2026-10-01,Walk,Park,C\n")
    assert (done.used, done.set_aside) == (1, 2)
    assert Activity.objects.count() == 3


def test_an_initiative_that_was_closed_before_the_day_takes_no_row(cast, work):
    work.initiative.state, work.initiative.ends = "closed", "2026-10-01"
    work.initiative.save()
    done = brought(cast)
    assert "closed before that day" in dict(done.reasons)[2]


def test_a_word_on_a_spelling_is_learned_for_the_next_file(cast, work):
    text = "Day,Kind of event\n2026-10-01,Coffee on the green\n2026-10-02,coffee  on the GREEN\n"
    import_ = begun(cast, text)
    known = known_to(cast.police, by=cast.ada)
    [waiting] = what_is_open(kept_sheet(import_), Matching.of_json(import_.matching), known)
    assert [group.rows for group, _ in waiting.groups] == [2]
    match_values(import_, key="kind", said={"Coffee on the green": "method:M-POP"}, by=cast.ada)
    bring_in(import_, by=cast.ada)
    assert Activity.objects.filter(method__code="M-POP").count() == 2
    assert LearnedMatch.objects.get(field="kind").meaning == "method:M-POP"
    again = begun(cast, text.replace("2026-10-0", "2026-09-0"))
    assert not [
        one
        for one in what_is_open(
            kept_sheet(again), Matching.of_json(again.matching), known_to(cast.police, by=cast.ada)
        )
        if one.groups
    ]
    # another organisation learns nothing of it
    assert "coffee on the green" not in known_to(cast.other, by=cast.eli).meanings["kind"]


def test_a_heading_is_learned_for_the_next_file(cast, work):
    text = "Wann,Was\n2026-10-01,Stall\n"
    content = text.encode()
    import_ = begun(cast, text)
    sheet = kept_sheet(import_)
    match_columns(
        import_, sheet=sheet, matching=Matching(columns={"happened_on": "Wann", "title": "Was"}), by=cast.ada
    )
    found = first_guess(sheet_in("b.csv", content), known_to(cast.police, by=cast.ada))
    assert found.columns == {"happened_on": "Wann", "title": "Was"}


def test_a_matching_without_a_day_or_with_strange_meanings_is_refused(cast, work):
    import_ = begun(cast)
    sheet = kept_sheet(import_)
    with pytest.raises(FolkmootError, match="No column is named as the day"):
        match_columns(import_, sheet=sheet, matching=Matching(columns={"title": "Title"}), by=cast.ada)
    with pytest.raises(FolkmootError, match="not, or no longer"):
        match_values(import_, key="kind", said={"x": "initiative:999999"}, by=cast.ada)


def test_undo_takes_out_what_came_in_and_nothing_else(cast, work):
    done = brought(cast)
    own = brought(cast, "Day,Title\n2026-01-01,Other\n")
    assert undo_import(done, by=cast.ada) == 4
    assert list(Activity.objects.values_list("title", flat=True)) == ["Other"]
    assert not Tally.objects.exists()
    assert own.state == "done" and ActivityImport.objects.get(pk=done.pk).state == "undone"
    with pytest.raises(NotYet):
        undo_import(done, by=cast.ada)


def test_undo_is_refused_where_a_row_was_corrected_since_unless_confirmed(cast, work):
    done = brought(cast)
    visit = Activity.objects.get(title="Visit")
    correct_activity(visit, expected=visit.version, people=5, by=cast.ada)
    with pytest.raises(Corrected, match="1 activity"):
        undo_import(done, by=cast.ada)
    assert Activity.objects.count() == 4
    assert undo_import(done, even_corrected=True, by=cast.ada) == 4


def test_only_those_who_edit_for_the_organisation_bring_files_in(cast, work):
    for person in (cast.ben, cast.fay, cast.eli, cast.dina):
        with pytest.raises(NotAllowed):
            begun(cast, by=person)
    import_ = begun(cast)
    for write in (
        lambda: bring_in(import_, by=cast.ben),
        lambda: drop_import(import_, by=cast.ben),
        lambda: match_values(import_, key="kind", said={}, by=cast.ben),
    ):
        with pytest.raises(NotAllowed):
            write()
    assert not Activity.objects.exists()


def test_an_unfinished_import_can_be_dropped_with_its_file(
    cast, work, instance_folder, django_capture_on_commit_callbacks
):
    import_ = begun(cast)
    file = instance_folder / "imports" / str(import_.pk)
    assert file.is_file()
    with django_capture_on_commit_callbacks(execute=True):
        drop_import(import_, by=cast.ada)
    assert not file.exists() and not ActivityImport.objects.exists()


def test_unfinished_imports_of_a_month_ago_are_cleared(
    cast, work, instance_folder, django_capture_on_commit_callbacks
):
    old = begun(cast)
    ActivityImport.objects.update(created_at=timezone.now() - timezone.timedelta(days=31))
    with django_capture_on_commit_callbacks(execute=True):
        new = begun(cast, "Day,Title\n2026-10-01,Stall\n")
    assert list(ActivityImport.objects.values_list("pk", flat=True)) == [new.pk]
    assert not (instance_folder / "imports" / str(old.pk)).exists()


def test_many_rows_are_written_by_one_call_for_other_rooms(cast, work):
    import_ = begun(cast)
    rows = [
        {"happened_on": timezone.localdate(), "title": f"n{number}", "tallies": {}} for number in range(5)
    ]
    assert write_many(rows, import_=import_, by=cast.ada) == 5
    assert Activity.objects.filter(brought_by=import_, organisation=cast.police).count() == 5


def test_a_large_file_is_brought_in_by_the_worker_and_once_only(cast, work):
    text = "Day,Title\n" + "".join(f"2026-0{1 + n % 9}-0{1 + n % 7},Walk {n}\n" for n in range(600))
    import_ = begun(cast, text)
    job = ask_for(import_, what=BRING, by=cast.ada)
    import_.refresh_from_db()
    assert import_.state == "asked"
    assert ask_for(import_, what=BRING, by=cast.ada).pk == job.pk
    with pytest.raises(NotYet, match="on its way in"):
        match_values(import_, key="kind", said={}, by=cast.ada)
    [done] = run_waiting()
    assert done.state == "done" and "600 of 600 rows" in done.message and done.done == done.total
    assert Activity.objects.count() == 600
    # a worker that died after the commit: the job is put back and finds it done
    Job.objects.update(state="waiting")
    [again] = run_waiting()
    assert again.state == "done" and Activity.objects.count() == 600


def test_storing_tells_how_far_it_is_and_what_stops_it_takes_all_back(cast, work):
    text = "Day,Title\n" + "".join(f"2026-09-01,Walk {n}\n" for n in range(2600))
    import_ = begun(cast, text)
    told = []

    def tell(done, total, step):
        told.append((done, total, step))
        if step == STORING and done >= 2000:
            raise Cancelled

    with pytest.raises(Cancelled):
        bring_in(import_, by=cast.ada, tell=tell)
    assert Activity.objects.count() == 0
    import_.refresh_from_db()
    assert import_.state == "begun"
    assert [one[:2] for one in told if one[2] == STORING] == [(0, 2600), (2000, 2600)]
    assert bring_in(import_, by=cast.ada).used == 2600


def test_a_large_import_is_taken_out_by_the_worker_which_can_be_stopped(cast, work, as_):
    text = "Day,Title\n" + "".join(f"2026-0{1 + n % 9}-0{1 + n % 7},Walk {n}\n" for n in range(600))
    import_ = bring_in(begun(cast, text), by=cast.ada)
    told = []

    def tell(done, total, step):
        told.append((done, total))
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        undo_import(import_, by=cast.ada, tell=tell)
    assert told == [(0, 600), (400, 600)] and Activity.objects.count() == 600
    correct_activity(Activity.objects.first(), expected=1, people=4, by=cast.ada)
    client, url = as_(cast.ada), reverse("activity_import_undo", args=[import_.pk])
    refused = client.post(url)
    assert refused.status_code == 422 and "been corrected since" in refused.text
    answer = client.post(url, {"even_corrected": "yes"})
    job = Job.objects.get(kind="activities.undo")
    assert answer.headers["Location"] == reverse("job", args=[job.pk])
    [done] = run_waiting()
    assert (done.state, done.message) == ("done", "600 activities were taken out again.")
    assert Activity.objects.count() == 0
    import_.refresh_from_db()
    assert import_.state == "undone"
    # a worker that died after the commit: put back, it finds it done
    Job.objects.update(state="waiting")
    [again] = run_waiting()
    assert again.state == "done"


POLICE_UK = [
    {"title": "Drop in", "type": "meeting", "address": "A hall", "start_date": "2016-09-17T12:00:00",
     "end_date": "2016-09-17T14:00:00", "contact_details": {}, "description": None},
    {"title": "No day", "type": "meeting", "address": None, "start_date": None, "end-date": None},
    {"issue": "<p>Noise &amp; litter</p>", "issue-date": "2016-04-14T00:00:00", "action": None, "action-date": None},
    {"Issue": "Speeding", "issue date": None, "action": "<b>Signs</b>", "action date": "2017-01-01T00:00:00"},
]  # fmt: skip


def test_events_of_police_uk_become_activities_and_priorities_are_kept_as_notes(cast, work):
    done = brought(cast, json.dumps(POLICE_UK), name="NC04.json")
    assert (done.read, done.used, done.set_aside) == (4, 3, 1)
    event = Activity.objects.get()
    assert (event.title, event.place_words, str(event.happened_on)) == ("Drop in", "A hall", "2016-09-17")
    assert str(event.ends_at) == "14:00:00"
    assert [one["issue"] for one in done.shown["priorities"]] == ["Noise & litter", "Speeding"]
    assert done.shown["priorities"][1]["action"] == "Signs"
    assert dict(done.reasons) == {2: "No day is given."}


def test_the_real_answers_of_police_uk_come_in(cast, work, corpus):
    folder = corpus / "police-uk"
    for name, read in (("leicestershire_NC04_events.json", 1), ("leicestershire_NC04_priorities.json", 2)):
        done = brought(cast, (folder / name).read_bytes(), name=name)
        assert (done.read, done.used, done.set_aside) == (read, read, 0)
    for name in ("leicestershire_NC04.json", "leicestershire_NC04_boundary.json"):
        with pytest.raises(FolkmootError):
            begun(cast, (folder / name).read_bytes(), name=name)


# the pages


def upload(client, content, name="log.csv"):
    return client.post("/work/import/", {"file": SimpleUploadedFile(name, content)})


def test_the_whole_way_through_the_pages(cast, work, as_):
    client = as_(cast.ada)
    assert "Begin with an empty one" in client.get("/work/import/").content.decode()
    text = "Date,What,Kind\n01/10/2026,Stall,Tea on the green\n02/10/2026,Stall,tea on the green \n"
    answer = upload(client, text.encode())
    import_ = ActivityImport.objects.get()
    assert answer.headers["Location"] == f"/work/import/{import_.pk}/columns/"
    page = client.get(answer.headers["Location"])
    form = page.context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    assert data["field-happened_on"] == "Date" and data["field-kind"] == "Kind"
    answer = client.post(f"/work/import/{import_.pk}/columns/", data | {"field-title": "What"})
    values = f"/work/import/{import_.pk}/values/kind/"
    assert answer.headers["Location"] == values
    page = client.get(values)
    [group] = page.context["forms"]
    said = {group["meaning"].html_name: "method:M-POP", group["spelling"].html_name: ["0", "1"], "do": "save"}
    answer = client.post(values, said)
    assert answer.headers["Location"] == f"/work/import/{import_.pk}/"
    page = client.get(f"/work/import/{import_.pk}/").content.decode()
    assert "Of 2 rows, 2 would be brought in and 0 set aside. Nothing is stored yet." in page
    client.post(f"/work/import/{import_.pk}/", {"do": "bring"})
    assert Activity.objects.filter(method__code="M-POP").count() == 2
    page = client.get(f"/work/import/{import_.pk}/").content.decode()
    assert "2 were brought in" in page and "Undo this import" in page
    client.post(f"/work/import/{import_.pk}/undo/")
    assert not Activity.objects.exists()


def test_a_spelling_that_was_taken_out_of_its_group_waits_by_itself(cast, work, as_):
    client = as_(cast.ada)
    import_ = begun(cast, "Day,Kind of event\n2026-10-01,Tea on the green\n2026-10-02,Tea on the greens\n")
    values = f"/work/import/{import_.pk}/values/kind/"
    [group] = client.get(values).context["forms"]
    answer = client.post(
        values, {group["meaning"].html_name: "method:M-POP", group["spelling"].html_name: ["0"], "do": "save"}
    )
    assert answer.headers["Location"] == values
    [left] = client.get(values).context["forms"]
    assert [one.written for one in left.group.spellings] == ["Tea on the greens"]
    client.post(values, {"do": "empty"})
    import_.refresh_from_db()
    assert import_.matching["values"]["kind"] == {
        "tea on the green": "method:M-POP",
        "tea on the greens": "empty",
    }


def test_a_bad_file_is_refused_on_the_page_in_one_sentence(cast, work, as_):
    client = as_(cast.ada)
    for name, content in (
        ("a.xlsx", b"PK\x03\x04junk"),
        ("a.csv", b""),
        ("a.pdf", b"%PDF-"),
        ("a.csv", b"Day\n"),
    ):
        answer = upload(client, content, name)
        assert answer.status_code == 422 and "error-summary" in answer.content.decode()
    assert not ActivityImport.objects.exists()


def test_a_file_that_is_too_large_is_refused_before_it_is_read(cast, work, as_, monkeypatch):
    from folkmoot.activities.importing import sheets

    monkeypatch.setattr(sheets, "MOST_BYTES", 10)
    answer = upload(as_(cast.ada), b"Day,Title\n2026-10-01,Stall\n")
    assert answer.status_code == 422 and "may have" in answer.content.decode()


def test_a_large_file_leads_to_the_page_of_its_job(cast, work, as_):
    text = "Day,Title\n" + "".join(f"2026-01-{1 + n % 28:02},Walk {n}\n" for n in range(500))
    import_ = begun(cast, text)
    client = as_(cast.ada)
    answer = client.post(f"/work/import/{import_.pk}/", {"do": "look"})
    job = Job.objects.get()
    assert answer.headers["Location"] == f"/jobs/{job.pk}/"
    run_waiting()
    assert f"/work/import/{import_.pk}/" in client.get(f"/jobs/{job.pk}/").content.decode()
    client.post(f"/work/import/{import_.pk}/", {"do": "bring"})
    run_waiting()
    assert Activity.objects.count() == 500


def test_what_was_set_aside_and_noticed_can_be_taken_away_as_a_file(cast, work, as_):
    done = brought(cast)
    text = as_(cast.ada).get(f"/work/import/{done.pk}/rows.csv").content.decode()
    assert text.splitlines()[0] == "row,what,why" and '7,set aside,"It repeats row 2' in text


@pytest.mark.parametrize("ending", ["csv", "xlsx", "ods"])
def test_the_templates_are_handed_out_and_bring_nothing_in_as_they_are(cast, work, as_, ending):
    content = as_(cast.ada).get(f"/work/import/template.{ending}").content
    done = brought(cast, content, name=f"t.{ending}")
    assert (done.read, done.used) == (1, 0) and "trial" in done.reasons[0][1]


def test_outsiders_find_nothing_and_insiders_without_the_role_write_nothing(cast, work, as_):
    import_ = begun(cast)
    pages = ["", "columns/", "values/kind/", "undo/", "rows.csv"]
    for page in pages:
        assert as_(cast.eli).get(f"/work/import/{import_.pk}/{page}").status_code == 404
        assert as_(None).get(f"/work/import/{import_.pk}/{page}").status_code == 302
    assert as_(cast.ben).get(f"/work/import/{import_.pk}/").status_code == 200
    for page in ("columns/", "undo/", "drop/", ""):
        assert as_(cast.ben).post(f"/work/import/{import_.pk}/{page}").status_code == 403
    assert upload(as_(cast.ben), b"Day\n2026-10-01\n").status_code == 403
    assert as_(cast.ben).get("/work/export/").status_code == 403


def test_the_page_of_imports_asks_the_database_as_often_whatever_its_length(
    cast, work, as_, django_assert_max_num_queries
):
    for number in range(20):
        begun(cast, f"Day,Title\n2026-10-01,Stall {number}\n")
    client = as_(cast.ada)
    client.get("/work/import/")
    with django_assert_max_num_queries(9):
        client.get("/work/import/")


@override_settings(DEBUG=False)
def test_a_kept_file_that_is_gone_is_said_in_words(cast, work, as_, instance_folder):
    import_ = begun(cast)
    (instance_folder / "imports" / str(import_.pk)).unlink()
    answer = as_(cast.ada).post(f"/work/import/{import_.pk}/", {"do": "look"})
    assert answer.status_code == 422 and "no longer kept" in answer.content.decode()
