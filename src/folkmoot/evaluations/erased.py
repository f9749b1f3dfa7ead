"""What goes with the answers of a wave when they are erased."""

from __future__ import annotations

from typing import Any

from folkmoot.evaluations.actions.data import erase_with_answers
from folkmoot.evaluations.models import Dataset
from folkmoot.surveys.models import Microdata


def erase_tables(microdata: Microdata, by: Any) -> None:
    """The tables that were taken of these answers. Runs on them keep their figures and say that they are gone."""
    for dataset in Dataset.objects.filter(waves=microdata.wave_id, erased_at=None):
        erase_with_answers(dataset, why=microdata.erased_why, by=by)
