"""Links between pages: every number opens the very messages that it counts."""

from functools import lru_cache
from urllib.parse import urlencode

from django.urls import reverse


@lru_cache(maxsize=10_000)
def messages_of(theme: str = "", **filters: str) -> str:
    """Give the inbox's address for the messages of a theme by its code, copies unfolded, and further filters."""
    return with_query(reverse("inbox"), theme=theme, **filters, copies="all")


@lru_cache(maxsize=2_000)
def theme_page(code: str) -> str:
    """Give the address of a theme's page."""
    return reverse("theme", args=[code])


@lru_cache(maxsize=2_000)
def message_page(number: int) -> str:
    """Give the address of a message's page."""
    return reverse("message", args=[number])


def with_query(address: str, **query: str | int) -> str:
    """Give an address with a query; what is empty is left out."""
    told = {name: value for name, value in query.items() if value}
    return f"{address}?{urlencode(told)}" if told else address
