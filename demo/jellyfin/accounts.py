"""Who may log in to Jellyfin, and the sessions that each login opens."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class User:
    """An account."""

    id: str
    name: str
    password: str
    is_admin: bool = False
    is_disabled: bool = False
    most_sessions: int = 0
    """0 is no limit."""


class RefusedError(Exception):
    """Nobody is let in; ``status`` is what Jellyfin answers."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Accounts:
    """Logs in by name and password. A wrong password counts, whoever asks; so many of them disable the account."""

    def __init__(self, users: tuple[User, ...], lockout: int = -1) -> None:
        self.users, self.lockout = users, lockout
        self.failures: Counter[str] = Counter()
        self.sessions: dict[str, tuple[str, str]] = {}
        """User and device of each token. One that nobody ends stays."""

    def log_in(self, name: str, password: str, device_id: str) -> tuple[User, str]:
        """Give who it is and the token of a new session; one on the same device ends."""
        user = next((user for user in self.users if user.name.lower() == name.lower()), None)
        if user is None:
            raise RefusedError(401)
        if user.is_disabled or 0 < self.lockout <= self.failures[user.id]:
            raise RefusedError(403)
        if user.password != password:
            self.failures[user.id] += 1
            raise RefusedError(401)
        self.failures[user.id] = 0
        self.sessions = {token: pair for token, pair in self.sessions.items() if pair != (user.id, device_id)}
        if 0 < user.most_sessions <= sum(user_id == user.id for user_id, _ in self.sessions.values()):
            raise RefusedError(403)
        token = secrets.token_hex(16)
        self.sessions[token] = (user.id, device_id)
        return user, token
