"""A thousand seeded walks of a phone and a server between which everything gets lost: each record arrives once.

The phone here does what ``static/activities/capture-outbox.js`` does, step by step; the server is the real
``accept``. A walk ends when the network is whole again and the phone has nothing left to send.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import random
import uuid

import pytest
from django.utils import timezone

from folkmoot.activities.capturing import accept as accepting
from folkmoot.activities.capturing.reading import moment_of
from folkmoot.activities.models import Activity, Capture
from folkmoot.audit import inserting
from folkmoot.core.errors import NotYet

pytestmark = pytest.mark.django_db
WALKS = 1_000
LOSSES = (
    "fine", "fine", "no network", "lost before", "lost after", "lost during", "killed before", "killed after",
    "signed out", "fault before", "fault in the middle", "fault after", "duplicate", "hotel page", "server older",
)  # fmt: skip


class Lost(Exception):
    """The phone hears nothing."""


class Killed(Exception):
    """The phone's tab is gone: what was not on its disk is gone with it."""


class Server:
    """The real acceptance, behind a network that loses whatever the walk says."""

    def __init__(self, person, monkeypatch):
        self.person, self.monkeypatch, self.now = person, monkeypatch, timezone.now()
        self.stumbled = 0  # how often it fell over with one of three rows written

    def put(self, record, *, clock, loss):
        """The status as the phone hears it, and whether the answer is ours."""
        if loss in ("no network", "lost before", "lost during"):
            raise Lost  # half a request is none: its body is not JSON and nothing is recorded
        if loss == "killed before":
            raise Killed
        if loss == "signed out":
            return 401, False
        if loss == "hotel page":
            return 200, False
        if loss == "fault before":
            return 500, False
        if loss == "fault in the middle":
            return self._stumble(record, clock)
        if loss == "duplicate":  # the network sent it twice by itself
            self._accept(record, clock)
        if loss == "server older":
            with pytest.raises(NotYet):
                self._accept(
                    record | {"body": json.dumps(json.loads(record["body"]) | {"schema": 99})}, clock
                )
            return 409, False
        status = self._accept(record, clock)
        if loss == "lost after":
            raise Lost
        if loss == "killed after":
            raise Killed
        if loss == "fault after":
            return 502, False
        return status, True

    def _accept(self, record, clock):
        return accepting.accept(
            uuid.UUID(record["uuid"]),
            content=json.loads(record["body"]),
            sent_at=moment_of(clock),
            by=self.person,
            now=self.now,
        ).status

    def _stumble(self, record, clock):
        with self.monkeypatch.context() as patch:

            def fall(new):
                inserting.insert(new.rows[0].row)
                raise RuntimeError("the disk is gone")

            patch.setattr(inserting, "insert_ready", fall)
            known = Capture.objects.filter(uuid=record["uuid"]).exists()
            try:
                self._accept(record, clock)
            except RuntimeError:
                self.stumbled += 1
                assert Capture.objects.filter(uuid=record["uuid"]).exists() is known
                assert Activity.objects.filter(uuid=record["uuid"]).exists() is known
        return 500, False


class Phone:
    """The outbox: saved before it is sent, taken away only after the server's own 200 or 201."""

    def __init__(self, chance, organisation):
        self.chance, self.organisation = chance, organisation
        self.disk: list[dict] = []
        self.saved: set[str] = set()
        self.signed_out = False

    def save(self, *, full):
        moment = self.clock()
        body = {
            "schema": self.chance.choice([1, 2]), "organisation": self.organisation, "saved_at": moment,
            "people": self.chance.randint(0, 90), "hours": self.chance.choice([None, 0.5, 2]),
            "place_words": self.chance.choice(["the square", "Tanner Lane"]), "level": self.chance.choice(["", "L2"]),
        }  # fmt: skip
        record = {
            "uuid": str(uuid.UUID(int=self.chance.getrandbits(128), version=4)),
            "body": json.dumps(body),
        }
        if full:
            return  # the form stays as it is; the person saves again, which makes another record
        self.disk.append(record | {"state": "waiting"})
        self.saved.add(record["uuid"])

    def clock(self):
        wrong_by = self.chance.choice([0, 0, 0, 4 * 365, -30 * 365])
        return (timezone.now() + datetime.timedelta(days=wrong_by)).isoformat()

    def flush(self, server, losses):
        """One run of the flusher, as a tab makes it; a second tab may do the same with what it read before."""
        for record in [one for one in self.disk if one["state"] == "waiting"]:
            if self.signed_out:
                return
            try:
                status, ours = server.put(record, clock=self.clock(), loss=losses())
            except Lost:
                return
            if status in (200, 201) and ours:
                self.disk = [one for one in self.disk if one["uuid"] != record["uuid"]]
            elif status == 401:
                self.signed_out = True
            else:
                assert status in (200, 409, 500, 502) and not ours


def test_a_thousand_walks_end_with_exactly_one_record_each(cast, monkeypatch):
    met: dict[str, int] = {}
    stumbled = 0
    for seed in range(WALKS):
        chance = random.Random(seed)
        phone, server = Phone(chance, "northmere"), Server(cast.ben, monkeypatch)

        def losses(chance=chance):
            loss = chance.choice(LOSSES)
            met[loss] = met.get(loss, 0) + 1
            return loss

        for _ in range(chance.randint(1, 3)):
            if chance.random() < 0.7 or not phone.saved:
                phone.save(full=chance.random() < 0.2)
            stale = [dict(one) for one in phone.disk]
            with contextlib.suppress(Killed):  # the next tab opens on the same disk
                phone.flush(server, losses)
            if chance.random() < 0.15:
                # a second tab without the lock sends what it read before: the worst that a browser could do
                for record in stale:
                    server.put(record, clock=phone.clock(), loss="fine")
            phone.signed_out = phone.signed_out and chance.random() < 0.5
        phone.signed_out = False
        phone.flush(server, lambda: "fine")
        assert phone.disk == [], seed
        found = list(Activity.objects.filter(uuid__in=phone.saved).values_list("uuid", flat=True))
        assert sorted(map(str, found)) == sorted(phone.saved), seed
        stumbled += server.stumbled
        Capture.objects.all().delete()
        assert Activity.objects.all().delete()[0] == len(phone.saved), seed
    assert set(met) == set(LOSSES) and min(met.values()) > 30
    assert stumbled > 30
