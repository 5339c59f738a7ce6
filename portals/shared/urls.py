"""Addresses every audience shares. `names` are global, without a namespace; `urlpatterns` are `shared:`."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import path

from portals.shared import views

app_name = "shared"


def _evidence(request: HttpRequest, pk: int) -> Any:
    from portals.shared import files

    return files.evidence(request, pk)


def _paper(request: HttpRequest, pk: UUID) -> Any:
    from portals.shared import files

    return files.paper(request, pk)


names = [
    path("", views.home, name="home"),
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", views.Logout.as_view(), name="logout"),
    path("password/", views.Password.as_view(), name="password"),
    path("acting/", views.acting, name="acting"),
    path("session/", views.session_ping, name="session_ping"),
]
urlpatterns = [
    path("evidence/<int:pk>/", _evidence, name="evidence"),
    path("paper/<uuid:pk>/", _paper, name="paper"),
]
