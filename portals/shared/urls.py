"""Addresses every audience shares. `names` are global, without a namespace; `urlpatterns` are `shared:`."""

from django.urls import path

from portals.shared import exports, files, jobs, second_factor, views

app_name = "shared"
names = [
    path("", views.home, name="home"),
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", views.Logout.as_view(), name="logout"),
    path("password/", views.Password.as_view(), name="password"),
    path("second-factor/", second_factor.prove, name="second_factor"),
    path("second-factor/setup/", second_factor.setup, name="second_factor_setup"),
    path("second-factor/own/", second_factor.own, name="second_factor_own"),
    path("second-factor/remove/", second_factor.remove, name="second_factor_remove"),
    path("second-factor/passkey/offer/", second_factor.passkey_offer, name="passkey_offer"),
    path("second-factor/passkey/add/", second_factor.passkey_add, name="passkey_add"),
    path("second-factor/passkey/question/", second_factor.passkey_question, name="passkey_question"),
    path("second-factor/passkey/prove/", second_factor.passkey_prove, name="passkey_prove"),
    path("acting/", views.acting, name="acting"),
    path("session/", views.session_ping, name="session_ping"),
]
urlpatterns = [
    path("evidence/<int:pk>/", files.evidence, name="evidence"),
    path("paper/<uuid:pk>/", files.paper, name="paper"),
    path("paper/<uuid:pk>/progress/", files.paper_progress, name="paper_progress"),
    path("export/", exports.export, name="export"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<uuid:pk>/", jobs.job, name="job"),
    path("jobs/<uuid:pk>/file/", jobs.job_file, name="job_file"),
    path("jobs/<uuid:pk>/cancel/", jobs.job_cancel, name="job_cancel"),
    path("jobs/<uuid:pk>/retry/", jobs.job_retry, name="job_retry"),
]
