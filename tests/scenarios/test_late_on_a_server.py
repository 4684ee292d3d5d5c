"""Lost and doubled webhooks once more over real sockets: a server that was off, and one that is never called."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests

from demo.releases import Offer, episode_release, film_release
from demo.titles import FILMS, LANTERN
from demo.world import PEOPLE
from tests.scenarios.town import Town, inhabited


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Open a town."""
    with inhabited(tmp_path_factory.mktemp("town"), datetime.now(UTC)) as town:
        yield town


@pytest.mark.timeout(300)
def test_a_server_that_was_off_while_a_film_came_is_right_within_a_minute(town: Town) -> None:
    """Scenario 1."""
    with town.world.lock:
        town.world.seerr.ask(FILMS["metropolis"], PEOPLE["chiara"])
    town.until(lambda: town.is_at("Metropolis", "approved") and "MovieAdded" in town.services())

    town.server.stop()
    release = film_release(FILMS["metropolis"], Offer("Bluray-1080p", 6.0, 4, "ONE"))
    town.world.radarr.publish(FILMS["metropolis"], release)
    town.until(lambda: bool(town.world.jellyfin.items))
    town.server.restart()
    seconds = town.until(lambda: town.is_at("Metropolis", "available"))

    assert seconds < 60
    timeline = town.one("Metropolis")["timeline"]
    found = {step["to"]: step for step in timeline if step["kind"] == "state"}
    assert found["grabbed"]["reconstructed"]
    assert found["imported"]["reconstructed"]
    assert list(found) == ["grabbed", "imported", "available"]
    assert found["grabbed"]["occurred_at"] < found["imported"]["occurred_at"] < found["available"]["occurred_at"]


@pytest.mark.timeout(300)
def test_a_series_arrives_on_a_server_that_sonarr_never_calls(town: Town) -> None:
    """Scenario 3."""
    with town.world.lock:
        town.world.sonarr.notifications.clear()
        for number in (1, 2, 3, 4):
            release = episode_release(LANTERN, (2, number), Offer("WEBDL-1080p", 1, 4, "FERRY"))
            town.world.sonarr.publish(LANTERN, release)
        town.world.seerr.ask(LANTERN, PEOPLE["chiara"], (2,))

    town.until(lambda: town.is_at("The Lantern Line", "available"))

    services = town.services()  # which looks every few minutes, and may have done so before all this
    assert "Sonarr does not call us yet" in services or "Sonarr has never called us" in services


@pytest.mark.timeout(300)
def test_webhooks_that_come_three_times_are_told_once_on_a_server(town: Town) -> None:
    """Scenario 5."""
    town.post.copies = 3

    town.ask("nosferatu", seconds=4)
    town.until(lambda: town.is_at("Nosferatu", "available"))

    town.post.copies = 1
    steps = [step["to"] for step in town.one("Nosferatu")["timeline"] if step["kind"] in ("created", "state")]
    assert len(steps) == len(set(steps))
    titles = [row["title"] for row in requests.get(f"{town.server.url}/api/requests", timeout=10).json()["requests"]]
    assert titles.count("Nosferatu") == 1
