"""How far the place a study was done in is from the place its result would be used in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TransferDistance:
    """What differs between there and here. All differences are stated by an appraiser, none guessed."""

    same_country: bool
    unit_differs: bool
    population_differs: bool
    dose_differs: bool
    delivery_differs: bool

    @property
    def differences(self) -> tuple[str, ...]:
        """The names of what differs, country first, in a fixed order."""
        named = (
            ("country", not self.same_country),
            ("unit", self.unit_differs),
            ("population", self.population_differs),
            ("dose", self.dose_differs),
            ("delivery", self.delivery_differs),
        )
        return tuple(name for name, differs in named if differs)

    @property
    def sentence(self) -> str:
        """The distance in words."""
        if not self.differences:
            return "Near: nothing that matters differs from here."
        return f"{'Near' if near(self) else 'Not near'}: differs in {', '.join(self.differences)}."


def near(distance: TransferDistance) -> bool:
    """True in the same country when no more than one thing beside it differs."""
    return distance.same_country and len(distance.differences) <= 1
