"""The pages of this room, as members and as the public read them."""

from __future__ import annotations

import datetime
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from folkmoot.heard import actions
from folkmoot.heard.models import Concern, Contribution, Correction, Intake, Reply, ThemeMark
from folkmoot.heard.receipts import LETTERS, digest_of, new_code
from folkmoot.heard.themes.suggesting import KIND
from folkmoot.jobs.models import Job
from folkmoot.jobs.running import run

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 2)
REPORT = "My neighbour deals weed from the garage"


def text_of(response):
    return response.content.decode()


def test_the_whole_way_through_the_forms(cast, as_, place, activity):
    client = as_(cast.ada)
    client.post(
        reverse("concern_new"),
        {
            "title": "Waiting after dark",
            "asked": "What would help?",
            "influence": "priorities",
            "place": place.name,
        },
    )
    concern = Concern.objects.get()
    assert concern.place == place and concern.state == "hearing"
    page = text_of(client.get(f"{reverse('contribution_new')}?activity={activity.pk}"))
    assert activity.remark in page
    client.post(
        reverse("contribution_new"),
        {
            "text": activity.remark, "origin": "remark", "said_on": "2026-11-02", "people": "2",
            "activity": activity.pk, "concern": concern.pk, "may_be_quoted": "on",
        },
    )  # fmt: skip
    said = Contribution.objects.get()
    assert said.activity == activity and list(said.concerns.all()) == [concern] and said.state == "read"
    client.post(
        reverse("decision_new", args=[concern.pk]),
        {
            "outcome": "no",
            "what": "No patrol",
            "because": "No staff",
            "who": "Inspector",
            "decided_on": "2026-11-03",
            "version": concern.version,
        },
    )
    concern.refresh_from_db()
    assert concern.state == "decided"
    client.post(
        reverse("promise_new", args=[concern.pk]),
        {
            "text": "Ask the council for a lamp",
            "owner_role": "Sergeant",
            "due": "2026-11-10",
            "owner": cast.ben.pk,
        },
    )
    given = concern.promises.get()
    client.post(
        reverse("promise_settle", args=[given.pk]),
        {"how": "kept", "settlement": "Asked on Monday", "day": "2026-11-09", "version": given.version},
    )
    client.post(
        reverse("telling_new", args=[concern.pk]),
        {
            "whom": "People at the stop",
            "how": "person",
            "said": "No patrol, but a lamp",
            "told_on": "2026-11-10",
            "version": concern.version,
        },
    )
    concern.refresh_from_db()
    assert concern.state == "told"
    client.post(
        reverse("reply_new", args=[concern.pk]), {"agrees": "partly", "words": "Half of it", "people": "3"}
    )
    client.post(
        reverse("concern_share", args=[concern.pk]),
        {"visibility": "public", "version": Concern.objects.get().version},
    )
    inside, public = (
        text_of(client.get(reverse("concern", args=[concern.pk]))),
        text_of(as_(None).get(f"/heard/{concern.pk}/")),
    )
    for words in (
        "No staff",
        "Asked on Monday",
        "No patrol, but a lamp",
        "Half of it",
        "In part",
        activity.remark,
    ):
        assert words in inside and words in public, words
    assert "2 people who spoke of this" in inside
    # the public page tells no number of so few
    assert "2 people" not in public and "too few to say" in public


def test_a_form_that_is_refused_keeps_the_words_and_says_who_changed_it(cast, as_, concern):
    client, url = as_(cast.ada), reverse("concern_edit", args=[concern.pk])
    actions.describe_concern(concern, title="Changed meanwhile", expected=concern.version, by=cast.ira)
    given = {"title": "My own title", "influence": "ways", "version": concern.version - 1}
    answer = client.post(url, given)
    assert answer.status_code == 412 and "Ira" in text_of(answer) and "My own title" in text_of(answer)
    assert client.post(url, {"title": "", "version": concern.version}).status_code == 422


def test_a_report_gets_the_routes_and_its_words_stay_on_the_page_alone(cast, as_, concern, published):
    for who, url, given in (
        (
            cast.ada,
            reverse("contribution_new"),
            {"text": REPORT, "origin": "letter", "said_on": "2026-11-02", "people": "1"},
        ),
        (None, reverse("heard_reply", args=[concern.pk]), {"agrees": "no", "words": REPORT}),
        (None, reverse("heard_correct", args=[concern.pk]), {"about": "other", "words": REPORT}),
    ):
        answer = as_(who).post(url, given)
        page = text_of(answer)
        assert answer.status_code == 422 and answer["Cache-Control"] == "no-store"
        for route in ("999", "101", "safeguarding", "0800 555 111"):
            assert route in page
        assert REPORT in page and "Nothing was stored" in page
    assert not Contribution.objects.filter(text__contains="garage").exists()
    assert not Reply.objects.filter(words__contains="garage").exists() and not Correction.objects.exists()


def test_a_file_is_accounted_for_row_by_row_and_taken_in_once(cast, as_, place):
    rows = [
        "text,date,place,people,quote",
        "The lamp is out,2026-10-01,Ferry Road bus stop,3,yes",
        f"{REPORT},2026-10-01,,,",
        "Ring me on 07700 900123,2026-10-01,,,",
        ",2026-10-01,,,",
        "Too late,2046-10-01,,,",
        "Nobody comes,not a day,,,",
        "=HYPERLINK(1),02/10/2026,Nowhere at all,,no",
    ]
    file = SimpleUploadedFile("letters.csv", "\n".join(rows).encode())
    client = as_(cast.ben)
    answer = client.post(
        reverse("contributions_import"),
        {"chosen": file, "origin": "letter", "said_on": "2026-11-02"},
        follow=True,
    )
    intake = Intake.objects.get()
    assert (intake.read, intake.used, intake.set_aside) == (7, 2, 5)
    assert intake.read == intake.used + intake.set_aside and len(intake.reasons) == 5
    page = text_of(answer)
    assert "7 rows read = 2 used + 5 set aside" in page and "garage" not in page and "07700" not in page
    kept = Contribution.objects.order_by("pk")
    assert [one.people for one in kept] == [3, 1] and kept[0].place == place and kept[0].may_be_quoted
    again = client.post(
        reverse("contributions_import"),
        {
            "chosen": SimpleUploadedFile("again.csv", "\n".join(rows).encode()),
            "origin": "letter",
            "said_on": "2026-11-02",
        },
    )
    assert again.status_code == 422 and "brought in already" in text_of(again)


def test_a_workbook_is_read_like_a_table(cast, as_):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["Comment", "People"])
    book.active.append(["The lamp is out", 4])
    held = io.BytesIO()
    book.save(held)
    as_(cast.ada).post(
        reverse("contributions_import"),
        {
            "chosen": SimpleUploadedFile("a.xlsx", held.getvalue()),
            "origin": "survey",
            "said_on": "2026-11-02",
        },
    )
    assert Contribution.objects.get().people == 4


def test_suggested_themes_stay_suggestions_until_a_person_decides(cast, as_, say, code):
    lamp, other = say("The street lights are dark again"), say("Buses are late")
    client = as_(cast.ada)
    assert client.post(reverse("themes_suggest")).status_code == 302
    job = Job.objects.get(kind=KIND)
    ended = run(job.pk, apart=False)
    assert ended.state == "done", ended.message
    mark = ThemeMark.objects.get()
    assert mark.contribution == lamp and mark.state == "suggested" and mark.words
    page = text_of(client.get(reverse("contribution", args=[lamp.pk])))
    assert "Suggested" in page and "It does not" in page
    assert (
        "Street lighting"
        not in text_of(client.get(reverse("contribution", args=[other.pk]))).split("Add a theme")[0]
    )
    client.post(reverse("contribution", args=[lamp.pk]), {"act": "misfits", "mark": mark.pk})
    mark.refresh_from_db()
    assert mark.state == "refused" and mark.decided_by == "Ada"
    client.post(reverse("themes_suggest"))
    run(Job.objects.order_by("-pk").first().pk, apart=False)
    assert ThemeMark.objects.get().state == "refused"


def test_a_theme_of_one_voice_is_listed_beside_one_of_many(cast, as_, say, code):
    from folkmoot.coding import actions as coding

    rare = coding.create_code(code.codebook, name="A ramp at the kerb", by=cast.ada)
    for number in range(9):
        actions.add_theme(say(f"Lamp {number}"), code=code, by=cast.ada)
    actions.add_theme(say("My chair cannot get up there"), code=rare, by=cast.ada)
    page = text_of(as_(cast.ada).get(reverse("contributions")))
    assert "A ramp at the kerb</a>: 1 decided" in page and "Street lighting</a>: 9 decided" in page
    assert not re.search(r"remove|too small|minor theme", page)


def test_several_are_dealt_with_at_once(cast, as_, concern, say):
    rows = [say(f"Words {number}") for number in range(3)]
    client = as_(cast.ada)
    chosen = [one.pk for one in rows]
    client.post(reverse("contributions_deal"), {"rows": chosen, "act": "join", "concern": concern.pk})
    assert concern.contributions.count() == 3
    answer = client.post(
        reverse("contributions_deal"), {"rows": chosen[:1], "act": "aside", "because": ""}, follow=True
    )
    assert "nothing is dropped" in text_of(answer) and concern.contributions.count() == 3


def test_the_public_reads_only_what_was_published_and_may_be_quoted(cast, as_, published, place):
    client = as_(None)
    page = text_of(client.get(reverse("heard_concern", args=[published.concern.pk])))
    assert published.quoted.text in page and published.silent.text not in page
    for words in (
        "No second patrol",
        "Nobody can be spared",
        "the lamp is mended",
        "Priorities: what is done first",
    ):
        assert words in page
    listed = text_of(client.get(reverse("heard")))
    assert published.concern.title in listed
    assert published.concern.title in text_of(client.get(f"/heard/?place={place.pk}"))
    assert published.concern.title not in text_of(client.get("/heard/?place=999999"))
    hidden = actions.open_concern(
        "Not for everybody", organisation=cast.police, influence="ways", by=cast.ada
    )
    assert client.get(reverse("heard_concern", args=[hidden.pk])).status_code == 404
    assert "Not for everybody" not in text_of(client.get(reverse("heard")))


def test_public_pages_are_kept_by_no_cache(as_, published):
    for url in (
        reverse("heard"),
        reverse("heard_concern", args=[published.concern.pk]),
        reverse("heard_withdraw"),
    ):
        assert as_(None).get(url)["Cache-Control"] == "no-store"


def test_a_reply_waits_to_be_read_and_then_stands_word_for_word(cast, as_, published):
    concern, outside = published.concern, as_(None)
    answer = outside.post(
        reverse("heard_reply", args=[concern.pk]), {"agrees": "no", "words": "Still <b>dark</b>."}
    )
    reply = Reply.objects.get()
    code = re.search(r"fm-code-given\">([a-z0-9-]+)<", text_of(answer)).group(1)
    assert digest_of(code) == reply.receipt and reply.state == "waiting"
    page = text_of(outside.get(reverse("heard_concern", args=[concern.pk])))
    assert "Still" not in page and "waits to be read" in page
    client = as_(cast.ada)
    assert "A reply" in text_of(client.get(reverse("words_waiting")))
    client.post(
        reverse("words_read", args=["reply", reply.pk]),
        {"what": "show", "answer": "We ask the council again."},
    )
    concern.refresh_from_db()
    assert concern.state == "disputed"
    page = text_of(as_(None).get(reverse("heard_concern", args=[concern.pk])))
    assert "Still &lt;b&gt;dark&lt;/b&gt;." in page and "We ask the council again." in page


def test_what_is_not_shown_leaves_its_reason_on_the_page(cast, as_, published):
    concern = published.concern
    as_(None).post(
        reverse("heard_correct", args=[concern.pk]), {"about": "done", "words": "Rubbish, all of it"}
    )
    one = Correction.objects.get()
    client, url = as_(cast.ada), reverse("words_read", args=["correction", one.pk])
    assert client.post(url, {"what": "aside", "because": ""}).status_code == 422
    client.post(url, {"what": "aside", "because": "It insults somebody."})
    page = text_of(as_(None).get(reverse("heard_concern", args=[concern.pk])))
    assert "Not shown, because It insults somebody." in page and "Rubbish" not in page


def test_codes_are_long_and_read_the_same_however_they_are_written():
    one = new_code()
    assert re.fullmatch(rf"([{LETTERS}]{{4}}-){{3}}[{LETTERS}]{{4}}", one)
    assert digest_of(one) == digest_of(one.upper().replace("-", " ")) != digest_of(new_code())
    assert digest_of("") == digest_of("short") == ""


def test_every_page_opens_for_its_keeper(cast, as_, published, code, place):
    from folkmoot.heard.models import Conversation, ElectionPeriod

    actions.set_priority(
        "Racing", organisation=cast.police, place=place, review_on=datetime.date(2030, 1, 1), by=cast.ada
    )
    given = actions.promise(published.concern, text="A lamp", owner_role="Sergeant", due=DAY, by=cast.ada)
    matrix = "participant,statement,vote\n" + "\n".join(
        f"{p},{s},{1 if (p + s) % 3 else -1}" for p in range(30) for s in range(1, 6)
    )
    votes = actions.import_conversation(
        [("votes.csv", matrix.encode())], organisation=cast.police, title="On lamps", by=cast.ada
    )
    client = as_(cast.ada)
    pk = published.concern.pk
    pages = [
        *(reverse(name) for name in (
            "concerns", "concern_new", "contributions", "contribution_new", "contributions_import", "promises",
            "words_waiting", "priorities", "priority_new", "elections", "conversations", "conversation_new", "heard",
            "heard_withdraw",
        )),
        *(reverse(name, args=[pk]) for name in (
            "concern", "concern_edit", "concern_share", "concern_close", "decision_new", "promise_new", "telling_new",
            "reply_new", "heard_concern", "heard_reply", "heard_correct", "heard_say",
        )),
        reverse("contribution", args=[published.quoted.pk]),
        reverse("promise_settle", args=[given.pk]),
        *(reverse(name, args=[votes.pk]) for name in (
            "conversation", "conversation_again", "conversation_statements", "conversation_release",
            "conversation_share", "conversation_export",
        )),
    ]  # fmt: skip
    for url in pages:
        answer = client.get(url)
        assert answer.status_code == 200, url
        if "html" in answer["Content-Type"]:
            page = text_of(answer)
            assert page.count("<h1") == 1 and "style=" not in page.split("<main")[1], url
    assert Conversation.objects.count() == 1 and not ElectionPeriod.objects.exists()


def test_the_list_asks_few_questions_however_many_there_are(
    cast, as_, concern, django_assert_max_num_queries
):
    for number in range(30):
        actions.open_concern(f"Concern {number}", organisation=cast.police, by=cast.ada)
        one = actions.bring_in(
            f"Words {number}", organisation=cast.police, origin="letter", said_on=DAY, by=cast.ada
        )
        actions.join_concern(one, concern=concern, by=cast.ada)
    client = as_(cast.ada)
    with django_assert_max_num_queries(24):
        client.get(reverse("concerns"))
    with django_assert_max_num_queries(24):
        client.get(reverse("contributions"))
    with django_assert_max_num_queries(30):
        client.get(reverse("concern", args=[concern.pk]))


def test_a_promise_settled_by_mistake_is_opened_again_and_only_what_its_state_allows_is_offered(
    cast, as_, concern
):
    given = actions.promise(
        concern, text="Mend it", owner_role="Sergeant", due=datetime.date(2030, 1, 5), by=cast.ada
    )
    url, client = reverse("promise_settle", args=[given.pk]), as_(cast.ada)

    def offered():
        return set(dict(client.get(url).context["form"].fields["how"].choices))

    assert offered() == {"kept", "broken", "move"}
    client.post(url, {"how": "kept", "settlement": "Mended.", "day": "2026-11-03", "version": given.version})
    given.refresh_from_db()
    assert given.state == "kept" and offered() == {"open"}
    client.post(url, {"how": "open", "day": "2026-11-03", "version": given.version})
    given.refresh_from_db()
    assert given.state == "open" and given.settlement == "" and given.settled_on is None
