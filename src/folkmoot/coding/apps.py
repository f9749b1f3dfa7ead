from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.apps import AppConfig


class CodingConfig(AppConfig):
    name = "folkmoot.coding"
    label = "coding"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from folkmoot.coding import withdrawn
        from folkmoot.sources import sharing, withdrawal

        _discussed()
        sharing.register_shared(_shared)
        sharing.register_coded(_read)
        sharing.register_readings(_readings)
        withdrawal.on_withdrawal(withdrawn.silence_claims)
        withdrawal.on_preview(withdrawn.foretell)


def _discussed() -> None:
    from django.urls import reverse

    from folkmoot.coding.actions import hear_member_check
    from folkmoot.coding.models import Claim, Code, Codebook
    from folkmoot.coding.queries import claim_label
    from folkmoot.discussion import targets
    from folkmoot.organisations.visibility import visible

    targets.register(
        "coding.claim",
        find=lambda user, pk: (
            Claim.objects.visible_to(user).select_related("passage__source").filter(pk=pk).first()
        ),
        url=lambda claim: reverse("claim", args=[claim.pk]),
        label=claim_label,
        on_answer=lambda pk, check: hear_member_check(pk, answer=check.answer, who=check.asked_of),
    )
    targets.register(
        "coding.codebook",
        find=lambda user, pk: Codebook.objects.visible_to(user).filter(pk=pk).first(),
        url=lambda codebook: reverse("codebook", args=[codebook.pk]),
    )
    targets.register(
        "coding.code",
        find=lambda user, pk: Code.objects.filter(visible(user, through="codebook"), pk=pk).first(),
        url=lambda code: reverse("code", args=[code.pk]),
    )


def _shared(passages: Collection[int], viewer: Any) -> set[int]:
    """The passages under claims that are shared with the viewer: their words may go as far as consent."""
    from folkmoot.coding.models import Claim
    from folkmoot.coding.queries import SHARED
    from folkmoot.organisations.visibility import visible

    found = Claim.objects.filter(visible(viewer), SHARED, passage__in=list(passages))
    return set(found.exclude(state=Claim.State.SUPERSEDED).values_list("passage_id", flat=True))


def _readings(passage: int, viewer: Any) -> list[Any]:
    """The claims in this passage that the viewer may see and that still stand."""
    from django.urls import reverse

    from folkmoot.coding.queries import claim_rows, claims_for
    from folkmoot.sources.sharing import Reading

    return [
        Reading(
            says=" → ".join(row.says) if row.says else "A claim that is counted only",
            stance=row.stance_words,
            url=reverse("claim", args=[row.pk]),
        )
        for row in claim_rows(claims_for(viewer, filters={}).filter(passage=passage), viewer=viewer)
    ]


def _read(sources: Collection[int]) -> dict[int, int]:
    """How many codes and claims each source has."""
    from django.db.models import Count

    from folkmoot.coding.models import Claim, Coding

    total: dict[int, int] = {}
    for model in (Coding, Claim):
        rows = model._default_manager.filter(passage__source__in=list(sources)).order_by()
        for source, number in rows.values_list("passage__source").annotate(number=Count("pk")):
            total[source] = total.get(source, 0) + number
    return total
