"""Everybody of one circle, wherever a viewer is asked for: what a body of readers sees, not what a person does."""

from __future__ import annotations

from folkmoot.organisations.visibility import Access

NETWORK_ONLY = 0  # no organisation has this key: a member of the network who belongs to nobody in particular


class Reader:
    """Stands for everybody with one reach."""

    pk = None
    is_authenticated = True
    is_active = True

    def __init__(self, access: Access) -> None:
        self._access = access

    @classmethod
    def of_network(cls) -> Reader:
        """A member of the network who belongs to nobody in particular."""
        return cls(Access({NETWORK_ONLY: ""}, {}))
