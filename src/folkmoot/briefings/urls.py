from django.urls import path

from folkmoot.briefings import views

urlpatterns = [
    path("briefings/", views.briefings, name="briefings"),
    path("briefings/new/", views.briefing_new, name="briefing_new"),
    path("briefings/<int:pk>/", views.briefing, name="briefing"),
    path("briefings/<int:pk>/readers/", views.briefing_address, name="briefing_address"),
    path("briefings/<int:pk>/draft/", views.edition_draft, name="edition_draft"),
    path("briefings/<int:pk>/<int:number>/", views.edition, name="edition"),
    path("briefings/<int:pk>/<int:number>.<slug:ending>", views.edition_file, name="edition_file"),
    path("briefings/<int:pk>/<int:number>/edit/", views.edition_edit, name="edition_edit"),
    path("briefings/<int:pk>/<int:number>/again/", views.edition_again, name="edition_again"),
    path("briefings/<int:pk>/<int:number>/review/", views.edition_review, name="edition_review"),
    path("briefings/<int:pk>/<int:number>/publish/", views.edition_publish, name="edition_publish"),
    path("briefings/<int:pk>/<int:number>/notice/", views.edition_notice, name="edition_notice"),
]
