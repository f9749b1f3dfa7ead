"""How a refusal of an action gets back into the form it came from. What may be done is ``policies``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms.forms import BaseForm

from folkmoot.core.errors import FolkmootError, NotAllowed, Stale


def attempt(form: BaseForm, write: Callable[[], Any], *, field: str | None = None) -> tuple[Any, int]:
    """What the action gives, with 200; or None with the refusal's status, its sentence in the form.

    Whoever may not write at all is refused on a page of its own, not in the form.
    """
    try:
        return write(), 200
    except FolkmootError as error:
        return None, tell(form, error, field=field)


def tell(form: BaseForm, error: FolkmootError, *, field: str | None = None) -> int:
    """Put a refusal's sentence into the form, by the field if one is named; the status of the page.

    After a stale save the form speaks of the present version: its writer has been told who changed
    the row, and may save again. Raises NotAllowed onwards.
    """
    if isinstance(error, NotAllowed):
        raise error
    form.add_error(field, str(error))
    if not isinstance(error, Stale):
        return 422
    if error.present is not None and "version" in form.fields:
        given: Any = form.data.copy()  # type: ignore[attr-defined]
        given[form.add_prefix("version")] = str(error.present)
        form.data = given
    return 412
