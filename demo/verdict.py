"""Whether two boards say the same."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests

from demo.world import World

READINGS = ("/api/v1/request", "/queue/details", "/history/since")
"""Ends of the addresses where a board reads what no webhook told it."""
STEP, STEADY, PATIENCE = 1.0, 5.0, 180.0
"""Seconds between two looks, for how long both have to say the same, and after which they never will."""
TIMEOUT = 10.0

Seen = dict[str, Any]


@dataclass(frozen=True)
class Side:
    """A board and the world that it watches."""

    url: str
    world: World


def look(url: str) -> dict[str, Seen]:
    """Give what a board says: state and trouble of each request, and how each of its episodes stands."""
    rows = _get(f"{url}/api/requests?limit=500")["requests"]
    return {_name(row): _seen(row, _get(f"{url}/api/requests/{row['id']}")) for row in rows}


def _get(url: str) -> Any:
    answer = requests.get(url, timeout=TIMEOUT)
    answer.raise_for_status()
    return answer.json()


def _name(row: dict[str, Any]) -> str:
    seasons = "".join(f" S{season:02}" for season in row["seasons"] or ())
    return f"{row['seerr_request_id']} {row['title']}{seasons}{' 4K' if row['is_4k'] else ''}"


def _seen(row: dict[str, Any], shown: dict[str, Any]) -> Seen:
    trouble = row["trouble"]
    items = {f"S{item['season']:02}E{item['episode']:02}": item["standing"] for item in shown["items"]}
    return {"state": row["state"], "trouble": trouble and trouble["kind"], "items": items}


def differences(good: dict[str, Seen], bad: dict[str, Seen]) -> list[str]:
    """Say in which requests two boards differ."""
    names = sorted({*good, *bad})
    return [f"{name}: {good.get(name)} and {bad.get(name)}" for name in names if good.get(name) != bad.get(name)]


def compare(good: Side, bad: Side) -> list[str]:
    """Wait until both boards have read everything and say the same for a while; give what they never agreed on."""
    unread = [_unread(side.world) for side in (good, bad)]
    deadline, agreed_at = time.monotonic() + PATIENCE, None
    while True:
        found, now = differences(look(good.url), look(bad.url)), time.monotonic()
        if found or any(left() for left in unread):
            agreed_at = None
        elif agreed_at is None:
            agreed_at = now
        if (agreed_at is not None and now - agreed_at >= STEADY) or now > deadline:
            return found
        time.sleep(STEP)


def _unread(world: World) -> Callable[[], list[str]]:
    """Give a question: which of the readings that a board makes were not made again since now."""
    before = {path: count for path, count in world.calls.items() if path.endswith(READINGS)}
    return lambda: [path for path, count in before.items() if world.calls[path] == count]
