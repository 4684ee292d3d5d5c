"""The rows of Radarr's and Sonarr's REST: files, queue and history. Nulls are left out."""

from __future__ import annotations

import zlib
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Protocol

from demo.clock import to_second, to_span
from demo.servarr import parts
from demo.servarr.arr import Arr
from demo.servarr.clients import Progress
from demo.servarr.model import FILM_KEY, LOOSE, TORRENT, Entry, Held, HistoryRow, Key, MediaFile, Quality, Release
from demo.servarr.queue import QueueItem
from demo.servarr.search import DELAY
from demo.servarr.wording import say

Row = dict[str, Any]
STATES = {"downloadFailed": 4, "grabbed": 1, "downloadFolderImported": 3}
"""Numbers of the kinds of history that both have in common."""


class Rows(Protocol):
    """How one dialect shows titles and names items."""

    path: str
    """The resource of titles: ``movie`` or ``series``."""
    id_name: str
    """The name of a title's number in other rows."""
    file_deleted: tuple[str, int]
    """The word and the number of a deletion in history."""
    ignored: int
    """The number of a download that is not followed any more."""

    def title(self, entry: Entry) -> Row:
        """Show a title."""

    def item(self, entry: Entry, key: Key) -> Row:
        """Name one of its items in a row of queue or history."""

    def listed(self, entry: Entry, key: Key) -> Row:
        """Say what only the queue says of an item."""

    def nested(self, entry: Entry, key: Key) -> dict[str, Row]:
        """Give what a row of queue or history can hold as objects; a title in it knows nothing of files."""


def quality(quality: Quality) -> Row:
    """Show a quality as an object."""
    return {
        "quality": {"id": quality.id, "name": quality.name, "source": quality.source, "resolution": quality.height},
        "revision": {"version": 1, "real": 0, "isRepack": False},
    }


def media_file(file: MediaFile) -> Row:
    """Show a file."""
    return {
        "id": file.id,
        "relativePath": file.name,
        "path": file.path,
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
    listed = [
        _queue_row(arr, rows, item, key) | _included(rows, item.grab.entry, key, include)
        for item in arr.queue.items()
        for key in item.grab.release.keys
    ]
    return listed + [
        _held_row(arr, rows, held, key) | _included(rows, held.entry, key, include)
        for held in arr.books.held
        for key in held.release.keys
    ]


def _included(rows: Rows, entry: Entry, key: Key, include: Collection[str]) -> Row:
    return {name: shown for name, shown in rows.nested(entry, key).items() if name in include}


def _queue_row(arr: Arr, rows: Rows, item: QueueItem, key: Key) -> Row:
    grab, release = item.grab, item.grab.release
    return {
        **_common(rows, grab.entry, release, key),
        "added": to_second(grab.at),
        "trackedDownloadState": item.stage,
        "trackedDownloadStatus": "error" if item.progress.is_failed else "warning" if item.messages else "ok",
        **progress(item.progress, arr.clock.now),
        **_complaint(arr, item.progress),
        **({"outputPath": f"/downloads/{release.title}"} if item.progress.is_done else {}),
        "statusMessages": [{"title": release.title, "messages": list(item.messages)}] if item.messages else [],
        "downloadId": release.download_id,
        "downloadClient": parts.CLIENTS[release.protocol][0],
        "downloadClientHasPostImportCategory": False,
    }


def _common(rows: Rows, entry: Entry, release: Release, key: Key) -> Row:
    return {
        rows.id_name: entry.id,
        **rows.item(entry, key),
        **rows.listed(entry, key),
        **({} if key == FILM_KEY else {"seasonNumber": key[0]}),
        "languages": [parts.LANGUAGE],
        "quality": quality(release.quality),
        "customFormats": [],
        "customFormatScore": 0,
        "size": release.size,
        "title": release.title,
        "protocol": release.protocol,
        "indexer": release.indexer,
        "id": zlib.crc32(f"{release.hash}{key}".encode()) >> 1,
    }


def _held_row(arr: Arr, rows: Rows, held: Held, key: Key) -> Row:
    """Show a release that is not grabbed yet: no client has it, and nothing tracks it."""
    row = {**_common(rows, held.entry, held.release, key), "sizeleft": held.release.size, "status": held.hold}
    if held.hold == DELAY:
        row["timeleft"] = to_span(max(0.0, (held.until - arr.clock.now).total_seconds()))
        row["estimatedCompletionTime"] = to_second(held.until)
    return {**row, "statusMessages": [], "downloadClientHasPostImportCategory": False}


def progress(seen: Progress, now: datetime) -> Row:
    """Show how far a download is; the time left is absent where it is not known."""
    row: Row = {"status": seen.status, "size": seen.size, "sizeleft": seen.left}
    if seen.is_done:
        row["timeleft"] = to_span(0)
    if seen.eta is not None:
        row["timeleft"] = to_span(seen.eta)
        row["estimatedCompletionTime"] = to_second(now + timedelta(seconds=seen.eta))
    return row


def _complaint(arr: Arr, seen: Progress) -> Row:
    return {"errorMessage": say(arr.books.language, seen.complaint)} if seen.complaint else {}


def history(rows: Rows, line: HistoryRow, include: Collection[str] = ()) -> Row:
    """Show a line of history; words and numbers of a deletion differ between the two."""
    release, is_deletion = line.release, line.kind == "fileDeleted"
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
        **({} if is_deletion or release.protocol == LOOSE else {"downloadId": release.download_id}),
        "eventType": rows.file_deleted[0] if is_deletion else line.kind,
        "data": _data(line),
        "id": line.id,
        **_included(rows, line.entry, line.key, include),
    }


def _data(line: HistoryRow) -> dict[str, str]:
    release = line.release
    data = {"releaseGroup": release.group, "size": str(release.size), **line.data}
    if line.kind == "fileDeleted" or release.protocol == LOOSE:
        return data
    name, kind = parts.CLIENTS[release.protocol]
    data |= {"downloadClient": kind, "downloadClientName": name}
    if line.kind == "grabbed":
        data["protocol"] = "2" if release.protocol == TORRENT else "1"
    if line.kind == "grabbed" and release.protocol == TORRENT:
        data["torrentInfoHash"] = release.download_id
    return data


def history_number(rows: Rows, line: HistoryRow) -> int:
    """Give the number of a kind of history."""
    return rows.ignored if line.kind == "downloadIgnored" else STATES.get(line.kind, rows.file_deleted[1])
