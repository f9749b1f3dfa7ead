"""What fresh eyes tried beyond the attack list: hidden letters, children, two conversations, elections, caches, errors.

docs/explanation/threats.md tells each of these with its outcome; a test there keeps the two together.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
import time
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from folkmoot.communities.models import Lies, Place
from folkmoot.core.errors import FolkmootError, NotYet
from folkmoot.front.queries.overview import overview
from folkmoot.heard import actions
from folkmoot.heard.children import tells_of_a_child
from folkmoot.heard.exporting import conversation_file
from folkmoot.heard.letting_in import Personal, Wrongdoing, cleaned, let_in, looks_like
from folkmoot.heard.models import Concern, Contribution, Conversation, Correction, Reply
from folkmoot.heard.votes.reading import read_votes

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 2)
NOTHING = {"groups": [], "no_groups": "none", "characteristics": [], "permutations": 1}
REPORT = "my neighbour deals weed from the garage"


def table(people, statements=("Lamps first", "Later buses"), *, skip=()):
    rows = ["participant,statement,vote"]
    rows += [
        f'{p},"{s}",{1 if (p + at) % 3 else -1}'
        for p in people
        if p not in skip
        for at, s in enumerate(statements)
    ]
    return "\n".join(rows).encode()


@pytest.fixture
def votes(cast):
    """``votes(name, file)`` brings votes in with a result that can be released."""

    def made(name, content, **more):
        files = content if isinstance(content, list) else [(f"{name}.csv", content)]
        found = actions.import_conversation(files, organisation=cast.police, title=name, by=cast.ada, **more)
        actions.keep_result(found, content=NOTHING, seed=1, by=cast.ada)
        return found

    return made


def released(conversation, by):
    return actions.release_result(conversation, expected=conversation.version, by=by)


# letters that nobody sees


@pytest.mark.parametrize(
    "words",
    [
        "my neigh\u200bbour deals we\u200bed from the garage",
        "my neigh\u00adbour de\u00adals weed from the garage",
        "my neighbour \u2060deals w\ufeffeed from the garage",
        "my neighbour de\u200dals we\u200ced from the garage",
        "my n\u0435ighbour d\u0435als w\u0435\u0435d from the garage",
        "\uff4d\uff59 neighbour \uff44\uff45\uff41\uff4c\uff53 weed from the garage",
    ],
    ids=["no width", "soft hyphens", "joiners of words", "joiners of letters", "Cyrillic", "wide letters"],
)
def test_a_report_is_not_hidden_by_letters_that_nobody_sees_or_that_look_like_others(words):
    with pytest.raises(Wrongdoing):
        let_in(words, what="Words")


def test_hidden_letters_are_taken_out_and_every_alphabet_stays():
    tagged = "Lamp" + "".join(chr(0xE0000 + ord(one)) for one in "evil")
    assert cleaned(tagged) == "Lamp" and cleaned("\u200bLa\u00admp\ufeff") == "Lamp"
    for words in ("نحن نخاف من الظلام", "Ми боїмося темряви", "میں‌ها", "👨\u200d👩\u200d👧 wait"):
        assert let_in(words, what="Words") == words


def test_no_long_text_keeps_the_screen_busy():
    for unit in ("my a a a ", "my son ", "Aa is ", "Aa Bb Cc ", "aged 9 A ", "his ", "who told ", "0 "):
        began = time.perf_counter()
        looks_like((unit * 5_000)[:5_000])
        assert time.perf_counter() - began < 2, unit


# RL7: nobody can tell who a child is


@pytest.mark.parametrize(
    "words",
    [
        "My daughter Ellie, 9, goes to St Mary's school",
        "Ellie is nine and walks home from there alone",
        "our son (12) Tom was followed",
        "her little boy called Sam waits there",
        "Tom (12) was stopped",
        "Kayden, aged 14, was searched",
        "My nine-year-old at St Mary's Primary is afraid",
        "my son goes to Tarn Academy",
        "our youngest, Mia, will not walk there",
    ],
)
def test_words_that_tell_who_a_child_is_are_refused_wherever_they_are_written(
    words, concern, cast, published
):
    assert tells_of_a_child(words)
    with pytest.raises((Personal, Wrongdoing)):
        let_in(words, what="Words")
    answer = Client().post(
        reverse("heard_correct", args=[published.concern.pk]), {"about": "other", "words": words}
    )
    assert answer.status_code == 422 and not Correction.objects.exists()


@pytest.mark.parametrize(
    "words",
    [
        "My son was stopped and searched twice and nobody told him why",
        "My nine-year-old is afraid there",
        "Year 9 pupils at Mill Lane Academy say the lights are out",
        "my daughter and I wait at Ferry Road",
        "our children at St Mary's Primary cross there",
        "Castlegate is one of three stops",
        "My mum is 72 and Ferry Road is icy",
        "my sister Monday to Friday works nights",
    ],
)
def test_a_child_without_a_name_may_be_spoken_of(words):
    assert let_in(words, what="Words") == words


# two conversations are two releases as well


def test_a_later_export_brought_in_as_another_conversation_is_laid_beside_the_first(cast, votes):
    people = range(40)
    released(votes("Evenings", table(people)), cast.ada)
    second = votes("Evenings again", table(people, skip=(7,)))
    with pytest.raises(FolkmootError, match="votes of the same people"):
        released(second, cast.ada)
    assert Conversation.objects.get(pk=second.pk).released == {}
    # renumbered and with one statement more it is still the same people
    third = votes(
        "Once more",
        table(range(100, 139), ("Lamps first", "Later buses.")).replace(b"Lamps first", b"lamps  FIRST"),
    )
    with pytest.raises(FolkmootError, match="votes of the same people"):
        released(third, cast.ada)
    # other people, asked the same elsewhere, are their own
    rows = ["participant,statement,vote"]
    rows += [f'{p},"{s}",-1' for p in range(500, 538) for s in ("Lamps first", "Later buses")]
    released(votes("Another town", "\n".join(rows).encode()), cast.ada)


# what stands in a file


def test_a_cell_of_a_row_that_is_set_aside_is_repeated_nowhere(cast):
    """Where columns slipped, a day or a number may hold the words that were to be left out."""
    rows = f'text,date,people\nThe lamp is out,"{REPORT}",1\nIt is dark,2026-11-01,{REPORT}\nA bench is missing,,\n'
    made = actions.bring_in_file(
        "slipped.csv",
        content=rows.encode(),
        organisation=cast.police,
        origin="letter",
        said_on=DAY,
        by=cast.ada,
    )
    assert made.set_aside == 2 and "neighbour" not in str(made.reasons)
    for content in (
        f"participant,statement,vote\n1,Lamps,1\n2,Lamps,{REPORT}\n",
        f"participant,1,2\n1,1,-1\n2,1,{REPORT}\n",
    ):
        taken = read_votes([("v.csv", content.encode())])
        assert len(taken.set_aside) == 1 and "neighbour" not in str(taken.set_aside + taken.notes)


def test_statements_hold_no_way_to_reach_anybody_and_those_refused_by_moderators_are_not_shown(cast, votes):
    comments = (
        "comment-id,agrees,disagrees,moderated,comment-body\n"
        "1,0,0,1,Ring 07700 900123 about the lamps\n2,0,0,-1,Something that was refused\n3,0,0,1,Later buses\n"
        "4,0,0,1,My daughter Ellie is nine\n"
    )
    matrix = "participant,1,2,3,4\n" + "\n".join(f"{p},1,1,-1,1" for p in range(30))
    found = votes(
        "Lamps",
        [("participants-votes.csv", matrix.encode()), ("comments.csv", comments.encode())],
        credit="From \u202eelsewhere",
    )
    assert found.credit == "From elsewhere"
    texts = dict(found.statements.values_list("number", "text"))
    assert "07700" not in texts[1] and "[left out]" in texts[1] and 4 not in texts
    released(found, cast.ada)
    page = Client().get(reverse("heard_conversation", args=[found.pk])).content.decode()
    assert "Something that was refused" not in page and "Later buses" in page and "07700" not in page
    assert [row["number"] for row in found.released["statements"]] == [1, 3]


def test_a_formula_survives_the_round_trip_as_words_and_opens_as_nothing(cast, votes):
    evil = "=1+1 lamps"
    found = votes(evil, table(range(3), (evil, "+1 for buses")))
    with zipfile.ZipFile(io.BytesIO(conversation_file(found))) as archive:
        files = [(name, archive.read(name)) for name in archive.namelist() if name != "votes.csv"]
    for name, content in files:
        for row in csv.reader(io.StringIO(content.decode())):
            cells = [one for one in row if one.strip().startswith(("=", "+", "@"))]
            assert not cells, (name, cells)
    again = read_votes(files)
    assert set(again.texts.values()) == {evil, "+1 for buses"} and again.title == evil


# elections (RL10)


def test_an_election_is_not_got_round_by_votes_by_taking_the_mark_off_or_by_the_overview(cast, votes, as_):
    today = timezone.localdate()
    late = today - datetime.timedelta(40)
    promo = actions.open_concern(
        "The commissioner's walkabout",
        organisation=cast.police,
        influence="ways",
        promotes_office_holder=True,
        by=cast.ada,
    )
    actions.promise(promo, text="Walk here with the commissioner", owner_role="Aide", due=late, by=cast.ada)
    actions.share_concern(promo, visibility="public", expected=promo.version, by=cast.ada)
    shown, waiting = (
        votes("Walks", table(range(30)), concern=promo),
        votes("More", table(range(60, 80)), concern=promo),
    )
    released(shown, cast.ada)
    hidden = votes("Kept back", table(range(200, 230), ("A", "B")), concern=promo)
    released(hidden, cast.ada)
    actions.share_conversation(hidden, visibility="own", expected=hidden.version, by=cast.ada)
    visitor, page = as_(None), reverse("heard_conversation", args=[shown.pk])
    assert visitor.get(page).status_code == 200

    def promised():
        found = overview(visitor.get("/").wsgi_request.user, scope="network", organisation=None, today=today)
        return "Walk here with the commissioner" in [one.text for one in found.overdue]

    assert promised()
    from folkmoot.heard.models import ElectionPeriod

    ElectionPeriod.objects.create(
        organisation=cast.police,
        what="the election of May",
        begins=today,
        ends=today + datetime.timedelta(30),
        created_at=timezone.now(),
        created_by="a test",
    )
    assert visitor.get(page).status_code == 404 and "Walks" not in visitor.get("/heard/").content.decode()
    assert not promised()
    for write in (
        lambda: released(waiting, cast.ada),
        lambda: actions.share_conversation(hidden, visibility="public", expected=hidden.version, by=cast.ada),
    ):
        with pytest.raises(NotYet, match="election of May"):
            write()
    with pytest.raises(NotYet, match="cannot be taken back"):
        actions.describe_conversation(
            Conversation.objects.get(pk=waiting.pk), concern=None, expected=waiting.version, by=cast.ada
        )
    # off the public page, the mark off, on again: refused at the second step
    actions.share_concern(promo, visibility="own", expected=promo.version, by=cast.ada)
    with pytest.raises(NotYet, match="cannot be taken back"):
        actions.describe_concern(
            Concern.objects.get(pk=promo.pk),
            promotes_office_holder=False,
            expected=promo.version,
            by=cast.ada,
        )
    assert Concern.objects.get(pk=promo.pk).promotes_office_holder


# caches, addresses, answers


def test_no_answer_of_this_room_is_kept_by_a_cache_on_the_way(cast, as_, published):
    visitor, pk = as_(None), published.concern.pk
    actions.correct(published.concern, about="other", words="Not so", by=actions.public.SomebodyOutside())
    for url in (
        reverse("heard"),
        reverse("heard_concern", args=[pk]),
        reverse("heard_reply", args=[pk]),
        reverse("heard_withdraw"),
        "/api/v1/concerns",
        f"/api/v1/concerns/{pk}",
    ):
        assert visitor.get(url)["Cache-Control"] == "no-store", url
    # a page that is not there yet, what members read, and refusals
    for client, url in (
        (visitor, reverse("heard_concern", args=[10**9])),
        (as_(cast.ada), reverse("contributions")),
        (as_(cast.ada), reverse("concern", args=[pk])),
        (visitor, "/api/v1/claims"),
        (visitor, "/"),
    ):
        assert {"private", "no-cache"} <= set(re.split(r",\s*", client.get(url)["Cache-Control"])), url
    refused = visitor.post(reverse("heard_withdraw"), {"code": "nothing"})
    assert refused.status_code == 422 and refused["Cache-Control"] == "no-store"


def test_no_code_travels_in_an_address_and_no_address_leaves_with_a_link(cast, as_, published):
    patterns = [str(one.pattern) for one in get_resolver("folkmoot.heard.urls").url_patterns]
    assert patterns and not [
        one for one in patterns if "code" in one or "receipt" in one or ("<str:" in one and "kind" not in one)
    ]
    code = actions.give_receipt(published.quoted, by=cast.ada)
    page = as_(None).get(reverse("heard_withdraw"), {"code": code, "sure": "yes"})
    assert published.quoted.text not in page.content.decode()
    assert Contribution.objects.get(pk=published.quoted.pk).text
    assert page["Referrer-Policy"] in {"same-origin", "no-referrer"}


def test_somebody_of_another_organisation_cannot_tell_what_is_there_from_what_is_not(
    cast, as_, published, votes
):
    """For reading and for writing alike: the answer for somebody else's row is that for no row."""
    found = votes("Evenings", table(range(9)))
    promise = actions.promise(published.concern, text="Mend it", owner_role="Sergeant", due=DAY, by=cast.ada)
    reply, _ = actions.reply(
        published.concern, agrees="no", words="Dark", by=actions.public.SomebodyOutside()
    )
    private = actions.open_concern("Hidden", organisation=cast.police, influence="ways", by=cast.ada)
    client, none = as_(cast.eli), 10**9
    for name, pk in (
        *((one, private.pk) for one in (
            "concern", "concern_edit", "concern_share", "concern_close", "concern_step", "decision_new", "promise_new",
            "telling_new", "reply_new",
        )),
        *((one, found.pk) for one in (
            "conversation", "conversation_again", "conversation_statements", "conversation_work_out",
            "conversation_release", "conversation_share", "conversation_export",
        )),
        ("contribution", published.silent.pk),
        ("promise_settle", promise.pk),
    ):  # fmt: skip
        for send in (client.get, client.post):
            theirs, nobodys = (send(reverse(name, args=[one])) for one in (pk, none))
            assert theirs.status_code == nobodys.status_code in {404, 405}, (name, theirs.status_code)
    for send in (client.get, client.post):
        assert send(reverse("words_read", args=["reply", reply.pk])).status_code == 404
        assert send(reverse("words_read", args=["person", reply.pk])).status_code == 404
    assert Reply.objects.get().state == "waiting"


def test_a_statement_or_a_title_opens_no_markup_in_a_page_or_in_the_api(cast, as_, votes, published):
    script = "<script>alert(1)</script>"
    found = votes(script, table(range(30), (script, "Buses")))
    released(found, cast.ada)
    for url in (reverse("heard_conversation", args=[found.pk]), reverse("heard")):
        page = as_(None).get(url).content.decode()
        assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page, url
    answer = as_(None).get(f"/api/v1/concerns/{published.concern.pk}")
    assert (
        answer["Content-Type"].startswith("application/json")
        and answer["X-Content-Type-Options"] == "nosniff"
    )


def test_a_district_shows_what_was_heard_in_its_places(cast, as_, published, place):
    now = timezone.now()
    district = Place.objects.create(
        organisation=cast.police, visibility="public", code="D1", kind="district", name="Northmere",
        created_at=now, created_by="a test",
    )  # fmt: skip
    Lies.objects.create(place=place, inside=district)
    assert published.concern.title in as_(None).get("/heard/", {"place": district.pk}).content.decode()
    assert published.concern.title not in as_(None).get("/heard/", {"place": 10**9}).content.decode()


def test_a_file_name_with_letters_that_turn_or_a_path_is_harmless(cast, as_):
    name = "..\\..\u202ecod.csv"
    answer = as_(cast.ada).post(
        reverse("conversation_new"),
        {"chosen": [SimpleUploadedFile(name, table(range(9)))], "title": "Lamps"},
    )
    assert answer.status_code == 302
    found = Conversation.objects.get()
    assert "\u202e" not in found.filename and "\u202e" not in str(found.notes)
