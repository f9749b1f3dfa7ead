from django.apps import AppConfig


class StrategiesConfig(AppConfig):
    name = "folkmoot.strategies"
    label = "strategies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.urls import reverse

        from folkmoot.discussion import targets
        from folkmoot.strategies.models import Objective

        targets.register(
            "strategies.objective",
            find=lambda user, pk: Objective.objects.visible_to(user).filter(pk=pk).first(),
            url=lambda objective: reverse("objective", args=[objective.pk]),
        )
