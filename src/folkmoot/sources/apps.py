from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "folkmoot.sources"
    label = "sources"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.urls import reverse

        from folkmoot.discussion import targets
        from folkmoot.sources.models import Source

        targets.register(
            "sources.source",
            find=lambda user, pk: Source.objects.visible_to(user).filter(pk=pk).first(),
            url=lambda source: reverse("source", args=[source.pk]),
            # comments are read beyond the owner: they never carry a title
            label=lambda source: f"source {source.pk}",
        )
