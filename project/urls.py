"""The whole address space: the composition root names every audience once."""

from django.urls import include, path

from portals.shared.urls import names

urlpatterns = [
    *names,
    path("", include("portals.shared.urls")),
    path("claims/", include("portals.claimant.urls")),
    path("desk/", include("portals.desk.urls")),
    path("register/", include("portals.register.urls")),
    path("finance/", include("portals.finance.urls")),
    path("returns/", include("portals.register.returns_urls")),
    path("administration/", include("portals.administration.urls")),
    path("", include("portals.public.urls")),
]
handler400 = "portals.shared.views.broken"
handler403 = "portals.shared.views.denied"
handler404 = "portals.shared.views.not_found"
handler500 = "portals.shared.views.failed"
