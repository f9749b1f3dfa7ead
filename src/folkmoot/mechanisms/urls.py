from django.urls import path

from folkmoot.mechanisms.views import reading, writing

urlpatterns = [
    path("aims/", reading.aims, name="aims"),
    path("aims/<slug:code>/", reading.aim, name="aim"),
    path("assumptions/<int:pk>/describe/", reading.assumption_describe, name="assumption_describe"),
    path("mechanisms/", reading.mechanisms, name="mechanisms"),
    path("mechanisms/new/", writing.mechanism_new, name="mechanism_new"),
    path("mechanisms/<int:pk>/adopt/", writing.mechanism_adopt, name="mechanism_adopt"),
    path("mechanisms/<int:pk>/edit/", writing.mechanism_edit, name="mechanism_edit"),
    path("mechanisms/<int:pk>/versions/", reading.mechanism_versions, name="mechanism_versions"),
    path("mechanisms/<int:pk>/share/", reading.mechanism_share, name="mechanism_share"),
    path("mechanisms/<int:pk>/retire/", reading.mechanism_retire, name="mechanism_retire"),
]
