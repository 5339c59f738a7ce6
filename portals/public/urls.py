"""Pages for anybody, without log-in."""

from django.urls import path

from portals.public import views

app_name = "public"
urlpatterns = [
    path("verify/", views.verify, name="verify"),
    path("verify/<str:code>/", views.verified, name="verified"),
]
