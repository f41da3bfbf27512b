"""How people log in: what django-allauth asks of the desk."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from kuulo.desk.history import record
from kuulo.desk.people import claim
from kuulo.models import Person

LOG = logging.getLogger("kuulo.accounts")


class Doors(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up: people come in by a link, or by the municipality's own log-in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Keep the sign-up closed."""
        return False

    def post_login(self, request: HttpRequest, user: Person, **facts: Any) -> HttpResponseBase:  # noqa: ANN401
        """Tell the history that somebody logged in."""
        record("logged-in", person=user)
        response: HttpResponseBase = super().post_login(request, user, **facts)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ANN401
        """Tell the log, without saying whose log-in was tried."""
        LOG.warning("log-in refused")
        super().authentication_failed(request, **credentials)


class SingleSignOn(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Whom the municipality's own log-in vouches for comes in, with the role that waits for them or with none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ANN401
        """Let everybody in whom the service knows: without a role they see nothing but whom to ask."""
        return True

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Person:  # noqa: ANN401
        """Take the name and the address that the service tells."""
        person: Person = super().populate_user(request, sociallogin, data)
        told = (data.get("name"), " ".join(filter(None, (data.get("first_name"), data.get("last_name")))))
        person.name = next(filter(None, told), "")[:120]
        person.email = (person.email or "").lower()
        return person

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Person:  # noqa: ANN401
        """Store the person, with the role of an open invitation where the service vouches for the address."""
        person: Person = super().save_user(request, sociallogin, form)
        record("account-made", person=person)
        if any(address.verified and address.email.lower() == person.email for address in sociallogin.email_addresses):
            claim(person)
        return person
