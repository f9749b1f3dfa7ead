"""A file's bytes and name in, its documents of speaking turns out. No database, no clock, no disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

from folkmoot.core.errors import BadImport

from .blocks import one_line
from .captions import read_captions
from .delimited import read_delimited
from .extent import text_file
from .markup import read_markdown, read_rst
from .office import read_docx, read_odt
from .pdf import read_pdf
from .shapes import Limits, ReadFile
from .sheets import read_ods, read_xlsx
from .sniffing import kind_of
from .speakers import documents
from .text import decode, text_blocks
from .webpages import read_html

Reader = Callable[..., ReadFile]


def read_source(name: str, content: bytes, *, limits: Limits = Limits()) -> ReadFile:  # noqa: B008 - frozen
    """All the documents of a file, with an account of every row, paragraph, line or cue of it.

    The format is taken from the bytes; a name that says otherwise is refused with what the file
    seems to be. Raises ``BadImport`` with one sentence and what to do, and nothing else.
    """
    file = one_line(name.replace("\\", "/").rpartition("/")[2]) or "file"
    if not content or not content.strip(b" \t\r\n\x0b\x0c\xef\xbb\xbf"):
        raise BadImport("The file is empty.", remedy="Check that it was saved, and import it again.")
    if len(content) > limits.file_bytes:
        raise BadImport(
            f"The file is {len(content) / 1e6:,.0f} MB, more than the {limits.file_bytes / 1e6:,.0f} MB one file may have.",
            remedy="Split it, or take pictures and recordings out of it.",
        )
    kind = kind_of(file, content)
    title = PurePosixPath(file).stem if "." in file else file
    return _READERS[kind](content, name=title or file, file=file, limits=limits)


def _plain(content: bytes, *, name: str, file: str, limits: Limits) -> ReadFile:
    text, notes = decode(content)
    made = documents(text_blocks(text), name=name, file=file, limits=limits, whole=text, notes=notes)
    return text_file(made, unit="paragraph")


_READERS: dict[str, Reader] = {
    "txt": _plain,
    "md": read_markdown,
    "rst": read_rst,
    "html": read_html,
    "docx": read_docx,
    "odt": read_odt,
    "pdf": read_pdf,
    "vtt": read_captions,
    "srt": read_captions,
    "csv": read_delimited,
    "xlsx": read_xlsx,
    "ods": read_ods,
}
