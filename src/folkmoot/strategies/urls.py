from django.urls import path

from folkmoot.strategies.views import arrangements, documents, objectives, promises

urlpatterns = [
    path("objectives/new/", objectives.objective_new, name="objective_new"),
    path("objectives/<int:pk>/edit/", objectives.objective_edit, name="objective_edit"),
    path("objectives/<int:pk>/history/", objectives.objective_history, name="objective_history"),
    path("objectives/<int:pk>/share/", objectives.objective_share, name="objective_share"),
    path("objectives/<int:pk>/retire/", objectives.objective_retire, name="objective_retire"),
    path("objectives/<int:pk>/both/", promises.dual_benefit_new, name="dual_benefit_new"),
    path("dual-benefits/<int:pk>/", promises.dual_benefit_test, name="dual_benefit_test"),
    path("promises/", promises.commitments, name="commitments"),
    path("promises/new/", promises.commitment_new, name="commitment_new"),
    path("promises/<int:pk>/", promises.commitment_settle, name="commitment_settle"),
    path("strategies/", documents.strategies, name="strategies"),
    path("strategies/new/", documents.strategy_new, name="strategy_new"),
    path("strategies/<int:pk>/", documents.strategy, name="strategy"),
    path("strategies/<int:pk>/add/", documents.strategy_version_new, name="strategy_version_new"),
    path("strategies/<int:pk>/share/", documents.strategy_share, name="strategy_share"),
    path("strategies/<int:pk>/<int:number>/", documents.strategy_read, name="strategy_read"),
    path("arrangements/", arrangements.arrangements, name="arrangements"),
    path("arrangements/new/", arrangements.arrangement_new, name="arrangement_new"),
    path("arrangements/<int:pk>/pass/", arrangements.arrangement_pass, name="arrangement_pass"),
]
