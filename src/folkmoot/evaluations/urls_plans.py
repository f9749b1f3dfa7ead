from django.urls import path

from folkmoot.evaluations.views import board, plans, settling

urlpatterns = [
    path("plans/", plans.plans, name="plans"),
    path("plans/new/", plans.plan_new, name="plan_new"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("plans/<int:pk>/edit/", plans.plan_edit, name="plan_edit"),
    path("plans/<int:pk>/sight/", settling.plan_sight, name="plan_sight"),
    path("plans/<int:pk>/register/", settling.plan_register, name="plan_register"),
    path("plans/<int:pk>/departure/", settling.plan_departure, name="plan_departure"),
    path("plans/<int:pk>/cannot/", settling.plan_cannot, name="plan_cannot"),
    path("plans/<int:pk>/stop/", settling.plan_stop, name="plan_stop"),
    path("plans/<int:pk>/take-back/", settling.plan_take_back, name="plan_take_back"),
    path("plans/<int:pk>/share/", settling.plan_share, name="plan_share"),
    path("plans/<int:pk>/registered.json", settling.plan_frozen, name="plan_frozen"),
    path("board/", board.board, name="board"),
    path("board/new/", board.request_new, name="request_new"),
    path("board/<int:pk>/", board.request_, name="request"),
    path("board/<int:pk>/withdraw/", board.request_withdraw, name="request_withdraw"),
    path("board/<int:pk>/offer/", board.offer_new, name="offer_new"),
    path("offers/<int:pk>/answer/", board.offer_answer, name="offer_answer"),
    path("offers/<int:pk>/withdraw/", board.offer_withdraw, name="offer_withdraw"),
]
