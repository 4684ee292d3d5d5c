"""Rows of Radarr's and Sonarr's REST as we ask for them: with the title, and the episode, that each is about."""

from __future__ import annotations

import json
from typing import Any

from tests.sources.samples import PAYLOADS

TITLES = {"radarr": "movie", "sonarr": "series"}


def rest(source: str, name: str) -> Any:
    """Read an example answer."""
    return json.loads((PAYLOADS / source / name).read_bytes())


def rows(source: str, name: str) -> list[dict[str, Any]]:
    """Read the rows of an example answer, each with what it is about."""
    answer = rest(source, name)
    return [_about(source, row) for row in (answer if isinstance(answer, list) else answer["records"])]


def _about(source: str, row: dict[str, Any]) -> dict[str, Any]:
    """Put in what the examples leave out; what is about nothing stays so."""
    title = TITLES[source]
    if f"{title}Id" not in row or title in row:
        return row
    (sample,) = rest(source, f"api-{title}.json")
    about = {title: sample | {"id": row[f"{title}Id"]}}
    return row | about | ({"episode": _episode(row["episodeId"])} if source == "sonarr" else {})


def _episode(number: int) -> dict[str, Any]:
    """Make the episode that the number of the examples tells: 7204 is the fourth of the second season."""
    return {"id": number, "seasonNumber": number // 100 % 10, "episodeNumber": number % 100}
