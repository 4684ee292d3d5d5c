"""Example bodies of the services, and what a source makes of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flaskapp.domain.observation import Observation
from flaskapp.sources import SOURCES
from flaskapp.sources.translation import Translation

PAYLOADS = Path(__file__).parent.parent / "payloads"
AT = datetime(2026, 3, 15, 12, tzinfo=UTC)


def sample(source: str, name: str) -> dict[str, Any]:
    """Read an example body as its source does."""
    return SOURCES[source].decode((PAYLOADS / source / name).read_bytes())


def translate(source: str, payload: dict[str, Any]) -> Translation:
    """Let a source say what a payload means."""
    return SOURCES[source].parse(payload, AT)


def observe(source: str, name: str) -> Observation:
    """Give the one observation in an example body."""
    (observation,) = translate(source, sample(source, name)).observations
    return observation


def webhooks(source: str) -> list[Path]:
    """List the example bodies that are webhooks, not answers of REST."""
    files = (path for path in (PAYLOADS / source).iterdir() if path.is_file())
    return sorted(path for path in files if not path.name.startswith("api-"))
