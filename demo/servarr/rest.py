"""The rows of Radarr's and Sonarr's REST: titles, queue and history. Nulls are left out."""

from __future__ import annotations

import zlib
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Protocol

from demo.clock import to_second, to_span
from demo.qbittorrent.model import Torrent
from demo.servarr import parts
from demo.servarr.arr import Arr
from demo.servarr.model import FILM_KEY, Entry, Grab, HistoryRow, Key, MediaFile, Quality

Row = dict[str, Any]
STATES = {"downloadFailed": 4, "grabbed": 1, "downloadFolderImported": 3}
"""Numbers of the kinds of history that both have in common."""

COMPLAINTS = {
    "metaDL": "qBittorrent is downloading metadata",
    "stalledDL": "The download is stalled with no connections",
    "error": "qBittorrent is reporting an error",
}
"""What the two say of the client's states; they say it in the language of their pages."""


class Rows(Protocol):
    """How one dialect shows titles and names items."""

    path: str
    """The resource of titles: ``movie`` or ``series``."""
    id_name: str
    """The name of a title's number in other rows."""
    file_deleted: tuple[str, int]
    """The word and the number of a deletion in history."""

    def title(self, entry: Entry) -> Row:
        """Show a title."""

    def item(self, entry: Entry, key: Key) -> Row:
        """Name one of its items in a row of queue or history."""

    def nested(self, entry: Entry, key: Key) -> dict[str, Row]:
        """Give what a row of the queue can hold as objects; a title in it knows nothing of files."""


def quality(quality: Quality) -> Row:
    """Show a quality as an object."""
    return {
        "quality": {"id": quality.id, "name": quality.name, "source": quality.source, "resolution": quality.height},
        "revision": {"version": 1, "real": 0, "isRepack": False},
    }


def media_file(file: MediaFile, folder: str) -> Row:
    """Show a file."""
    return {
        "id": file.id,
        "relativePath": file.name,
        "path": f"{folder}/{file.name}",
        "size": file.size,
        "dateAdded": to_second(file.added_at),
        "sceneName": file.release.title,
        "releaseGroup": file.release.group,
        "languages": [parts.LANGUAGE],
        "quality": quality(file.release.quality),
        "qualityCutoffNotMet": False,
    }


def queue(arr: Arr, rows: Rows, include: Collection[str] = ()) -> list[Row]:
    """Show the queue: one row per item, each with the size of the whole download; ``include`` names objects."""
    # What the client does not list (any more) is not in the queue.
    shown = [grab for grab in arr.grabs.values() if grab.is_open and grab.release.hash in arr.client.torrents]
    return [
        _queue_row(arr, rows, grab, key) | _included(rows, grab, key, include)
        for grab in shown
        for key in grab.release.keys
    ]


def _included(rows: Rows, grab: Grab, key: Key, include: Collection[str]) -> Row:
    return {name: shown for name, shown in rows.nested(grab.entry, key).items() if name in include}


def _queue_row(arr: Arr, rows: Rows, grab: Grab, key: Key) -> Row:
    release, torrent = grab.release, arr.client.torrents[grab.release.hash]
    return {
        rows.id_name: grab.entry.id,
        **rows.item(grab.entry, key),
        **({} if key == FILM_KEY else {"seasonNumber": key[0]}),
        "languages": [parts.LANGUAGE],
        "quality": quality(release.quality),
        "customFormats": [],
        "customFormatScore": 0,
        "size": release.size,
        "title": release.title,
        "added": to_second(grab.at),
        "trackedDownloadState": grab.stage,
        "trackedDownloadStatus": "warning" if grab.messages or torrent.is_broken else "ok",
        **progress(torrent, arr.clock.now),
        "statusMessages": [{"title": release.title, "messages": list(grab.messages)}] if grab.messages else [],
        "downloadId": release.download_id,
        "protocol": "torrent",
        "downloadClient": parts.CLIENT,
        "downloadClientHasPostImportCategory": False,
        "indexer": release.indexer,
        "id": zlib.crc32(f"{release.hash}{key}".encode()) >> 1,
    }


def progress(torrent: Torrent, now: datetime) -> Row:
    """Show how far a download is; the time left is absent where it is not known."""
    row: Row = {"status": _status(torrent.state), "sizeleft": torrent.left}
    if torrent.state == "downloading":
        row["timeleft"] = to_span(torrent.eta)
        row["estimatedCompletionTime"] = to_second(now + timedelta(seconds=torrent.eta))
    if torrent.state in COMPLAINTS:
        row["errorMessage"] = COMPLAINTS[torrent.state]
    return row


def _status(state: str) -> str:
    if state in ("uploading", "stalledUP", "stoppedUP"):
        return "completed"
    if state in ("metaDL", "queuedDL", "checkingResumeData"):
        return "queued"
    return {"stalledDL": "warning", "error": "warning", "stoppedDL": "paused"}.get(state, "downloading")


def history(rows: Rows, line: HistoryRow) -> Row:
    """Show a line of history; words and numbers of a deletion differ between the two."""
    release, is_deletion = line.release, line.kind == "fileDeleted"
    client = {"downloadClient": "qBittorrent", "downloadClientName": parts.CLIENT}
    return {
        rows.id_name: line.entry.id,
        **rows.item(line.entry, line.key),
        "sourceTitle": release.title,
        "languages": [parts.LANGUAGE],
        "quality": quality(release.quality),
        "customFormats": [],
        "customFormatScore": 0,
        "qualityCutoffNotMet": False,
        "date": to_second(line.at),
        **({} if is_deletion else {"downloadId": release.download_id}),
        "eventType": rows.file_deleted[0] if is_deletion else line.kind,
        "data": {
            **({} if is_deletion else client),
            "releaseGroup": release.group,
            "size": str(release.size),
            **line.data,
        },
        "id": line.id,
    }


def history_number(rows: Rows, line: HistoryRow) -> int:
    """Give the number of a kind of history."""
    return STATES.get(line.kind, rows.file_deleted[1])
