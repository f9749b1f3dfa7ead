"""The London conversation on young people and the scrutiny of policing, through the real pages from import to export."""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from folkmoot.analyse.tables import read_table
from folkmoot.analyse.votes import read_ballot
from folkmoot.heard.models import Concern, Conversation, Reply
from folkmoot.heard.votes.boxes import opened
from folkmoot.heard.votes.reading import read_votes
from folkmoot.jobs.models import Job
from folkmoot.jobs.running import run
from folkmoot.organisations.models import Membership, Organisation, User

pytestmark = pytest.mark.django_db
DESCRIBING = [1, *range(4, 15)]
CREDIT = "The Computational Democracy Project, openData, CC BY 4.0"
# agree and disagree among the 26 people, counted from the matrix apart from our own reader
SIZES = {1: (9, 11), 5: (9, 12), 6: (11, 10)}


@pytest.fixture
def folder(corpus):
    return corpus / "polis" / "london.youth.policing"


@pytest.fixture
def police():
    return Organisation.objects.create(slug="northmere", name="Northmere Police", kind="police")


@pytest.fixture
def client(police, settings, tmp_path):
    settings.DIR = tmp_path
    user = User.objects.create_user("ada@example.org", "a long enough secret", name="Ada")
    Membership.objects.create(
        user=user, organisation=police, role="lead", created_at=timezone.now(), created_by="a test"
    )
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def uploads(folder, *names):
    return [SimpleUploadedFile(name, (folder / name).read_bytes()) for name in names]


@pytest.fixture
def brought(client, folder):
    """The files through the import page, with the statements that describe people marked on theirs."""
    answer = client.post(
        reverse("conversation_new"),
        {
            "chosen": uploads(folder, "participants-votes.csv", "comments.csv", "summary.csv"),
            "credit": CREDIT,
        },
    )
    found = Conversation.objects.get()
    assert answer["Location"] == reverse("conversation_statements", args=[found.pk])
    client.post(
        reverse("conversation_statements", args=[found.pk]),
        {"describe": [str(one) for one in DESCRIBING], "version": found.version},
    )
    return Conversation.objects.get()


@pytest.fixture
def worked_out(client, brought):
    answer = client.post(reverse("conversation_work_out", args=[brought.pk]))
    job = Job.objects.get()
    assert answer["Location"] == reverse("job", args=[job.pk])
    ended = run(job.pk, apart=False)
    assert ended.state == "done", ended.message
    assert ended.done == ended.total == 3 + len(DESCRIBING)
    return brought


def page(client, name, *arguments):
    answer = client.get(reverse(name, args=arguments))
    assert answer.status_code == 200, name
    return html.unescape(re.sub(r"\s+", " ", answer.content.decode()))


def test_the_import_accounts_for_every_row_and_says_where_the_file_contradicts_itself(
    client, brought, folder
):
    assert (brought.people, brought.cast) == (26, 638)
    assert brought.title == "What is the best way to engage more young people in local scrutiny of policing?"
    shown = page(client, "conversation", brought.pk)
    assert "65 rows read, 62 used, 3 set aside." in shown
    assert shown.count("Nobody voted on this statement.") == 3
    assert "For 2 of 36 statements the file's own counts" in shown and CREDIT in shown
    # the same box as the reader of the analysis core makes of the same file
    table = read_table(str(folder / "participants-votes.csv"))
    votes = read_ballot(table).votes
    ours = opened(brought.box)
    theirs = np.full((votes.people, len(votes.statements)), -1)
    theirs[votes.person, votes.statement] = votes.answer
    assert [str(one) for one in ours.numbers] == list(votes.statements)
    assert (ours.answers == theirs).all()


def test_the_internal_page_says_no_stable_groups_and_that_no_characteristic_can_be_shown_to_carry_a_view(
    client, worked_out
):
    shown = page(client, "conversation", worked_out.pk)
    assert "No stable groups." in shown
    result = worked_out.results.get().content
    assert result["votes"] == 355 and len(result["statements"]) == 24
    by_number = {one["number"]: one for one in result["characteristics"]}
    # the reference values of this method, for the characteristics that the product's own documents print
    for number, share, high in ((1, -0.024059, 0.0551), (5, 0.003265, 0.0590), (6, 0.021094, 0.0780)):
        assert by_number[number]["share"] == pytest.approx(share, abs=1e-6)
        assert by_number[number]["interval"] == pytest.approx([0, high], abs=0.002)
        assert by_number[number]["verdict"] == "these votes cannot say"
    assert "These votes cannot say" in shown and "no sign that they agree" in shown
    # what is called common ground can be read off the numbers beside it: the word tells nothing that they hide
    common = [one for one in result["statements"] if one["common"]]
    assert common
    for one in common:
        share = one["agreement" if one["common"] == "agree" else "disagreement"]
        assert share[0] > 0.5
    # 9 of 20 people: too few inside as well, and no sentence counts them another way
    row = re.search(r"I identify as male\..*?</tr>", shown).group()
    assert row.count("too few to say") == 2
    for sizes in SIZES.values():
        assert not re.search(rf"\b{sizes[0]} “yes”|\b{sizes[1]} “no”", shown)


def test_the_public_page_says_too_few_without_the_count_wherever_the_thresholds_ask_for_it(
    client, worked_out
):
    visitor, url = Client(), reverse("heard_conversation", args=[worked_out.pk])
    assert visitor.get(url).status_code == 404
    client.post(reverse("conversation_release", args=[worked_out.pk]), {"version": worked_out.version})
    found = Conversation.objects.get()
    assert found.visibility == "public"
    answer = visitor.get(url)
    shown = re.sub(r"\s+", " ", answer.content.decode())
    assert answer["Cache-Control"] == "no-store" and CREDIT in shown
    for text in ("I identify as male.", "My ethnicity is White.", "English is my first language."):
        row = re.search(rf"{re.escape(text)}.*?</tr>", shown).group()
        assert "Too few to say" in row and not re.search(r"\d", row.split("</th>")[1]), text
    ballots = opened(found.box)
    counts = dict(zip(ballots.numbers, ballots.counts().tolist(), strict=True))
    shown_numbers = set()
    for row in found.released["statements"]:
        assert row["number"] not in DESCRIBING
        for name, count in zip(("agree", "disagree", "pass"), counts[row["number"]], strict=True):
            if count == 0:
                assert row[name] == 0
            elif count <= 7:
                assert row[name] == "hidden"
            else:
                assert row[name] % 5 == 0 and abs(row[name] - count) <= 2
                shown_numbers.add(row[name])
    # every number in a cell of the page is a rounded one
    cells = {one.strip() for one in re.findall(r"govuk-table__cell--numeric\">([^<]*)<", shown)}
    assert cells <= {"too few to say", "0", *(f"{one}" for one in shown_numbers)}
    assert "26 people" not in shown and "No stable groups" in shown
    assert not re.search(r"the \w+ community (thinks|wants|says)", shown)


def test_a_decision_and_a_reply_follow_on_a_concern_that_everybody_reads(client, worked_out):
    client.post(
        reverse("concern_new"),
        {"title": "Young people in the scrutiny of policing", "influence": "ways", "asked": worked_out.title},
    )
    concern = Concern.objects.get()
    worked_out.refresh_from_db()
    client.post(
        reverse("conversation_edit", args=[worked_out.pk]),
        {"title": worked_out.title, "credit": CREDIT, "concern": concern.pk, "version": worked_out.version},
    )
    worked_out.refresh_from_db()
    assert worked_out.concern == concern
    client.post(reverse("conversation_release", args=[worked_out.pk]), {"version": worked_out.version})
    client.post(
        reverse("decision_new", args=[concern.pk]),
        {
            "outcome": "partly", "what": "Two seats on the scrutiny panel for people under 25",
            "because": "The panel's terms allow no more before the next review", "who": "Chair of the panel",
            "decided_on": "2026-11-03", "version": concern.version,
        },
    )  # fmt: skip
    concern.refresh_from_db()
    client.post(
        reverse("telling_new", args=[concern.pk]),
        {
            "whom": "Those who took part",
            "how": "message",
            "said": "Two seats",
            "told_on": "2026-11-04",
            "version": concern.version,
        },
    )
    concern.refresh_from_db()
    client.post(
        reverse("concern_share", args=[concern.pk]), {"visibility": "public", "version": concern.version}
    )
    visitor = Client()
    visitor.post(
        reverse("heard_reply", args=[concern.pk]), {"agrees": "partly", "words": "Why not half of the seats?"}
    )
    client.post(reverse("words_read", args=["reply", Reply.objects.get().pk]), {"what": "show"})
    shown = page(visitor, "heard_concern", concern.pk)
    for words in (
        "In part, because",
        "The panel's terms allow no more",
        "Why not half of the seats?",
        worked_out.title,
    ):
        assert words in shown
    assert reverse("heard_conversation", args=[worked_out.pk]) in shown


def test_the_export_is_read_again_as_the_same_conversation(client, brought, folder, tmp_path):
    answer = client.get(reverse("conversation_export", args=[brought.pk]))
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert set(files) == {"participants-votes.csv", "comments.csv", "votes.csv", "summary.csv"}
    for name, content in files.items():
        ours = next(csv.reader(io.StringIO(content.decode())))
        theirs = next(csv.reader(io.StringIO((folder / name).read_text(encoding="utf-8"))))
        assert ours[:4] == theirs[:4] if name == "participants-votes.csv" else ours[:2] == theirs[:2], name
    whole = opened(brought.box)
    for chosen in (["participants-votes.csv", "comments.csv", "summary.csv"], ["votes.csv", "comments.csv"]):
        again = read_votes([(name, files[name]) for name in chosen])
        order = [again.ballots.numbers.index(one) for one in whole.numbers]
        assert sorted(again.ballots.participants) == sorted(whole.participants)
        people = np.argsort(again.ballots.participants)
        assert (
            again.ballots.answers[people][:, order] == whole.answers[np.argsort(whole.participants)]
        ).all()
        words = {one.number: one.text for one in brought.statements.all()}
        assert {number: text.strip() for number, text in again.texts.items()} == words
    # brought in again through the page and written out again, it is the same to the byte
    again = client.post(
        reverse("conversation_new"),
        {
            "chosen": [
                SimpleUploadedFile(name, files[name]) for name in sorted(files) if name != "votes.csv"
            ],
            "credit": CREDIT,
        },
    )
    second = Conversation.objects.exclude(pk=brought.pk).get()
    assert again.status_code == 302 and second.title == brought.title
    answer = client.get(reverse("conversation_export", args=[second.pk]))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files
    # votes of the original raw file, vote by vote: the last of each person on each statement
    with (folder / "votes.csv").open(encoding="utf-8") as file:
        last = {}
        for row in sorted(csv.DictReader(file), key=lambda one: int(one["timestamp"])):
            last[int(row["voter-id"]), int(row["comment-id"])] = int(row["vote"])
    written = {
        (int(row["voter-id"]), int(row["comment-id"])): int(row["vote"])
        for row in csv.DictReader(io.StringIO(files["votes.csv"].decode()))
    }
    both = set(last) & set(written)
    assert len(both) > 600 and all(last[key] == written[key] for key in both)
    # and by the reader of the analysis core
    (tmp_path / "votes.csv").write_bytes(files["participants-votes.csv"])
    assert len(read_ballot(read_table(str(tmp_path / "votes.csv"))).votes) == brought.cast


def test_brexit_with_two_hundred_people_shows_common_ground_in_public(client, corpus):
    folder = corpus / "polis" / "brexit-consensus"
    client.post(
        reverse("conversation_new"),
        {
            "chosen": uploads(folder, "participants-votes.csv", "comments.csv"),
            "credit": CREDIT,
            "title": "Brexit",
        },
    )
    found = Conversation.objects.get()
    client.post(reverse("conversation_work_out", args=[found.pk]))
    ended = run(Job.objects.get().pk, apart=False)
    assert ended.state == "done", ended.message
    client.post(reverse("conversation_release", args=[found.pk]), {"version": found.version})
    shown = page(Client(), "heard_conversation", found.pk)
    assert "Where most agree or disagree" in shown
    verdicts = {row["verdict"] for row in Conversation.objects.get().released["statements"]}
    assert {"most agree", "most disagree"} & verdicts
