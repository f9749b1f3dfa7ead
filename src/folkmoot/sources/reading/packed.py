"""Documents that are zip archives of XML: opened with every size known before anything is unpacked.

Nothing here knows what the parts mean; ``office`` and ``sheets`` do.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from folkmoot.core.errors import BadImport

from .shapes import Limits
from .sniffing import locked

_MOST_PARTS = 5_000
# Word's XML seldom shrinks fifty-fold; a bomb shrinks a thousand-fold.
_MOST_SHRUNK = 300
_SHRUNK_FROM = 20_000_000


class Packed:
    """The parts of an archive whose declared sizes have been found bearable."""

    def __init__(self, content: bytes, *, limits: Limits) -> None:
        self._limits = limits
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            parts = self._zip.infolist()
        except Exception as error:  # a damaged archive fails in many ways, and all mean the same here
            raise _damaged() from error
        if any(part.flag_bits & 0x1 for part in parts):
            raise locked()
        unpacked = sum(part.file_size for part in parts)
        packed = sum(part.compress_size for part in parts)
        if len(parts) > _MOST_PARTS or unpacked > limits.unpacked_bytes:
            raise BadImport(
                f"The file unpacks to {unpacked / 1e6:,.0f} MB in {len(parts):,} parts, more than is read here.",
                remedy="Take pictures and recordings out of it, or save its text alone.",
            )
        if unpacked > _SHRUNK_FROM and unpacked > _MOST_SHRUNK * max(1, min(packed, len(content))):
            raise BadImport(
                f"The file is {len(content) / 1e6:,.1f} MB but would unpack to {unpacked / 1e6:,.0f} MB, as no real "
                "document does.",
                remedy="Save its text as a new document and import that.",
            )
        self.names = {part.filename for part in parts}

    def read(self, name: str) -> bytes:
        """One part whole; the zip module reads no more than the size already checked."""
        return b"".join(self.chunks(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """One part a megabyte at a time."""
        try:
            if self._zip.getinfo(name).file_size > self._limits.unpacked_bytes // 3:
                raise BadImport(
                    "The text of the file is too large to be read at once.",
                    remedy="Split it into several files.",
                )
            with self._zip.open(name) as part:
                while chunk := part.read(1_000_000):
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError, ValueError) as error:
            raise _damaged() from error
        except RuntimeError as error:
            raise (
                locked() if "password" in str(error) or "encrypted" in str(error) else _damaged()
            ) from error

    def xml(self, name: str) -> etree._Element:
        """One part as a tree."""
        return parse_xml(self.read(name))


def parse_xml(content: bytes) -> etree._Element:
    """A tree read without network, without a DTD and without entities; a file that declares any is refused."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
                             remove_pis=True, huge_tree=False)  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise _damaged() from error
    if root is None:
        raise _damaged()
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadImport(
            "The file declares its own XML entities, as no word processor does; it may be meant to do harm.",
            remedy="Open it where you trust it and save it as a new document.",
        )
    return root


def _damaged() -> BadImport:
    return BadImport(
        "The file is damaged: a part of it cannot be unpacked or read.",
        remedy="Save it again from the program that made it, or copy it again.",
    )
