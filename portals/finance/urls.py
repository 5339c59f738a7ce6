"""Addresses of the finance pages."""

from django.urls import path

from portals.finance import acts, batches, formats, funds, payable, results, returned

app_name = "finance"
urlpatterns = [
    path("", payable.payable, name="payable"),
    path("draft/", payable.draft, name="draft"),
    path("move/", payable.move, name="move"),
    path("batches/", batches.batches, name="batches"),
    path("batches/open/", batches.open_, name="open"),
    path("batches/<int:pk>/", batches.batch, name="batch"),
    path("batches/<int:pk>/check/", acts.check, name="check"),
    path("batches/<int:pk>/return/", acts.give_back, name="return"),
    path("batches/<int:pk>/release/", acts.release, name="release"),
    path("batches/<int:pk>/cancel/", acts.cancel, name="cancel"),
    path("batches/<int:pk>/send/", acts.send, name="send"),
    path("batches/<int:pk>/mark/", acts.mark, name="mark"),
    path("formats/", formats.formats, name="formats"),
    path("formats/<slug:code>/", formats.one, name="format"),
    path("formats/<slug:code>/sample/", formats.sample, name="format_sample"),
    path("batches/<int:pk>/fit/", batches.fit, name="fit"),
    path("batches/<int:pk>/format/", acts.choose, name="choose_format"),
    path("batches/<int:pk>/files/", acts.make_file, name="make_file"),
    path("batches/<int:pk>/files/<slug:code>/<slug:part>/", batches.download, name="download"),
    path("batches/<int:pk>/results/", results.results, name="results"),
    path("results/", results.parked, name="parked"),
    path("results/<int:pk>/", results.result, name="result"),
    path("results/<int:pk>/file/", results.result_file, name="result_file"),
    path("results/rows/<int:pk>/settle/", results.settle, name="settle"),
    path("results/returned/", returned.returned, name="returned"),
    path("results/returned/again/", returned.pay_again, name="pay_again"),
    path("results/returned/<int:pk>/account/", returned.account, name="account"),
    path("results/accounts/<uuid:pk>/", returned.account_change, name="account_change"),
    path("results/accounts/<uuid:pk>/evidence/", returned.account_evidence, name="account_evidence"),
    path("funds/", funds.funds, name="funds"),
    path("funds/unpaid/", funds.unpaid, name="unpaid"),
    path("funds/<int:pk>/", funds.fund, name="fund"),
    path("funds/<int:pk>/supplement/", funds.supplement, name="supplement"),
]
