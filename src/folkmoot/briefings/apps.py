from django.apps import AppConfig


class BriefingsConfig(AppConfig):
    name = "folkmoot.briefings"
    label = "briefings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.urls import reverse

        from folkmoot.briefings import noticing, queries
        from folkmoot.discussion import targets
        from folkmoot.evidence import retraction
        from folkmoot.heard.withdrawal import on_withdrawal as when_words_go
        from folkmoot.sources import withdrawal

        targets.register(
            "briefings.briefing",
            find=queries.briefing_for,
            url=lambda briefing: reverse("briefing", args=[briefing.pk]),
        )
        targets.register(
            "briefings.edition",
            find=queries.edition_by_key,
            url=lambda edition: reverse("edition", args=[edition.briefing_id, edition.number]),
        )
        targets.when_answered(noticing.note_answer)
        withdrawal.on_withdrawal(noticing.note_withdrawal)
        withdrawal.on_preview(noticing.foretell_withdrawal)
        when_words_go(noticing.note_words_taken_back)
        retraction.on_retraction(noticing.note_retraction)
        retraction.on_change(noticing.note_change)
