"""Whoever brings a table that an older program saved gets the letters that are in it, or hears that it is no text."""

from __future__ import annotations

import pytest

from folkmoot.core.letters import letters_of

WORDS = "Café £5 Welsh ŷ\r\n"
OLD = "Café £5\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_what_says_how_it_is_written_is_read_for_certain(encoding):
    found = letters_of(WORDS.encode(encoding))
    assert (found.text, found.guessed) == (WORDS, False)


def test_what_an_old_spreadsheet_saved_is_read_and_called_a_guess():
    found = letters_of(OLD.encode("cp1252"))
    assert (found.text, found.guessed) == (OLD, True)


def test_what_a_file_declares_comes_before_a_guess_and_after_what_is_certain():
    assert letters_of("Łódź".encode("iso-8859-2"), declared="ISO-8859-2").text == "Łódź"
    assert letters_of(WORDS.encode(), declared="iso-8859-2").text == WORDS
    assert letters_of(OLD.encode("cp1252"), declared="no such letters").text == OLD


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfeh\x00e", b"\xef\xbb\xbf\xff", b"\x89PNG\r\n\x1a\n\x00\x00", b"caf\xe9\x01\x02", b"\x81\x8d"],
    ids=["broken off", "says one and is another", "a picture", "control characters", "no letters at all"],
)
def test_what_is_no_text_is_not_made_into_one(content):
    assert letters_of(content) is None


def test_nothing_is_an_empty_text():
    assert letters_of(b"").text == ""
