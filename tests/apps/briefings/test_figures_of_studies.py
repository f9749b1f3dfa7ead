"""An edition prints the figures that somebody read in the study itself, on both sides alike, and no others."""

from __future__ import annotations

import pytest

from folkmoot.briefings.rendering import written
from folkmoot.evidence.models import Study

READ = {"about": "residents who trust the police", "text": "4 in a hundred fewer (1 to 7)", "verified": True}
UNREAD = {"about": "calls", "text": "31 % more", "verified": False}


def page_of(edition):
    return written(edition, ending="html", site="").decode()


@pytest.mark.parametrize("sign", ["up", "down", "not_found"])
def test_a_figure_read_in_the_study_stands_beside_the_statement_whichever_way_it_reads(
    tested, published, sign
):
    study = tested("P3.4", sign)
    Study.objects.filter(pk=study.pk).update(figures=[READ, UNREAD])
    page = page_of(published())
    assert "Its own figures: residents who trust the police: 4 in a hundred fewer (1 to 7)." in page
    assert "31 %" not in page


def test_of_a_study_whose_figures_are_not_verified_none_is_printed(tested, published):
    study = tested("P3.4", "down")
    Study.objects.filter(pk=study.pk).update(figures=[READ], not_verified=True)
    page = page_of(published())
    assert "4 in a hundred" not in page and "Its figures are not verified." in page


def test_an_edition_keeps_the_figures_that_it_was_published_with(tested, published):
    study = tested("P3.4", "down")
    Study.objects.filter(pk=study.pk).update(figures=[READ])
    edition = published()
    Study.objects.filter(pk=study.pk).update(figures=[{**READ, "text": "9 in a hundred fewer"}])
    assert "4 in a hundred fewer" in page_of(edition) and "9 in a hundred" not in page_of(edition)
