from django.urls import path

from folkmoot.organisations import views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/roles/<int:pk>/end/", views.role_end, name="role_end"),
    path("teams/<int:pk>/join/", views.team_join, name="team_join"),
    path("teams/places/<int:pk>/leave/", views.team_leave, name="team_leave"),
    path("settings/", views.settings_page, name="settings"),
    path("audit/", views.audit, name="audit"),
    path("me/", views.account, name="account"),
    path("me/tokens/", views.token_new, name="token_new"),
    path("me/tokens/<int:pk>/end/", views.token_end, name="token_end"),
    path("switch/", views.switch_organisation, name="switch_organisation"),
    path("help/", views.help_page, name="help"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("licence/", views.licence, name="licence"),
    path("privacy/", views.privacy, name="privacy"),
]
