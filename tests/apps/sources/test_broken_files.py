"""Files that cannot be read: a sentence each, from the page and from the command, and nothing stored."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from folkmoot.project.commands import run
from folkmoot.sources.models import Import, Original, Source


def _archive(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return made.getvalue()


def _bomb() -> bytes:
    """A Word file of some hundred kilobytes that unpacks to several hundred megabytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as file:
            block = b" " * 10_000_000
            for _ in range(35):
                file.write(block)
    return made.getvalue()


def _encrypted_zip() -> bytes:
    content = bytearray(_archive(**{"word__document.xml": b"<w/>", "[Content_Types].xml": b"<Types/>"}))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(sign)
        while place >= 0:
            content[place + at] |= 1
            place = content.find(sign, place + 4)
    return bytes(content)


BROKEN = {
    "empty.txt": b"",
    "blank.md": b" \n\n ",
    "cut short.docx": _archive(**{"word__document.xml": b"<w:document"})[:80],
    "not a pdf.pdf": b"%PDF-1.7\nnothing of the kind",
    "a picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "an archive.txt": _archive(a=b"b"),
    "old word.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "locked.docx": _encrypted_zip(),
    "bomb.docx": _bomb(),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_gets_a_sentence_on_the_page(cast, as_, name):
    answer = as_(cast.dina).post(
        reverse("source_import"),
        {
            "chosen": SimpleUploadedFile(name, BROKEN[name]),
            "kind": "transcript",
            "owner": f"team-{cast.team.pk}",
            "consent": "count",
        },
    )
    page = b"".join(answer.streaming_content).decode()
    assert "Nothing was brought in" in page and name in page
    assert not any(kind.objects.exists() for kind in (Import, Original, Source))


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_gets_a_sentence_from_the_command(cast, tmp_path, monkeypatch, capsys, name):
    monkeypatch.setenv("FOLKMOOT_DIR", str(tmp_path))
    (tmp_path / name).write_bytes(BROKEN[name])
    status = run(
        ["import", "transcript", str(tmp_path / name), "--team", "evidence", "--as", "dina@example.org"]
    )
    said = capsys.readouterr()
    sentence = said.err.strip().splitlines()[-1]
    assert status == 1 and sentence.startswith(f"{name}: ") and len(sentence) > len(name) + 20
    assert "Traceback" not in said.err and not Import.objects.exists()
