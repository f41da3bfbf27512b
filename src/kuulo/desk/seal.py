"""Seal: keep a text so that only this desk can read it again.

The key is drawn from the desk's secret, which is neither in the database nor in a backup, and from what the text is
for: what was sealed for one purpose opens for no other.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(text: str, purpose: str) -> bytes:
    """Give the text sealed."""
    return _lock(settings.SECRET_KEY, purpose).encrypt(text.encode())


def unseal(sealed: bytes | memoryview, purpose: str) -> str | None:
    """Give the text; None for nothing, and for what was sealed by another desk, for another purpose, or changed."""
    try:
        return _lock(settings.SECRET_KEY, purpose).decrypt(bytes(sealed)).decode() if sealed else None
    except InvalidToken:
        return None


@lru_cache(maxsize=16)
def _lock(secret: str, purpose: str) -> Fernet:
    drawn = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"kuulo {purpose}".encode()).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(drawn))
