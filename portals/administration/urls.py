"""Addresses of the administrators: policies, accounts, calendar, log-ins, the log."""

from django.urls import path, register_converter

from portals.administration import calendar, events, integrity, jobs, policies, security, users


class RecordNumber:
    """A record's number as the databases can hold it; anything longer is no address at all (404)."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class Year:
    """Four digits."""

    regex = "[0-9]{4}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:04d}"


register_converter(RecordNumber, "record")
register_converter(Year, "year")
app_name = "administration"
urlpatterns = [
    path("policies/", policies.policies, name="policies"),
    path("policies/load/", policies.load, name="policy_load"),
    path("policies/compare/", policies.compare, name="policy_compare"),
    path("policies/<record:pk>/", policies.policy, name="policy"),
    path("policies/<record:pk>/publish/", policies.publish, name="policy_publish"),
    path("users/", users.users, name="users"),
    path("users/open/", users.open_account, name="open_account"),
    path("users/<record:pk>/", users.user, name="user"),
    path("users/<record:pk>/password/", users.reset_password, name="reset_password"),
    path("users/<record:pk>/close/", users.close_account, name="close_account"),
    path("users/<record:pk>/posts/", users.grant_post, name="grant_post"),
    path("posts/<record:pk>/end/", users.end_post, name="end_post"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/<year:year>/", calendar.year, name="calendar_year"),
    path("calendar/<year:year>/save/", calendar.save, name="calendar_save"),
    path("locks/", security.locks, name="locks"),
    path("locks/lift/", security.unlock, name="unlock"),
    path("factors/", security.factors, name="factors"),
    path("factors/reset/", security.factor_reset, name="factor_reset"),
    path("sign-ins/", security.sign_ins, name="sign_ins"),
    path("events/", events.events, name="events"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("integrity/", integrity.integrity, name="integrity"),
    path("integrity/check/", integrity.check, name="integrity_check"),
    path("integrity/sweep/", integrity.sweep, name="integrity_sweep"),
]
