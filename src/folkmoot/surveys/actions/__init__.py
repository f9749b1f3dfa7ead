"""All writing of indicators, surveys and series."""

from folkmoot.surveys.actions.answers import (
    bring_in_answers,
    erase_answers,
    store_breakdown,
    store_figures,
    weight_to,
)
from folkmoot.surveys.actions.indicators import create_indicator, end_indicator, revise_indicator
from folkmoot.surveys.actions.otherwise import record_otherwise, revise_otherwise
from folkmoot.surveys.actions.series import (
    bring_in_series,
    declare_event,
    remove_event,
    revise_series,
)
from folkmoot.surveys.actions.surveys import (
    QuestionDraft,
    TurnoutDraft,
    add_wave,
    create_survey,
    revise_questions,
    revise_survey,
    revise_wave,
    set_turnout,
)

__all__ = [
    "QuestionDraft",
    "TurnoutDraft",
    "add_wave",
    "bring_in_answers",
    "bring_in_series",
    "create_indicator",
    "create_survey",
    "declare_event",
    "end_indicator",
    "erase_answers",
    "record_otherwise",
    "remove_event",
    "revise_indicator",
    "revise_otherwise",
    "revise_questions",
    "revise_series",
    "revise_survey",
    "revise_wave",
    "set_turnout",
    "store_breakdown",
    "store_figures",
    "weight_to",
]
