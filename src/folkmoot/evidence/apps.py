from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "folkmoot.evidence"
    label = "evidence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.urls import reverse

        from folkmoot.discussion import targets
        from folkmoot.evaluations import recording
        from folkmoot.evidence.actions import hear_member_check
        from folkmoot.evidence.actions.from_findings import (
            record_from_finding,
            retract_with_finding,
            share_with_finding,
        )
        from folkmoot.evidence.models import QualitativeFinding, Study
        from folkmoot.evidence.withdrawn import loosen_findings
        from folkmoot.sources.withdrawal import on_withdrawal

        on_withdrawal(loosen_findings)
        recording.on_finding(lambda finding, by: record_from_finding(finding, by=by))
        recording.on_withdrawal(lambda finding, by: retract_with_finding(finding, by=by))
        recording.on_superseding(lambda finding, by: retract_with_finding(finding, by=by))
        recording.on_sharing(lambda finding, by: share_with_finding(finding, by=by))
        targets.register(
            "evidence.study",
            find=lambda user, pk: Study.objects.visible_to(user).filter(pk=pk).first(),
            url=lambda study: reverse("study", args=[study.pk]),
        )
        targets.register(
            "evidence.qualitativefinding",
            find=lambda user, pk: QualitativeFinding.objects.visible_to(user).filter(pk=pk).first(),
            url=lambda finding: reverse("finding", args=[finding.pk]),
            on_answer=lambda pk, check: hear_member_check(
                pk, answer=check.answer, who=check.asked_of, team_id=check.team_id
            ),
        )
