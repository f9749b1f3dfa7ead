"""The study that would settle an assumption: the ready designs that speak to it, with their size."""

from __future__ import annotations

from dataclasses import dataclass

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.power.two_arm import two_arm_means, two_arm_proportions
from folkmoot.mechanisms.models import Assumption, ReadyDesign


@dataclass(frozen=True, slots=True)
class Settling:
    """The study that would settle it, with its size, or why no size can be given."""

    design: ReadyDesign
    per_arm: int | None
    in_all: int | None
    clusters: int | None
    why_not: str

    @property
    def size_in_words(self) -> str:
        """“640 people in each of two groups, from 32 streets each (1,280 people in all)”; empty without a size."""
        if self.per_arm is None:
            return ""
        what, of, whom = self.design.unit.partition(" of ")
        drawn = f", from {self.clusters:,} {what}s{of}{whom} each" if self.clusters else ""
        return f"{self.per_arm:,} people in each of two groups{drawn} ({self.in_all:,} in all)"

    @property
    def change_in_words(self) -> str:
        """The change that the study is sized to find: “from 50 to 55 in a hundred”, or points on a scale."""
        design = self.design
        if design.scale == ReadyDesign.Scale.SHARE:
            return f"from {100 * design.baseline:g} to {100 * (design.baseline + design.smallest_change):g} in a hundred"
        return f"of {design.smallest_change:g} on the scale, from {design.baseline:g}"


def settling_of(assumption: Assumption) -> tuple[Settling, ...]:
    """The ready designs that speak to this assumption; of its chain's worst gap where none does."""
    own = list(ReadyDesign.objects.filter(assumption=assumption).select_related("mechanism", "assumption"))
    if not own:
        own = list(
            ReadyDesign.objects.filter(
                mechanism__versions__is_current=True, mechanism__versions__steps__assumption=assumption
            )
            .select_related("mechanism", "assumption")
            .distinct()
        )
    return tuple(_sized(design) for design in own)


def _sized(design: ReadyDesign) -> Settling:
    people = float(design.cluster_size) if design.cluster_size else None
    alike = design.intracluster_correlation or 0.0
    try:
        if design.scale == ReadyDesign.Scale.SHARE:
            size = two_arm_proportions(
                design.smallest_change, baseline=design.baseline, cluster_size=people, icc=alike
            )
        else:
            size = two_arm_means(
                design.smallest_change,
                standard_deviation=design.spread or 1.0,
                cluster_size=people,
                icc=alike,
            )
    except CannotAnalyse as error:
        return Settling(design, None, None, None, str(error))
    return Settling(design, size.per_arm, size.in_all, size.clusters_per_arm, "")
