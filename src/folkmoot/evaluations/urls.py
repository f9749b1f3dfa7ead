from folkmoot.evaluations.urls_plans import urlpatterns as plans
from folkmoot.evaluations.urls_runs import urlpatterns as runs

urlpatterns = [*plans, *runs]
