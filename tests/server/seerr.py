"""What Seerr posts about one film, after its real bodies; without the poster, which is not on this machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PAYLOADS = Path(__file__).parent.parent / "payloads" / "seerr"


def seerr(kind: str, request_id: int = 1, title: str = "Nosferatu (1922)") -> dict[str, Any]:
    """Give the body for ``pending``, ``approved``, ``declined``, ``available`` or ``failed``."""
    payload: dict[str, Any] = json.loads((PAYLOADS / f"media-{kind}-movie.json").read_text(encoding="utf-8"))
    payload["subject"], payload["image"] = title, ""
    payload["media"]["tmdbId"] = str(1000 + request_id)
    payload["request"]["request_id"] = str(request_id)
    return payload
