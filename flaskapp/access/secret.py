"""Long random words that somebody else keeps, and what we keep of them."""

from __future__ import annotations

import hashlib
import hmac
import secrets

LENGTH = 32
"""Bytes of chance in each: nobody finds one by trying, so a fast digest is safe to keep."""


def new_secret() -> str:
    """Make one; it is shown once."""
    return secrets.token_urlsafe(LENGTH)


def digest(secret: str) -> str:
    """Give what we keep of it: by this it is found again, and nothing leads back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def hint(secret: str) -> str:
    """Give the last characters, by which people know it again."""
    return secret[-4:]


def is_same(offered: str, expected: str) -> bool:
    """Compare in a time that says nothing; nothing is the same as an empty one."""
    return bool(expected) and hmac.compare_digest(offered.encode(), expected.encode())
