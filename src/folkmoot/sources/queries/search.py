"""Search over reviewed words. One question, two databases, one answer.

Only turns of live, reviewed sources whose words the viewer may read are looked at; nothing else is
found, counted or hinted at. A query that holds a name of a team's list finds nothing of that team's.
What does not belong here: building what is searched (``indexing``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Max, Min
from django.urls import NoReverseMatch, reverse

from folkmoot.sources.indexing import names_by_team
from folkmoot.sources.models import SearchText, Source, Speaker
from folkmoot.sources.names import asks_for_a_name, folded
from folkmoot.sources.policies import is_own, readable
from folkmoot.sources.queries.words import label_of

# beyond this many the page says "more than", so that a common word stays quick
COUNTED = 1000
AROUND = 140


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of the words found; ``hit`` where it is one of those asked for."""

    text: str
    hit: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """One turn that holds every word asked for."""

    turn_id: int
    number: int
    source_id: int
    source_label: str
    speaker: str
    excerpt: tuple[Excerpt, ...]
    url: str


@dataclass(frozen=True, slots=True)
class Found:
    """The hits asked for and how many there are; ``more`` where counting stopped at ``total``."""

    hits: tuple[Hit, ...]
    total: int
    more: bool


NOTHING = Found((), 0, False)


def terms_of(query: str) -> list[str]:
    """The words and quoted phrases of a query; signs and operators mean nothing."""
    found = re.findall(r"[\"“”]([^\"“”]+)[\"“”]|(\S+)", query[:400].replace("\x00", " "))
    return [term for pair in found if re.search(r"[^\W_]", term := pair[0] or pair[1])]


def search_passages(query: str, *, viewer: Any, limit: int = 20, offset: int = 0) -> Found:
    """The turns that hold all words and phrases of the query, in the order in which they were spoken."""
    terms = terms_of(query)
    if not terms:
        return NOTHING
    sources = _searchable(query, viewer=viewer)
    if not sources:
        return NOTHING
    ids = _matching(terms, source_ids=list(sources), limit=COUNTED + 1)
    more = len(ids) > COUNTED
    wanted = ids[offset : offset + limit] if offset < COUNTED else []
    rows = SearchText.objects.filter(pk__in=wanted).select_related("turn__speaker").in_bulk()
    hits = tuple(
        _hit(rows[pk], sources[rows[pk].source_id], terms=terms, viewer=viewer) for pk in wanted if pk in rows
    )
    return Found(hits, min(len(ids), COUNTED), more)


def _searchable(query: str, *, viewer: Any) -> dict[int, Source]:
    """The sources that this query of this viewer may look into."""
    found = Source.objects.filter(readable(viewer), redaction=Source.Redaction.REVIEWED)
    sources = {source.pk: source for source in found.select_related("organisation").order_by()}
    names = names_by_team({source.team_id for source in sources.values() if source.team_id})
    closed = {team_id for team_id, listed in names.items() if asks_for_a_name(query, names=listed)}
    return {pk: source for pk, source in sources.items() if source.team_id not in closed}


# PostgreSQL would keep "police/community" or an address whole; the other database parts them
_SIGNS = "/\\@.-_:+=~%#&?"
_PARTED = str.maketrans(_SIGNS, " " * len(_SIGNS))
# with so few sources it pays to ask first where their turns lie: the index is then read only there
FEW = 40
_EVERYWHERE = (0, 2**62)


def _matching(terms: Sequence[str], *, source_ids: Sequence[int], limit: int) -> list[int]:
    low, high = _span(source_ids) if len(source_ids) <= FEW else _EVERYWHERE
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # the cross join keeps the index in the lead: it yields turns in order, so the limit ends it early
            cursor.execute(
                "select found.rowid from sources_search as found"
                " cross join sources_searchtext as held on held.turn_id = found.rowid"
                " where sources_search match %s and found.rowid between %s and %s"
                " and held.source_id in (select value from json_each(%s))"
                " order by found.rowid limit %s",
                [
                    " ".join(f'"{term}"' for term in terms),
                    low,
                    high,
                    json.dumps(list(source_ids)),
                    limit,
                ],
            )
        else:
            asked = " && ".join(["phraseto_tsquery('folkmoot', %s)"] * len(terms))
            cursor.execute(
                f"select turn_id from sources_searchtext where words @@ ({asked})"
                " and turn_id between %s and %s and source_id = any(%s) order by turn_id limit %s",
                [*(term.translate(_PARTED) for term in terms), low, high, list(source_ids), limit],
            )
        return [row[0] for row in cursor.fetchall()]


def _span(source_ids: Sequence[int]) -> tuple[int, int]:
    """Between which turns the sources lie."""
    ends = SearchText.objects.filter(source__in=source_ids).aggregate(low=Min("turn_id"), high=Max("turn_id"))
    return ends["low"] or 0, ends["high"] or 0


def _hit(row: SearchText, source: Source, *, terms: Sequence[str], viewer: Any) -> Hit:
    turn, own = row.turn, is_own(viewer, source)
    return Hit(
        turn_id=turn.pk,
        number=turn.number,
        source_id=source.pk,
        source_label=label_of(source, viewer=viewer),
        speaker=_called(turn.speaker, own=own),
        excerpt=excerpt_of(row.text, terms=terms),
        url=_address(source.pk, turn.number),
    )


def _called(speaker: Speaker | None, *, own: bool) -> str:
    if speaker is None:
        return ""
    return speaker.pseudonym if own else str(speaker.get_role_display())


def _address(source_id: int, number: int) -> str:
    try:
        return f"{reverse('reader', args=[source_id])}#turn-{number}"
    except NoReverseMatch:
        return reverse("source", args=[source_id])


def excerpt_of(text: str, *, terms: Sequence[str]) -> tuple[Excerpt, ...]:
    """The words around the first hit, with every hit in them marked."""
    asked = {word for term in terms for word in re.findall(r"[^\W_]+", folded(term))}
    # the index compares stems: a word counts as a hit when it begins as the word asked for does
    heads = tuple(word if len(word) < 5 else word[:-2] if len(word) > 6 else word[:-1] for word in asked)
    places = [
        match.span()
        for match in re.finditer(r"[^\W_]+", text)
        if (plain := folded(match[0])) in asked or (len(plain) > 3 and plain.startswith(_long(heads)))
    ]
    centre = places[0][0] if places else 0
    low, high = max(0, centre - AROUND), min(len(text), centre + AROUND)
    low = text.rfind(" ", 0, low) + 1 if low else 0
    high = (text.find(" ", high) + 1 or len(text)) if high < len(text) else high
    parts = [Excerpt("… ", False)] if low else []
    at = low
    for start, end in places:
        if start < at or end > high:
            continue
        if start > at:
            parts.append(Excerpt(text[at:start], False))
        parts.append(Excerpt(text[start:end], True))
        at = end
    parts.append(Excerpt(text[at:high] + ("…" if high < len(text) else ""), False))
    return tuple(part for part in parts if part.text)


def _long(heads: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(head for head in heads if len(head) > 3) or ("\uffff",)
