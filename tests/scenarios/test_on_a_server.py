"""Two of the stories once more over real sockets: a server, the services, and webhooks between them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.scenarios.town import Town, inhabited
from tests.server.reader import Reader


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Open a town."""
    with inhabited(tmp_path_factory.mktemp("town"), datetime.now(UTC)) as town:
        yield town


@pytest.mark.timeout(300)
def test_an_import_by_hand_is_seen_on_a_server_within_a_minute(town: Town) -> None:
    """Scenario 36."""
    release = town.ask("metropolis", seconds=4, clear=False)
    town.until(lambda: (town.row("Metropolis").get("trouble") or {}).get("kind") == "import_blocked")
    town.post.loses = lambda webhook: webhook.source in ("radarr", "jellyfin")

    with town.world.lock:
        town.world.radarr.import_now(town.world.radarr.grab_of(release))
    seconds = town.until(lambda: town.is_at("Metropolis", "available"))

    town.post.loses = lambda _webhook: False
    assert seconds < 60 + 30  # a minute is the pace of the question; the rest is what a busy machine adds
    timeline = town.one("Metropolis")["timeline"]
    assert "Found in the library folder: 6.0 GB, Bluray-1080p" in [step["reason"] for step in timeline]


@pytest.mark.timeout(300)
def test_a_radarr_that_hangs_up_is_told_once_on_a_server(town: Town) -> None:
    """Scenario 50."""
    town.ask("nosferatu", seconds=3000)
    town.until(lambda: town.is_at("Nosferatu", "downloading"))

    with Reader(town.server.url) as reader:
        reader.until("connected")
        town.world.mischief["radarr"].down = True
        town.until(lambda: "Radarr has not answered since" in town.board())
        told = [event["type"] for event in reader.until("resync")]

    assert town.board().count("has not answered since") == 1
    assert (town.row("Nosferatu")["state"], town.row("Nosferatu")["trouble"]) == ("downloading", None)
    assert "state_change" not in told
    town.world.mischief["radarr"].heal()
    town.until(lambda: "has not answered" not in town.board())
    assert town.is_at("Nosferatu", "downloading")
