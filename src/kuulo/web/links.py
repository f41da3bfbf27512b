"""Links between pages: every number opens the very messages that it counts."""

from urllib.parse import urlencode

INBOX = "/inbox/"
THEMES = "/themes/"


def messages_of(theme: str = "", **filters: str) -> str:
    """Give the inbox's address for messages, copies unfolded: of a theme by its code, and by further filters."""
    told = {"theme": theme, **filters, "copies": "all"}
    return f"{INBOX}?{urlencode({name: value for name, value in told.items() if value})}"


def theme_page(code: str) -> str:
    """Give the address of a theme's page."""
    return f"{THEMES}{code}/"


def with_query(address: str, **query: str | int) -> str:
    """Give an address with a query; what is empty is left out."""
    told = {name: value for name, value in query.items() if value}
    return f"{address}?{urlencode(told)}" if told else address
