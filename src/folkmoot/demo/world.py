"""What has been built so far: the rows that later parts of the demo point at, by the keys of the content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from folkmoot.coding.models import Claim
from folkmoot.core.errors import FolkmootError
from folkmoot.demo.clock import Clock
from folkmoot.mechanisms.models import Assumption, Factor, Mechanism
from folkmoot.organisations.models import Organisation, ResearchTeam, User
from folkmoot.organisations.visibility import Owned
from folkmoot.sources.models import Source
from folkmoot.strategies.models import Objective

Progress = Callable[[str], None]


@dataclass(slots=True)
class World:
    """The demo while it is being built."""

    clock: Clock
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    teams: dict[str, ResearchTeam] = field(default_factory=dict)
    objectives: dict[str, Objective] = field(default_factory=dict)
    chains: dict[str, Mechanism] = field(default_factory=dict)
    own: dict[str, Assumption] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    open_check: str = ""

    @property
    def team(self) -> ResearchTeam:
        """The one research team of the network."""
        return next(iter(self.teams.values()))

    def assumption(self, key: str) -> Assumption:
        """By the library's code, or by the demo's own key."""
        found = self.own.get(key) or Assumption.objects.filter(code=key).first()
        if found is None:
            raise FolkmootError(f"The demo speaks of an assumption “{key}” that is nowhere.")
        return found

    def keeper(self, row: Owned) -> User:
        """Whoever edits for the organisation that owns the row."""
        if row.organisation is None:
            raise FolkmootError(f"The demo expects an organisation behind “{row}”.")
        return self.people[row.organisation.slug]

    def factor(self, words: str) -> Factor | str:
        """“=P3.3” is the library's factor of that key; anything else is the speakers' own words."""
        return Factor.objects.get(key=words[1:]) if words.startswith("=") else words

    def claim(self, quote: str) -> Claim:
        """The claim made on exactly these words, as it stands now."""
        if quote not in self.claims:
            raise FolkmootError(f"The demo has no claim on the words “{quote}”.")
        found = self.claims[quote]
        found.refresh_from_db()
        return found
