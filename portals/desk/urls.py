"""Addresses of the officials' desk."""

from django.urls import path, register_converter

from portals.desk import (
    boards,
    claims,
    deciding,
    exceptions,
    handing,
    inbox,
    leave,
    lists,
    objections,
    publicity,
    second_looks,
    trays,
)


class RowNumber:
    """A row's number as the databases can hold it; anything longer is no address at all (404)."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(RowNumber, "row")
app_name = "desk"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("bulk/", inbox.bulk, name="bulk"),
    path("done/", inbox.done, name="done"),
    path("asked/", trays.asked, name="asked"),
    path("asked/<row:pk>/answer/", trays.answer, name="answer"),
    path("begun/", trays.begun, name="begun"),
    path("copies/", trays.copies, name="copies"),
    path("copies/<row:pk>/read/", trays.read, name="copy_read"),
    path("favourites/", trays.favourites, name="favourites"),
    path("views/", trays.keep_view, name="view_keep"),
    path("views/<row:pk>/drop/", trays.remove_view, name="view_drop"),
    path("leave/", leave.leave, name="leave"),
    path("leave/<row:pk>/end/", leave.end, name="leave_end"),
    path("claims/", claims.claims, name="claims"),
    path("claims/<row:pk>/", claims.claim, name="claim"),
    path("claims/<row:pk>/draft/", claims.draft_form, name="draft"),
    path("claims/<row:pk>/copy/", handing.copy, name="copy"),
    path("claims/<row:pk>/favour/", handing.favour, name="favour"),
    path("claims/<row:pk>/seen/", handing.seen, name="seen"),
    path("reviews/<row:review>/hand/<slug:verb>/", handing.hand, name="hand"),
    path("reviews/<row:review>/decide/", deciding.decide, name="decide"),
    path("reviews/<row:review>/recall/", deciding.recall, name="recall"),
    path("lines/<uuid:line>/", claims.line, name="line"),
    path("lines/<uuid:line>/keep/", claims.clash, name="clash"),
    path("lines/<uuid:line>/annul/", claims.annul, name="annul"),
    path("publicity/", publicity.publicity, name="publicity"),
    path("publicity/publish/", publicity.publish, name="publish"),
    path("publicity/<row:pk>/end/", publicity.end, name="end_publicity"),
    path("publicity/<row:pk>/", publicity.notice, name="notice"),
    path("boards/", boards.boards, name="boards"),
    path("boards/<row:pk>/post/", boards.post, name="board_post"),
    path("boards/<row:pk>/waive/", boards.waive, name="board_waive"),
    path("boards/<row:pk>/photo/", boards.photo, name="board_photo"),
    path("exceptions/", exceptions.exceptions, name="exceptions"),
    path("exceptions/<row:pk>/decide/", exceptions.decide, name="exception_decide"),
    path("lists/", lists.lists, name="lists"),
    path("lists/take-in/", lists.take_in, name="list_take_in"),
    path("second-looks/", second_looks.second_looks, name="second_looks"),
    path("second-looks/<row:pk>/", second_looks.record, name="second_look"),
    path("objections/", objections.objections, name="objections"),
    path("objections/new/<row:entry>/", objections.new, name="objection_new"),
    path("objections/new/<row:entry>/record/", objections.record, name="objection_record"),
    path("objections/<uuid:pk>/", objections.objection, name="objection"),
    path("objections/<uuid:pk>/investigate/", objections.investigate, name="objection_investigate"),
    path("objections/<uuid:pk>/decide/", objections.decide, name="objection_decide"),
    path("objections/<uuid:pk>/contact/", objections.contact, name="objection_contact"),
    path("objections/<uuid:pk>/scan/", objections.scan, name="objection_scan"),
    path("claims/<row:pk>/approve-suspended/", objections.approve, name="approve_suspended"),
]
