"""An edition as a Word file: real headings, tables with header rows and descriptions, a title and a language."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from folkmoot.briefings.rendering.blocks import Laid
from folkmoot.briefings.rendering.plain import plain

TEAL, MUTED, INK = RGBColor(0x0E, 0x4A, 0x50), RGBColor(0x4A, 0x5A, 0x60), RGBColor(0x14, 0x26, 0x2B)
FICTIONAL = "Fictional. The organisations, people, words and evaluations here are invented. Published studies in the library are real."
Part = dict[str, Any]


def render(laid: Laid, *, site: str = "") -> bytes:
    """The finished file."""
    return _Writer(plain(laid), site).written()


class _Writer:
    """Writes one file; ``into`` is the document or the cell of a table."""

    def __init__(self, laid: Part, site: str) -> None:
        self.laid, self.site = laid, site
        self.document = Document()
        self._styles()
        self._about()
        self._edges()

    def written(self) -> bytes:
        laid, into = self.laid, self.document
        into.add_paragraph(laid["kicker"], style="Quiet")
        into.add_paragraph(laid["title"], style="Title")
        self._said(into, {"lead": laid["label"], "text": laid["state_sentence"], "state": laid["state"]})
        for key, text in laid["facts"]:
            self._said(into, {"lead": f"{key}:", "text": text})
        if laid["notices"]:
            into.add_paragraph("Notices since publication", style="Strong line")
            for one in laid["notices"]:
                self._said(into, {"lead": f"{one['day']}.", "text": one["text"]}, style="List Bullet")
        into.add_paragraph(laid["claim"], style="Lead")
        if laid["weakest"]:
            lead = {"lead": "A chain holds no better than its weakest link."}
            self._said(into, laid["weakest"] | lead)
        self._block(into, laid["short"])
        into.add_paragraph(
            "A study that reads on several steps is counted once. Tests and accounts are never added up.",
            style="Quiet",
        )
        if laid["introduction"]:
            into.add_paragraph("Introduction by the editors", style="Strong line")
            for text in laid["introduction"]:
                into.add_paragraph(text)
        for section in laid["sections"]:
            into.add_heading(section["title"], level=1)
            into.add_paragraph(section["question"], style="Question")
            for block in section["blocks"]:
                self._block(into, block)
            if section["remark"]:
                self._said(into, {"lead": "The editors remark:", "text": section["remark"]})
        if laid["fingerprint"]:
            into.add_paragraph(
                f"Fingerprint of the frozen content (SHA-256): {laid['fingerprint']}", style="Quiet"
            )
        file = io.BytesIO()
        self.document.save(file)
        return file.getvalue()

    def _styles(self) -> None:
        styles = self.document.styles
        normal = styles["Normal"]
        normal.font.name, normal.font.size, normal.font.color.rgb = "Calibri", Pt(10.5), INK
        normal.paragraph_format.space_after = Pt(6)
        for level in range(1, 6):
            heading = styles[f"Heading {level}"]
            heading.font.color.rgb = TEAL
            heading.font.name = "Calibri"
            heading.font.size = Pt((18, 13.5, 11.5, 11, 10.5)[level - 1])
        styles["Title"].font.color.rgb = TEAL
        for name, base, size, colour in (
            ("Quiet", "Normal", 9, MUTED),
            ("Question", "Normal", 11, MUTED),
            ("Lead", "Normal", 13, INK),
            ("Strong line", "Normal", 10.5, INK),
            ("Counted", "Normal", 10, INK),
            ("Gone", "Normal", 10, MUTED),
        ):
            style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = styles[base]
            style.font.size, style.font.color.rgb = Pt(size), colour
        styles["Strong line"].font.bold = True
        styles["Strong line"].paragraph_format.keep_with_next = True
        styles["Question"].font.italic = True
        styles["Counted"].paragraph_format.left_indent = Cm(0.3)
        styles["Gone"].font.italic = True
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), self.laid["language"])
        normal.element.get_or_add_rPr().append(language)

    def _about(self) -> None:
        properties = self.document.core_properties
        mark = "Fictional: " if self.laid["fictional"] else ""
        properties.title = f"{mark}{self.laid['title']}, {self.laid['label']}"[:255]
        properties.subject = self.laid["kicker"][:255]
        properties.author = "Folkmoot"
        properties.language = self.laid["language"]
        properties.comments = ""

    def _edges(self) -> None:
        """The header and footer of every page."""
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.1)
        head = section.header.paragraphs[0]
        head.text = FICTIONAL if self.laid["fictional"] else f"{self.laid['title']}, {self.laid['label']}"
        head.style = self.document.styles["Quiet"]
        if self.laid["fictional"]:
            head.runs[0].bold = True
        foot = section.footer.paragraphs[0]
        foot.style = self.document.styles["Quiet"]
        foot.add_run(f"{self.laid['title']}, {self.laid['label']} ({self.laid['state']}), page ")
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            _field(foot.add_run(), kind, text)

    def _block(self, into: Any, block: Part) -> None:
        getattr(self, f"_{block['kind']}")(into, block)

    def _heading(self, into: Any, block: Part) -> None:
        into.add_paragraph(block["text"], style=f"Heading {min(block['level'] - 1, 5)}")

    def _paragraph(self, into: Any, block: Part) -> None:
        style = {"count": "Counted", "gone": "Gone"}.get(block["manner"])
        self._said(into, block["said"], style=style)

    def _facts(self, into: Any, block: Part) -> None:
        if block["title"]:
            self._said(into, block["origin"] | {"lead": block["title"]}, style="Strong line")
        table = _table(into, 2, block["title"] or "How it was made", "Named facts, one to a row.")
        _head(table, ("What", "As recorded"))
        for key, text in block["rows"]:
            cells = table.add_row().cells
            cells[0].paragraphs[0].add_run(key).bold = True
            cells[1].paragraphs[0].add_run(text)
        _widths(table, (4.2, 12.6))
        into.add_paragraph("", style="Quiet")

    def _bullets(self, into: Any, block: Part) -> None:
        if block["title"]:
            into.add_paragraph(block["title"], style="Strong line")
        for item in block["items"]:
            self._said(into, item, style="List Bullet")
        if not block["items"] and block["nothing"]:
            into.add_paragraph(block["nothing"], style="Quiet")

    def _quote(self, into: Any, block: Part) -> None:
        into.add_paragraph(f"“{block['text']}”", style="Quote")
        self._said(into, block["attribution"], style="Quiet")

    def _standing(self, into: Any, block: Part) -> None:
        lead = f"Standing: {_spoken(block)}."
        self._said(into, {"lead": lead, "text": f"{block['detail']}. {block['sentence']} {block['rule']}"})

    def _steps(self, into: Any, block: Part) -> None:
        into.add_paragraph(block["caption"], style="Strong line")
        table = _table(
            into, 5, block["caption"], "One step to a row: what leads to what, its standing and the rule."
        )
        _head(table, ("Step", "What leads to what", "Standing", "Tests that count", "Rule"))
        for row in block["rows"]:
            cells = table.add_row().cells
            cells[0].paragraphs[0].add_run(str(row["number"]))
            self._link(cells[1].paragraphs[0], row["link"])
            if row["own_words"]:
                cells[1].add_paragraph(f"Here they say: {row['own_words']}", style="Quiet")
            if row["weakest"]:
                cells[1].add_paragraph("Weakest link", style="Strong line")
            cells[2].paragraphs[0].add_run(_spoken(row["standing"])).bold = True
            cells[3].paragraphs[0].add_run(row["standing"]["detail"])
            cells[4].paragraphs[0].add_run(row["standing"]["rule"])
        _widths(table, (1.2, 6.6, 2.6, 3, 3.4))
        into.add_paragraph("", style="Quiet")

    def _sides(self, into: Any, block: Part) -> None:
        """For and against as two columns of one width under their header row."""
        if block["title"]:
            into.add_paragraph(block["title"], style=f"Heading {min(block['level'] - 1, 5)}")
        both = (block["for_it"], block["against"])
        table = _table(
            into, 2, block["title"], "Two columns of one width: what speaks for, and what speaks against."
        )
        _head(table, tuple(f"{side['label']} ({side['count']})" for side in both))
        cells = table.add_row().cells
        for cell, side in zip(cells, both, strict=True):
            for one in side["blocks"]:
                self._block(cell, one)
            if not side["blocks"]:
                cell.add_paragraph(side["nothing"], style="Quiet")
            first = cell.paragraphs[0]
            if not first.text and len(cell.paragraphs) > 1:
                first._p.getparent().remove(first._p)
        _widths(table, (8.4, 8.4))
        into.add_paragraph("", style="Quiet")

    def _said(self, into: Any, said: Part, *, style: str | None = None) -> None:
        paragraph = into.add_paragraph(style=style)
        if said.get("lead"):
            space = " " if said["text"] else ""
            paragraph.add_run(f"{said['lead']}{space}").bold = True
        paragraph.add_run(said["text"])
        if said.get("state"):
            paragraph.add_run(f" [{said['state']}]").bold = True
        if said.get("since"):
            paragraph.add_run(f" {said['since']}").bold = True
        for place, link in enumerate(said.get("links") or ()):
            paragraph.add_run(" (" if place == 0 else "; ")
            self._link(paragraph, link)
        if said.get("links"):
            paragraph.add_run(")")

    def _link(self, paragraph: Any, link: Part) -> None:
        if not self.site or not link["path"]:
            paragraph.add_run(link["label"])
            return
        key = paragraph.part.relate_to(
            f"{self.site}{link['path']}", RELATIONSHIP_TYPE.HYPERLINK, is_external=True
        )
        anchor = OxmlElement("w:hyperlink")
        anchor.set(qn("r:id"), key)
        run = paragraph.add_run(link["label"])
        run.font.underline, run.font.color.rgb = True, RGBColor(0x0B, 0x5C, 0x75)
        anchor.append(run._r)
        paragraph._p.append(anchor)


def _spoken(standing: Part) -> str:
    return f"{standing['word']}, {standing['leaning']}" if standing["leaning"] else str(standing["word"])


def _table(into: Any, columns: int, caption: str, description: str) -> Any:
    """A table with its title and description for those who hear it read."""
    add = into.add_table
    table = add(rows=1, cols=columns, style="Table Grid") if hasattr(into, "save") else add(1, columns)
    properties = table._tbl.tblPr
    for name, text in (("w:tblCaption", caption), ("w:tblDescription", description)):
        element = OxmlElement(name)
        element.set(qn("w:val"), text)
        properties.append(element)
    return table


def _head(table: Any, labels: tuple[str, ...]) -> None:
    """The first row as a header that Word repeats on every page and reads out."""
    row = table.rows[0]
    for cell, label in zip(row.cells, labels, strict=True):
        cell.paragraphs[0].add_run(label).bold = True
    marker = OxmlElement("w:tblHeader")
    marker.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(marker)


def _widths(table: Any, centimetres: tuple[float, ...]) -> None:
    table.autofit = False
    for row in table.rows:
        for cell, width in zip(row.cells, centimetres, strict=True):
            cell.width = Cm(width)


def _field(run: Any, kind: str, text: str) -> None:
    element = OxmlElement("w:fldChar" if kind else "w:instrText")
    if kind:
        element.set(qn("w:fldCharType"), kind)
    else:
        element.text = text
    run._r.append(element)
