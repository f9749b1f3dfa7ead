"""``folkmoot import`` and ``folkmoot export``: exit status, the account, sentences without a traceback."""

from __future__ import annotations

import csv
import json
import zipfile

import pytest

from folkmoot.audit.models import Event
from folkmoot.organisations.models import ResearchTeam, TeamMembership
from folkmoot.project.commands import run
from folkmoot.project.commands.exporters import ENDINGS, EXPORTERS
from folkmoot.sources.cells import neutral
from folkmoot.sources.models import Import, ProtectedName, Source

TALK = "Interviewer: Why?\n\nInterviewee: Because they came back.\n"


@pytest.fixture
def typed(cast, tmp_path, monkeypatch, capsys):
    """``typed("import", …)`` gives the exit status, the output and the messages."""
    monkeypatch.setenv("FOLKMOOT_DIR", str(tmp_path))
    (tmp_path / "talk.txt").write_text(TALK, encoding="utf-8")

    def run_it(*words):
        capsys.readouterr()
        status = run([str(word) for word in words])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return status, said.out, said.err

    return run_it


def test_a_transcript_goes_to_the_only_team_of_the_person(cast, typed, tmp_path):
    status, out, err = typed(
        "import",
        "transcript",
        tmp_path / "talk.txt",
        "--organisation",
        "northmere",
        "--as",
        "dina@example.org",
    )
    assert (status, out) == (0, "read 2, used 2, set aside 0\n")
    assert "reading 1 of 1: talk.txt" in err
    source = Source.objects.get()
    assert (source.team, source.consent, source.visibility) == (cast.team, "count", "team")


def test_somebody_in_two_teams_is_asked_which(cast, typed, tmp_path):
    second = ResearchTeam.objects.create(slug="second", name="Second team")
    TeamMembership.objects.create(
        user=cast.dina, team=second, role="lead", created_at="2026-01-01T00:00Z", created_by="x"
    )
    words = (
        "import",
        "transcript",
        tmp_path / "talk.txt",
        "--organisation",
        "northmere",
        "--as",
        "dina@example.org",
    )
    status, _, err = typed(*words)
    assert status == 1 and "--team (evidence, second)" in err
    assert typed(*words, "--team", "second")[0] == 0 and Source.objects.get().team == second


def test_a_strategy_belongs_to_the_organisation_and_may_be_quoted(cast, typed, tmp_path):
    (tmp_path / "s.md").write_text("# Strategy\n\nWe will visit.\n", encoding="utf-8")
    status, _, _ = typed(
        "import",
        "strategy",
        tmp_path / "s.md",
        "--organisation",
        "northmere",
        "--as",
        "ada@example.org",
        "--published",
        "--visibility",
        "network",
    )
    source = Source.objects.get()
    assert status == 0 and source.organisation == cast.police
    assert (source.consent, source.redaction, source.visibility) == ("quote", "reviewed", "network")


def test_a_dry_run_tells_the_same_and_stores_nothing(cast, typed, tmp_path):
    (tmp_path / "names.txt").write_text("Ann\n", encoding="utf-8")
    status, out, err = typed(
        "import",
        "transcript",
        tmp_path / "talk.txt",
        "--team",
        "evidence",
        "--as",
        "dina@example.org",
        "--dry-run",
        "--names",
        tmp_path / "names.txt",
    )
    assert (status, out) == (0, "read 2, used 2, set aside 0\n") and "Nothing was stored" in err
    assert not Import.objects.exists() and not ProtectedName.objects.exists() and not Event.objects.exists()


def test_the_report_lists_everything_set_aside_and_runs_no_formula(cast, typed, tmp_path):
    (tmp_path / "=cmd.txt").write_bytes(b"")
    status, out, err = typed(
        "import",
        "transcript",
        tmp_path / "talk.txt",
        tmp_path / "=cmd.txt",
        "--team",
        "evidence",
        "--as",
        "dina@example.org",
        "--report",
        tmp_path / "report.csv",
    )
    assert status == 1 and out == "read 3, used 2, set aside 1\n" and "The file is empty" in err
    with (tmp_path / "report.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["file"] == "'=cmd.txt" and "empty" in rows[0]["reason"]


def test_the_same_file_again_is_no_failure_and_is_said(cast, typed, tmp_path):
    words = ("import", "transcript", tmp_path / "talk.txt", "--team", "evidence", "--as", "dina@example.org")
    typed(*words)
    status, out, err = typed(*words)
    assert (status, out) == (0, "read 1, used 0, set aside 1\n") and "here already" in err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--team", "evidence", "--as", "who@example.org"), "no active account"),
        (("--team", "nowhere", "--as", "dina@example.org"), "no research team “nowhere”"),
        (("--organisation", "nowhere", "--as", "ada@example.org"), "northmere"),
        (("--organisation", "northmere", "--as", "ada@example.org"), "is in none"),
        (("--team", "evidence", "--as", "eli@example.org"), "role does not let you"),
        (("--team", "evidence", "--as", "dina@example.org", "--held-on", "soon"), "is no day"),
    ],
)
def test_a_refusal_is_one_sentence_and_status_one(cast, typed, tmp_path, words, sentence):
    status, out, err = typed("import", "transcript", tmp_path / "talk.txt", *words)
    assert status == 1 and not out and sentence in err and not Source.objects.exists()


@pytest.mark.parametrize("name", ["missing.txt", "."])
def test_a_file_that_is_not_one_is_named(cast, typed, tmp_path, name):
    status, _, err = typed(
        "import", "transcript", tmp_path / name, "--team", "evidence", "--as", "dina@example.org"
    )
    assert status == 1 and err.strip().endswith((".", "it"))


@pytest.mark.parametrize(
    "words",
    [
        ("import", "transcript", "x.txt", "--as", "dina@example.org"),
        ("import", "novel", "x.txt", "--team", "evidence", "--as", "dina@example.org"),
        ("import", "transcript", "x.txt", "--team", "evidence"),
        ("export", "everything", "--as", "ada@example.org", "--organisation", "northmere"),
    ],
)
def test_wrong_usage_has_status_two(cast, typed, words):
    assert typed(*words)[0] == 2


def test_a_file_of_200_megabytes_is_refused_without_being_read(cast, typed, tmp_path):
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(200_000_000)
    status, _, err = typed(
        "import", "transcript", tmp_path / "huge.txt", "--team", "evidence", "--as", "dina@example.org"
    )
    assert status == 1 and "200 MB" in err


def test_everything_holds_the_owners_rows_and_files_and_nothing_of_others(cast, typed, tmp_path, bring_in):
    TeamMembership.objects.create(
        user=cast.ada, team=cast.team, role="researcher", created_at="2026-01-01T00:00Z", created_by="x"
    )
    mine = bring_in(text="Interviewer: So?\n\nInterviewee: =HYPERLINK(1) they said.\n", reviewed=True)
    bring_in(
        "theirs.txt", "Interviewer: So?\n\nInterviewee: A secret of others.\n", owner=cast.rival, by=cast.eli
    )
    target = tmp_path / "all.zip"
    status, out, _ = typed(
        "export", "everything", "-o", target, "--organisation", "northmere", "--as", "ada@example.org"
    )
    assert status == 0 and out.startswith("wrote ") and target.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(target) as archive:
        held = b"".join(archive.read(name) for name in archive.namelist())
        rows = [json.loads(line) for line in archive.read("sources/sources.jsonl").splitlines()]
        table = archive.read("sources/turns.csv").decode("utf-8-sig")
        originals = [name for name in archive.namelist() if name.startswith("sources/originals/")]
    assert b"secret" not in held and [row["id"] for row in rows] == [mine.pk]
    assert "'=HYPERLINK" in table and len(originals) == 1
    assert Event.objects.filter(action="export.made", organisation_id=cast.police.pk).count() == 1


def test_an_officer_may_not_export(cast, typed, tmp_path):
    status, _, err = typed(
        "export",
        "everything",
        "-o",
        tmp_path / "x.zip",
        "--organisation",
        "northmere",
        "--as",
        "ben@example.org",
    )
    assert status == 1 and err and not (tmp_path / "x.zip").exists()


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", " =1", "\r=1"])
def test_no_cell_starts_as_a_formula(cell):
    assert neutral(cell).startswith("'")


def test_other_cells_stay_as_they_are():
    assert [neutral(cell) for cell in ("a=b", "", 5, None)] == ["a=b", "", 5, None]


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("claims", "x.zip", "“claims” is written as .csv or .xlsx, not as “.zip”"),
        ("evidence", "x.xlsx", "“evidence” is written as .csv, not as “.xlsx”"),
        ("concerns", "x.json", "not as “.json”"),
        ("votes", "x.csv", "“votes” is written as .zip"),
        ("everything", "x.tar.gz", "not as “.gz”"),
        ("activities", "x", "“activities” is written as .csv or .xlsx, and the name says neither"),
    ],
)
def test_an_export_refuses_an_ending_that_it_is_not_written_as(cast, typed, tmp_path, kind, name, said):
    target = tmp_path / name
    status, _, err = typed(
        "export", kind, "-o", target, "--organisation", "northmere", "--as", "ada@example.org"
    )
    assert status == 1 and said in err and not target.exists()
    assert not Event.objects.filter(action="export.made").exists()


def test_every_kind_of_export_says_what_it_is_written_as():
    assert set(ENDINGS) == set(EXPORTERS)
