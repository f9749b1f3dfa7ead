"""The demo's own time: everything in it happened on a stated day, the same in every build.

Actions ask Django what time it is. While the network is being built, they are told the day of the
story; after that the clock is Django's again. What does not belong here: what happened on which day.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

TODAY = date(2026, 11, 23)
"""The day on which the story stands still."""


class Clock:
    """Starts each stated day at nine and moves on by a second each time somebody looks at it."""

    def __init__(self) -> None:
        self._reached: dict[date, datetime] = {}
        self.day = TODAY

    def go_to(self, day: date) -> None:
        """Let the next things happen on this day, after whatever happened on it already."""
        if day > TODAY:
            raise ValueError(f"{day} lies after the demo's last day, {TODAY}")
        self.day = day

    def now(self) -> datetime:
        start = datetime.combine(self.day, time(9), tzinfo=UTC)
        moment = self._reached.get(self.day, start) + timedelta(seconds=1)
        self._reached[self.day] = moment
        return moment


@contextmanager
def story_time() -> Iterator[Clock]:
    """Inside, Django's clock is the story's. Only for a process that does nothing else meanwhile."""
    clock, real = Clock(), timezone.now
    timezone.now = clock.now
    try:
        yield clock
    finally:
        timezone.now = real
