"""The common poll: a download that moves has moved on. Nothing changes but numbers, so nothing else is derived.

Which downloads a card shows was kept when it was derived last, and every other fact derives it again. So the sum of
their numbers is what a whole derivation would give, at a fraction of its questions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
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
    select(DownloadAlias.value, Download.__table__)
    .join(Download, Download.id == DownloadAlias.download_pk)
    .where(DownloadAlias.value.in_(bindparam("ids", type_=String, expanding=True)))
)
PKS = bindparam("pks", type_=BigInteger, expanding=True)
CARRIED = select(Item.media_id).join(Grab, Grab.item_pk == Item.id).where(Grab.download_pk.in_(PKS))
CARDS = select(
    *(MediaRequest.id, MediaRequest.requester_id, MediaRequest.media_id, MediaRequest.trouble),
    MediaRequest.measured_of,
    *(MediaRequest.progress, MediaRequest.eta, MediaRequest.speed, MediaRequest.measured_at),
).where(MediaRequest.media_id.in_(CARRIED), MediaRequest.deleted_at.is_(None))
DOWNLOADS = select(Download.__table__).where(Download.id.in_(PKS))
CARRIERS = CARRIED.add_columns(Grab.download_pk).distinct()
MEASURED = update(MediaRequest).where(MediaRequest.id == bindparam("pk"))


@dataclass(frozen=True)
class Moves:
    """What came of the polls that say nothing but how far a moving download is by now.

    ``whole`` are the media that have to be derived as a whole, with the downloads that moved there.
    """

    kept: dict[int, DownloadPolled] = field(default_factory=dict)
    measured: list[Measured] = field(default_factory=list)
    whole: dict[int, set[int]] = field(default_factory=dict)


def keep_moves(observations: Iterable[Observation], connection: Connection) -> Moves:
    """Keep these polls, and measure every card that shows one of their downloads."""
    polls = [
        each for each in observations if isinstance(each, DownloadPolled) and each.stage is DownloadStage.DOWNLOADING
    ]
    if not polls:
        return Moves()
    ids = {id_ for polled in polls for id_ in _ids(polled)}
    rows = {row.value: row for row in connection.execute(NAMED, {"ids": sorted(ids)})}
    moves = [(row, polled) for polled in polls if (row := _moving(polled, rows)) is not None]
    count = Counter(row.id for row, _ in moves)
    moves = [(row, polled) for row, polled in moves if count[row.id] == 1]
    if not moves:
        return Moves()
    connection.execute(POLLED, [numbers_of(polled, row) for row, polled in moves])
    measured, whole = _add_up_cards({row.id: _moved(row, polled) for row, polled in moves}, connection)
    return Moves({row.id: polled for row, polled in moves}, measured, whole)


def _ids(polled: DownloadPolled) -> tuple[str, ...]:
    return (polled.download_id, *polled.aliases)


def _moving(polled: DownloadPolled, rows: dict[str, Any]) -> Any | None:
    """Give the download of a poll if its client called it moving already, by all these ids and as large as now."""
    known = [rows.get(id_) for id_ in _ids(polled)]
    row = known[0]
    if row is None or any(each is None or each.id != row.id for each in known):
        return None
    is_moving = row.stage is DownloadStage.DOWNLOADING and row.gone_at is None and polled.size in (None, row.size)
    is_said_again = row.speaker == polled.client and row.polled_at is not None and row.polled_at <= polled.seen_at
    return row if is_moving and is_said_again else None


def _moved(row: Any, polled: DownloadPolled) -> DownloadFact:
    """Give what is known of a download once its poll is kept."""
    return replace(
        nameless_download(row),
        progress=polled.progress,
        speed=polled.speed,
        eta=polled.eta,
        polled_at=polled.seen_at,
    )


def _add_up_cards(moved: dict[int, DownloadFact], connection: Connection) -> tuple[list[Measured], dict[int, set[int]]]:
    cards = connection.execute(CARDS, {"pks": list(moved)}).all()
    # A trouble may end by what moves, and of an older card nobody knows what it shows.
    whole = {card.media_id for card in cards if card.trouble is not None or card.measured_of is None}
    shown = [card for card in cards if card.media_id not in whole and not moved.keys().isdisjoint(card.measured_of)]
    facts = moved | _facts({pk for card in shown for pk in card.measured_of} - moved.keys(), connection)
    measured = []
    for card in shown:
        numbers = add_up(transfer(facts[pk]) for pk in card.measured_of)
        if numbers.measured_by != BY_CLIENT:
            whole.add(card.media_id)
        elif _is_news(numbers, card):
            measured.append((card, numbers))
    if measured:
        connection.execute(MEASURED, [_row(card.id, numbers) for card, numbers in measured])
    news = [Measured(card.id, card.requester_id, each.progress, each.eta, each.speed) for card, each in measured]
    return news, _carriers(whole, moved, connection)


def _carriers(whole: Collection[int], moved: Collection[int], connection: Connection) -> dict[int, set[int]]:
    rows = connection.execute(CARRIERS, {"pks": list(moved)}).all() if whole else ()
    return {media_id: {row.download_pk for row in rows if row.media_id == media_id} for media_id in whole}


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
