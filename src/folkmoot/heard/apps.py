from django.apps import AppConfig


class HeardConfig(AppConfig):
    name = "folkmoot.heard"
    label = "heard"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.urls import reverse

        from folkmoot.activities import answered
        from folkmoot.activities.capturing import backs
        from folkmoot.activities.capturing.lists import tell_of_places
        from folkmoot.communities.withdrawal import on_withdrawal as when_somebody_withdraws
        from folkmoot.discussion import targets
        from folkmoot.heard import withdrawal
        from folkmoot.heard.giving_back import promised_at, promises_here
        from folkmoot.heard.models import Concern
        from folkmoot.heard.queries.extraction import extraction_of, extraction_of_occasions
        from folkmoot.heard.themes import suggesting
        from folkmoot.heard.votes import working
        from folkmoot.jobs import registry
        from folkmoot.sources.withdrawal import on_withdrawal

        targets.register(
            "heard.concern",
            find=lambda user, pk: Concern.objects.visible_to(user).filter(pk=pk).first(),
            url=lambda concern: reverse("concern", args=[concern.pk]),
        )
        registry.register(working.KIND, working.run)
        registry.register(suggesting.KIND, suggesting.run)
        answered.register(initiatives=extraction_of, activities=extraction_of_occasions)
        backs.register(promises_here, position=15)
        tell_of_places(promised_at)
        on_withdrawal(withdrawal.withdraw_with_source)
        when_somebody_withdraws(withdrawal.remember)
