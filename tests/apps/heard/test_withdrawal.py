"""Words that are taken back are gone at once: page, caches, API, exports, and not back after a restore."""

from __future__ import annotations

import datetime
import html
import io
import json
import re
import zipfile

import pypdfium2
import pytest
from django.db import connection
from django.urls import reverse

from folkmoot.audit.models import Event
from folkmoot.core.errors import NotYet
from folkmoot.heard import actions, withdrawal
from folkmoot.heard.models import Contribution, Correction, Reply
from folkmoot.project.commands.export_everything import export_everything
from folkmoot.project.commands.exporters import Asked
from folkmoot.sources import wishes
from folkmoot.sources.actions import import_sources, mark_passage, withdraw_source

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 2)


def everything(cast, tmp_path):
    """Every byte that an export of everything holds."""
    path = tmp_path / "everything.zip"
    export_everything(path, Asked(cast.ada, cast.police, ()))
    with zipfile.ZipFile(path) as archive:
        return b"".join(archive.read(name) for name in archive.namelist()).decode(errors="replace")


def places_where_it_stands(cast, as_, concern, words, tmp_path):
    """Where the words can be read, of all places that could hold them."""
    found = []
    for name, who, url in (
        ("public page", None, reverse("heard_concern", args=[concern.pk])),
        ("concern", cast.ada, reverse("concern", args=[concern.pk])),
        ("list", cast.ada, reverse("contributions")),
        ("API", None, f"/api/v1/concerns/{concern.pk}"),
    ):
        answer = as_(who).get(url)
        assert answer.status_code == 200, (name, answer.status_code)
        if name in ("public page", "API"):
            assert answer["Cache-Control"] == "no-store"
        if words in answer.content.decode():
            found.append(name)
    if words in everything(cast, tmp_path):
        found.append("export")
    return found


def test_somebody_with_a_code_takes_words_back_and_they_are_gone_everywhere(
    cast, as_, published, tmp_path, django_capture_on_commit_callbacks
):
    concern, words = published.concern, published.quoted.text
    everywhere = ["public page", "concern", "list", "API", "export"]
    assert places_where_it_stands(cast, as_, concern, words, tmp_path) == everywhere
    code = actions.give_receipt(published.quoted, by=cast.ben)
    url, visitor = reverse("heard_withdraw"), as_(None)
    shown = visitor.post(url, {"code": code}).content.decode()
    assert words in shown and "Take them back now" in shown
    with django_capture_on_commit_callbacks(execute=True):
        visitor.post(url, {"code": code, "sure": "yes"})
    assert places_where_it_stands(cast, as_, concern, words, tmp_path) == []
    gone = Contribution.objects.get(pk=published.quoted.pk)
    assert gone.is_withdrawn and gone.text == "" and gone.receipt == "" and not gone.concerns.exists()
    assert "Nothing belongs to this code" in visitor.post(url, {"code": code}).content.decode()
    assert not Event.objects.filter(detail__icontains="light at the stop").exists()


def test_no_page_ever_shows_a_code_again(cast, as_, say):
    one = say()
    page = as_(cast.ada).post(reverse("contribution", args=[one.pk]), {"act": "receipt"})
    code = re.search(r"fm-code-given\">([a-z0-9-]+)<", page.content.decode()).group(1)
    assert page["Cache-Control"] == "no-store"
    assert code not in as_(cast.ada).get(reverse("contribution", args=[one.pk])).content.decode()
    assert not any(code in f"{one.detail} {one.object_label}" for one in Event.objects.all())


def test_the_remark_goes_with_the_contribution(cast, activity):
    one = actions.bring_in_remark(activity, by=cast.ben)
    actions.withdraw_contribution(one, by=cast.ben)
    activity.refresh_from_db()
    assert activity.remark == ""


def test_a_correction_by_the_person_goes_with_their_words(cast, published, outside):
    code = actions.give_receipt(published.quoted, by=cast.ada)
    correction, _ = actions.correct(
        published.concern, about="said", words="I said the other stop.", code=code, by=outside
    )
    assert correction.contribution == published.quoted
    actions.withdraw_contribution(published.quoted, by=outside)
    correction.refresh_from_db()
    assert correction.state == "withdrawn" and correction.words == ""


def test_a_reply_taken_back_leaves_the_page(cast, as_, published, outside):
    reply, code = actions.reply(published.concern, agrees="no", words="Very much still dark", by=outside)
    actions.show_public_words(reply, by=cast.ada)
    url = reverse("heard_concern", args=[published.concern.pk])
    assert "Very much still dark" in as_(None).get(url).content.decode()
    as_(None).post(reverse("heard_withdraw"), {"code": code, "sure": "yes"})
    assert "Very much still dark" not in as_(None).get(url).content.decode()
    assert Reply.objects.get().words == ""


def test_words_go_only_once(cast, say):
    one = say()
    actions.withdraw_contribution(one, by=cast.ada)
    with pytest.raises(NotYet):
        actions.withdraw_contribution(one, by=cast.ada)


def test_contributions_from_a_source_go_with_it(cast, django_capture_on_commit_callbacks):
    imported = import_sources(
        [("letters.txt", b"A: The lamp has been out since May.")],
        kind="comments",
        owner=cast.police,
        by=cast.ada,
    )
    source = imported.sources.get()
    passage = mark_passage(source, start=0, end=10, by=cast.ada)
    one = actions.bring_in(
        "The lamp is out", organisation=cast.police, origin="letter", said_on=DAY, by=cast.ada
    )
    Contribution.objects.filter(pk=one.pk).update(passage=passage)
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_source(source, reason="asked", by=cast.ada)
    one.refresh_from_db()
    assert one.is_withdrawn and one.text == ""


def test_a_wish_outlives_an_older_backup(cast, published, outside, django_capture_on_commit_callbacks):
    """What the file beside the database knows is carried out again; a row made at another moment is not touched."""
    reply, _ = actions.reply(published.concern, agrees="no", words="Dark", by=outside)
    said, kept = published.quoted, published.silent
    before = {one.pk: one.text for one in Contribution.objects.all()}
    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw_contribution(said, by=outside)
        actions.withdraw_public_words(reply, by=outside)
    lines = [json.loads(line) for line in wishes.place().read_text().splitlines()]
    assert {one["of"] for one in lines} == {"heard.contribution", "heard.reply"}
    assert "light" not in wishes.place().read_text()
    # the database of an older backup: the words are back
    Contribution.objects.filter(pk=said.pk).update(state="open", text=before[said.pk], withdrawn_at=None)
    Reply.objects.filter(pk=reply.pk).update(state="waiting", words="Dark", withdrawn_at=None)
    assert withdrawal.carry_out(wishes.read().others) == 2
    said.refresh_from_db()
    assert said.is_withdrawn and said.text == "" and Reply.objects.get().words == ""
    kept.refresh_from_db()
    assert kept.text and withdrawal.carry_out(wishes.read().others) == 0


def test_a_row_that_only_has_the_same_number_is_left_alone(cast, say):
    one = say()
    others = frozenset({("heard.contribution", one.pk, "2001-01-01T00:00:00.000+00:00")})
    assert withdrawal.carry_out(others) == 0
    assert Contribution.objects.get(pk=one.pk).text


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="only SQLite keeps deleted bytes in its pages")
def test_sqlite_is_told_to_overwrite(cast, say):
    actions.withdraw_contribution(say(), by=cast.ada)
    with connection.cursor() as cursor:
        cursor.execute("pragma secure_delete")
        assert cursor.fetchone()[0] in (1, 2)


def test_no_export_holds_a_code_or_its_digest(cast, published, outside, tmp_path):
    code = actions.give_receipt(published.quoted, by=cast.ada)
    _, second = actions.correct(published.concern, about="other", words="Not so", by=outside)
    text = everything(cast, tmp_path)
    assert published.silent.text in text
    for one in (published.quoted.receipt, Correction.objects.get().receipt, code, second):
        assert one and one not in text


def test_an_edition_tells_of_a_concern_without_its_words_and_notes_what_was_taken_back(
    cast, as_, published, place
):
    from django.utils import timezone

    from folkmoot.activities.models import Initiative
    from folkmoot.audit.actions import TheInstance
    from folkmoot.briefings import actions as briefings
    from folkmoot.mechanisms import actions as mechanisms
    from folkmoot.mechanisms.drafts import StepDraft
    from folkmoot.mechanisms.models import Method
    from folkmoot.strategies import actions as strategies
    from folkmoot.strategies.library import load_aims
    from folkmoot.strategies.models import Aim

    load_aims(by=TheInstance())
    objective = strategies.create_objective(
        Aim.objects.get(code="O2"),
        organisation=cast.police,
        visibility="own",
        title="Safer waiting",
        who="people at the stop",
        what_change="more of them wait without fear",
        by_when=datetime.date(2027, 3, 31),
        how_known="a survey",
        by=cast.ada,
    )
    mechanisms.create_mechanism(
        "Walks past the stop",
        owner=cast.police,
        objective=objective,
        steps=[StepDraft(cause="Officers walk past", effect="People see them")],
        visibility="own",
        by=cast.ada,
    )
    method = Method.objects.create(
        code="T1", name="Walk", medium="in person", synchronous="yes", level_low=0, level_high=3, position=90
    )
    initiative = Initiative.objects.create(
        organisation=cast.police,
        visibility="own",
        name="Walks",
        method=method,
        created_at=timezone.now(),
        created_by="a test",
    )
    initiative.objectives.add(objective)
    concern = published.concern
    actions.describe_concern(concern, initiative=initiative, expected=concern.version, by=cast.ada)
    briefing = briefings.create_briefing(
        "Waiting", objective=objective, owner=cast.police, visibility="own", by=cast.ada
    )
    edition = briefings.draft_edition(briefing, by=cast.ada)
    text = json.dumps(edition.content)
    assert concern.title in text and "Nobody can be spared before the spring" in text
    assert published.quoted.text not in text and published.silent.text not in text
    words = published.quoted.text
    type(edition).objects.filter(pk=edition.pk).update(state="published", published_at=timezone.now())
    actions.withdraw_contribution(published.quoted, by=cast.ada)
    notice = edition.notices.get()
    assert "Taken back on" in notice.text and words not in notice.text
    page = reverse("edition", args=[briefing.pk, edition.number])
    assert "Taken back on" in as_(cast.ada).get(page).content.decode()
    for ending in ("html", "docx", "pdf"):
        answer = as_(cast.ada).get(reverse("edition_file", args=[briefing.pk, edition.number, ending]))
        assert "no-store" in answer["Cache-Control"], ending
        text = read_as(ending, b"".join(answer) if answer.streaming else answer.content)
        assert concern.title in text and "Taken back on" in text, ending
        assert words not in text and published.silent.text not in text, ending


def read_as(ending, content):
    """The words of an edition's file."""
    if ending == "html":
        return html.unescape(re.sub(r"\s+", " ", content.decode()))
    if ending == "docx":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [archive.read(one).decode(errors="replace") for one in archive.namelist()]
        return html.unescape(re.sub(r"<[^>]+>", "", " ".join(parts)))
    document = pypdfium2.PdfDocument(content)
    return re.sub(r"\s+", " ", " ".join(one.get_textpage().get_text_bounded() for one in document))
