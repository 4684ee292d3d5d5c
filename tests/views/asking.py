"""People who ask for films, all at one moment."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask

from flaskapp.domain.observation import MediaRef, MediaType, RequestTold, Word
from flaskapp.domain.origin import Origin

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


def ask(app: Flask, *numbers: int, word: Word = Word.PENDING) -> None:
    """Let people ask for these films, as Seerr tells it."""
    said = [
        RequestTold(
            seen_at=NOON,
            seerr_request_id=n,
            media=MediaRef(MediaType.MOVIE, tmdb_id=n, title=f"Film {n}"),
            word=word,
        )
        for n in numbers
    ]
    with app.app_context():
        app.extensions["pipeline"].ingest(said, Origin("seerr", "seerr", is_4k=False, now=NOON))
