"""Tries to sign in, slowed down more and more: by name and by address, kept so that a restart forgives nothing."""

from __future__ import annotations

import hmac
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from flaskapp.access.network import network
from flaskapp.extensions import db, writing
from flaskapp.models import FailedSignIn

REMEMBERED = timedelta(days=1)
"""After so long without a try everything is forgotten."""


class TooSoonError(Exception):
    """Somebody has to wait: one sentence for them; ``retry_after`` is in whole seconds."""

    def __init__(self, wait: timedelta) -> None:
        self.retry_after = math.ceil(wait.total_seconds())
        minutes = math.ceil(self.retry_after / 60)
        some = f"{minutes} minutes" if minutes > 1 else f"{self.retry_after} seconds"
        super().__init__(f"That was wrong too often. Try again in {'a moment' if self.retry_after == 1 else some}.")


@dataclass(frozen=True)
class Pace:
    """How many tries are free, and how long the next has to wait after the last: at first, and at most."""

    free: int
    first: timedelta
    longest: timedelta

    def wait(self, failed: int) -> timedelta:
        """Give the pause after so many failures, twice as long each time."""
        if failed < self.free:
            return timedelta()
        return min(self.longest, self.first * (1 << min(failed - self.free, 20)))


NAME = Pace(free=5, first=timedelta(seconds=1), longest=timedelta(minutes=1))
"""Who knows a name can hold up its owner, but not for long."""
ADDRESS = Pace(free=20, first=timedelta(seconds=1), longest=timedelta(minutes=15))
"""One address may be a whole house."""


class Throttle:
    """Counts each try as failed until it worked, so that many at once are counted too. Needs an application context.

    Names are kept as digests that nobody can make without ``SECRET_KEY``: people type passwords into the wrong field.
    """

    def __init__(self, secret_key: str) -> None:
        self._key = secret_key.encode()

    def check(self, name: str, address: str | None, now: datetime) -> None:
        """Count a try, or raise TooSoonError; who waits in vain does not wait longer for it."""
        subjects = self._subjects(name, address)
        with Session(db.engine) as session:
            _refuse(session, subjects, now)
        with writing() as session:
            _refuse(session, subjects, now)
            session.execute(delete(FailedSignIn).where(FailedSignIn.last_at < now - REMEMBERED))
            for subject in subjects:
                row = session.scalar(select(FailedSignIn).filter_by(subject=subject))
                if row is None:
                    session.add(FailedSignIn(subject=subject, count=1, last_at=now))
                else:
                    row.count, row.last_at = row.count + 1, now

    def worked(self, name: str, address: str | None) -> None:
        """Forget the failures of a name; those of an address stay, as whoever tries names may have one of their own."""
        of_name, *of_address = self._subjects(name, address)
        with writing() as session:
            session.execute(delete(FailedSignIn).filter_by(subject=of_name))
            _take_back(session, *of_address)

    def take_back(self, name: str, address: str | None) -> None:
        """Count a try for nothing: nobody could say whether it was right."""
        with writing() as session:
            _take_back(session, *self._subjects(name, address))

    def _subjects(self, name: str, address: str | None) -> dict[str, Pace]:
        subjects = {f"name:{self._digest(name.casefold())}": NAME}
        return subjects | ({f"address:{self._digest(network(address))}": ADDRESS} if address else {})

    def _digest(self, word: str) -> str:
        return hmac.digest(self._key, f"who tried: {word}".encode(), "sha256").hex()


def _refuse(session: Session, subjects: dict[str, Pace], now: datetime) -> None:
    rows = session.scalars(select(FailedSignIn).where(FailedSignIn.subject.in_(subjects))).all()
    waits = [row.last_at + subjects[row.subject].wait(row.count) - now for row in rows]
    if any(wait > timedelta() for wait in waits):
        raise TooSoonError(max(waits))


def _take_back(session: Session, *subjects: str) -> None:
    for row in session.scalars(select(FailedSignIn).where(FailedSignIn.subject.in_(subjects))):
        row.count -= 1
