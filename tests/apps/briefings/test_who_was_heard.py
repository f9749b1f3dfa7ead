"""In an edition for readers beyond the team no number of sources points at one officer."""

from __future__ import annotations

import json
import re

import pytest

pytestmark = pytest.mark.django_db


def test_a_post_is_counted_only_where_five_or_more_speak_in_it(published, both_sides):
    text = json.dumps(published().content)
    said = re.search(r"Who was heard on it: [^\"]*", text)
    assert said is not None
    for number in re.findall(r"\((\d+) sources?\)", said.group()):
        assert int(number) >= 5, said.group()
