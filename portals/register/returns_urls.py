"""Addresses of the monthly returns."""

from django.urls import path

from portals.register import picture, returns, towns

app_name = "returns"
urlpatterns = [
    path("", returns.returns, name="returns"),
    path("picture/", picture.figures, name="picture"),
    path("<row:pk>/", returns.village, name="village"),
    path("<row:pk>/people/<uuid:person>/", returns.mark, name="mark"),
    path("<row:pk>/rest/", returns.rest, name="rest"),
    path("<row:pk>/submit/", returns.hand_in, name="submit"),
    path("<row:pk>/back/", returns.back, name="back"),
    path("<row:pk>/correct/", returns.correct, name="correct"),
    path("<row:pk>/photo/", returns.photo, name="photo"),
    path("rounds/<row:round>/towns/<row:area>/", towns.town, name="town"),
    path("rounds/<row:round>/towns/<row:area>/merge/", towns.merge, name="merge"),
    path("towns/<row:pk>/receive/", towns.receipt, name="receive"),
]
