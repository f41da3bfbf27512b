"""Throttle: let one address ask so often and no more, without keeping who asked.

What is counted is a keyed hash of the address, in the memory of this process, for as long as the count lasts.
"""

import hashlib
import hmac
import ipaddress

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def too_often(door: str, who: str, *, most: int, seconds: int) -> bool:
    """Count one more knock at a door; tell whether there were more than ``most`` within so many seconds."""
    told = hmac.new(settings.SECRET_KEY.encode(), f"throttle\0{door}\0{who}".encode(), hashlib.sha256).hexdigest()
    cache.add(f"throttle-{told}", 0, seconds)
    try:
        return cache.incr(f"throttle-{told}") > most
    except ValueError:  # it ran out in this very moment
        return False


def network(request: HttpRequest) -> str:
    """Give the network that a request comes from: the address, of IPv6 the /64 that one home has.

    Behind a proxy of the municipality's own (KUULO_ADDRESS) it is the last address that the proxy was told of.
    """
    told: str = request.META.get("REMOTE_ADDR", "")
    if settings.ADDRESS and (passed := request.headers.get("X-Forwarded-For", "")):
        told = passed.rsplit(",", 1)[-1].strip()
    try:
        return str(ipaddress.ip_network((told, 64 if ":" in told else 32), strict=False))
    except ValueError:
        return told[:64]
