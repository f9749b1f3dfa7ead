"""Every read of sources: lists, words within their consent, turns, proposals, search."""

from folkmoot.sources.queries.lists import SourceRow, source_counts, source_rows
from folkmoot.sources.queries.reading import ShownTurn, SpeakerRow, speakers_of, turns_of
from folkmoot.sources.queries.reviewing import ProposalRow, proposals_of, review_state
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
    "label_of",
    "proposals_of",
    "review_state",
    "search_passages",
    "source_counts",
    "source_rows",
    "speakers_of",
    "turns_of",
    "words_of",
]
