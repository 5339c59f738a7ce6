"""Pages for anybody, without log-in."""

from django.urls import path

from portals.public import views

app_name = "public"
urlpatterns = [
    path("verify/", views.verify, name="verify"),
    path("verify/file/", views.verify_file, name="verify_file"),
    path("verify/<str:code>/", views.verified, name="verified"),
]
