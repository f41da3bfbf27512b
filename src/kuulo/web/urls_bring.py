"""Addresses of bringing files in."""

from django.urls import URLPattern, URLResolver, path

from kuulo.web.views import bring, intakes

patterns: list[URLPattern | URLResolver] = [
    path("bring/", bring.bring, name="bring"),
    path("intakes/", intakes.intakes, name="intakes"),
    path("intakes/<int:pk>/", intakes.intake, name="intake"),
    path("intakes/<int:pk>/order/", bring.order, name="intake_order"),
    path("intakes/<int:pk>/cancel/", intakes.cancel, name="intake_cancel"),
]
