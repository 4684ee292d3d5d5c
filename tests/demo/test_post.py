"""Webhooks get lost: in a bad post, and because their senders give up."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from demo.chaos import Chaos
from demo.scenario import LENGTH, Play
from demo.servarr.backoff import Backoff
from demo.webhook import Receiver, Webhook
from demo.world import World
from tests.demo.recorder import NOON, Recorder

START = NOON - timedelta(days=1)


def webhooks(number: int) -> list[Webhook]:
    return [Webhook("radarr", Receiver("http://127.0.0.1:9"), {"number": place}) for place in range(number)]


def arrived(seed: int, number: int = 200) -> list[int]:
    good = Recorder()
    chaos = Chaos(good, seed)
    for webhook in webhooks(number):
        chaos.send(webhook)
    chaos.flush()
    return [webhook.payload["number"] for webhook in good.webhooks]


def test_half_is_lost_and_the_rest_comes_twice_and_out_of_order() -> None:
    numbers = arrived(1)

    assert set(Counter(numbers).values()) == {2}
    assert 70 < len(set(numbers)) < 130
    assert numbers != sorted(numbers)


def test_what_is_shuffled_stays_near() -> None:
    numbers = arrived(2)

    first = {number: numbers.index(number) for number in numbers}
    ranks = {number: 2 * rank for rank, number in enumerate(sorted(first))}
    assert max(abs(first[number] - ranks[number]) for number in first) < 8


def test_the_same_seed_loses_the_same() -> None:
    assert arrived(3) == arrived(3) != arrived(4)


def test_the_play_is_the_same_in_a_bad_post() -> None:
    worlds = []
    for post in (Recorder(), Chaos(Recorder(), 1)):
        world = World(NOON, post)
        world.connect("http://127.0.0.1:2774", "token")
        Play(world).begin()
        world.advance(LENGTH)
        worlds.append(world)

    good, bad = ([(row.kind, row.release.title, row.at) for row in world.radarr.history] for world in worlds)
    assert good == bad


@pytest.mark.parametrize(
    ("failures", "level", "blocked"),
    [
        ([0], 1, 0),
        ([0, 1, 4], 1, 0),
        ([0, 5], 2, 5),
        ([0, 5, 11], 3, 15),
        ([0, 5, 11, 27], 4, 30),
        ([0, 5, 11, 27, 58], 5, 60),
        ([0, 5, 11, 27, 58, 120], 5, 60),
    ],
)
def test_failures_block_for_longer_and_longer(failures: list[int], level: int, blocked: int) -> None:
    backoff = Backoff(START)
    for minute in failures:
        backoff.note(NOON + timedelta(minutes=minute), is_good=False)

    last = NOON + timedelta(minutes=failures[-1])
    assert backoff.level == level
    assert backoff.is_blocked(last) == bool(blocked)
    assert not backoff.is_blocked(last + timedelta(minutes=blocked))


def test_just_after_a_start_the_level_does_not_rise() -> None:
    backoff = Backoff(NOON)
    for minute in (0, 6):
        backoff.note(NOON + timedelta(minutes=minute), is_good=False)

    assert backoff.level == 1
    assert backoff.blocked_until == NOON + timedelta(minutes=7)


def test_a_success_lifts_the_block_and_lowers_the_level_by_one() -> None:
    backoff = Backoff(START)
    for minute in (0, 5, 11):
        backoff.note(NOON + timedelta(minutes=minute), is_good=False)

    backoff.note(NOON + timedelta(minutes=12), is_good=True)
    after_one = (backoff.level, backoff.is_blocked(NOON + timedelta(minutes=12)))
    # The first failure is not forgotten yet: one hiccup blocks at once.
    backoff.note(NOON + timedelta(minutes=13), is_good=False)

    assert after_one == (2, False)
    assert backoff.is_blocked(NOON + timedelta(minutes=13))
