"""Every address of the desk."""

from django.urls import URLPattern, URLResolver, include, path

from kuulo.web import urls_accounts, urls_bring, urls_correct, urls_house, urls_inbox, urls_themes

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    *urls_accounts.patterns,
    *urls_bring.patterns,
    *urls_correct.patterns,
    *urls_house.patterns,
    *urls_inbox.patterns,
    *urls_themes.patterns,
]
