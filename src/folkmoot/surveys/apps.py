from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "folkmoot.surveys"
    label = "surveys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from folkmoot.jobs.registry import register
        from folkmoot.sources.storage import keep_also
        from folkmoot.surveys.reckoning import FIGURES, long_figures
        from folkmoot.surveys.storing import kept_files

        keep_also(kept_files)
        register(FIGURES, long_figures)
