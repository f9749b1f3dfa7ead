"""From the columns of a wave to its figures: now, or as long work with progress that can be stopped.

What does not belong here: the estimates (``core.estimates``), keeping them (``actions.answers``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from folkmoot.audit.actions import TheInstance
from folkmoot.core.errors import NotYet
from folkmoot.jobs.models import Job
from folkmoot.jobs.registry import Progress
from folkmoot.surveys.figures import all_figures, figures_by
from folkmoot.surveys.models import Margin, Microdata, Variable
from folkmoot.surveys.queries.microdata import read_columns, weighted_design

FIGURES = "surveys.figures"  # the kind of long work
AT_ONCE = 3_000_000  # rows × answers that are worked out while somebody waits


def asked(microdata: Microdata) -> QuerySet[Variable]:
    """The columns that hold answers, not how the sample was drawn."""
    return microdata.variables.filter(role__in=[Variable.Role.CHOICE, Variable.Role.NUMBER])


def figures_now(
    microdata: Microdata, *, told: Callable[[int, int], None] | None = None
) -> dict[str, dict[str, Any]]:
    """The figures of every question. Writes nothing; ``told`` hears how far it is and may stop it."""
    names = list(asked(microdata).values_list("name", flat=True))
    held = read_columns(microdata, names)
    return all_figures(held.columns, weighted_design(microdata, held), told=told)


def breakdown_now(microdata: Microdata, *, variable: Variable, by: Variable) -> dict[str, Any]:
    """The figures of one question by the answers to another. Writes nothing."""
    margins = Margin.objects.filter(microdata=microdata).values_list("variable__name", flat=True)
    held = read_columns(microdata, list(dict.fromkeys([variable.name, by.name, *margins])))
    return figures_by(held.of(variable.name), held.of(by.name), weighted_design(microdata, held))


def long_figures(job: Job, progress: Progress) -> dict[str, Any]:
    """The long work: every question of one wave. Stopped or begun again, it leaves all figures or none."""
    from folkmoot.surveys.actions import store_figures

    microdata = Microdata.objects.select_related("wave__survey").filter(pk=job.arguments["microdata"]).first()
    if microdata is None or microdata.columns_sha256 != job.arguments["columns"] or microdata.erased_at:
        raise NotYet("The answers have been erased or replaced since, so there is nothing to work out.")
    found = figures_now(
        microdata, told=lambda done, total: progress(done, total, "working out the questions")
    )
    store_figures(microdata, figures=found, by=job.asked_by or TheInstance())
    return {
        "sentence": f"The figures of {len(found)} questions are there.",
        "url": reverse("wave", args=[microdata.wave_id]),
        "link": "Open the wave",
    }


def latest_job(microdata: Microdata | None) -> Job | None:
    """The work that is to give a wave its figures."""
    if microdata is None:
        return None
    return Job.objects.filter(kind=FIGURES, arguments__microdata=microdata.pk).order_by("-pk").first()
