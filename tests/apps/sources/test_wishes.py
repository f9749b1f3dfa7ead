"""The file that outlives the database: what people took back."""

from __future__ import annotations

import pytest

from folkmoot.core.errors import FolkmootError
from folkmoot.sources import wishes
from folkmoot.sources.actions import set_consent, withdraw_source

pytestmark = pytest.mark.django_db


def test_a_withdrawal_and_a_consent_are_written_once_committed(
    cast, bring_in, django_capture_on_commit_callbacks
):
    source = bring_in(consent="quote")
    key = wishes.key_of(source.pk, source.created_at)
    with django_capture_on_commit_callbacks(execute=True):
        set_consent(source, consent="count", expected=source.version, by=cast.dina)
        assert not wishes.place().exists()
    assert wishes.read() == wishes.Wishes(frozenset(), {key: "count"})
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_source(source, reason="asked", by=cast.dina)
    assert wishes.read().withdrawn == {key}
    assert wishes.place().stat().st_mode & 0o077 == 0


def test_a_line_cut_short_is_refused_and_swallows_no_later_one():
    wishes.add(wishes.Wishes(frozenset({(1, "a")}), {}))
    whole = wishes.place().read_text()
    wishes.place().write_text(whole[:-9])
    wishes.add(wishes.Wishes(frozenset({(2, "b")}), {}))
    with pytest.raises(FolkmootError, match="Line 1"):
        wishes.read()
    assert wishes.place().read_text().splitlines()[1].count('"source": 2') == 1
