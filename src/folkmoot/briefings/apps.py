from django.apps import AppConfig


class BriefingsConfig(AppConfig):
    name = "folkmoot.briefings"
    label = "briefings"
    default_auto_field = "django.db.models.BigAutoField"
