"""Every read of sources: lists, words within their consent, turns, proposals, search."""

from folkmoot.sources.queries.lists import SourceRow, source_counts, source_rows, sources_for
from folkmoot.sources.queries.reading import ShownTurn, SpeakerRow, around_passage, speakers_of, turns_of
from folkmoot.sources.queries.reviewing import ProposalRow, proposals_of, review_state, spans_in_turn
from folkmoot.sources.queries.search import Found, Hit, search_passages
from folkmoot.sources.queries.words import Words, label_of, words_of

__all__ = [
    "Found",
    "Hit",
    "ProposalRow",
    "ShownTurn",
    "SourceRow",
    "SpeakerRow",
    "Words",
    "around_passage",
    "label_of",
    "proposals_of",
    "review_state",
    "search_passages",
    "source_counts",
    "source_rows",
    "sources_for",
    "spans_in_turn",
    "speakers_of",
    "turns_of",
    "words_of",
]
