"""Who asks the services: one process at a time, and another soon after it has died.

The lease is a row with an end by the clock of the database. A connection that holds a lock would be simpler, but a
process that froze keeps its connection; here it loses the lease like one that died. And since the row counts how often
it was won, whoever comes late can be told from whoever holds it, in the very transaction that would write.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta

import gevent
from flask import Flask
from sqlalchemy import DateTime, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from flaskapp.extensions import db
from flaskapp.models.lease import Lease

logger = logging.getLogger(__name__)

LASTS = 4.0
"""Seconds that the lease holds without being renewed."""
RENEW_EVERY = 1.0
SLACK = 1.0
"""Seconds before its end from which on its holder does without: an answer of the database takes time."""


class LeaseLostError(Exception):
    """Another process may have begun to ask."""


def refuse_after(term: int, session: Session) -> None:
    """Raise LeaseLostError, in a transaction that would write, if the lease was won again since."""
    if session.scalar(select(Lease.term)) != term:
        raise LeaseLostError


class Keeper:
    """Wins the lease, keeps it and lets it go; calls ``begin`` with the number of the term, and ``end``."""

    def __init__(
        self,
        app: Flask,
        begin: Callable[[int], None],
        end: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app, self._begin, self._end, self._clock = app, begin, end, clock
        self._term: int | None = None
        self._until = 0.0
        self._is_stopped = False

    def run(self) -> None:
        """Try or renew, again and again, until stopped."""
        while not self._is_stopped:
            self.turn()
            gevent.sleep(RENEW_EVERY)

    def turn(self) -> None:
        """Try to win the lease, or renew it."""
        asked_at = self._clock()
        try:
            term = self._ask()
            if self._is_stopped:
                return  # what was just won runs out by itself
            if term is not None:
                self._hold(term, asked_at)
            elif self._term is not None:
                self.lose(self._term)
        except SQLAlchemyError as error:
            logger.warning("The lease can't be won or renewed (%s).", type(error).__name__)
        if self._term is not None and not self.is_held():
            self.lose(self._term)

    def _ask(self) -> int | None:
        now = func.clock_timestamp(type_=DateTime(timezone=True))
        wanted = Lease.until < now if self._term is None else Lease.term == self._term
        change = update(Lease).where(wanted).values(until=now + timedelta(seconds=LASTS))
        if self._term is None:
            change = change.values(term=Lease.term + 1)
        with self._app.app_context(), db.engine.begin() as connection:
            term: int | None = connection.scalar(change.returning(Lease.term))
        return term

    def _hold(self, term: int, asked_at: float) -> None:
        is_new, self._term, self._until = self._term is None, term, asked_at + LASTS - SLACK
        if is_new:
            logger.info("This process asks the services from now on")
            self._begin(term)

    def is_held(self) -> bool:
        """Tell whether nobody else can hold the lease now."""
        return self._clock() < self._until

    def lose(self, term: int) -> None:
        """Stop asking, unless this term is over already; try to win the lease again."""
        if self._term == term:
            logger.warning("This process asks the services no more: another may")
            self._term, self._until = None, 0.0
            self._end()

    def stop(self) -> None:
        """Let the lease go, so that the next one need not wait for its end."""
        self._is_stopped = True
        if self._term is None:
            return
        over = update(Lease).where(Lease.term == self._term).values(until=func.clock_timestamp())
        self._term, self._until = None, 0.0
        try:
            with self._app.app_context(), db.engine.begin() as connection:
                connection.execute(over)
        except SQLAlchemyError as error:
            logger.warning("The lease could not be let go (%s).", type(error).__name__)
