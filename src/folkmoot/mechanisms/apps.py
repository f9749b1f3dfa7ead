from django.apps import AppConfig


class MechanismsConfig(AppConfig):
    name = "folkmoot.mechanisms"
    label = "mechanisms"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.urls import reverse

        from folkmoot.discussion import targets
        from folkmoot.mechanisms.models import Assumption, Mechanism

        targets.register(
            "mechanisms.mechanism",
            find=lambda user, pk: Mechanism.objects.visible_to(user).filter(pk=pk).first(),
            url=lambda mechanism: reverse("mechanism", args=[mechanism.pk]),
        )
        targets.register(
            "mechanisms.assumption",
            find=lambda user, pk: (
                Assumption.objects.visible_to(user).select_related("cause", "effect").filter(pk=pk).first()
            ),
            url=lambda assumption: reverse("assumption", args=[assumption.pk]),
        )
