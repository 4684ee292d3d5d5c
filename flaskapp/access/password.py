"""Passwords: kept as Argon2id, and checked in a thread, so that no stream waits for one."""

from __future__ import annotations

import secrets
import unicodedata
from base64 import b64encode
from collections.abc import Callable
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY
from gevent import get_hub
from gevent.lock import BoundedSemaphore

T = TypeVar("T")

SHORTEST, LONGEST = 10, 500
_COMMON = """
    0123456789 0987654321 1111111111 123123123123 1234512345 1234567890 12345678910 1234567891 123456789a 12345qwert
    1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc 9876543210 a123456789 aaaaaaaaaa abcdefghij abcdefghijkl administrator
    asdfghjkl; asdfghjkl1 basketball changeme123 changemenow football123 iloveyou12 iloveyou123 iloveyouforever
    jellyfin123 letmein123 letmeinnow mypassword passw0rd123 password01 password10 password11 password12 password123
    password1234 password12345 passwordpassword plexserver qazwsxedcrfv qwerty12345 qwerty123456 qwertyqwerty
    qwertyuiop qwertyuiop123 q1w2e3r4t5 q1w2e3r4t5y6 secret1234 secretpassword starwars123 superman123 sunshine123
    test123456 welcome123 welcome1234 zxcvbnm123
"""
COMMON = frozenset(_COMMON.split())
"""What is tried first anywhere, of those that are long enough."""

_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_turns = BoundedSemaphore(2)
"""Each check takes 64 MiB; a crowd at the door must not take them all at once."""


class WeakPasswordError(ValueError):
    """A password can't be taken: one sentence that says why."""


def refuse_weak(password: str, name: str) -> None:
    """Raise WeakPasswordError for what is guessed first; what it is made of is nobody's business."""
    if len(password) < SHORTEST:
        raise WeakPasswordError(f"A password has at least {SHORTEST} characters. A few words in a row are fine.")
    if len(password) > LONGEST:
        raise WeakPasswordError(f"A password has at most {LONGEST} characters.")
    plain, own = password.strip().casefold(), name.strip().casefold()
    if plain in COMMON or len(set(password)) < 3:
        raise WeakPasswordError("This is one of the passwords that are tried first everywhere. Take another.")
    if own and plain.replace(own, "") == "":
        raise WeakPasswordError("This is the name itself. Take something that nobody would try.")


def hash_password(password: str) -> str:
    """Give what is kept of it."""
    return _in_a_thread(_hasher.hash, _spelled(password))


def is_right(password_hash: str | None, password: str) -> bool:
    """Check a password; where there is none, as long is spent, so that time does not tell who has one."""
    found = _in_a_thread(_verify, password_hash or _nobodys(), _spelled(password))
    return found and password_hash is not None


def is_old(password_hash: str) -> bool:
    """Tell whether it was kept by a weaker measure than ours is by now."""
    return _hasher.check_needs_rehash(password_hash)


def _spelled(password: str) -> str:
    """Give the one spelling: keyboards differ in how they write the same letter."""
    return unicodedata.normalize("NFKC", password[: LONGEST + 1])


def _nobodys() -> str:
    """Make what looks like a kept password and costs as much, but no password leads there."""
    salt, tag = (
        b64encode(secrets.token_bytes(length)).decode().rstrip("=") for length in (_hasher.salt_len, _hasher.hash_len)
    )
    cost = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${tag}"


def _verify(password_hash: str, password: str) -> bool:
    try:  # here, since gevent logs what a thread raises
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _in_a_thread(work: Callable[..., T], *arguments: str) -> T:
    with _turns:
        done: T = get_hub().threadpool.apply(work, arguments)
    return done
