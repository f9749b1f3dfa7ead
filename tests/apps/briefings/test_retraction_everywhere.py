"""A retraction, its taking back and a correction reach every page, picture, file and later edition that used the study."""

from __future__ import annotations

import csv
import datetime
import html
import io
import re
from types import SimpleNamespace

import lxml.html
import pypdfium2
import pytest
from django.urls import reverse
from docx import Document

from folkmoot.briefings import actions
from folkmoot.briefings.models import Edition, Notice
from folkmoot.briefings.queries import is_intact
from folkmoot.evidence import actions as evidence
from folkmoot.evidence.exporting import export_evidence
from folkmoot.evidence.models import Change, PrintedEffect

DAY = datetime.date(2026, 11, 1)
WHY = "Withdrawn by its journal, whose data were of another town"


def text_of(answer) -> str:
    plain = html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))
    return " ".join(plain.split())


def read(content: bytes, ending: str) -> str:
    if ending == "docx":
        body = Document(io.BytesIO(content)).element.body
        return " ".join(node.text or "" for node in body.iter() if node.tag.endswith("}t"))
    if ending == "pdf":
        pages = pypdfium2.PdfDocument(content)
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", content.decode())).split())


@pytest.fixture
def shown(as_, cast, world, tmp_path):
    """What every page and file says of the step: the words of its standing, and whole texts."""
    step = world.steps["P3.4"]

    def words_in(answer) -> set[str]:
        """The standings that the page writes beside a link to the step, in pictures and in text."""
        page = lxml.html.fromstring(answer.content)
        links = page.xpath(f"//a[starts-with(@href, '/assumptions/{step.pk}/')]")
        drawn = [one.get("aria-label") for one in links if "; " in (one.get("aria-label") or "")]
        return {label.rpartition(": ")[2].split(";")[0] for label in drawn}

    def look() -> SimpleNamespace:
        client = as_(cast.dina)
        own = client.get(reverse("assumption", args=[step.pk]))
        verdict = lxml.html.fromstring(own.content).xpath("//p[@class='fm-verdict__word']")[0].text_content()
        overview = as_(cast.ada).get(reverse("overview"))
        chain = as_(cast.ada).get(reverse("mechanism", args=[world.chain.pk]))
        gaps = as_(cast.ada).get(f"{reverse('gap_map_file', args=['csv'])}?grid=settings")
        export_evidence(
            tmp_path / "evidence.csv",
            SimpleNamespace(organisation=cast.police, team_ids=[cast.team.pk]),
        )
        exported = (tmp_path / "evidence.csv").read_text(encoding="utf-8-sig")
        return SimpleNamespace(
            verdict=" ".join(verdict.split()),
            assumption=text_of(own),
            overview=words_in(overview),
            overview_text=text_of(overview),
            chain=words_in(chain),
            chain_text=text_of(chain),
            gaps=gaps.content.decode("utf-8-sig"),
            pooled=text_of(client.get(reverse("pooled", args=[step.pk]))),
            exported=list(csv.DictReader(io.StringIO(exported))),
            listed=text_of(client.get(f"{reverse('assumptions')}?standing=none&scope=network")),
        )

    return look


@pytest.fixture
def hale(tested, world, cast):
    """A study of a research team that everybody sees, with the figure that it prints."""
    study = tested("P3.4", "up", owner=cast.team, by=cast.dina)
    evidence.record_effect(
        study,
        factor=world.steps["P3.4"].effect,
        measure="standardised",
        printed={"kind": "error", "estimate": 0.3, "standard_error": 0.1},
        horizon="two years",
        horizon_days=730,
        place="table 2",
        read_in_study=True,
        by=cast.dina,
    )
    study.refresh_from_db()
    return study


def test_a_retraction_changes_every_standing_chart_and_later_edition_and_earlier_ones_keep_theirs_with_a_notice(
    hale, world, published, cast, as_, shown
):
    old = published()
    frozen = {"content": old.content, "fingerprint": old.fingerprint}
    before = shown()
    assert before.verdict.startswith("Thin, for") or "thin" in before.verdict.casefold()
    assert before.overview == before.chain == {"thin, for"}
    assert "Hale and Moor" not in before.pooled or "stay out" not in before.pooled
    client = as_(cast.dina)
    page = reverse("study_retract", args=[hale.pk])
    sent = {"on": DAY.isoformat(), "note": WHY, "version": hale.version}
    assert client.post(page, sent).status_code == 302

    # the study says so itself, and what it changed
    study = text_of(client.get(reverse("study", args=[hale.pk])))
    assert f"Retracted on 1 November 2026: {WHY}" in study and "counts nowhere" in study
    assert "went from thin (for) to none" in study and "Shown, not counted" in study

    # every standing and every picture
    after = shown()
    assert "none" in after.verdict.casefold() and "0 for, 0 against" in after.verdict
    assert after.overview == after.chain == {"none"}
    assert "from thin (for) to none , because Hale and Moor 2025 was retracted" in after.assumption.replace(
        "none,", "none ,"
    )
    assert WHY in after.overview_text and "A study was retracted: Hale and Moor 2025" in after.overview_text
    assert "was retracted" in after.chain_text
    assert "They still do a year later" in after.listed
    assert "The study was retracted." in after.pooled and "No figure can be pooled yet" in after.pooled
    assert before.gaps != after.gaps

    # what is taken out carries it
    [row, *_] = [one for one in after.exported if one["authors"] == "Hale and Moor"]
    assert (row["retracted_on"], row["retraction_note"]) == (DAY.isoformat(), WHY)

    # the edition that is out keeps its content, and says it on its page and in every file
    old.refresh_from_db()
    assert {"content": old.content, "fingerprint": old.fingerprint} == frozen and is_intact(old)
    assert Notice.objects.filter(edition=old).count() == 1
    address = reverse("edition", args=[old.briefing_id, old.number])
    told = "Retracted on 1 November 2026: Hale and Moor 2025"
    assert told in text_of(as_(None).get(address))
    for ending in ("html", "docx", "pdf"):
        file = as_(None).get(reverse("edition_file", args=[old.briefing_id, old.number, ending]))
        content = b"".join(file.streaming_content) if file.streaming else file.content
        said = read(content, ending)
        assert told in said, ending
        assert "1 for, 0 against" in said, f"{ending}: the word of the day of publication stays"

    # the next edition is composed without it, and says what changed
    draft = actions.draft_edition(old.briefing, by=cast.ada)
    new = actions.publish_edition(draft, expected=draft.version, by=cast.ada)
    later = text_of(as_(None).get(reverse("edition", args=[new.briefing_id, new.number])))
    assert "was thin (for), is none" in later and "Hale and Moor 2025 (retracted)" in later
    assert not Notice.objects.filter(edition=new).exists()


def test_a_retraction_recorded_by_mistake_is_taken_back_with_its_reason_everywhere(
    hale, world, published, cast, as_, shown
):
    old = published()
    evidence.retract_study(hale, on=DAY, note=WHY, expected=hale.version, by=cast.dina)
    client = as_(cast.dina)
    page = reverse("study_reinstate", args=[hale.pk])
    assert "Recorded by mistake?" in text_of(client.get(reverse("study", args=[hale.pk])))
    assert client.post(page, {"because": "", "version": hale.version}).status_code == 422
    sent = {"because": "It was another paper of the same name.", "version": hale.version}
    assert client.post(page, sent).status_code == 302
    assert client.post(page, sent).status_code in {412, 422}
    study = text_of(client.get(reverse("study", args=[hale.pk])))
    assert (
        f"Retracted on 1 November 2026: {WHY}" not in study
        and "A retraction of 1 November 2026 was recorded here by mistake" in study
    )
    after = shown()
    assert after.overview == after.chain == {"thin, for"} and "for" in after.verdict
    assert "A retraction was taken back: Hale and Moor 2025" in after.overview_text
    assert "from none to thin (for)" in after.assumption
    assert [one.text.split(":")[0] for one in Notice.objects.filter(edition=old).order_by("pk")] == [
        "Retracted on 1 November 2026",
        Notice.objects.filter(edition=old).order_by("pk").last().text.split(":")[0],
    ]
    shown_now = text_of(as_(None).get(reverse("edition", args=[old.briefing_id, old.number])))
    assert "recorded by mistake and taken back" in shown_now
    assert as_(cast.ada).get(page).status_code == 403


def test_a_corrected_mark_says_so_at_the_study_the_step_the_chain_the_overview_and_on_editions(
    hale, world, published, cast, as_, shown
):
    old = published()
    step = world.steps["P3.4"]
    evidence.mark_factor(
        hale,
        factor=step.effect,
        sign="down",
        horizon="two years",
        horizon_days=730,
        because="The correction of 2026 turns table 2 round.",
        by=cast.dina,
    )
    reason = "The correction of 2026 turns table 2 round."
    after = shown()
    assert after.overview == after.chain == {"thin, against"}
    for text in (after.assumption, after.overview_text, after.chain_text, after.pooled):
        assert reason in text
    assert "A study was corrected: Hale and Moor 2025" in after.overview_text
    assert "from thin (for) to thin (against)" in after.assumption
    study = text_of(as_(None).get(reverse("study", args=[hale.pk])))
    assert "Corrected" in study and reason in study and "went from thin (for) to thin (against)" in study
    assert reason.rstrip(".") in Notice.objects.get(edition=old).text
    assert Edition.objects.get(pk=old.pk).content == old.content


def test_a_corrected_figure_and_a_corrected_record_are_noted_with_their_reasons(hale, published, cast, as_):
    published()
    effect = PrintedEffect.objects.get()
    evidence.revise_effect(
        effect,
        expected=effect.version,
        because="Table 2 was misread.",
        read_in_study=True,
        printed={"kind": "error", "estimate": 0.2, "standard_error": 0.1},
        by=cast.dina,
    )
    hale.refresh_from_db()
    evidence.revise_study(hale, expected=hale.version, level_low=3, by=cast.dina)
    evidence.revise_study(hale, expected=hale.version, summary="In other words.", by=cast.dina)
    assert [one.what for one in Change.objects.order_by("pk")] == ["figure", "corrected"]
    assert Notice.objects.count() == 2
    text = text_of(as_(None).get(reverse("study", args=[hale.pk])))
    assert "Table 2 was misread." in text and "Corrected in its record: its level." in text


def test_nothing_of_a_private_study_shows_through_what_changed(tested, world, cast, as_):
    ours = tested("P3.4", "up", owner=cast.police, visibility="own")
    ours.refresh_from_db()
    evidence.retract_study(ours, on=DAY, note="A secret reason", expected=ours.version, by=cast.ada)
    step = reverse("assumption", args=[world.steps["P3.4"].pk])
    assert "A secret reason" in text_of(as_(cast.ada).get(step))
    assert "A secret reason" in text_of(as_(cast.ada).get(reverse("overview")))
    for person in (cast.eli, cast.dina, None):
        for address in (step, reverse("overview"), reverse("pooled", args=[world.steps["P3.4"].pk])):
            assert "A secret reason" not in text_of(as_(person).get(address))
    # shared since, its reason goes with it; what its owner's own word had been does not
    evidence.revise_study(ours, expected=ours.version, visibility="network", by=cast.ada)
    seen = text_of(as_(cast.eli).get(f"{step}?scope=ours"))
    assert "from thin (for)" not in seen


def test_a_notice_names_no_study_that_was_taken_back_from_the_editions_readers(tested, published, cast, as_):
    ours = tested("P3.4", "up", owner=cast.police, visibility="public", authors="Birch")
    old = published()
    ours.refresh_from_db()
    evidence.revise_study(ours, expected=ours.version, visibility="own", by=cast.ada)
    assert not Notice.objects.exists()
    evidence.revise_study(ours, expected=ours.version, level_low=3, because="A secret reason", by=cast.ada)
    evidence.retract_study(ours, on=DAY, note="Another secret", expected=ours.version, by=cast.ada)
    assert Notice.objects.filter(edition=old).count() == 2
    shown = text_of(as_(None).get(reverse("edition", args=[old.briefing_id, old.number])))
    assert "a study that is not shared with these readers" in shown
    assert "Birch" not in shown and "secret" not in shown
