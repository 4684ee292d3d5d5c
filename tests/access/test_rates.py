"""How often somebody may come, and how little it costs to remember that."""

from __future__ import annotations

import pytest
from limits import RateLimitItemPerMinute

from flaskapp.access.network import network
from flaskapp.access.rates import MOST_KEPT, Rates, Window

FIVE, SIX = RateLimitItemPerMinute(5), RateLimitItemPerMinute(6)


def test_who_comes_too_often_is_told_how_long_to_wait() -> None:
    rates = Rates()

    waits = [rates.wait(FIVE, "192.0.2.1") for _ in range(7)]

    assert waits[:5] == [0] * 5
    assert all(0 < wait <= 60 for wait in waits[5:])


def test_others_are_not_held_up_by_that() -> None:
    rates = Rates()
    for _ in range(7):
        rates.wait(FIVE, "192.0.2.1")

    assert rates.wait(FIVE, "192.0.2.2") == 0


def test_one_rate_knows_nothing_of_another() -> None:
    rates = Rates()
    for number in range(2 * MOST_KEPT):
        rates.wait(FIVE, str(number))

    assert [rates.wait(SIX, "192.0.2.1") for _ in range(6)] == [0] * 6


def test_many_addresses_use_no_more_memory_and_share_one_count() -> None:
    window = Window(FIVE)

    waits = [window.wait(f"10.0.{number // 256}.{number % 256}") for number in range(3 * MOST_KEPT)]

    assert len(window.kept) <= MOST_KEPT + 1
    assert waits[:MOST_KEPT] == [0] * MOST_KEPT
    assert all(waits[MOST_KEPT + 5 :])


def test_who_was_silent_for_long_makes_room() -> None:
    window = Window(FIVE)
    for number in range(MOST_KEPT):
        window.wait(str(number))
    for key in list(window.kept)[:10]:
        window.kept[key] = []  # as it is left after a minute

    assert [window.wait("192.0.2.1") for _ in range(5)] == [0] * 5
    assert [window.wait("192.0.2.2") for _ in range(5)] == [0] * 5


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unix:", "unix:"),
        (None, ""),
    ],
)
def test_of_ipv6_everybody_has_a_whole_network(address: str | None, expected: str) -> None:
    assert network(address) == expected
