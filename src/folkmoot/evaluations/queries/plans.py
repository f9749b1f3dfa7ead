"""Plans as their pages show them: the list, one plan with all that belongs to it, and what a new one begins with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.power.two_arm import two_arm_means, two_arm_proportions
from folkmoot.evaluations.limits import missing_for_registration, refused_by_sight
from folkmoot.evaluations.models import Departure, Plan, Request, Rival, Sight
from folkmoot.evaluations.queries.sight import VERDICTS, SightView, in_unit, sight_of
from folkmoot.evaluations.sight.asking import SIZES
from folkmoot.mechanisms.models import Assumption, ReadyDesign
from folkmoot.organisations.visibility import visible
from folkmoot.surveys.models import Indicator, Series


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One plan in a list. ``assumption`` is None where this viewer may not see it."""

    plan: Plan
    assumption: Assumption | None
    verdict: str
    verdict_words: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    """Everything that the page of one plan shows."""

    plan: Plan
    assumption: Assumption | None
    indicator: Indicator | None
    indicator_hidden: bool
    past: Series | None
    past_hidden: bool
    sight: SightView | None
    rivals: tuple[Rival, ...]
    departures: tuple[Departure, ...]
    requests: tuple[Request, ...]
    missing: tuple[str, ...]
    refused: str
    change: str
    sizes: tuple[tuple[str, str], ...]

    @property
    def all_seen(self) -> bool:
        """Whether this viewer may see everything that the plan speaks of."""
        return self.assumption is not None and not self.indicator_hidden and not self.past_hidden


def listed_plans(viewer: Any, *, state: str = "", assumption: int | None = None) -> QuerySet[Plan]:
    """The plans that this person may see, with the latest verdict on each."""
    latest = Sight.objects.filter(plan=OuterRef("pk")).order_by("-id").values("answer__verdict")[:1]
    found: QuerySet[Plan] = (
        Plan.objects.visible_to(viewer)
        .select_related("assumption__cause", "assumption__effect", "organisation", "team")
        .annotate(verdict=Subquery(latest))
    )
    if state in Plan.State.values:
        found = found.filter(state=state)
    if assumption is not None:
        found = found.filter(assumption=assumption)
    return found


def plan_rows(plans: list[Plan], *, viewer: Any) -> list[PlanRow]:
    """Plans of a page, with their assumptions as far as this person sees them. One query."""
    seen = set(
        Assumption.objects.filter(visible(viewer), pk__in={one.assumption_id for one in plans}).values_list(
            "pk", flat=True
        )
    )
    return [
        PlanRow(
            plan=one,
            assumption=one.assumption if one.assumption_id in seen else None,
            verdict=verdict,
            verdict_words=VERDICTS[verdict][0] if verdict in VERDICTS else "",
        )
        for one, verdict in ((one, getattr(one, "verdict", None) or "") for one in plans)
    ]


def plans_of(assumption_id: int, *, viewer: Any) -> list[tuple[int, str, str, str]]:
    """The plans about one assumption that this person may see: number, title, state, and why it ended so. One query."""
    rows = Plan.objects.visible_to(viewer).filter(assumption=assumption_id)
    return [
        (pk, title, str(Plan.State(state).label), because)
        for pk, title, state, because in rows.values_list("pk", "title", "state", "because")
    ]


def plan_page(plan: Plan, *, viewer: Any) -> PlanPage:
    """One plan with its latest answer, rivals, departures and requests, each as far as this person sees it."""
    sight = plan.sights.first()
    past = Series.objects.visible_to(viewer).filter(pk=plan.history_id).first() if plan.history_id else None
    indicator = (
        Indicator.objects.visible_to(viewer).filter(pk=plan.indicator_id).first()
        if plan.indicator_id
        else None
    )
    assumption = (
        Assumption.objects.filter(visible(viewer), pk=plan.assumption_id)
        .select_related("cause", "effect")
        .first()
    )
    rivals = tuple(plan.rivals.all())
    view = sight_of(plan, sight, past_seen=past is not None)
    return PlanPage(
        plan=plan,
        assumption=assumption,
        indicator=indicator,
        indicator_hidden=plan.indicator_id is not None and indicator is None,
        past=past,
        past_hidden=plan.history_id is not None and past is None,
        sight=view,
        rivals=rivals,
        departures=tuple(plan.departures.all()),
        requests=tuple(
            Request.objects.visible_to(viewer).filter(plan=plan).select_related("organisation", "team")
        ),
        missing=missing_for_registration(
            plan, rivals=len(rivals), sight=sight, current=view is not None and view.current
        ),
        refused=refused_by_sight(sight) if past is not None or not plan.history_id else "",
        change=in_unit(plan.smallest_change, plan.scale),
        sizes=tuple(
            (size.label.rstrip("?"), _shown(name, plan.sizes[name], plan.scale))
            for name, size in SIZES.items()
            if name in plan.sizes
        ),
    )


def _shown(name: str, value: float, scale: str) -> str:
    if name == "baseline" and scale == Plan.Scale.SHARE:
        return f"{100 * value:g} in a hundred"
    return f"{value:,g}"


def beginning_of(assumption: Assumption, *, own: bool = False) -> dict[str, Any]:
    """What a new plan about this assumption begins with: its ready design where there is one, as people may change it.

    A plan of one's ``own`` leaves the ready design aside. Shares are in points of a hundred here, as the
    form has them.
    """
    ready = None if own else ReadyDesign.objects.filter(assumption=assumption).first()
    begin: dict[str, Any] = {
        "assumption": str(assumption.pk),
        "title": f"Does it hold? {assumption}"[:200],
        "population": assumption.population,
        "outcome": str(assumption.effect),
        "horizon": assumption.horizon[:80],
        "horizon_days": assumption.horizon_days,
    }
    value = assumption.smallest_change_value
    if value is not None and value > 0:
        share = value < 1
        begin |= {
            "scale": "share" if share else "mean",
            "smallest_change": f"{100 * value:g}" if share else f"{value:g}",
        }
    if ready is None:
        return begin
    share = ready.scale == ReadyDesign.Scale.SHARE
    times = 100.0 if share else 1.0
    by_groups = bool(ready.cluster_size and ready.intracluster_correlation)
    begin |= {
        "ready_design": str(ready.pk),
        "title": ready.title,
        "design": "cluster" if by_groups else "trial",
        "comparison": f"{ready.comparison[:1].upper()}{ready.comparison[1:]}. {ready.assignment}",
        "outcome": ready.outcome,
        "horizon": ready.follow_up[:80],
        "horizon_days": ready.follow_up_days,
        "scale": ready.scale,
        "smallest_change": f"{times * ready.smallest_change:g}",
        "baseline": f"{times * ready.baseline:g}" if share else "",
        "spread": "" if ready.spread is None else f"{ready.spread:g}",
    }
    return begin | _sized(ready, by_groups=by_groups)


def _sized(ready: ReadyDesign, *, by_groups: bool) -> dict[str, Any]:
    """How many people or groups the ready design needs; nothing where no number can be given."""
    people = float(ready.cluster_size) if by_groups and ready.cluster_size else None
    alike = ready.intracluster_correlation or 0.0 if by_groups else 0.0
    try:
        if ready.scale == ReadyDesign.Scale.SHARE:
            size = two_arm_proportions(
                ready.smallest_change, baseline=ready.baseline, cluster_size=people, icc=alike
            )
        else:
            size = two_arm_means(
                ready.smallest_change, standard_deviation=ready.spread or 1.0, cluster_size=people, icc=alike
            )
    except CannotAnalyse:
        return {}
    if people is None:
        return {"per_arm": size.per_arm}
    return {"clusters_per_arm": size.clusters_per_arm, "cluster_size": ready.cluster_size, "icc": alike}
