from django.urls import path

from folkmoot.front import views, views_gaps, views_register

urlpatterns = [
    path("", views.overview, name="overview"),
    path("assumptions/", views.assumptions, name="assumptions"),
    path("assumptions/gaps/", views_gaps.gaps, name="gap_map"),
    path("assumptions/gaps.<str:ending>", views_gaps.gap_map_file, name="gap_map_file"),
    path("assumptions/<int:pk>/", views.assumption, name="assumption"),
    path("help/figures/", views.how_counted, name="how_counted"),
    path("claims/register/", views_register.claims_register, name="claims_register"),
    path("claims/register.<str:ending>", views_register.claims_register_file, name="claims_register_file"),
    path("mechanisms/<int:pk>/", views.mechanism, name="mechanism"),
    path("objectives/<int:pk>/", views.objective, name="objective"),
]
