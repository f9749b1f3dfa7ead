"""Editions: drafted, read, published, frozen; notices come later and the words go when they are taken back."""

from __future__ import annotations

import datetime
import io
from types import SimpleNamespace

import pypdfium2
import pytest
from docx import Document

from folkmoot.audit.models import Event
from folkmoot.briefings import actions, frozen
from folkmoot.briefings.models import Edition, Notice
from folkmoot.briefings.queries import is_current, is_intact
from folkmoot.briefings.rendering import written
from folkmoot.briefings.rendering.live import live_for
from folkmoot.coding.actions import make_claim
from folkmoot.coding.models import Claim
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet, Stale
from folkmoot.discussion.actions import answer_member_check, ask_member_check
from folkmoot.evidence import actions as evidence
from folkmoot.mechanisms import actions as mechanisms
from folkmoot.organisations.models import Instance
from folkmoot.sources.actions import import_sources, mark_passage, withdraw_source
from folkmoot.sources.actions.describing import set_consent
from folkmoot.strategies import actions as strategies

NASTY = (
    '<script>alert(1)</script> #import "x.typ" $x^2$ *b* _i_ @ref \\u{1F600} ]] #eval("1") '
    "{{ 7*7 }} {% now %} ]]> <w:p/> \u202eevil\u202c \x07 \U0001f600 漢字 مرحبا =1+1"
)


def pdf_text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    pages = " ".join(page.get_textpage().get_text_range() for page in document)
    # a line may break at a hyphen that is not the author's
    return " ".join(pages.replace("\ufffe\r\n", "").replace("\ufffe", "").split())


def docx_text(content: bytes) -> str:
    body = Document(io.BytesIO(content)).element.body
    return " ".join(node.text or "" for node in body.iter() if node.tag.endswith("}t"))


def everywhere(edition: Edition) -> dict[str, str]:
    """The text of the edition in each of its files."""
    return {
        "html": written(edition, ending="html").decode(),
        "docx": docx_text(written(edition, ending="docx")),
        "pdf": pdf_text(written(edition, ending="pdf")),
    }


def test_a_published_edition_is_numbered_frozen_and_fingerprinted(published, cast):
    edition = published()
    assert (edition.number, edition.state, len(edition.fingerprint)) == (1, "published", 64)
    assert edition.published_by == "Ada" and is_intact(edition)


def test_later_evidence_leaves_a_published_edition_as_it_was(published, tested, both_sides, world, cast):
    edition = published()
    content, mark = edition.content, edition.fingerprint
    tested("P3.4", "up", authors="Later and Later")
    strategies.share_objective(world.objective, visibility="public", by=cast.ada)
    edition = Edition.objects.get(pk=edition.pk)
    assert edition.content == content and edition.fingerprint == mark and is_intact(edition)
    assert "Later and Later" not in everywhere(edition)["html"]


@pytest.mark.parametrize("name", ["content", "introduction", "fingerprint", "number", "published_at"])
def test_nothing_that_was_frozen_can_be_saved_differently(name, published):
    edition = published()
    changed = {"content": {}, "number": 7, "published_at": datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)}
    setattr(edition, name, changed.get(name, "something else"))
    with pytest.raises(NotYet, match="never changes"):
        edition.save()


def test_content_changed_behind_folkmoots_back_no_longer_matches_its_fingerprint(published):
    edition = published()
    Edition.objects.filter(pk=edition.pk).update(
        content={**edition.content, "remarks": {"purpose": "All is well."}}
    )
    assert not is_intact(Edition.objects.get(pk=edition.pk))


def test_the_next_edition_supersedes_the_one_before_and_says_what_changed(published, tested, cast):
    first = published()
    for authors in ("Down and Under", "Low and Lower"):
        tested("P3.4", "down", authors=authors)
    draft = actions.draft_edition(first.briefing, by=cast.ada)
    second = actions.publish_edition(draft, expected=draft.version, by=cast.ada)
    first.refresh_from_db()
    assert (first.state, second.number) == ("superseded", 2)
    assert any("is challenged" in one["text"] for one in second.content["made"]["changes"])
    assert second.content["made"]["before"][0]["fingerprint"] == first.fingerprint


def test_what_cannot_be_published_is_refused_in_a_sentence(briefing, published, cast, world):
    begun = briefing()
    draft = actions.draft_edition(begun, by=cast.ada)
    with pytest.raises(NotYet, match="being drafted already"):
        actions.draft_edition(begun, by=cast.ada)
    with pytest.raises(NotAllowed):
        actions.publish_edition(draft, expected=draft.version, by=cast.ben)
    with pytest.raises(NotAllowed):
        actions.review_edition(draft, verdict="ready", by=cast.eli)
    with pytest.raises(FolkmootError, match="what has to change"):
        actions.review_edition(draft, verdict="changes", by=cast.fay)
    actions.review_edition(draft, verdict="changes", words="Say who paid.", by=cast.fay)
    with pytest.raises(NotYet, match="Fay asked for changes: Say who paid"):
        actions.publish_edition(draft, expected=draft.version, by=cast.ada)
    draft = actions.describe_edition(
        draft, introduction="The office paid.", remarks={}, expected=draft.version, by=cast.ada
    )
    with pytest.raises(Stale):
        actions.publish_edition(draft, expected=draft.version - 1, by=cast.ada)
    draft.refresh_from_db()
    actions.review_edition(draft, verdict="ready", by=cast.fay)
    draft.refresh_from_db()
    done = actions.publish_edition(draft, expected=draft.version, by=cast.ada)
    assert done.content["made"]["read_by_others"] == 1
    for act in (actions.describe_edition, actions.compose_again):
        more = {"introduction": "", "remarks": {}} if act is actions.describe_edition else {}
        with pytest.raises(NotYet, match="published edition never changes"):
            act(done, expected=done.version, by=cast.ada, **more)
    with pytest.raises(NotYet):
        actions.discard_draft(done, by=cast.ada)


def test_an_edition_that_nobody_else_read_says_so(published):
    assert "Nobody but whoever published it called the draft ready." in everywhere(published())["html"]


def test_only_remarks_and_an_introduction_can_be_added(briefing, cast):
    draft = actions.draft_edition(briefing(), by=cast.ada)
    before = draft.content["sections"]
    draft = actions.describe_edition(
        draft, introduction="Why", remarks={"limits": "Small."}, expected=draft.version, by=cast.ada
    )
    assert draft.content["sections"] == before
    with pytest.raises(FolkmootError, match="no section"):
        actions.describe_edition(
            draft, introduction="", remarks={"secret": "x"}, expected=draft.version, by=cast.ada
        )
    again = actions.compose_again(draft, expected=draft.version, by=cast.ada)
    assert again.content["remarks"] == {"limits": "Small."} and again.introduction == "Why"


def test_a_briefing_is_not_written_for_readers_who_could_not_follow_it(world, briefing, cast):
    mechanisms.share_mechanism(world.chain, visibility="own", by=cast.ada)
    with pytest.raises(NotYet, match="is not shared with this briefing's readers"):
        actions.draft_edition(briefing("network"), by=cast.ada)
    assert actions.draft_edition(briefing("own"), by=cast.ada).number == 1


def test_once_published_a_briefing_can_only_be_addressed_to_fewer(published, cast):
    edition = published("network")
    begun = edition.briefing
    with pytest.raises(NotYet, match="written for fewer readers"):
        actions.address_briefing(begun, visibility="public", expected=begun.version, by=cast.ada)
    narrowed = actions.address_briefing(begun, visibility="own", expected=begun.version, by=cast.ada)
    draft = actions.draft_edition(narrowed, by=cast.ada)
    assert draft.content["audience"] == {"visibility": "own", "scope": "ours"}


def test_an_objective_without_a_chain_has_nothing_to_brief_about(world, briefing, cast):
    mechanisms.retire_mechanism(world.chain, expected=world.chain.version, by=cast.ada)
    with pytest.raises(NotYet, match="state a chain"):
        actions.draft_edition(briefing(), by=cast.ada)


def test_every_action_leaves_its_row(published, cast):
    edition = published(introduction="Why")
    actions.add_notice(edition, text="A date was wrong.", by=cast.ada)
    names = {
        "began a briefing",
        "drafted an edition",
        "described an edition",
        "published an edition",
        "added a notice",
    }
    assert names <= set(Event.objects.filter(organisation_id=cast.police.pk).values_list("action", flat=True))


def test_a_withdrawal_takes_the_words_from_the_page_and_every_file_at_once(
    published, both_sides, talk, words, cast, as_
):
    edition = published()
    page = f"/briefings/{edition.briefing_id}/1/"
    assert words.against in as_(None).get(page).content.decode()
    for text in everywhere(edition).values():
        assert words.against in text and words.lean in text
    mark = edition.fingerprint
    withdraw_source(talk, reason="asked to", by=cast.dina)
    shown = as_(None).get(page).content.decode()
    edition = Edition.objects.get(pk=edition.pk)
    for text in (shown, *everywhere(edition).values()):
        assert words.against not in text and words.lean not in text
        assert "Withdrawn: 1 account against was taken back" in text
        assert "words of an interview that this edition points at in 2 places" in text
    assert edition.fingerprint == mark and is_intact(edition)
    assert Notice.objects.filter(edition=edition).count() == 1


def test_a_withdrawal_leaves_a_draft_to_be_composed_again(briefing, both_sides, talk, cast):
    draft = actions.draft_edition(briefing(), by=cast.ada)
    assert is_current(draft)
    withdraw_source(talk, reason="", by=cast.dina)
    assert not is_current(draft)
    with pytest.raises(NotYet, match="no longer stands"):
        actions.publish_edition(draft, expected=draft.version, by=cast.ada)


def test_a_narrower_consent_reaches_what_is_published(published, both_sides, talk, words, cast):
    edition = published()
    talk.refresh_from_db()
    set_consent(talk, consent="count", expected=talk.version, by=cast.dina)
    for text in everywhere(edition).values():
        assert words.against not in text
        assert "2 accounts against; consent forbids quotation." in text


def test_what_may_be_paraphrased_is_told_in_the_coders_words_only(published, both_sides, talk, words, cast):
    edition = published()
    talk.refresh_from_db()
    set_consent(talk, consent="paraphrase", expected=talk.version, by=cast.dina)
    for text in everywhere(edition).values():
        assert words.against not in text and "may not be quoted" in text


def test_a_reading_no_longer_shared_leaves_what_is_published_even_where_it_was_paraphrased(
    published, both_sides, talk, cast, as_
):
    set_consent(talk, consent="paraphrase", expected=talk.version, by=cast.dina)
    edition = published()
    page = f"/briefings/{edition.briefing_id}/{edition.number}/"
    assert "a visit → trust" in as_(None).get(page).content.decode()
    Claim.objects.filter(pk__in=[both_sides.lean.pk, both_sides.against.pk]).update(visibility="team")
    edition = Edition.objects.get(pk=edition.pk)
    entries = [one for one in frozen.entries(edition.content) if one.get("shared") and one.get("claim")]
    told = [live_for(edition).account(one) for one in entries]
    assert {(one.kind, one.text) for one in told} >= {("counted", "not shared")}
    text = as_(None).get(page).content.decode()
    assert "a visit → trust" not in text and "not shared with these readers" in text
    withdraw_source(talk, reason="", by=cast.dina)
    assert "Withdrawn: 1 account against" in as_(None).get(page).content.decode()


@pytest.fixture
def explained(world, cast):
    """A public finding of Northmere Police against P3.4, from a public study of theirs, and a clue that failed."""
    study = evidence.record_study(
        authors="Ash, B.",
        title="Talks at the door",
        owner=cast.police,
        visibility="public",
        kind="qualitative",
        design="twelve talks",
        setting="a town",
        country="England and Wales",
        level_low=0,
        level_high=0,
        read_where="full",
        by=cast.ada,
    )
    finding = evidence.record_finding(
        world.steps["P3.4"],
        statement="Nobody at the quay remembers the visit.",
        direction="against",
        components=dict.fromkeys(("methodological_limits", "coherence", "adequacy", "relevance"), "few"),
        confidence="low",
        why="twelve talks in one town",
        study=study,
        owner=cast.police,
        visibility="public",
        by=cast.ada,
    )
    return SimpleNamespace(study=study, finding=finding)


def test_a_finding_taken_back_from_its_readers_leaves_the_published_edition_at_once(
    published, explained, cast, as_
):
    edition = published()
    for text in everywhere(edition).values():
        assert "Nobody at the quay remembers" in text and "Ash" in text
    evidence.share_finding(explained.finding, visibility="own", expected=1, by=cast.ada)
    page = as_(None).get(f"/briefings/{edition.briefing_id}/{edition.number}/").content.decode()
    for text in (page, *everywhere(edition).values()):
        assert "Nobody at the quay remembers" not in text and "twelve talks in one town" not in text
        assert "1 finding; not shared with these readers" in text
    # shared again, it is told again: the edition points at it and never held its sharing
    evidence.share_finding(explained.finding, visibility="public", by=cast.ada)
    assert "Nobody at the quay remembers" in everywhere(edition)["html"]


def test_a_study_taken_back_from_its_readers_leaves_the_published_edition_at_once(
    published, tested, explained, cast
):
    study = tested("P3.4", "down", owner=cast.police, authors="Birch, C.")
    edition = published()
    assert "Birch" in everywhere(edition)["html"]
    for one in (study, explained.study):
        one.refresh_from_db()
        evidence.revise_study(one, expected=one.version, visibility="own", by=cast.ada)
    for text in everywhere(edition).values():
        assert "Birch" not in text and "Ash" not in text
        assert "1 test against; not shared with these readers" in text
        # what was found stays as long as the finding itself is shared
        assert "Nobody at the quay remembers" in text


def test_a_draft_with_what_is_no_longer_shared_is_not_published(briefing, both_sides, cast):
    draft = actions.draft_edition(briefing(), by=cast.ada)
    Claim.objects.filter(pk=both_sides.lean.pk).update(visibility="team")
    with pytest.raises(NotYet, match="1 item of this draft is no longer shared"):
        actions.publish_edition(draft, expected=draft.version, by=cast.ada)
    draft = actions.compose_again(draft, expected=draft.version, by=cast.ada)
    assert actions.publish_edition(draft, expected=draft.version, by=cast.ada).state == "published"


def test_a_post_is_not_printed_beside_its_organisation(published, world, cast):
    made = import_sources(
        [("plan.md", b"# Plan\n\nVisits build trust.\n")],
        kind="strategy",
        owner=cast.police,
        visibility="public",
        consent="quote",
        published=True,
        by=cast.ada,
    )
    passage = mark_passage(made.sources.get(), start=0, end=4, by=cast.ada)
    given = {"cause": "visits", "effect": "trust", "stance": "supports", "claimant_role": "chief"}
    claim = make_claim(passage, **given, visibility="public", assumption=world.steps["P3.4"], by=cast.ada)
    for visibility, told in (("public", False), ("own", True)):
        edition = published(visibility)
        [entry] = [one for one in frozen.entries(edition.content) if one.get("claim") == claim.pk]
        who = live_for(edition).account(entry).who
        assert (claim.get_claimant_role_display() in who) == told, who


def test_a_retraction_adds_a_notice_and_a_mark_beside_the_study(published, tested, cast):
    study = tested()
    edition = published()
    evidence.retract_study(
        study, on=datetime.date(2026, 11, 1), note="by the journal", expected=study.version, by=cast.dina
    )
    for text in everywhere(edition).values():
        assert (
            "Retracted on 1 November 2026: Hale and others 2025" in text
            or "Retracted on 1 November 2026" in text
        )
    assert "counts no longer" in Notice.objects.get(edition=edition).text


def test_an_answer_of_the_person_interviewed_is_printed_where_the_reading_stands(published, both_sides, cast):
    edition = published()
    check, _ = ask_member_check(
        both_sides.lean, question="Is this fair?", asked_of="the officer", team=cast.team, by=cast.dina
    )
    answer_member_check(
        check, answer="unfair", words="I meant the other street.", may_be_shown=False, by=cast.dina
    )
    for text in everywhere(edition).values():
        assert "Since publication: disputed by the person" in text
    notice = Notice.objects.get(edition=edition)
    assert "did not agree" in notice.text and "officer" not in notice.text and "Dina" not in notice.created_by


def test_no_title_of_an_interview_and_no_name_is_in_any_file(published, both_sides, talk, shut):
    for text in everywhere(published()).values():
        assert talk.title not in text and shut.title not in text


def test_what_anybody_wrote_is_text_in_every_format(briefing, cast, world):
    title = f"Trust {NASTY}"[:190]
    begun = briefing(title=title)
    draft = actions.draft_edition(begun, by=cast.ada)
    draft = actions.describe_edition(
        draft, introduction=NASTY, remarks={"purpose": NASTY}, expected=draft.version, by=cast.ada
    )
    edition = actions.publish_edition(draft, expected=draft.version, by=cast.ada)
    page = written(edition, ending="html").decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page and "{{ 7*7 }}" in page
    for ending, read in (("docx", docx_text), ("pdf", pdf_text)):
        text = read(written(edition, ending=ending))
        assert "<script>alert(1)</script> #import" in text and "{{ 7*7 }}" in text and "\u202e" not in text
    assert "[grinning face]" in pdf_text(written(edition, ending="pdf"))


def test_the_word_file_is_a_real_document(published, both_sides):
    Instance.objects.create(fictional=True)
    document = Document(io.BytesIO(written(published(), ending="docx", site="https://folkmoot.example")))
    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert headings[1:6] == [
        "What it is for",
        "How it sits in the organisation",
        "Who it is with",
        "How it is supposed to work",
        "How anyone knows",
    ]
    assert (
        document.core_properties.language == "en-GB" and "Doorstep visits" in document.core_properties.title
    )
    assert "Fictional" in document.sections[0].header.paragraphs[0].text
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(f"{W}tblHeader") is not None
        assert table._tbl.tblPr.find(f"{W}tblDescription") is not None
    for pair in (
        table for table in document.tables if table.rows[0].cells[0].text.startswith(("For", "Accounts for"))
    ):
        assert pair.rows[0].cells[0].width == pair.rows[0].cells[1].width
    links = {one.target_ref for one in document.part.rels.values() if one.is_external}
    assert any(one.startswith("https://folkmoot.example/passages/") for one in links)


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def test_the_pdf_is_tagged_has_a_title_and_says_fictional_on_every_page(published, both_sides):
    Instance.objects.create(fictional=True)
    content = written(published(), ending="pdf", site="https://folkmoot.example")
    assert b"/MarkInfo" in content and b"/Lang" in content
    document = pypdfium2.PdfDocument(content)
    assert document.get_metadata_value("Title").startswith("Doorstep visits and trust")
    for page in document:
        assert "Fictional" in page.get_textpage().get_text_range()
    text = pdf_text(content)
    for one in ("How anyone knows", "1 further account against; consent forbids", "Standing judged by"):
        assert one in text


def test_no_file_says_fictional_where_nothing_is(published):
    for text in everywhere(published()).values():
        assert "Fictional" not in text
