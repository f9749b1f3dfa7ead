"""The attack list, tried: what somebody with bad intentions sends to a public page, and what they can work out from it.

docs/explanation/threats.md tells each of these with its outcome; a test there keeps the two together.
"""

from __future__ import annotations

import csv
import datetime
import io
import zipfile

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from folkmoot.core.disclosure.attack import reachable
from folkmoot.core.disclosure.published import PUBLIC
from folkmoot.core.disclosure.tables import as_published
from folkmoot.core.errors import FolkmootError
from folkmoot.heard import actions
from folkmoot.heard.actions.public import MOST_WAITING
from folkmoot.heard.limits import FROM_ONE
from folkmoot.heard.models import Concern, Contribution, Correction, Reply
from folkmoot.heard.public_counts import in_words, may_renew, said_of
from folkmoot.heard.receipts import new_code
from folkmoot.heard.votes.boxes import Ballots
from folkmoot.heard.votes.public import public_result, telling

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 2)
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def send(concern, words="Words", *, where="192.0.2.1", page="heard_correct", **more):
    given = {"about": "other", "agrees": "no", "words": words, **more}
    return Client().post(reverse(page, args=[concern.pk]), given, REMOTE_ADDR=where)


def test_a_script_in_a_contribution_is_text_on_every_page(cast, as_, published, say):
    one = say(SCRIPT, quote=True)
    actions.join_concern(one, concern=published.concern, by=cast.ada)
    send(published.concern, SCRIPT)
    actions.show_public_words(Correction.objects.get(), by=cast.ada)
    for who, url in (
        (None, reverse("heard_concern", args=[published.concern.pk])),
        (cast.ada, reverse("concern", args=[published.concern.pk])),
        (cast.ada, reverse("contributions")),
        (cast.ada, reverse("contribution", args=[one.pk])),
    ):
        answer = as_(who).get(url)
        page = answer.content.decode()
        assert (
            "&lt;script&gt;alert(1)" in page and "<script>alert" not in page and "<img src=x" not in page
        ), url
        assert "script-src 'self'" in answer["Content-Security-Policy"]


def test_guessed_numbers_lead_to_nothing_that_is_not_published(cast, as_, published, say):
    hidden = actions.open_concern("Hidden", organisation=cast.police, influence="ways", by=cast.ada)
    one = say("Inside words")
    visitor = as_(None)
    for number in (hidden.pk, one.pk + 1000, 10**9):
        for name in ("heard_concern", "heard_reply", "heard_correct", "heard_say"):
            answer = visitor.get(reverse(name, args=[number]))
            assert answer.status_code == 404, (name, number)
        assert visitor.get(f"/api/v1/concerns/{number}").status_code == 404
    # a page that is not there and one that is not for everybody look the same
    same = [visitor.get(reverse("heard_concern", args=[pk])).content for pk in (hidden.pk, 10**9)]
    assert same[0].replace(f"/{hidden.pk}/".encode(), b"/N/") == same[1].replace(b"/1000000000/", b"/N/")
    for name in ("contribution", "concern"):
        assert Client().get(reverse(name, args=[one.pk])).status_code == 302
        assert as_(cast.eli).get(reverse(name, args=[1])).status_code in (200, 404)
    assert as_(cast.eli).get(reverse("contribution", args=[one.pk])).status_code == 404
    # what is on the public page has no number of its own that could be counted through
    page = Client().get(reverse("heard_concern", args=[published.concern.pk])).content.decode()
    assert "contributions/" not in page.split("<main")[1].split("</main")[0]


def test_a_code_cannot_be_guessed_in_the_time_that_there_is(published, as_):
    """About 79 bits against a dozen tries an hour from one device."""
    answers = [
        Client().post(reverse("heard_withdraw"), {"code": new_code(), "sure": "yes"}, REMOTE_ADDR="192.0.2.9")
        for _ in range(FROM_ONE + 1)
    ]
    assert {one.status_code for one in answers[:-1]} == {422} and answers[-1].status_code == 429
    assert not Contribution.objects.filter(state="withdrawn").exists()


def test_two_public_numbers_of_one_concern_tell_of_nobody_who_came_between(cast, published, say):
    """The number is renewed only where the difference leaves open that 0 to 7 people came."""
    concern = published.concern
    shown = []
    for _ in range(40):
        actions.join_concern(say("Another lamp"), concern=concern, by=cast.ada)
        before = concern.released_people
        renewed = actions.renew_public_number(concern, by=cast.ada)
        concern.refresh_from_db()
        if renewed and concern.released_people != before:
            low = PUBLIC.range_of(said_of(concern.released_people))[0]
            high = PUBLIC.range_of(said_of(before))[1]
            assert concern.released_people - before > 7 or low - high <= 0
        shown.append(in_words(said_of(concern.released_people)))
    assert shown[0] == "too few to say" and shown[-1].startswith("about")
    assert not may_renew(20, now=23) and may_renew(20, now=28) and may_renew(20, now=20)


def _result(counts_):
    """Votes with these counts of agree, disagree and pass a statement, and their public form."""
    people = max(sum(row) for row in counts_)
    answers = np.full((people, len(counts_)), -1, dtype=np.int8)
    for at, row in enumerate(counts_):
        answers[: sum(row), at] = np.repeat([0, 1, 2], row)
    ballots = Ballots(
        answers, tuple(range(1, len(counts_) + 1)), np.arange(people), np.full(people, -1, dtype=np.int16)
    )
    content = {"groups": [], "no_groups": "none", "characteristics": [], "permutations": 99}
    return public_result(content, ballots, left_out=set())


def test_every_hidden_vote_could_be_anything_from_0_to_7():
    """Linear programming over all that the page prints, the number of voters among it."""
    shown, _ = _result([(30, 3, 2), (12, 7, 6), (8, 1, 7), (40, 0, 5), (20, 19, 1)])
    most = PUBLIC.range_of(as_published(shown["people"]))
    for row in shown["statements"]:
        cells = [as_published(row[name]) for name in ("agree", "disagree", "pass")]
        low = np.array([[PUBLIC.range_of(one)[0] for one in cells]], dtype=float)
        high = np.array([[PUBLIC.range_of(one)[1] for one in cells]], dtype=float)
        hidden = np.array([[row[name] == "hidden" for name in ("agree", "disagree", "pass")]])
        least, largest = reachable(low, high, wanted=hidden, total=(0.0, float(most[1])))
        assert (least[hidden] == 0).all() and (largest[hidden] == 7).all(), row


def test_two_releases_of_one_result_are_compared_before_the_second_is_published(cast):
    def table(people):
        return "participant,statement,vote\n" + "\n".join(f"{p},{s},1" for p in range(people) for s in (1, 2))

    votes = actions.import_conversation(
        [("a.csv", table(30).encode())], organisation=cast.police, title="Lamps", by=cast.ada
    )
    actions.keep_result(
        votes,
        content={"groups": [], "no_groups": "x", "characteristics": [], "permutations": 1},
        seed=1,
        by=cast.ada,
    )
    actions.release_result(votes, expected=votes.version, by=cast.ada)
    first = votes.released
    for people, refused in ((33, True), (40, False)):
        actions.bring_votes_again(
            votes, files=[("b.csv", table(people).encode())], expected=votes.version, by=cast.ada
        )
        actions.keep_result(
            votes,
            content={"groups": [], "no_groups": "x", "characteristics": [], "permutations": 1},
            seed=1,
            by=cast.ada,
        )
        if refused:
            with pytest.raises(FolkmootError, match="how a few people voted"):
                actions.release_result(votes, expected=votes.version, by=cast.ada)
            votes.refresh_from_db()
            assert votes.released == first
        else:
            actions.release_result(votes, expected=votes.version, by=cast.ada)
            assert votes.released != first
    assert telling({"1": [20, 0, 0]}, {"1": [22, 0, 0]}) and not telling({"1": [20, 0, 0]}, {"2": [22, 0, 0]})


def test_a_formula_goes_into_no_spreadsheet(cast, say, concern, tmp_path):
    from folkmoot.heard.exporting import export_concerns
    from folkmoot.project.commands.exporters import Asked

    evil = '=HYPERLINK("http://evil.example","click")'
    actions.decide(
        concern,
        who="Inspector",
        decided_on=DAY,
        outcome="no",
        what=evil,
        because="+1+1",
        expected=concern.version,
        by=cast.ada,
    )
    path = tmp_path / "concerns.csv"
    export_concerns(path, Asked(cast.ada, cast.police, ()))
    cells = [one for row in csv.reader(path.open(encoding="utf-8")) for one in row]
    assert f"'{evil}" in cells and "'+1+1" in cells
    assert not [one for one in cells if one.startswith(("=", "+", "@", "\t"))]
    table = f"participant,statement,vote\n1,{csv_cell(evil)},1\n2,{csv_cell(evil)},-1\n"
    votes = actions.import_conversation(
        [("v.csv", table.encode())], organisation=cast.police, title="=1+1", by=cast.ada
    )
    from folkmoot.heard.exporting import conversation_file

    with zipfile.ZipFile(io.BytesIO(conversation_file(votes))) as archive:
        for name in archive.namelist():
            for row in csv.reader(io.StringIO(archive.read(name).decode())):
                assert not [
                    one
                    for one in row
                    if one.startswith(("=", "+", "@")) or (one.startswith("-") and not one[1:].isdecimal())
                ]


def csv_cell(text):
    return '"' + text.replace('"', '""') + '"'


def test_ten_megabytes_of_words_are_refused_in_a_sentence(cast, published):
    answer = send(published.concern, "word " * 2_000_000)
    assert (answer.status_code == 422 and b"2,000 characters" in answer.content) or b"2000" in answer.content
    assert send(published.concern, "word " * 3_000_000).status_code in (400, 413)
    assert not Correction.objects.exists()
    with pytest.raises(FolkmootError, match="5,000 characters at most"):
        actions.bring_in(
            "word " * 2_000_000, organisation=cast.police, origin="letter", said_on=DAY, by=cast.ada
        )
    # and in a file: the row that is too long is set aside, the rest is kept
    rows = "text\nA lamp\n" + "word " * 20_000
    made = actions.bring_in_file(
        "long.csv", content=rows.encode(), organisation=cast.police, origin="letter", said_on=DAY, by=cast.ada
    )
    assert (made.read, made.used, made.set_aside) == (2, 1, 1)


def test_letters_that_run_backwards_turn_nothing_around_them(cast, published, as_):
    send(published.concern, "The \u202ekrad\u2066 stop\u0007")
    kept = Correction.objects.get().words
    assert kept == "The krad stop"
    made = actions.open_concern("Lamp \u202egnp.exe", organisation=cast.police, by=cast.ada)
    assert made.title == "Lamp gnp.exe"
    rows = "text\nThe \u202ekrad\u2066 stop\n"
    actions.bring_in_file(
        "turned\u202e.csv",
        content=rows.encode(),
        organisation=cast.police,
        origin="letter",
        said_on=DAY,
        by=cast.ada,
    )
    assert Contribution.objects.filter(text="The krad stop").exists()


def test_a_forged_correction_does_not_count_as_coming_from_the_person(cast, as_, published):
    """Whoever has no code is somebody who read the page; a wrong code is refused; nothing above is changed."""
    said = published.quoted
    send(published.concern, "I never said that.", about="said")
    assert send(published.concern, "I never said that.", about="said", code=new_code()).status_code == 422
    forged = Correction.objects.get()
    assert forged.contribution is None
    actions.show_public_words(forged, by=cast.ada)
    page = as_(None).get(reverse("heard_concern", args=[published.concern.pk])).content.decode()
    assert "by somebody who read this page" in page and "by a person who said it" not in page
    said.refresh_from_db()
    assert said.text in page and said.state == "read"
    # another concern's code opens nothing here
    other = actions.open_concern("Other", organisation=cast.police, influence="ways", by=cast.ada)
    theirs = actions.bring_in(
        "Elsewhere", organisation=cast.police, origin="letter", said_on=DAY, by=cast.ada
    )
    actions.join_concern(theirs, concern=other, by=cast.ada)
    code = actions.give_receipt(theirs, by=cast.ada)
    assert send(published.concern, "Mine", about="said", code=code, where="192.0.2.7").status_code == 422
    # the person with the code is believed
    code = actions.give_receipt(said, by=cast.ada)
    send(published.concern, "I said the stop at the pier.", about="said", code=code, where="192.0.2.8")
    assert Correction.objects.order_by("-pk").first().contribution == said


def test_a_forged_reply_changes_no_state_until_a_person_has_read_it(cast, published):
    for number in range(10):
        send(published.concern, "All is well", page="heard_reply", agrees="yes", where=f"192.0.2.{number}")
    published.concern.refresh_from_db()
    assert Reply.objects.count() == 10 and published.concern.state == "told"


def test_a_flood_from_one_device_ends_at_a_dozen_and_from_many_at_what_can_be_read(published):
    codes = [send(published.concern, f"Flood {number}").status_code for number in range(FROM_ONE + 3)]
    assert codes[:FROM_ONE] == [200] * FROM_ONE and set(codes[FROM_ONE:]) == {429}
    assert Correction.objects.count() == FROM_ONE
    for number in range(200):
        answer = send(published.concern, f"More {number}", where=f"198.51.100.{number}")
        if answer.status_code != 200:
            break
    assert Correction.objects.filter(state="waiting").count() <= MOST_WAITING
    assert (
        "Nothing was stored" in answer.content.decode() or "nothing more is taken" in answer.content.decode()
    )
    # whoever wants to read still can
    assert Client().get(reverse("heard_concern", args=[published.concern.pk])).status_code == 200


def test_a_form_from_elsewhere_is_refused(published):
    strict = Client(enforce_csrf_checks=True)
    url = reverse("heard_correct", args=[published.concern.pk])
    assert strict.post(url, {"about": "other", "words": "Forged"}).status_code == 403
    assert not Correction.objects.exists()


def test_no_field_asks_who_somebody_is_or_how_old(published):
    """RL5, RL7: there is no record of a child because there is none of a person."""
    from folkmoot.heard import models

    for kind in (models.Contribution, models.Reply, models.Correction):
        names = {one.name for one in kind._meta.get_fields()}
        assert not names & {"name", "email", "phone", "age", "birth", "school", "device", "ip"}
    for name in ("heard_reply", "heard_correct", "heard_say"):
        page = Client().get(reverse(name, args=[published.concern.pk]))
        if page.status_code == 200:
            fields = set(page.context["form"].fields)
            assert fields <= {"agrees", "words", "about", "code", "may_be_quoted"}


def test_a_file_that_unpacks_to_far_more_than_it_says_is_refused(cast, as_):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 300_000_000)
        archive.writestr("[Content_Types].xml", b"<Types/>")
    answer = as_(cast.ada).post(
        reverse("contributions_import"),
        {
            "chosen": SimpleUploadedFile("bomb.xlsx", held.getvalue()),
            "origin": "letter",
            "said_on": "2026-11-02",
        },
    )
    assert answer.status_code == 422 and not Contribution.objects.exists()


def test_no_page_of_this_room_finds_anybody_by_words(cast, as_, say):
    """RL4: there is nothing to type a name into."""
    say("Somebody waited an hour")
    for name in ("contributions", "concerns", "heard"):
        page = as_(cast.ada).get(reverse(name), {"q": "waited", "words": "waited", "name": "waited"})
        assert 'type="search"' not in page.content.decode()
    assert Concern.objects.count() == 0
