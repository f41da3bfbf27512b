"""Every address of the desk."""

from django.urls import URLPattern, URLResolver

from kuulo.web import urls_accounts, urls_bring, urls_correct, urls_house, urls_inbox, urls_themes

urlpatterns: list[URLPattern | URLResolver] = [
    *urls_accounts.patterns,
    *urls_bring.patterns,
    *urls_correct.patterns,
    *urls_house.patterns,
    *urls_inbox.patterns,
    *urls_themes.patterns,
]
handler400 = "kuulo.web.views.errors.bad_request"
handler403 = "kuulo.web.views.errors.forbidden"
handler404 = "kuulo.web.views.errors.not_found"
handler500 = "kuulo.web.views.errors.server_error"
