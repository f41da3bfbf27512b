"""Authors: know that two messages have one writer, without knowing who."""

import hashlib
import hmac

from django.conf import settings

from kuulo.lang.composed import composed
from kuulo.models import Source


def pseudonym(author: str, source: Source) -> str:
    """Give the pseudonym of an author, 32 hex digits; "" for none.

    It is keyed with the desk's secret, so nobody without that can test a name against it. It holds within a source
    only: that "Anna" on a form is "Anna" of a chat is not known.
    """
    plain = " ".join(composed(author).casefold().split())
    if not plain:
        return ""
    told = f"author\0{source.pk}\0{plain}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), told, hashlib.sha256).hexdigest()[:32]
