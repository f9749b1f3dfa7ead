"""What a file is, by its bytes first and its name second, and whether the two agree."""

from __future__ import annotations

import io
import re
import zipfile

from folkmoot.core.errors import BadImport

SUPPORTED = "txt, md, html, rst, docx, odt, pdf, vtt, srt, csv, tsv, xlsx and ods"
BY_ENDING = {
    "txt": "txt", "text": "txt", "md": "md", "markdown": "md", "html": "html", "htm": "html", "xhtml": "html",
    "rst": "rst", "rest": "rst", "docx": "docx", "odt": "odt", "pdf": "pdf", "vtt": "vtt", "srt": "srt",
    "csv": "csv", "tsv": "csv", "tab": "csv", "xlsx": "xlsx", "xlsm": "xlsx", "ods": "ods",
}  # fmt: skip
_CALLED = {
    "txt": "plain text", "md": "Markdown", "html": "a web page", "rst": "reStructuredText",
    "docx": "a Word document", "odt": "an OpenDocument text", "pdf": "a PDF", "vtt": "WebVTT captions",
    "srt": "SubRip captions", "csv": "a table in plain text", "xlsx": "an Excel workbook",
    "ods": "an OpenDocument spreadsheet",
}  # fmt: skip
_BINARY = {"docx", "odt", "pdf", "xlsx", "ods"}
# What people upload by mistake, by how it begins, and what to do about it.
_UNREADABLE: tuple[tuple[bytes, str, str], ...] = (
    (b"{\\rtf", "a rich text file (rtf)", "Open it in a word processor and save it as docx."),
    (b"\x89PNG", "a picture (png)", "Import the text, not a picture of it."),
    (b"\xff\xd8\xff", "a picture (jpeg)", "Import the text, not a picture of it."),
    (b"GIF8", "a picture (gif)", "Import the text, not a picture of it."),
    (b"II*\x00", "a picture (tiff)", "Import the text, not a picture of it."),
    (b"MM\x00*", "a picture (tiff)", "Import the text, not a picture of it."),
    (b"ID3", "a sound recording", "Import its transcript."),
    (b"\xff\xfb", "a sound recording", "Import its transcript."),
    (b"OggS", "a recording", "Import its transcript."),
    (b"fLaC", "a sound recording", "Import its transcript."),
    (b"RIFF", "a recording or picture", "Import its transcript."),
    (b"\x1aE\xdf\xa3", "a video", "Import its transcript."),
    (b"\x1f\x8b", "a compressed file (gzip)", "Unpack it and import what is inside."),
    (b"7z\xbc\xaf\x27\x1c", "a compressed archive (7z)", "Unpack it and import the files inside."),
    (b"Rar!", "a compressed archive (rar)", "Unpack it and import the files inside."),
    (b"BZh", "a compressed file (bzip2)", "Unpack it and import what is inside."),
    (b"\xfd7zXZ", "a compressed file (xz)", "Unpack it and import what is inside."),
    (b"SQLite format 3\x00", "a database", "Export the transcripts from the program that wrote it."),
    (b"\x7fELF", "a program", "Import a document instead."),
    (b"MZ\x90\x00", "a program", "Import a document instead."),
)
_SRT = re.compile(r"\A\s*(?:\d+\s*\n)?\s*\d{1,2}:\d{2}:\d{2}[,.]\d{1,3}\s*-->", re.MULTILINE)
_HTML = re.compile(
    r"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(
    r"<(?:p|div|br|h[1-6]|span|table|ul|ol|li|body|b|i|strong|em|pre|blockquote)\b[^>]*>", re.IGNORECASE
)


def kind_of(name: str, content: bytes) -> str:
    """The format to read the file as, or ``BadImport`` with what it seems to be and what to do."""
    ending = name.rpartition(".")[2].casefold() if "." in name else ""
    named = BY_ENDING.get(ending, "")
    found = _binary_kind(content)
    if found:
        return _agreed(named, found, ending=ending)
    if named in _BINARY:
        raise BadImport(
            f"The file is named .{ending} but its contents are not {_CALLED[named]}; it is damaged or wrongly named.",
            remedy="Save it again from the program that made it.",
        )
    head = _head(content)
    found = _text_kind(head)
    if found:
        if not named or named == found or (found == "html" and named == "md"):
            return _known(found, named, ending=ending)
        return _agreed(named, found, ending=ending)
    if named in {"vtt", "srt"}:
        raise BadImport(
            f"The file is named .{ending} but does not begin as {_CALLED[named]} do; it seems to be plain text.",
            remedy="Rename it to end in .txt, or export the captions again.",
        )
    if named == "html" and not _TAG.search(head):
        raise BadImport(
            f"The file is named .{ending} but holds no markup; it seems to be plain text.",
            remedy="Rename it to end in .txt.",
        )
    return _known("txt", named, ending=ending)


def _known(found: str, named: str, *, ending: str) -> str:
    if (
        not named
        and ending
        and len(ending) <= 5
        and ending.isalnum()
        and not ending.isdigit()
        and found == "txt"
    ):
        raise BadImport(
            f"Files ending in .{ending} are not read here.", remedy=f"Save it as one of {SUPPORTED}."
        )
    return named or found


def _agreed(named: str, found: str, *, ending: str) -> str:
    if named and named != found:
        raise BadImport(
            f"The file is named .{ending} but seems to be {_CALLED[found]}.",
            remedy=f"Rename it to end in .{found} and import it again.",
        )
    return found


def _binary_kind(content: bytes) -> str:
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip_kind(content)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise _ole(content)
    for start, what, remedy in _UNREADABLE:
        if content.startswith(start):
            raise BadImport(f"The file seems to be {what}, which is not read here.", remedy=remedy)
    if content[4:8] == b"ftyp":
        raise BadImport(
            "The file seems to be a recording, which is not read here.", remedy="Import its transcript."
        )
    return ""


def _zip_kind(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = set(packed.namelist())
            kind = packed.open("mimetype").read(200) if "mimetype" in names else b""
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
        ValueError,
        KeyError,
    ) as error:
        if "mimetype" in str(error) or "password" in str(error) or "encrypted" in str(error):
            raise locked() from None
        raise BadImport(
            "The file is a damaged document or archive: its contents cannot be listed.",
            remedy="Save it again from the program that made it, or copy it again.",
        ) from None
    except Exception:
        raise BadImport(
            "The file is a damaged document or archive: its contents cannot be listed.",
            remedy="Save it again from the program that made it, or copy it again.",
        ) from None
    if "word/document.xml" in names:
        return "docx"
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return "xlsx"
    if b"opendocument.text" in kind:
        return "odt"
    if b"opendocument.spreadsheet" in kind:
        return "ods"
    if "project.qde" in names:
        raise BadImport(
            "The file is a REFI-QDA project, not a transcript.",
            remedy="Import it as a project, not as a source.",
        )
    if any(n.startswith("ppt/") for n in names) or b"presentation" in kind:
        raise BadImport(
            "The file is a presentation, which is not read here.", remedy="Save its text as docx or pdf."
        )
    if b"epub" in kind:
        raise BadImport(
            "The file is an electronic book, which is not read here.", remedy="Save its text as docx or html."
        )
    raise BadImport(
        "The file is a zip archive, not a document.",
        remedy="Unpack it and import the files inside, several at once.",
    )


def locked() -> BadImport:
    """The refusal of a file that is protected by a password."""
    return BadImport(
        "The file is protected by a password, so it cannot be read.",
        remedy="Open it, remove the password and import it again.",
    )


def _ole(content: bytes) -> BadImport:
    def holds(word: str) -> bool:
        return word.encode("utf-16-le") in content

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        return locked()
    if holds("WordDocument"):
        return BadImport(
            "The file is a Word document of the old kind (doc).", remedy="Save it as docx and import that."
        )
    if holds("Workbook") or holds("Book"):
        return BadImport(
            "The file is an Excel workbook of the old kind (xls).", remedy="Save it as xlsx and import that."
        )
    return BadImport(
        "The file is an Office document of an old kind.", remedy="Save it as docx or xlsx and import that."
    )


def _head(content: bytes) -> str:
    start = content[:4096]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return (
            start.decode("utf-16", errors="replace")
            .lstrip("\ufeff")
            .replace("\r\n", "\n")
            .replace("\r", "\n")
        )
    return start.decode("utf-8", errors="replace").lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _text_kind(head: str) -> str:
    if re.match(r"WEBVTT(?:[ \t\n]|$)", head):
        return "vtt"
    if _SRT.match(head):
        return "srt"
    if _HTML.match(head):
        return "html"
    return ""
