"""What two processes know of the services and of each other's viewers."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from flaskapp.live.report import take_report, write_report
from flaskapp.signals import Signals

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


@pytest.fixture
def asking() -> Signals:
    """Know of one service that answers and of one that does not."""
    signals = Signals()
    signals.ticked("Radarr", NOON)
    signals.reached("Radarr", NOON, 0.02)
    signals.missed("Jellyfin", NOON, "Jellyfin does not answer.")
    return signals


@pytest.fixture
def other() -> Signals:
    signals = Signals()
    signals.is_asking = False
    return signals


def tell(teller: Signals, listener: Signals) -> None:
    take_report(json.loads(json.dumps(write_report(teller))), "a-process", listener)


def test_every_process_shows_the_contacts_of_the_one_that_asks(asking: Signals, other: Signals) -> None:
    tell(asking, other)

    assert other.contacts == asking.contacts
    assert other.ticks == asking.ticks


def test_who_asks_believes_itself(asking: Signals, other: Signals) -> None:
    other.contacts = {}
    contacts = dict(asking.contacts)

    tell(other, asking)
    tell(Signals(), asking)

    assert asking.contacts == contacts


def test_a_webhook_that_came_elsewhere_wakes_the_loops_once(asking: Signals, other: Signals) -> None:
    waker = asking.waker("Radarr")
    other.called["radarr"] = NOON

    tell(other, asking)
    is_woken = waker.is_set()
    waker.clear()
    tell(other, asking)

    assert is_woken
    assert not waker.is_set()
    assert asking.called == {"radarr": NOON}


def test_what_a_browser_said_last_counts_whoever_was_told(asking: Signals, other: Signals) -> None:
    asking.held_streams.note("192.0.2.7", "nginx", NOON)
    asking.held_streams.note("192.0.2.8", "nginx", NOON)
    tell(asking, other)
    assert other.held_streams.now(NOON) == asking.held_streams.now(NOON)

    other.held_streams.forget("192.0.2.7", NOON + timedelta(minutes=1))
    other.held_streams.note("192.0.2.8", "", NOON + timedelta(minutes=1))
    tell(asking, other)
    tell(other, asking)

    for signals in (asking, other):
        (held,) = signals.held_streams.now(NOON)
        assert (held.address, held.proxy, held.since) == ("192.0.2.8", "", NOON)


def test_the_later_of_two_calls_is_kept(asking: Signals, other: Signals) -> None:
    asking.called["radarr"] = asking.refused["sonarr"] = NOON
    other.called["radarr"] = other.refused["sonarr"] = NOON - timedelta(minutes=1)

    tell(other, asking)

    assert (asking.called, asking.refused) == ({"radarr": NOON}, {"sonarr": NOON})


def test_a_viewer_elsewhere_is_a_viewer_and_wakes_the_poller(asking: Signals, other: Signals) -> None:
    waker = asking.waker("qBittorrent")
    other.watch(+1)

    tell(other, asking)

    assert asking.watched()
    assert waker.is_set()


def test_viewers_of_a_process_that_is_gone_count_no_more(
    asking: Signals, other: Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    other.watch(+1)
    tell(other, asking)

    monkeypatch.setattr("flaskapp.signals.FORGOTTEN", -1.0)

    assert not asking.watched()
