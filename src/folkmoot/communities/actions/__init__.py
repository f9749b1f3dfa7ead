"""Every write of this room. What may be read of it, ``queries`` says."""

from folkmoot.communities.actions.bringing_in import bring_in_counts, bring_in_places, load_characteristics
from folkmoot.communities.actions.groupings import (
    create_grouping,
    end_grouping,
    revise_grouping,
    share_grouping,
)
from folkmoot.communities.actions.places import (
    create_place,
    end_place,
    revise_place,
    serve_area,
    stop_serving,
)
from folkmoot.communities.actions.representatives import (
    record_representative,
    revise_representative,
    withdraw_representative,
)

__all__ = [
    "bring_in_counts",
    "bring_in_places",
    "create_grouping",
    "create_place",
    "end_grouping",
    "end_place",
    "load_characteristics",
    "record_representative",
    "revise_grouping",
    "revise_place",
    "revise_representative",
    "serve_area",
    "share_grouping",
    "stop_serving",
    "withdraw_representative",
]
