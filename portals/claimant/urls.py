"""Addresses of the claimant's pages."""

from django.urls import path, register_converter

from portals.claimant import claims, evidence, filing, lines


class ClaimNumber:
    """A claim's row number as the databases can hold it; anything longer is no address at all (404)."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(ClaimNumber, "claim")
app_name = "claimant"
urlpatterns = [
    path("", claims.mine, name="list"),
    path("new/", claims.new, name="new"),
    path("roster-template/<slug:kind>/", lines.roster_template_file, name="roster_template"),
    path("roster-result/<uuid:file>/", lines.roster_result, name="roster_result"),
    path("evidence/<claim:evidence>/remove/", evidence.remove, name="evidence_remove"),
    path("<claim:pk>/", claims.claim, name="claim"),
    path("<claim:pk>/save/", claims.save, name="save"),
    path("<claim:pk>/lines/add/", lines.add, name="line_add"),
    path("<claim:pk>/lines/<uuid:line>/", lines.edit, name="line_edit"),
    path("<claim:pk>/lines/<uuid:line>/remove/", lines.remove, name="line_remove"),
    path("<claim:pk>/roster/", lines.roster, name="roster"),
    path("<claim:pk>/roster/imported/", lines.roster_imported, name="roster_imported"),
    path("<claim:pk>/count/", lines.count, name="count"),
    path("<claim:pk>/evidence/add/", evidence.add, name="evidence_add"),
    path("<claim:pk>/precheck/", filing.precheck, name="precheck"),
    path("<claim:pk>/file/", filing.file, name="file"),
    path("<claim:pk>/withdraw/", filing.withdraw, name="withdraw"),
    path("<claim:pk>/answer/", filing.answer, name="answer"),
]
