"""Pages for anybody, without log-in."""

from django.urls import path

from portals.public import notices, views

app_name = "public"
urlpatterns = [
    path("verify/", views.verify, name="verify"),
    path("verify/file/", views.verify_file, name="verify_file"),
    path("verify/<str:code>/", views.verified, name="verified"),
    path("publicity/", notices.notices, name="notices"),
    path("publicity/objection/", notices.objection, name="objection"),
    path("publicity/<str:number>/", notices.notice, name="notice"),
    path("publicity/<str:number>/<int:seq>/object/", notices.objection_form, name="objection_form"),
]
