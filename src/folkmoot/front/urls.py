from django.urls import path

from folkmoot.front import views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("assumptions/", views.assumptions, name="assumptions"),
    path("assumptions/<int:pk>/", views.assumption, name="assumption"),
    path("mechanisms/<int:pk>/", views.mechanism, name="mechanism"),
    path("objectives/<int:pk>/", views.objective, name="objective"),
]
