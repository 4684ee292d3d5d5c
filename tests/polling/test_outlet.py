"""Who goes away and who comes back: boards hear of it once, and of a hiccup not at all."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from flaskapp.clients.http import ClientError
from flaskapp.polling.outlet import Outlet
from flaskapp.signals import Signals

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


class Exchange:
    """Asks an upstream that answers or not; counts what boards are told."""

    def __init__(self) -> None:
        self.signals, self.turns = Signals(), 0
        self._outlet = Outlet(lambda _observations, _origin: None, self.signals, self._turn)

    def _turn(self) -> None:
        self.turns += 1

    def ask(self, seconds: float, *, fails: bool = False) -> None:
        with suppress(ClientError), self._outlet.asking("Sonarr", NOON + timedelta(seconds=seconds)):
            if fails:
                raise ClientError("Sonarr can't be reached.")


def test_boards_are_told_once_that_a_service_is_away_and_once_that_it_is_back() -> None:
    exchange = Exchange()
    exchange.ask(0)

    exchange.ask(8, fails=True)
    assert exchange.turns == 0
    exchange.ask(16, fails=True)
    exchange.ask(24, fails=True)
    assert exchange.turns == 1

    exchange.ask(32)
    assert exchange.turns == 2
    assert not exchange.signals.is_down("Sonarr")


def test_a_service_that_never_answered_is_away_at_once() -> None:
    exchange = Exchange()

    exchange.ask(0, fails=True)

    assert (exchange.turns, exchange.signals.is_down("Sonarr")) == (1, True)


def test_a_hiccup_is_no_news() -> None:
    exchange = Exchange()

    exchange.ask(0)
    exchange.ask(2, fails=True)
    exchange.ask(4)

    assert exchange.turns == 0
