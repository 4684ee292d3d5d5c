"""Webhooks that get lost, come late, twice or in the wrong order, and calls that nobody expected."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from demo.releases import Offer, episode_release
from demo.titles import FILMS, LANTERN
from demo.webhook import Receiver, Webhook
from flaskapp.extensions import db
from flaskapp.models import Delivery
from tests.laws.outcome import outcome
from tests.laws.rooms import Rooms
from tests.scenarios.house import MINUTE, House, Row, moment

LIFE = ["requested", "approved", "grabbed", "downloading", "downloaded", "importing", "imported", "available"]


def steps(card: Row) -> list[str]:
    """Give the states of a timeline in their order."""
    return [step["to"] for step in card["timeline"] if step["kind"] in ("created", "state")]


def test_after_twenty_minutes_off_every_card_shows_the_true_stage_within_a_minute(house: House) -> None:
    """Scenario 1."""
    for slug in ("metropolis", "nosferatu", "general"):
        house.ask(slug)
    house.wait(MINUTE)
    assert {card["state"] for card in house.cards()} == {"approved"}

    with house.being_down():
        off_at = house.now
        house.world.advance(5 * MINUTE)
        house.offer("metropolis", seconds=60)
        house.offer("nosferatu", seconds=3000)
        house.ask("caligari", "anna")
        house.world.advance(15 * MINUTE)
    started_at = house.now
    house.wait(MINUTE)

    states = {card["title"]: card["state"] for card in house.cards()}
    assert states == {
        "Metropolis": "available",
        "Nosferatu": "downloading",
        "The General": "approved",
        "The Cabinet of Dr. Caligari": "requested",
    }
    for title in ("Metropolis", "Nosferatu"):
        found = [step for step in house.card(title)["timeline"] if moment(step["occurred_at"]) > off_at]
        assert found
        assert all(step["reconstructed"] for step in found if step["to"] in ("grabbed", "imported", "available"))
        grabbed = next(step for step in found if step["to"] == "grabbed")
        assert timedelta(minutes=5) <= moment(grabbed["occurred_at"]) - off_at < timedelta(minutes=6)
    assert "reconstructed" in house.page(f"/requests/{house.card()['id']}")
    assert house.now - started_at == timedelta(minutes=1)


def test_a_pause_of_webhooks_after_our_absence_is_noticed_and_lifted(house: House) -> None:
    """Scenario 2."""
    for slug in ("metropolis", "nosferatu", "general", "caligari", "detour"):
        house.ask(slug)
    house.world.advance(16 * MINUTE)
    with house.being_down():
        for slug in ("metropolis", "nosferatu", "general"):
            house.offer(slug, seconds=30)
            house.world.advance(7 * MINUTE)
    assert [each.name for each in house.world.radarr.mail.blocked()] == ["Arrivarr"]
    house.post.carried.clear()

    house.turn()
    told = house.page("/services")
    house.wait(MINUTE)

    assert "Radarr has paused its calls to us after failures" in told
    assert house.world.radarr.mail.blocked() == []
    assert house.post.kinds("radarr") == ["Test"]
    house.wait(MINUTE)
    assert "Radarr has paused its calls" not in house.page("/services")
    assert [card["state"] for card in house.cards()] == ["available"] * 3 + ["approved"] * 2

    house.offer("caligari", seconds=600)

    assert house.post.kinds("radarr") == ["Test", "Grab"]
    assert house.card("The Cabinet of Dr. Caligari")["state"] == "grabbed"


def test_an_untold_pause_is_noticed_because_history_grew(house: House) -> None:
    """Scenario 2."""
    house.post.loses = lambda webhook: webhook.source == "radarr"
    house.ask("metropolis")
    house.wait(MINUTE)

    house.offer("metropolis", seconds=600)
    house.wait(3 * MINUTE)

    assert house.card()["state"] == "downloading"
    assert "The history of Radarr grew, and no call came: it has stopped calling us." in house.page("/services")

    house.post.loses = lambda _webhook: False
    house.wait(6 * MINUTE)
    assert house.post.kinds("radarr") == ["Test"]
    assert "The history of Radarr grew" not in house.page("/services")


@pytest.mark.parametrize("leads", ["nowhere", "elsewhere"])
def test_a_series_arrives_although_sonarr_never_called(house: House, leads: str) -> None:
    """Scenario 3."""
    sonarr = house.world.sonarr
    if leads == "nowhere":
        sonarr.notifications.clear()
    else:
        sonarr.notifications[1].fields["url"] = "http://another.test/api/webhook"
        house.post.loses = lambda webhook: "another.test" in webhook.receiver.url
    house.ask("lantern-line", seasons=(2,))
    house.wait(MINUTE)

    for number in (1, 2, 3, 4):
        sonarr.publish(LANTERN, episode_release(LANTERN, (2, number), Offer("WEBDL-1080p", 1, 60, "FERRY")))
    house.wait(MINUTE)
    assert house.card("The Lantern Line")["state"] == "downloading"
    house.wait(3 * MINUTE)

    assert house.card("The Lantern Line")["state"] == "available"
    services = house.page("/services")
    assert "Sonarr does not call us yet" in services
    assert lamp(house, "sonarr") == "down"
    assert house.get("/readyz")["webhooks"]["sonarr"]["never_called"]


def test_an_import_without_its_tick_is_found_and_the_tick_is_named(house: House) -> None:
    """Scenario 4."""
    connection = house.world.radarr.notifications[1]
    connection.triggers -= {"onDownload"}
    house.offer("metropolis", seconds=60)
    house.ask("metropolis")
    house.wait(70)
    assert house.post.kinds("radarr") == ["MovieAdded", "Grab"]

    house.wait(MINUTE)

    assert house.card()["state"] in ("imported", "available")
    assert house.post.kinds("radarr") == ["MovieAdded", "Grab"]
    assert (
        "On File Import is off, so a finished import reaches us only when we ask, up to a minute later."
        in house.page("/services")
    )


def test_webhooks_that_come_three_times_are_told_once(house: House) -> None:
    """Scenario 5."""
    house.post.copies = 3
    house.offer("metropolis", seconds=60)

    house.ask("metropolis")
    house.wait(3 * MINUTE)

    assert house.post.kinds("radarr") == ["MovieAdded"] * 3 + ["Grab"] * 3 + ["Download"] * 3
    card = house.card()
    assert card["state"] == "available"
    assert len(steps(card)) == len(set(steps(card)))
    assert steps(card) == [state for state in LIFE if state in steps(card)]
    assert len(house.told("request_created")) == 1
    assert [event["new_state"] for event in house.told("state_change")] == steps(card)[1:]


def test_an_import_that_comes_before_its_grab_ends_alike(rooms: Rooms) -> None:
    """Scenario 6."""
    with House.inhabited(rooms) as house:
        arrive(house)
        in_order = outcome(house)

    with House.inhabited(rooms) as house:
        late: list[Webhook] = []

        def is_kept_back(webhook: Webhook) -> bool:
            late.extend([webhook] * (webhook.payload.get("eventType") == "Grab"))
            return webhook in late

        house.post.loses = is_kept_back
        arrive(house)
        assert [card["state"] for card in house.cards()] == ["available"]

        for webhook in late:
            assert house.receive(webhook) == 200

        assert len(late) == 1
        assert outcome(house) == in_order
        assert [card["state"] for card in house.cards()] == ["available"]


def arrive(house: House) -> None:
    """Let a film arrive by webhooks alone: nothing is asked."""
    house.offer("metropolis", seconds=60)
    house.ask("metropolis")
    house.world.advance(3 * MINUTE)


@pytest.mark.parametrize(
    "change", [{"eventType": "MovieLevitated"}, {"eventType": "MovieFileDelete", "deleteReason": "evaporated"}]
)
def test_an_unknown_word_is_kept_and_looked_into(house: House, change: dict[str, str]) -> None:
    """Scenario 7."""
    house.ask("metropolis")
    house.wait(5 * MINUTE + 30)
    payload = {**house.world.radarr.words.added(house.world.radarr.entries[11]).payload, **change}
    asked = house.world.calls["demo.radarr/api/v3/queue/details"]

    status = house.receive(Webhook("radarr", house.world.radarr.notifications[1].receiver, payload))
    house.wait(5)

    assert status == 200
    assert house.world.calls["demo.radarr/api/v3/queue/details"] == asked + 1
    with house.app.app_context(), Session(db.engine) as session:
        kept = session.scalars(select(Delivery).order_by(Delivery.id.desc())).first()
        assert kept is not None
        assert (kept.kind, json.loads(kept.body)) == (change["eventType"], payload)
    assert change["eventType"] in house.page("/services")
    assert house.card()["state"] == "approved"


def test_two_hundred_webhooks_at_once_cost_a_moment_each_and_few_questions(house: House) -> None:
    """Scenario 8."""
    titles = [FILMS[slug] for slug in ("metropolis", "nosferatu", "general", "caligari")]
    for title in titles:
        house.ask(title.slug)
    house.wait(6 * MINUTE)
    radarr, calls = house.world.radarr, Counter(house.world.calls)
    events = [radarr.words.added(entry).payload for entry in radarr.entries.values()] * 50

    costs = []
    for event in events:
        begun = time.thread_time()
        assert house.receive(Webhook("radarr", radarr.notifications[1].receiver, event)) == 200
        costs.append(time.thread_time() - begun)

    assert len(costs) == 200
    assert max(costs) < 0.1
    assert house.world.calls == calls
    house.wait(10)
    asked = house.world.calls - calls
    assert asked["demo.radarr/api/v3/queue/details"] == asked["demo.radarr/api/v3/history/since"] == 1
    assert asked["demo.radarr/api/v3/movie"] <= len(titles)
    assert [card["state"] for card in house.cards()] == ["approved"] * 4


def test_a_test_of_the_connection_turns_its_lamp_green_and_makes_no_card(house: House) -> None:
    """Scenario 9."""
    house.wait(1)
    assert lamp(house, "radarr") == "unknown"
    notification = house.world.radarr.notifications[1]

    assert house.world.radarr.mail.test(notification) == 200
    assert house.receive(Webhook("seerr", seerr_of(house), {"notification_type": "TEST_NOTIFICATION"})) == 200

    assert (lamp(house, "radarr"), lamp(house, "seerr"), lamp(house, "sonarr")) == ("up", "up", "unknown")
    assert "Test 4 May 2026, 12:00 UTC Arrived" in house.page("/services")
    assert (house.cards(), house.told("request_created")) == ([], [])


def seerr_of(house: House) -> Receiver:
    assert house.world.seerr.receiver
    return house.world.seerr.receiver


def lamp(house: House, caller: str) -> str:
    """Give the colour of the lamp of a caller on the page of the services."""
    (colour,) = re.findall(rf'data-caller="{caller}" data-lamp="(\w+)"', house.markup("/services"))
    return str(colour)
