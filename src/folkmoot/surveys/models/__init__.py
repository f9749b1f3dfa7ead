"""What is measured, with which questions, when, and what was published: indicators, surveys, series.

What does not belong here: what an evaluation makes of it (``evaluations``), who lives where (``communities``).
"""

from folkmoot.surveys.models.indicators import OUTCOMES, Indicator
from folkmoot.surveys.models.microdata import Margin, Microdata, Result, Variable
from folkmoot.surveys.models.otherwise import Otherwise
from folkmoot.surveys.models.series import Series, SeriesArea, SeriesEvent, SeriesImport, SeriesValue
from folkmoot.surveys.models.waves import InstrumentVersion, Question, Survey, Turnout, Wave

__all__ = [
    "OUTCOMES",
    "Indicator",
    "InstrumentVersion",
    "Margin",
    "Microdata",
    "Otherwise",
    "Question",
    "Result",
    "Series",
    "SeriesArea",
    "SeriesEvent",
    "SeriesImport",
    "SeriesValue",
    "Survey",
    "Turnout",
    "Variable",
    "Wave",
]
