from django.apps import AppConfig


class CodingConfig(AppConfig):
    name = "folkmoot.coding"
    label = "coding"
    default_auto_field = "django.db.models.BigAutoField"
