from django.apps import AppConfig


class CommunitiesConfig(AppConfig):
    name = "folkmoot.communities"
    label = "communities"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.urls import reverse

        from folkmoot.communities.bringing_in import KIND, work
        from folkmoot.communities.models import Grouping
        from folkmoot.discussion import targets
        from folkmoot.jobs import registry

        # whoever is described can answer: partners read what is said of them and reply on the same page
        targets.register(
            "communities.grouping",
            find=lambda user, pk: Grouping.objects.visible_to(user).filter(pk=pk).first(),
            url=lambda grouping: reverse("grouping", args=[grouping.pk]),
        )
        registry.register(KIND, work)
