"""What a life comes to: what cards say, and the facts behind them, without times and without our own numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp.domain.observation import LibraryItemType, MediaType
from flaskapp.domain.state import Standing
from flaskapp.extensions import db
from flaskapp.models import Entry, LibraryItem, MediaFile, MediaRequest
from flaskapp.models.open_questions import open_grabs
from tests.laws.board import Board

FACE = ("title", "year", "requested_by", "here", "imported", "blocked", "moving", "attempt", "quality")
EXPECTED = (Standing.WAITING, Standing.UNAIRED)
"""Episodes of which nothing is there: a list that was read once is remembered when the title is gone."""
PLAYABLE = (LibraryItemType.MOVIE, LibraryItemType.EPISODE)

Outcome = dict[str, Any]
"""Each value under a name that says where it stands: ``request 1 state``."""


def differences(found: Outcome, expected: Outcome) -> list[str]:
    """Say where two ends differ, one line each."""
    return [
        f"{name}: {found.get(name)!r} instead of {expected.get(name)!r}"
        for name in sorted(found.keys() | expected.keys())
        if found.get(name) != expected.get(name)
    ]


def outcome(board: Board) -> Outcome:
    """Read the end of a life, and hold the browser to it that was open all the time.

    A request that is gone says no more than that, and nothing if every word of it was lost: nobody can know.
    """
    told = {row["id"]: row for row in board.requests()}
    assert board.seen == {id_: row["state"] for id_, row in told.items()}
    with board.app.app_context(), Session(db.engine) as session:
        rows = session.scalars(select(MediaRequest).where(MediaRequest.deleted_at.is_(None))).all()
        known = {
            row.seerr_request_id: _card(row, told[row.id]) | _facts(session, row) for row in rows if row.gone_at is None
        }
    return {f"request {number} {name}": value for number, each in known.items() for name, value in each.items()}


def _card(row: MediaRequest, told: dict[str, Any]) -> dict[str, Any]:
    shown = ("media_type", "tmdb_id", "tvdb_id", "is_4k", "seasons", "state", "progress")
    trouble = told["trouble"]
    return {
        **{name: told[name] for name in shown},
        **{name: row.face[name] for name in FACE},
        "strip": [each for each in row.face["strip"] if each["standing"] not in EXPECTED],
        "watch": row.face.get("watch"),
        "trouble": trouble and (trouble["kind"], trouble["who"]),
    }


def _facts(session: Session, row: MediaRequest) -> dict[str, Any]:
    entries = session.scalars(select(Entry).filter_by(media_id=row.media_id, deleted_at=None)).all()
    files = session.scalars(select(MediaFile).where(MediaFile.entry_pk.in_([entry.id for entry in entries])))
    shown = session.scalars(select(LibraryItem).filter_by(media_id=row.media_id, gone_at=None))
    return {
        "entries": sorted((entry.instance, entry.entry_id) for entry in entries),
        "files": sorted((file.entry.instance, file.file_id) for file in files if _is_live(file)),
        "downloads": sorted({grab[0] for entry in entries for grab in _open_grabs(session, entry)}),
        "shown": {(item.season, *item.episodes) for item in shown if item.item_type in PLAYABLE and row.face["here"]},
    }


def _open_grabs(session: Session, entry: Entry) -> Iterator[tuple[tuple[str, ...], int, MediaType]]:
    grabs = open_grabs(session, entry.source, entry.instance)
    return (grab for grab in grabs if grab[1] == entry.entry_id)


def _is_live(file: MediaFile) -> bool:
    """Tell whether the last reading listed it, and nobody has told its death since."""
    seen_at, read_at = max(file.told_at, file.read_at or file.told_at), file.entry.read_at
    return file.death is None and (read_at is None or seen_at >= read_at)
