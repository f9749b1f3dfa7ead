"""Backup and restore of a whole instance, by the real commands on a real folder."""

from __future__ import annotations

import functools
import os
import uuid

import pytest
from django.db import connection

from ...prepared import empty_on_server, fill
from ...processes import run

pytestmark = pytest.mark.database  # where there is a server, each test has a database of its own there
PROGRAM = """
import django; django.setup()
from folkmoot.audit.actions import TheInstance
from folkmoot.organisations import actions
from folkmoot.organisations.models import User, ResearchTeam
from folkmoot.sources.actions import import_sources
from folkmoot.sources.models import Source
by = TheInstance()
team = actions.create_team("Evidence team", by=by)
dina = actions.enter_person("dina@example.org", name="Dina", password="a long enough secret", by=by)
actions.join_team(dina, team=team, role="lead", by=by)
for name in ("one", "two"):
    import_sources([(name + ".txt", f"Interviewer: What of {name}?\\nP: The words of {name}.".encode())], kind="interview",
        owner=team, visibility="team", consent="quote", recruitment="asked", by=dina)
"""
WITHDRAW = """
import django; django.setup()
from folkmoot.organisations.models import User
from folkmoot.sources.actions import withdraw_source
from folkmoot.sources.models import Source
withdraw_source(Source.objects.order_by("pk").first(), reason="Asked", by=User.objects.get())
"""
NARROW = """
import django; django.setup()
from folkmoot.organisations.models import User
from folkmoot.sources.actions import set_consent
from folkmoot.sources.models import Source
last = Source.objects.order_by("pk").last()
set_consent(last, consent="count", expected=last.version, by=User.objects.get())
"""
CONSENTS = """
import django; django.setup()
from folkmoot.sources.models import Source
print(sorted(Source.objects.values_list("state", "consent")))
"""
LOOK = """
import django; django.setup()
from folkmoot.sources.models import Body, Source
print(sorted(Source.objects.values_list("state", flat=True)), Body.objects.count())
"""

HEARD = """
import datetime
import django; django.setup()
from folkmoot.audit.actions import TheInstance
from folkmoot.communities.actions import create_grouping, record_representative
from folkmoot.heard import actions
from folkmoot.heard.actions.public import SomebodyOutside
from folkmoot.organisations import actions as organisations
from folkmoot.organisations.models import Membership
by = TheInstance()
police = organisations.create_organisation("Northmere Police", kind="police", by=by)
ada = organisations.enter_person("ada@example.org", name="Ada", password="a long enough secret", by=by)
organisations.give_role(ada, organisation=police, role="lead", by=by)
day = datetime.date(2026, 11, 2)
said = actions.bring_in("The lamp at the stop is out", organisation=police, origin="letter", said_on=day, by=ada)
actions.bring_in("The bus is late", organisation=police, origin="letter", said_on=day, by=ada)
concern = actions.open_concern("Waiting", organisation=police, influence="ways", by=ada)
actions.join_concern(said, concern=concern, by=ada)
actions.share_concern(concern, visibility="public", expected=concern.version, by=ada)
actions.correct(concern, about="said", words="I said the other lamp", code=actions.give_receipt(said, by=ada), by=SomebodyOutside())
traders = create_grouping("Traders of Ferry Road", organisation=police, basis="interest", self_defined="yes", defined_by="themselves", by=ada)
record_representative(traders, role="chair of the traders", chosen="elected", name="Quentin Oakthorpe", shown_to_others=True, by=ada)
"""
TAKE_BACK = """
import django; django.setup()
from folkmoot.communities.actions import withdraw_representative
from folkmoot.communities.models import Representative
from folkmoot.heard import actions
from folkmoot.heard.actions.public import SomebodyOutside
from folkmoot.heard.models import Contribution
from folkmoot.organisations.models import User
actions.withdraw_contribution(Contribution.objects.get(text__startswith="The lamp"), by=SomebodyOutside())
withdraw_representative(Representative.objects.get(), told=[], by=User.objects.get())
"""
HELD = """
import django; django.setup()
from folkmoot.communities.models import Representative
from folkmoot.heard.models import Contribution, Correction, Said
print([one.text for one in Contribution.objects.order_by("pk")], [one.words for one in Correction.objects.all()],
    Said.objects.count(), [one.name for one in Representative.objects.all()])
"""


@pytest.fixture
def instance(tmp_path, django_db_blocker):
    """A fresh instance folder, on a database of its own where there is a server."""
    folder = tmp_path / "instance"
    folder.mkdir()
    environment = {
        **os.environ,
        "FOLKMOOT_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "folkmoot.project.settings",
    }
    name = f"backup_{uuid.uuid4().hex[:12]}"
    url = environment.pop("DATABASE_URL", "")
    if url.startswith("postgres"):
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(f"create database {name} template {empty_on_server(url)}")
        environment["DATABASE_URL"] = url.rsplit("/", 1)[0] + f"/{name}"
    else:
        fill(folder)

    yield functools.partial(run, environment=environment)
    if url.startswith("postgres"):
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(f"drop database {name} with (force)")


def test_a_restore_brings_everything_back_but_what_was_withdrawn_since(instance, tmp_path):
    made = instance(program=PROGRAM)
    assert made.returncode == 0, made.stderr
    saved = instance("backup", str(tmp_path / "kept.tar.gz"))
    assert saved.returncode == 0, saved.stderr
    assert "2 originals" in saved.stdout
    withdrawn = instance(program=WITHDRAW)
    assert withdrawn.returncode == 0, withdrawn.stderr
    refused = instance("restore", str(tmp_path / "kept.tar.gz"))
    assert refused.returncode == 1 and "--replace" in refused.stderr
    back = instance("restore", str(tmp_path / "kept.tar.gz"), "--replace")
    assert back.returncode == 0, back.stderr
    assert "carried out again: 1" in back.stdout
    assert instance(program=LOOK).stdout.strip() == "['live', 'withdrawn'] 1"
    assert instance("check").returncode == 0


def test_a_machine_without_the_old_database_keeps_what_people_took_back(instance, tmp_path):
    kept = str(tmp_path / "kept.tar.gz")
    wishes = tmp_path / "instance" / "withdrawals.jsonl"
    for step in (PROGRAM, "", WITHDRAW + NARROW):
        done = instance(program=step) if step else instance("backup", kept)
        assert done.returncode == 0, done.stderr
    said = wishes.read_text()
    assert said.count('"withdrawn"') == 1 and "one" not in said and "Dina" not in said
    assert instance("manage", "flush", "--noinput").returncode == 0
    back = instance("restore", kept)
    assert back.returncode == 0, back.stderr
    assert "carried out again: 1" in back.stdout and "narrowed again: 1" in back.stdout
    assert "WARNING" not in back.stderr
    assert instance(program=CONSENTS).stdout.strip() == "[('live', 'count'), ('withdrawn', 'quote')]"
    # nothing left that knows of it: the person at the keyboard is told
    wishes.unlink()
    assert instance("manage", "flush", "--noinput").returncode == 0
    assert "knows of no withdrawals" in instance("restore", kept).stderr


def test_a_restore_takes_back_again_what_people_took_back(instance, tmp_path):
    """Words of a contribution, the correction by the same person, and the name of somebody who speaks for others."""
    kept = str(tmp_path / "kept.tar.gz")
    made = instance(program=HEARD)
    assert made.returncode == 0, made.stderr
    before = instance(program=HELD).stdout
    for words in ("The lamp at the stop", "the other lamp", "Oakthorpe"):
        assert words in before
    assert instance("backup", kept).returncode == 0
    gone = instance(program=TAKE_BACK)
    assert gone.returncode == 0, gone.stderr
    after = instance(program=HELD).stdout.strip()
    assert after == "['', 'The bus is late'] [''] 0 ['']"
    back = instance("restore", kept, "--replace")
    assert back.returncode == 0 and "carried out again: 2" in back.stdout, back.stderr + back.stdout
    assert instance(program=HELD).stdout.strip() == after
    wishes = (tmp_path / "instance" / "withdrawals.jsonl").read_text()
    assert "lamp" not in wishes and "Oakthorpe" not in wishes


def test_a_damaged_or_foreign_file_is_refused_and_changes_nothing(instance, tmp_path):
    assert instance(program=PROGRAM).returncode == 0
    foreign = tmp_path / "foreign.tar.gz"
    foreign.write_bytes(b"this is no archive")
    answer = instance("restore", str(foreign), "--replace")
    assert answer.returncode == 1 and "no backup" in answer.stderr and "Traceback" not in answer.stderr
    assert instance("restore", str(tmp_path / "absent"), "--replace").returncode == 1
    assert instance(program=LOOK).stdout.strip() == "['live', 'live'] 2"
