"""Every address of the desk."""

from django.urls import URLPattern, URLResolver, include, path

from kuulo.web import urls_bring

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    *urls_bring.patterns,
]
