from django.apps import AppConfig


class HeardConfig(AppConfig):
    name = "folkmoot.heard"
    label = "heard"
    default_auto_field = "django.db.models.BigAutoField"
