"""What was said, in people's words; what was decided and why; who was told; what they answered; votes.

One object carries it: the concern. What does not belong here: who was reached (``activities``), what is
measured (``surveys``).
"""

from folkmoot.heard.models.answers import Decision, Promise, Telling
from folkmoot.heard.models.concerns import Concern, Contribution, Intake, Said, ThemeMark
from folkmoot.heard.models.priorities import ElectionPeriod, Priority, PriorityWords
from folkmoot.heard.models.public import Correction, Reply
from folkmoot.heard.models.votes import Conversation, Result, Statement

__all__ = [
    "Concern",
    "Contribution",
    "Conversation",
    "Correction",
    "Decision",
    "ElectionPeriod",
    "Intake",
    "Priority",
    "PriorityWords",
    "Promise",
    "Reply",
    "Result",
    "Said",
    "Statement",
    "Telling",
    "ThemeMark",
]
