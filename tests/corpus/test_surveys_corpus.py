"""Real survey files through the room of surveys: the figures of trusted software come out."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.utils import timezone

from folkmoot.core.estimates.linear import mean
from folkmoot.organisations.models import Membership, Organisation, User
from folkmoot.surveys import actions
from folkmoot.surveys.drafts import MarginDraft
from folkmoot.surveys.models import Result
from folkmoot.surveys.queries.microdata import columns, microdata_of, read_columns, weighted_design
from folkmoot.surveys.reading.files import read_answers
from folkmoot.surveys.reading.laying import Choices, Identifying, lay

pytestmark = [pytest.mark.corpus, pytest.mark.django_db]


@pytest.fixture
def bring(tmp_path, settings, corpus):
    settings.ORIGINALS = tmp_path / "originals"
    police = Organisation.objects.create(slug="us", name="Us", kind="police")
    lead = User.objects.create_user("lead@example.org", None, name="Lead")
    Membership.objects.create(
        user=lead, organisation=police, role="analyst", created_at=timezone.now(), created_by="x"
    )

    def do(name, **roles):
        content = (corpus / "statistics" / name).read_bytes()
        survey = actions.create_survey(name, owner=police, population="Schools", by=lead)
        wave = actions.add_wave(survey, title="", by=lead)
        choices = Choices(drop=frozenset({"name"}), **roles)
        laid = lay(read_answers(name, content), choices, salt=survey.salt)
        actions.bring_in_answers(wave, laid=laid, content=content, by=lead)
        return SimpleNamespace(wave=wave, lead=lead, laid=laid)

    return do


def test_a_column_of_names_in_a_real_file_is_refused_until_it_is_dropped(corpus):
    raw = read_answers("apistrat.csv", (corpus / "statistics" / "apistrat.csv").read_bytes())
    with pytest.raises(Identifying, match="“name” looks like names"):
        lay(raw, Choices(), salt="00" * 32)


def test_a_stratified_sample_gives_the_mean_of_the_reference(bring):
    got = bring("apistrat.csv", weight="pw", stratum="stype")
    stored = Result.objects.get(variable__name="api00", by=None).figures["mean"]
    # without population sizes the error is a little larger than the reference's 9.4089
    assert stored["estimate"] == pytest.approx(662.2874, abs=1e-4)
    assert stored["error"] == pytest.approx(9.5361, abs=2e-2)
    held = columns(got.wave, ["enroll"], viewer=got.lead)
    assert held.rows == 200 and held.weights.sum() == pytest.approx(6194, abs=1)


def test_raking_a_cluster_sample_gives_mean_and_error_of_the_reference(bring):
    """Mean 641.2303209, error 23.94201 without population sizes (R survey 4.1)."""
    got = bring("apiclus1.csv", weight="pw", cluster="dnum")
    microdata = microdata_of(got.wave)
    actions.weight_to(
        microdata,
        margins=[
            MarginDraft("stype", {"E": 4421.0, "H": 755.0, "M": 1018.0}, "The register of schools"),
            MarginDraft("sch.wide", {"No": 1072.0, "Yes": 5122.0}, "The register of schools"),
        ],
        by=got.lead,
    )
    stored = Result.objects.get(variable__name="api00", by=None).figures["mean"]
    assert stored["estimate"] == pytest.approx(641.2303209, abs=1e-6)
    assert stored["error"] == pytest.approx(23.94201, abs=1e-4)
    held = read_columns(microdata, ["api00", "stype", "sch.wide"])
    assert mean(held.of("api00").values, weighted_design(microdata, held)).estimate.estimate == pytest.approx(
        stored["estimate"]
    )


def test_every_row_of_a_real_file_is_accounted_for(bring):
    got = bring("apiclus1.csv", weight="pw", cluster="dnum")
    assert got.laid.read == 183 == got.laid.used + len(got.laid.set_aside)
    kept = {one.name for one in got.laid.columns}
    assert {"api00", "stype", "sch.wide", "pw", "dnum"} <= kept and not {"name", "cds"} & kept
