from django.urls import path

from folkmoot.discussion import views

urlpatterns = [
    path("discussion/", views.discussion, name="discussion"),
    path("discussion/<str:kind>/<int:pk>/", views.comment_add, name="comment_add"),
    path("comments/<int:pk>/answer/", views.comment_answer, name="comment_answer"),
    path("comments/<int:pk>/resolve/", views.comment_resolve, name="comment_resolve"),
    path("comments/<int:pk>/withdraw/", views.comment_withdraw, name="comment_withdraw"),
    path("checks/<str:kind>/<int:pk>/", views.check_ask, name="check_ask"),
    path("check/<str:secret>/", views.check_answer, name="check_answer"),
]
