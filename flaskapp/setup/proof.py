"""What only this very board can answer, in each of its processes and without any memory of the question."""

from __future__ import annotations

import hashlib
import hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PATH = "webhooks/proof"
"""Where it is asked: beside the webhooks, since proxies treat what lies there alike."""


def proof_of(secret_key: str, question: str) -> str:
    """Answer a question that somebody made up, with a key of its own: other uses of ``SECRET_KEY`` stay secret."""
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"arrivarr: proof of a board").derive(secret_key.encode())
    return hmac.new(key, question.encode(), hashlib.sha256).hexdigest()
