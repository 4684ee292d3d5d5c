"""What a card shows besides state and numbers: when this changes, the card has changed."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

from flaskapp.domain.lifecycle import Derived
from flaskapp.domain.observation import MediaType
from flaskapp.domain.state import Standing
from flaskapp.domain.trouble import Trouble
from flaskapp.models import MediaRequest
from flaskapp.tracking.watch import Watchable

HUES = 24
"""How many drawn fallback posters there are; each is a class in the style sheet."""
WHOSE = ("requested_by", "requester")
"""What of it says who asked; the number is not shown: by it a Change is found out that hands the request over."""


def face(request: MediaRequest, derived: Derived, watch: Sequence[Watchable]) -> dict[str, Any]:
    """Draw up the face of a request as JSON; ``watch``: what may open in a Jellyfin."""
    media = request.media
    title = media.title or "Untitled"
    is_series = media.media_type is MediaType.TV
    due = Counter(status.standing for status in derived.items if status.is_due)
    return {
        "title": title,
        "year": media.year,
        "poster": int(media.poster_at.timestamp()) if media.poster_at else None,
        "hue": zlib.crc32(title.encode()) % HUES,
        "initials": initials(title),
        "requested_by": request.requested_by,
        **({} if request.requester_id is None else {"requester": request.requester_id}),
        "gone": request.gone_at is not None,
        "is_4k": request.is_4k,
        "seasons": request.seasons,
        "strip": [
            {"season": status.item.key[0], "episode": status.item.key[1], "standing": str(status.standing)}
            for status in (derived.items if is_series else ())
        ],
        "here": due[Standing.HERE],
        "blocked": due[Standing.BLOCKED],
        "imported": due[Standing.IMPORTED],
        "arriving": due[Standing.ARRIVING],
        "due": due.total(),
        "moving": bool(derived.downloads),
        "attempt": derived.attempt,
        "quality": derived.quality,
        "watch": watch[0].item_id if watch else None,
        "watch_server": watch[0].server_id if watch else None,
    }


def trouble(found: Trouble | None) -> dict[str, Any] | None:
    """Write a trouble as JSON; ``messages`` are upstream's own and not for the card."""
    if found is None:
        return None
    return {
        "kind": str(found.kind),
        "sentence": found.sentence,
        "since": found.since.isoformat(),
        "who": str(found.who),
        "until": found.until.isoformat() if found.until else None,
        "items": [list(key) for key in found.items],
        "messages": list(found.messages),
    }


def initials(title: str) -> str:
    """Give one or two letters for a drawn poster."""
    letters = [next(filter(str.isalnum, word), "") for word in title.split()]
    return "".join(letters).upper()[:2] or "?"
