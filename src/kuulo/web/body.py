"""Body: what a program sends, read as it came and never more of it than may be."""

from django.http import HttpRequest


class TooLarge(Exception):
    """A body is larger than may be."""


def body_of(request: HttpRequest, *, most: int) -> bytes:
    """Give a request's body. Raises TooLarge for one of more than ``most`` bytes, which is not read to its end."""
    body = request.read(most + 1)
    if len(body) > most:
        raise TooLarge
    return body
