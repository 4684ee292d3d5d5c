"""The common poll: a download that moves has moved on. Nothing changes but numbers, so nothing else is derived.

Which downloads a card shows was kept when it was derived last, and every other fact derives it again. So the sum of
their numbers is what a whole derivation would give, at a fraction of its questions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import BigInteger, Connection, String, bindparam, select, update

from flaskapp.domain.facts import DownloadFact
from flaskapp.domain.lifecycle import Numbers, add_up
from flaskapp.domain.observation import DownloadPolled, DownloadStage, Observation
from flaskapp.domain.recorded import Measured
from flaskapp.domain.transfer import BY_CLIENT, transfer
from flaskapp.models import Download, DownloadAlias, Grab, Item, MediaRequest
from flaskapp.tracking.downloads import POLLED, numbers_of
from flaskapp.tracking.gather import nameless_download

NAMED = (
    select(
        *(DownloadAlias.value, Download.id, Download.stage, Download.gone_at),
        *(Download.polled_at, Download.size, Download.last_byte_at),
    )
    .join(Download, Download.id == DownloadAlias.download_pk)
    .where(DownloadAlias.value.in_(bindparam("ids", type_=String, expanding=True)))
)
PKS = bindparam("pks", type_=BigInteger, expanding=True)
CARDS = (
    select(
        *(MediaRequest.id, MediaRequest.media_id, MediaRequest.trouble, MediaRequest.measured_of),
        *(MediaRequest.progress, MediaRequest.eta, MediaRequest.speed, MediaRequest.measured_at, Grab.download_pk),
    )
    .join(Item, Item.media_id == MediaRequest.media_id)
    .join(Grab, Grab.item_pk == Item.id)
    .where(Grab.download_pk.in_(PKS), MediaRequest.deleted_at.is_(None))
)
DOWNLOADS = select(Download.__table__).where(Download.id.in_(PKS))
MEASURED = update(MediaRequest).where(MediaRequest.id == bindparam("pk"))


def keep_moves(observations: Iterable[Observation], connection: Connection) -> dict[int, DownloadPolled]:
    """Keep the polls that say nothing but how far a moving download is by now; give them by download."""
    polls = [
        each for each in observations if isinstance(each, DownloadPolled) and each.stage is DownloadStage.DOWNLOADING
    ]
    if not polls:
        return {}
    ids = {id_ for polled in polls for id_ in _ids(polled)}
    rows = {row.value: row for row in connection.execute(NAMED, {"ids": sorted(ids)})}
    moves = [(row, polled) for polled in polls if (row := _moving(polled, rows)) is not None]
    count = Counter(row.id for row, _ in moves)
    moves = [(row, polled) for row, polled in moves if count[row.id] == 1]
    if moves:
        connection.execute(POLLED, [numbers_of(polled, row) for row, polled in moves])
    return {row.id: polled for row, polled in moves}


def _ids(polled: DownloadPolled) -> tuple[str, ...]:
    return (polled.download_id, *polled.aliases)


def _moving(polled: DownloadPolled, rows: dict[str, Any]) -> Any | None:
    """Give the download of a poll if it was known to move already, by all these ids and as large as now."""
    known = [rows.get(id_) for id_ in _ids(polled)]
    row = known[0]
    if row is None or any(each is None or each.id != row.id for each in known):
        return None
    is_moving = row.stage is DownloadStage.DOWNLOADING and row.gone_at is None and polled.size in (None, row.size)
    return row if is_moving and row.polled_at is not None and row.polled_at <= polled.seen_at else None


def add_up_moves(moved: Collection[int], connection: Connection) -> tuple[list[Measured], dict[int, set[int]]]:
    """Measure every card that shows one of these downloads.

    Gives what changed, and the media that have to be derived as a whole, with the downloads that moved there.
    """
    rows = connection.execute(CARDS, {"pks": list(moved)}).all()  # one for each item that a download carries
    cards = {row.id: row for row in rows}
    # A trouble may end by what moves, and of an older card nobody knows what it shows.
    whole = {card.media_id for card in cards.values() if card.trouble is not None or card.measured_of is None}
    shown = [card for card in cards.values() if card.media_id not in whole and set(card.measured_of) & set(moved)]
    facts = _facts({pk for card in shown for pk in card.measured_of}, connection)
    measured = []
    for card in shown:
        numbers = add_up(transfer(facts[pk]) for pk in card.measured_of)
        if numbers.measured_by != BY_CLIENT:
            whole.add(card.media_id)
        elif _is_news(numbers, card):
            measured.append((card.id, numbers))
    if measured:
        connection.execute(MEASURED, [_row(card_id, numbers) for card_id, numbers in measured])
    by_media = {media_id: {row.download_pk for row in rows if row.media_id == media_id} for media_id in whole}
    return [Measured(card_id, each.progress, each.eta, each.speed) for card_id, each in measured], by_media


def _facts(pks: Collection[int], connection: Connection) -> dict[int, DownloadFact]:
    rows = connection.execute(DOWNLOADS, {"pks": sorted(pks)}) if pks else ()
    return {row.id: nameless_download(row) for row in rows}


def _is_news(numbers: Numbers, card: Any) -> bool:
    shown = (card.progress, card.eta, card.speed, card.measured_at)
    return shown != (numbers.progress, numbers.eta, numbers.speed, numbers.measured_at)


def _row(card_id: int, numbers: Numbers) -> dict[str, Any]:
    return {
        "pk": card_id,
        "progress": numbers.progress,
        "eta": numbers.eta,
        "speed": numbers.speed,
        "measured_at": numbers.measured_at,
        "measured_by": numbers.measured_by,
    }
