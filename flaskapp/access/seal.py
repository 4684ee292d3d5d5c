"""What has to be shown or used again lies in the database encrypted; the key comes from ``SECRET_KEY``."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Seal:
    """Encrypts with a key of its own, so that other uses of ``SECRET_KEY`` give nothing away (HKDF, Fernet)."""

    def __init__(self, secret_key: str) -> None:
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"arrivarr: kept in the database")
        self._fernet = Fernet(urlsafe_b64encode(key.derive(secret_key.encode())))

    def seal(self, text: str) -> str:
        """Encrypt."""
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def unseal(self, sealed: str) -> str | None:
        """Decrypt; None when ``SECRET_KEY`` is another one by now."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            return None
