from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "folkmoot.activities"
    label = "activities"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from folkmoot.activities.jobs import make_known

        make_known()
