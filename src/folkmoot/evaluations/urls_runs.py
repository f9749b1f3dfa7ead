from django.urls import path

from folkmoot.evaluations.views import data, findings, runs

urlpatterns = [
    path("plans/<int:pk>/data/", data.plan_data, name="plan_data"),
    path("plans/<int:pk>/data/series/", data.plan_data_series, name="plan_data_series"),
    path("plans/<int:pk>/data/answers/<int:survey>/", data.plan_data_survey, name="plan_data_survey"),
    path("plans/<int:pk>/data/<int:table>/erase/", data.data_erase, name="data_erase"),
    path("plans/<int:pk>/run/", runs.run_new, name="run_new"),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("runs/<int:pk>/script/", runs.run_script, name="run_script"),
    path("runs/<int:pk>/data/", runs.run_data, name="run_data"),
    path("runs/<int:pk>/finding/", findings.run_finding, name="run_finding"),
    path("runs/<int:pk>/finding/new/", findings.run_finding_new, name="run_finding_new"),
    path("runs/<int:pk>/finding/state/", findings.run_finding_state, name="run_finding_state"),
    path("runs/<int:pk>/finding/withdraw/", findings.run_finding_withdraw, name="run_finding_withdraw"),
    path("runs/<int:pk>/finding/share/", findings.run_finding_share, name="run_finding_share"),
]
