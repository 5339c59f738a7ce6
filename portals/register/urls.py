"""Addresses of the labour register."""

from django.urls import path

from portals.register import imports, merges, people

app_name = "register"
urlpatterns = [
    path("", people.people, name="people"),
    path("new/", people.new, name="new"),
    path("people/<uuid:pk>/", people.person, name="person"),
    path("people/<uuid:pk>/status/", people.status, name="status"),
    path("people/<uuid:pk>/group/", people.group, name="group"),
    path("people/<uuid:pk>/reveal/", people.reveal, name="reveal"),
    path("people/<uuid:pk>/merge/", merges.merge, name="merge"),
    path("groups/<row:pk>/end/", people.end_group, name="end_group"),
    path("merges/<row:pk>/undo/", merges.undo, name="undo_merge"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<row:pk>/", imports.one, name="import"),
    path("imports/<row:pk>/apply/", imports.apply, name="apply"),
    path("imports/<row:pk>/undo/", imports.undo, name="undo"),
    path("export/", imports.export, name="export"),
]
