from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    name = "folkmoot.evaluations"
    label = "evaluations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.urls import reverse

        from folkmoot.discussion import targets
        from folkmoot.evaluations.actions.findings import hear_member_check
        from folkmoot.evaluations.erased import erase_tables
        from folkmoot.evaluations.looking import SIGHT, long_look
        from folkmoot.evaluations.models import Finding, Plan
        from folkmoot.evaluations.running import RUNS, long_run
        from folkmoot.evaluations.storing import kept_files
        from folkmoot.jobs.registry import register
        from folkmoot.sources.storage import keep_also
        from folkmoot.surveys.erasing import on_erasing

        keep_also(kept_files)
        register(RUNS, long_run)
        register(SIGHT, long_look)
        on_erasing(erase_tables)
        targets.register(
            "evaluations.plan",
            find=lambda user, pk: Plan.objects.visible_to(user).filter(pk=pk).first(),
            url=lambda plan: reverse("plan", args=[plan.pk]),
        )
        targets.register(
            "evaluations.finding",
            find=lambda user, pk: Finding.objects.visible_to(user).filter(pk=pk).first(),
            url=lambda finding: reverse("run_finding", args=[finding.run_id]),
            on_answer=lambda pk, check: hear_member_check(pk, answer=check.answer, who=check.asked_of),
        )
