"""Two builds of the demo are one and the same story."""

from __future__ import annotations

import json
import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from folkmoot.briefings.models import Edition
from folkmoot.coding.models import Claim
from folkmoot.demo.build import build
from folkmoot.evidence.queries import standings
from folkmoot.mechanisms.models import Assumption
from folkmoot.strategies.models import Objective

pytestmark = pytest.mark.django_db


def picture_of(viewer):
    """What two builds have to agree on: every word, none of the database's own numbers."""
    found = standings(None, viewer=viewer, scope="network")
    editions = Edition.objects.order_by("briefing__title", "number").values_list("content", flat=True)
    return {
        "standings": {str(one.assumption): one.judgement.label for one in found.values()},
        "claims": list(
            Claim.objects.order_by("created_at").values_list(
                "cause", "effect", "stance", "state", "created_at"
            )
        ),
        "objectives": list(Objective.objects.order_by("created_at").values_list("title", "created_at")),
        "assumptions": sorted(str(one) for one in Assumption.objects.all()),
        "editions": [_words(json.loads(json.dumps(one))) for one in editions],
    }


def _words(value):
    """The strings of a nested value, without the addresses that hold the database's numbers."""
    if isinstance(value, dict):
        return [part for key in sorted(value) for part in _words(value[key])]
    if isinstance(value, list):
        return [part for one in value for part in _words(one)]
    if not isinstance(value, str) or re.fullmatch(r"[0-9a-f]{64}", value):
        return []  # a fingerprint is of the numbers too
    # a statement's key holds the database's numbers, which PostgreSQL never gives twice
    return [re.sub(r"(?<=:)\d+", "n", re.sub(r"/\d+/", "/n/", value))]


def test_two_builds_are_alike_word_for_word():
    seen = []
    for _ in range(2):
        with transaction.atomic():
            build()
            seen.append(picture_of(AnonymousUser()))
            transaction.set_rollback(True)
    assert seen[0] == seen[1]
