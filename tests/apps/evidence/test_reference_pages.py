"""References come in from a file, are recognised, and become studies only by a person's word."""

from __future__ import annotations

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from folkmoot.audit.models import Event
from folkmoot.core.errors import BadImport, FolkmootError, NotAllowed, NotYet, Stale
from folkmoot.evidence import actions
from folkmoot.evidence.models import Reference, ReferenceImport, Study
from folkmoot.evidence.queries.references import foretold
from folkmoot.evidence.references.waiting import alike_of

RIS = """TY  - JOUR
AU  - Ash, Beatrice
TI  - Knocking on doors
PY  - 2019
DO  - 10.1234/JV.2019.5
ER  -

TY  - RPRT
A1  - Elm, D.
T1  - What people said
Y1  - 2021
ER  -

TY  - JOUR
AU  - Nobody, N.
ER  -

TY  - RPRT
A1  - Elm, Dora
T1  - What People Said.
Y1  - 2021
ER  -
"""


def text_of(answer) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


@pytest.fixture
def looked(cast):
    def put(content=RIS, *, name="found.ris", owner=None, visibility="own", by=None):
        return actions.look_at_references(
            name,
            content=content.encode(),
            owner=owner or cast.police,
            visibility=visibility,
            by=by or cast.ada,
        )

    return put


def test_nothing_is_on_the_list_before_somebody_saw_what_would_come_in(cast, looked):
    file = looked()
    assert (file.state, file.read, len(file.papers)) == ("looked at", 4, 3)
    assert not Reference.objects.exists()
    told = foretold(file, viewer=cast.ada)
    assert told.known == 1 and told.papers[0].is_twice
    done = actions.bring_in_references(file, leave_out_same=False, expected=file.version, by=cast.ada)
    assert done.read == done.used + len(done.set_aside) == 4 and done.used == 3
    assert done.set_aside[0]["reason"] == "It has no title."
    assert Event.objects.filter(action="brought in references").exists()
    with pytest.raises(NotYet):
        actions.bring_in_references(done, leave_out_same=False, expected=done.version, by=cast.ada)


def test_what_looks_the_same_is_left_out_only_where_a_person_says_so(cast, looked, study):
    study("Ash, B.", title="Something else", reference="J. of Visits, https://doi.org/10.1234/jv.2019.5")
    first = looked()
    told = foretold(first, viewer=cast.ada)
    assert told.known == 2 and told.papers[0].alike.studies[0].authors == "Ash, B."
    done = actions.bring_in_references(first, leave_out_same=True, expected=first.version, by=cast.ada)
    assert done.used == 1 and done.read == done.used + len(done.set_aside)
    second = looked()
    kept = actions.bring_in_references(second, leave_out_same=False, expected=second.version, by=cast.ada)
    assert kept.used == 3 and len(alike_of(Reference.objects.all(), viewer=cast.ada)) == 4


def test_a_likeness_joins_nothing_until_a_person_says_that_it_is_the_same_or_another(cast, looked, study):
    here = study("Ash, B.", title="Knocking on Doors!", year=2019)
    file = looked()
    actions.bring_in_references(file, leave_out_same=False, expected=file.version, by=cast.ada)
    paper = Reference.objects.get(title="Knocking on doors")
    assert alike_of([paper], viewer=cast.ada)[paper.pk].studies == (here,) and paper.study is None
    apart = actions.keep_reference_apart(paper, expected=paper.version, by=cast.ada)
    assert not alike_of([apart], viewer=cast.ada)
    joined = actions.join_reference(apart, study=here, expected=apart.version, by=cast.ada)
    assert (joined.state, joined.study) == ("same", here)
    back = actions.put_reference_back(joined, expected=joined.version, by=cast.ada)
    assert (back.state, back.study) == ("waiting", None)
    with pytest.raises(Stale):
        actions.join_reference(back, study=here, expected=1, by=cast.ada)


def test_undo_takes_the_papers_back_but_for_those_that_became_studies(cast, looked):
    file = looked()
    file = actions.bring_in_references(file, leave_out_same=False, expected=file.version, by=cast.ada)
    paper = Reference.objects.get(title="Knocking on doors")
    made = actions.record_reference(
        paper,
        owner=cast.police,
        visibility="own",
        by=cast.ada,
        authors="Ash, B.",
        title=paper.title,
        kind="trial",
        level_low=5,
        level_high=5,
        read_where="full",
    )
    paper.refresh_from_db()
    assert (paper.state, paper.study) == ("recorded", made)
    assert actions.undo_references(file, expected=file.version, by=cast.ada) == 2
    assert list(Reference.objects.all()) == [paper] and Study.objects.filter(pk=made.pk).exists()
    with pytest.raises(NotYet):
        actions.undo_references(file, expected=file.version, by=cast.ada)


def test_what_cannot_be_is_refused_in_a_sentence(cast, looked):
    with pytest.raises(BadImport, match="neither RIS"):
        looked("just words\n")
    with pytest.raises(FolkmootError, match="for its owner or the network"):
        looked(visibility="public")
    with pytest.raises(NotAllowed):
        looked(by=cast.fay)
    file = looked()
    file = actions.bring_in_references(file, leave_out_same=False, expected=file.version, by=cast.ada)
    paper = Reference.objects.first()
    with pytest.raises(FolkmootError, match="why"):
        actions.set_reference_aside(paper, why=" ", expected=paper.version, by=cast.ada)
    with pytest.raises(NotAllowed):
        actions.set_reference_aside(paper, why="x", expected=paper.version, by=cast.eli)


def test_a_file_becomes_a_list_and_a_reference_a_study_on_the_pages(cast, as_):
    client = as_(cast.ada)
    assert "Nothing waits to be read" in text_of(client.get(reverse("references")))
    sent = {
        "chosen": SimpleUploadedFile("found.ris", RIS.encode()),
        "owner": f"organisation-{cast.police.pk}",
        "reach": "only ours",
    }
    preview = client.post(reverse("references"), sent, follow=True)
    assert "Read 4. 1 cannot be used; 1 looks like one that is here." in text_of(preview)
    file = ReferenceImport.objects.get()
    address = reverse("reference_import", args=[file.pk])
    assert client.post(address, {"version": file.version}).status_code == 422
    done = client.post(address, {"version": file.version, "same": "leave out"}, follow=True)
    assert "Read 4, used 2, set aside 2." in text_of(done)
    assert "Line" in text_of(done) and "you said that it is the same" in text_of(done)
    shown = text_of(client.get(reverse("references")))
    assert "2 references." in shown and "Knocking on doors" in shown
    paper = Reference.objects.get(title="Knocking on doors")
    assert "Record it as a study" in text_of(client.get(reverse("reference", args=[paper.pk])))
    form = client.get(f"{reverse('study_new')}?reference={paper.pk}").content.decode()
    assert 'value="Knocking on doors"' in form and "doi:10.1234/JV.2019.5" in form and 'value="2019"' in form
    made = client.post(
        f"{reverse('study_new')}?reference={paper.pk}",
        {
            "authors": "Ash, B.",
            "year": "2019",
            "title": "Knocking on doors",
            "kind": "trial",
            "design": "streets by lot",
            "setting": "a town",
            "country": "Norway",
            "level_low": "5",
            "level_high": "5",
            "read_where": "abstract",
            "owner": f"organisation-{cast.police.pk}",
            "reach": "only ours",
        },
    )
    assert made.status_code == 302
    assert "Recorded as Ash 2019" in text_of(client.get(reverse("reference", args=[paper.pk])))
    other = Reference.objects.get(title="What people said")
    aside = client.post(
        reverse("reference_aside", args=[other.pk]),
        {"why": "Not about visits.", "version": other.version},
        follow=True,
    )
    assert "Not about visits." in text_of(aside)
    file.refresh_from_db()
    undone = client.post(
        reverse("reference_import_undo", args=[file.pk]), {"version": file.version}, follow=True
    )
    assert "1 references left the list" in text_of(undone) or "1 reference" in text_of(undone)


def test_the_list_is_for_its_owner_and_people_who_are_signed_in(cast, looked, as_):
    file = looked()
    actions.bring_in_references(file, leave_out_same=False, expected=file.version, by=cast.ada)
    paper = Reference.objects.first()
    for address in (reverse("reference", args=[paper.pk]), reverse("reference_import", args=[file.pk])):
        assert as_(cast.ben).get(address).status_code == 200
        assert as_(cast.eli).get(address).status_code == 404
        assert as_(None).get(address).status_code == 302
    assert "0 references." in text_of(as_(cast.eli).get(reverse("references")))
