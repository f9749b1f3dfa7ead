"""Tags for every page: standings, tables, tabs, pages of a list. Forms have their own file, form_tags."""

from __future__ import annotations

from functools import cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from folkmoot.ui.pictures import marks
from folkmoot.ui.pictures.picture import Picture
from folkmoot.ui.templatetags.form_tags import error_summary, field

register = template.Library()
# one {% load ui_tags %} is enough for a page with a form
register.simple_tag(field)
register.simple_tag(error_summary)

# the words for states that the rooms use, and a colour for each; the word always stands there too
STATE_COLOURS = {
    "provisional": "yellow",
    "confirmed": "green",
    "disputed": "red",
    "superseded": "grey",
    "withdrawn": "grey",
    "retracted": "red",
    "draft": "grey",
    "in review": "yellow",
    "published": "green",
    "not verified": "orange",
    "fictional": "purple",
    "unread": "blue",
    "reviewed": "green",
    "not reviewed": "yellow",
    "overdue": "red",
    "answered": "green",
    "resolved": "green",
    "open": "blue",
}


@register.simple_tag
def standing(word: str, leaning: str | None = None, scope: str = "") -> SafeString:
    """The shape and the word of a standing; ``scope`` ("network" or "ours") is said before it."""
    return _standing(str(word), leaning or None, scope)


@cache
def _standing(word: str, leaning: str | None, scope: str) -> SafeString:
    # there are a dozen of these at most, and a list shows hundreds
    return mark_safe(  # the partial escapes; its newline would leave a gap in running text
        render_to_string(
            "ui/parts/standing.html",
            {
                "word": word,
                "spoken": marks.spoken(word, leaning),
                "mark": mark_safe(marks.mark(word, leaning)),
                "scope": scope,
            },
        ).strip()
    )


@register.simple_tag
def table_rows(rows: Any) -> SafeString:
    """The rows of a table, the first cell of each its head. Not a template: tables have thousands of cells."""
    return mark_safe("\n".join(_row(row) for row in rows))


def _row(row: Any) -> str:
    parts = []
    for place, entry in enumerate(row):
        numeric = entry["numeric"] if isinstance(entry, dict) else entry.numeric
        kind = " govuk-table__cell--numeric" if numeric else ""
        parts.append(
            f'<td class="govuk-table__cell{kind}">{cell(entry)}</td>'
            if place
            else f'<th scope="row" class="govuk-table__header">{cell(entry)}</th>'
        )
    return f'<tr class="govuk-table__row">{"".join(parts)}</tr>'


@register.simple_tag
def cell(entry: Any) -> SafeString:
    """What one cell of a table shows: a standing, a link or a text."""
    word, leaning, text, url = (
        entry[name] if isinstance(entry, dict) else getattr(entry, name)
        for name in ("word", "leaning", "text", "url")
    )
    if word:
        return _standing(str(word), leaning or None, "")
    if url:
        return format_html('<a class="govuk-link" href="{}">{}</a>', url, text)
    return conditional_escape(text)


@register.inclusion_tag("ui/parts/standings_key.html")
def standings_key() -> dict[str, Any]:
    """All six shapes with what they mean in plain words."""
    return {"standings": list(marks.STANDINGS.values())}


@register.simple_tag
def state_tag(state: str, label: str = "") -> SafeString:
    """A coloured tag for the state of a thing; ``state`` picks the colour, ``label`` replaces its word."""
    key = str(state).replace("_", " ").lower()
    colour = STATE_COLOURS.get(key, "")
    text = label or key[:1].upper() + key[1:]
    css = f"govuk-tag govuk-tag--{colour}" if colour else "govuk-tag govuk-tag--grey"
    return format_html('<strong class="{}">{}</strong>', css, text)


@register.filter
def counted(for_count: int, against_count: int) -> str:
    """``3|counted:1`` → "3 for, 1 against"."""
    return marks.counted(for_count, against_count)


@register.inclusion_tag("ui/parts/pager.html", takes_context=True)
def pager(context: Context, page: Page[Any], parameter: str = "page") -> dict[str, Any]:
    """Previous, next and the numbers around the present page; the other filters in the address stay."""
    request = context.get("request")
    query = request.GET.copy() if request is not None else None

    def address(number: int) -> str:
        if query is None:
            return f"?{parameter}={number}"
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    last = page.paginator.num_pages
    shown = sorted({1, last, *(n for n in range(page.number - 1, page.number + 2) if 1 <= n <= last)})
    entries: list[dict[str, Any]] = []
    for index, number in enumerate(shown):
        if index and number - shown[index - 1] > 1:
            entries.append({"gap": True})
        entries.append({"number": number, "url": address(number), "current": number == page.number})
    return {
        "page": page,
        "entries": entries,
        "previous": address(page.number - 1) if page.has_previous() else None,
        "next": address(page.number + 1) if page.has_next() else None,
    }


@register.inclusion_tag("ui/parts/picture.html")
def picture(drawn: Picture, id: str = "picture", first: int = 10, all_url: str = "") -> dict[str, Any]:
    """A picture with its caption, both its sizes and its table; ``first`` rows lead on a phone."""
    rows = drawn.table.rows[:first] if drawn.table_first else ()
    # the svg module escaped every value when it wrote the drawing
    return {
        "id": id,
        "picture": drawn,
        "wide": mark_safe(drawn.wide),
        "narrow": mark_safe(drawn.narrow),
        "first_rows": [
            [
                {
                    "label": label,
                    "text": c.text,
                    "url": c.url,
                    "numeric": c.numeric,
                    "word": c.word,
                    "leaning": c.leaning,
                }
                for label, c in zip(drawn.table.columns, row, strict=True)
            ]
            for row in rows
        ],
        "all_url": all_url,
        "all_label": f"All {len(drawn.table.rows)} in a list",
    }


@register.simple_block_tag(takes_context=True)
def tab(context: Context, content: SafeString, label: str, count: int | None = None, id: str = "") -> str:
    """One panel inside ``{% tabs %}``."""
    entry = {"id": id or slugify(label), "label": label, "count": count, "content": content}
    _waiting(context, "ui_tabs").append(entry)
    return ""


@register.simple_block_tag(takes_context=True)
def tabs(context: Context, content: SafeString, title: str = "Contents") -> str:
    """Tabs that are a list of links and all panels in turn where there is no JavaScript."""
    return render_to_string("ui/parts/tabs.html", {"title": title, "tabs": _taken(context, "ui_tabs")})


@register.simple_block_tag(takes_context=True)
def side(
    context: Context,
    content: SafeString,
    name: str,
    count: int = 0,
    label: str = "",
    nothing: str = "",
    id: str = "",
) -> str:
    """One of the two columns inside ``{% sides %}``; ``name`` is "for" or "against"."""
    _waiting(context, "ui_sides").append(
        {
            "id": id or f"side-{name}",
            "name": name,
            "label": label or name.capitalize(),
            "count": count,
            "content": mark_safe(content.strip()),
            "nothing": nothing or f"Nothing recorded reads {name} it.",
        }
    )
    return ""


@register.simple_block_tag(takes_context=True)
def sides(context: Context, content: SafeString) -> str:
    """For and against in equal columns; on a phone two equal links with their counts lead to them."""
    return render_to_string("ui/parts/sides.html", {"sides": _taken(context, "ui_sides")})


@register.simple_block_tag
def details(content: SafeString, summary: str, open: bool = False) -> str:
    """Something that not everybody needs, behind a line that says what it is."""
    return render_to_string("ui/parts/details.html", {"summary": summary, "content": content, "open": open})


@register.simple_block_tag
def notification(content: SafeString, title: str = "To know", kind: str = "", id: str = "") -> str:
    """A banner in the page; ``kind`` is "success", "refused" or nothing."""
    return render_to_string(
        "ui/parts/notification.html",
        {"title": title, "content": content, "kind": kind, "id": id or slugify(title)},
    )


def _waiting(context: Context, key: str) -> list[dict[str, Any]]:
    # children are rendered before the tag around them, so they leave their part here for it to take
    if context.render_context.get(key) is None:
        context.render_context[key] = []
    return context.render_context[key]


def _taken(context: Context, key: str) -> list[dict[str, Any]]:
    parts = _waiting(context, key)
    context.render_context[key] = []
    return parts
