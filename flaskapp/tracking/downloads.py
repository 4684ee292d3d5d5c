"""What a download client says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, String, bindparam, select, update
from sqlalchemy.orm import Session

from flaskapp.domain.observation import DownloadGone, DownloadPolled, DownloadStage
from flaskapp.domain.origin import Origin
from flaskapp.models import Download, DownloadAlias, Grab, Item
from flaskapp.tracking.correlate import find_download

UNSETTLED = (DownloadStage.CHECKING, DownloadStage.UNKNOWN)
"""A client that verifies data counts from 0 again: the number that was shown before stays."""

# Polls come for every download every two seconds: like the facts in gather.py they know no rows of the session.
NAMED = (
    select(Download.__table__)
    .join(DownloadAlias, DownloadAlias.download_pk == Download.id)
    .where(DownloadAlias.value.in_(bindparam("ids", type_=String, expanding=True)))
)
POLLED = update(Download).where(Download.id == bindparam("pk"))
CARRIED = (
    select(Item.media_id)
    .join(Grab, Grab.item_pk == Item.id)
    .where(Grab.download_pk == bindparam("pk", type_=BigInteger))
    .distinct()
)


def store_poll(polled: DownloadPolled, session: Session, _origin: Origin) -> set[int]:
    """Keep the numbers of a download that was grabbed; others are not ours."""
    known = _known(session, list(dict.fromkeys([polled.download_id, *polled.aliases])))
    if known is None or (known.polled_at and known.polled_at > polled.seen_at):
        return set()
    progress = known.progress
    if known.stage is None or polled.stage not in UNSETTLED:
        progress = 0.0 if polled.stage in UNSETTLED else polled.progress
    stage = _stage(known.stage, polled.stage)
    facts = {
        "gone_at": None,
        "speaker": polled.client,
        "progress": progress,
        "stage": stage,
        "stage_since": known.stage_since if stage is known.stage else polled.seen_at,
        "size": polled.size or known.size,
    }
    session.connection().execute(POLLED, numbers_of(polled, known) | facts)
    return _carried(session, known.id)


def numbers_of(polled: DownloadPolled, known: Any) -> dict[str, Any]:
    """Give what a poll puts into the row of its download whatever else it says; a row for ``POLLED``."""
    return {
        "pk": known.id,
        "polled_at": polled.seen_at,
        "progress": polled.progress,
        "size_left": polled.size_left,
        "speed": polled.speed,
        "eta": polled.eta,
        "seeds": polled.seeds,
        "place": polled.place,
        "last_byte_at": polled.last_byte_at or known.last_byte_at,
    }


def _known(session: Session, ids: Sequence[str]) -> Any | None:
    """Give the columns of the one download with these ids; learn an id that is new."""
    rows = session.connection().execute(NAMED, {"ids": ids}).all()
    if len(rows) == len(ids) and len({row.id for row in rows}) == 1:
        return rows[0]
    if find_download(session, ids) is None:
        return None
    return session.connection().execute(NAMED, {"ids": ids}).first()


def _stage(known: DownloadStage | None, told: DownloadStage) -> DownloadStage:
    """Give the stage by now: a client that starts checks for a moment what was complete, and it still is."""
    if known is None or told not in UNSETTLED:
        return told
    return known if told is DownloadStage.UNKNOWN or known is DownloadStage.COMPLETE else told


def store_disappearance(gone: DownloadGone, session: Session, _origin: Origin) -> set[int]:
    """Keep that no client knows a download any more."""
    download = find_download(session, [gone.download_id])
    if download is None:
        return set()
    download.gone_at = download.gone_at or gone.seen_at
    return _carried(session, download.id)


def _carried(session: Session, pk: int) -> set[int]:
    return set(session.connection().scalars(CARRIED, {"pk": pk}))
