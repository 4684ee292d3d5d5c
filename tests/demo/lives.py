"""What tests of the made-up house begin with: titles that were added, and questions to their services."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from demo.releases import Offer, film_release
from demo.servarr.api import API_KEY, BASE
from demo.servarr.apps import create_radarr, create_sonarr
from demo.servarr.arr import Arr
from demo.servarr.model import Grab, Release
from demo.titles import FILMS
from demo.world import World

NIGHT = FILMS["living-dead"]
KEY = {"X-Api-Key": API_KEY}


def offer(**wanted: Any) -> Release:
    """Give a release of Night of the Living Dead that takes 20 seconds."""
    return film_release(
        NIGHT, Offer(**{"quality": "Bluray-1080p", "gigabytes": 8, "seconds": 20, "group": "A", **wanted})
    )


def grab(world: World, release: Release) -> Grab:
    """Let Radarr want the film, and grab a release of it."""
    world.radarr.publish(NIGHT, release)
    world.radarr.add(NIGHT)
    world.advance(4)
    return world.radarr.grab_of(release)


def ask(world: World, arr: Arr, path: str) -> Any:
    """Ask a Radarr or Sonarr."""
    create = create_radarr if arr.words.name == "Radarr" else create_sonarr
    return create(world, arr).test_client().get(f"{BASE}/{path}", headers=KEY).json


def get(client: FlaskClient, path: str) -> Any:
    """Ask a service of the two."""
    return client.get(f"{BASE}/{path}", headers=KEY).json


def queue(world: World, arr: Arr | None = None) -> list[dict[str, Any]]:
    """Give the queue as it is now: refreshed, as on command."""
    arr = arr or world.radarr
    arr.queue.refresh()
    rows: list[dict[str, Any]] = ask(world, arr, "queue/details")
    return rows


def kinds(arr: Arr) -> list[str]:
    """Name what history knows."""
    return [row.kind for row in arr.history]
