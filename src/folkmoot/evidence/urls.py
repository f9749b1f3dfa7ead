from django.urls import path

from folkmoot.evidence.views import judging, recording, studies

urlpatterns = [
    path("studies/", studies.studies, name="studies"),
    path("studies/new/", recording.study_new, name="study_new"),
    path("studies/<int:pk>/", studies.study, name="study"),
    path("studies/<int:pk>/edit/", recording.study_edit, name="study_edit"),
    path("studies/<int:pk>/marks/", recording.study_marks, name="study_marks"),
    path("studies/<int:pk>/marks/<int:mark>/remove/", recording.mark_remove, name="mark_remove"),
    path("studies/<int:pk>/pools/", recording.study_pools, name="study_pools"),
    path("studies/<int:pk>/retract/", recording.study_retract, name="study_retract"),
    path("studies/<int:pk>/conflict/", recording.study_conflict, name="study_conflict"),
    path("studies/<int:pk>/appraise/<int:assumption>/", judging.appraise, name="appraise"),
    path("findings/new/", judging.finding_new, name="finding_new"),
    path("findings/<int:pk>/", judging.finding, name="finding"),
    path("findings/<int:pk>/share/", judging.finding_share, name="finding_share"),
    path("clues/new/", judging.clue_new, name="clue_new"),
    path("clues/<int:pk>/", judging.clue, name="clue"),
]
