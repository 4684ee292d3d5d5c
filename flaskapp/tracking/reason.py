"""One plain sentence for the timeline: what was said, by whom."""

from __future__ import annotations

from functools import singledispatch

from flaskapp.domain.house import CausesRead
from flaskapp.domain.observation import (
    DownloadGone,
    DownloadPolled,
    DownloadStage,
    EntryDeleted,
    EntryTold,
    EpisodeRef,
    FileDeath,
    FileDeleted,
    FileImported,
    Grabbed,
    ImportBlocked,
    ImportCompleted,
    LibraryItemAdded,
    Observation,
    PosterKept,
    RequestTold,
    TimePassed,
    Word,
)
from flaskapp.domain.queue import DownloadDropped, DownloadListed, Dropping, HistoryRead, QueueStage, ReleasesHeld
from flaskapp.domain.reading import (
    EntryAbsent,
    EntryDoubted,
    EpisodesRead,
    LibraryItemAbsent,
    LibraryItemRead,
    MovieRead,
    RequestGone,
    RequestRead,
    TitleRead,
)

UNITS = ("B", "kB", "MB", "GB", "TB")
WORDS = {
    Word.PENDING: "Asked for",
    Word.APPROVED: "Approved",
    Word.DECLINED: "Declined",
    Word.FAILED: "Could not be sent to Radarr or Sonarr",
}
DEATHS = {
    FileDeath.MANUAL: "The file was deleted",
    FileDeath.MISSING_FROM_DISK: "The file is missing from disk",
    FileDeath.NO_LINKED_EPISODES: "The file belongs to no episode any more",
    FileDeath.UPGRADE: "The file makes room for a better one",
    FileDeath.MANUAL_OVERRIDE: "The file was replaced on disk",
}
STAGES = {
    DownloadStage.QUEUED: "Waits in the download queue",
    DownloadStage.METADATA: "The download client looks up what the torrent holds",
    DownloadStage.DOWNLOADING: "The download runs",
    DownloadStage.STALLED: "The download waits for somebody who shares it",
    DownloadStage.PAUSED: "The download is paused",
    DownloadStage.MOVING: "The download client moves the files",
    DownloadStage.COMPLETE: "The download is complete",
    DownloadStage.ERROR: "The download client reports an error",
    DownloadStage.MISSING_FILES: "The download client misses the files",
}


QUEUE_STAGES = {
    QueueStage.IMPORTING: "Being copied into the library folder",
    QueueStage.BLOCKED: "The import needs a person",
    QueueStage.UNPACKING: "The download client unpacks",
    QueueStage.FAILED: "The download failed",
}
DROPPINGS = {
    Dropping.FAILED: "The download failed",
    Dropping.IGNORED: "The download was taken out of the queue",
    Dropping.REMOVED: "The download left the queue without an import",
}
INQUIRIES: dict[type[Observation], str] = {
    TitleRead: "Seerr was asked for the title",
    LibraryItemRead: "Jellyfin was asked which title this is",
    EpisodesRead: "Sonarr was asked for the episodes",
}
"""What we asked for, which by itself brings nobody nearer to a film."""


@singledispatch
def reason(observation: Observation) -> str:
    """Say what an observation means, without its source."""
    raise TypeError(type(observation))


@reason.register
def _request_told(told: RequestTold) -> str:
    if told.word is None:
        return "Complete, says Seerr"
    if told.word is Word.PENDING and told.requested_by and told.requested_by.name:
        return f"Asked for by {told.requested_by.name}"
    return WORDS[told.word]


@reason.register
def _request_read(read: RequestRead) -> str:
    return "No longer in the library, says Seerr" if read.vanished else f"{WORDS[read.word]}, as Seerr lists it"


@reason.register
def _request_gone(_gone: RequestGone) -> str:
    return "The request was deleted in Seerr"


@reason.register(TitleRead)
@reason.register(LibraryItemRead)
@reason.register(EpisodesRead)
def _inquiry(read: TitleRead | LibraryItemRead | EpisodesRead) -> str:
    return INQUIRIES[type(read)]


@reason.register
def _entry_told(_told: EntryTold) -> str:
    return "In the library list"


@reason.register
def _entry_deleted(told: EntryDeleted) -> str:
    return "Removed from the library list, with its files" if told.files_deleted else "Removed from the library list"


@reason.register
def _grabbed(told: Grabbed) -> str:
    release = told.release
    what = f"Grabbed from {release.indexer}" if release.indexer else "Grabbed"
    for_whom = f" for {told.client}" if told.client else ""
    made = " by ".join(part for part in (release.quality, release.group) if part)
    return _with(what + for_whom, _episodes(told.items), size(release.size), made)


@reason.register
def _file_imported(told: FileImported) -> str:
    what = "Replaced by a better file" if told.is_upgrade else "Imported into the library folder"
    replaced = f"replaces {told.replaced_quality}" if told.replaced_quality else None
    return _with(what, _episodes(told.items), size(told.size), told.quality, replaced)


@reason.register
def _import_completed(told: ImportCompleted) -> str:
    return _with("The import is complete", _episodes(told.items))


@reason.register
def _file_deleted(told: FileDeleted) -> str:
    return _with(DEATHS[told.reason], _episodes(told.items))


@reason.register
def _import_blocked(_told: ImportBlocked) -> str:
    return "The import needs a person"


@reason.register
def _entry_absent(_read: EntryAbsent) -> str:
    return "No longer in the library list"


@reason.register
def _entry_doubted(_doubted: EntryDoubted) -> str:
    return "Its files changed"


@reason.register
def _download_listed(listed: DownloadListed) -> str:
    return QUEUE_STAGES.get(listed.stage, "Found in the download queue")


@reason.register
def _download_dropped(dropped: DownloadDropped) -> str:
    return DROPPINGS[dropped.why] + (f": {dropped.message}" if dropped.message else "")


@reason.register
def _releases_held(_read: ReleasesHeld) -> str:
    return "A release was found and waits"


@reason.register
def _history_read(_read: HistoryRead) -> str:
    return "The history was read"


@reason.register
def _causes_read(_read: CausesRead) -> str:
    return "Something changed for everybody"


@reason.register
def _time_passed(_passed: TimePassed) -> str:
    return "Time passed"


@reason.register
def _library_item_absent(_read: LibraryItemAbsent) -> str:
    return "Jellyfin no longer shows it"


@reason.register
def _library_item_added(told: LibraryItemAdded) -> str:
    return "Jellyfin shows it" if told.season is None else f"Jellyfin shows {_numbers(told.season, told.episodes)}"


@reason.register
def _movie_read(read: MovieRead) -> str:
    return _with("Found in the library folder", size(read.size), read.quality) if read.file_id else "Radarr has no file"


@reason.register
def _download_polled(polled: DownloadPolled) -> str:
    return STAGES.get(polled.stage, "The download client reports news")


@reason.register
def _download_gone(_gone: DownloadGone) -> str:
    return "The download was removed from the client"


@reason.register
def _poster_kept(_kept: PosterKept) -> str:
    return "The poster is here"


def _with(what: str, *details: str | None) -> str:
    """Add the known details: ``Grabbed from NZBgeek: 4.2 GB, Bluray-1080p``."""
    known = ", ".join(detail for detail in details if detail)
    return f"{what}: {known}" if known else what


def size(count: int | None) -> str:
    """Write bytes for people: ``4.2 GB``; nothing when unknown."""
    if not count:
        return ""
    number, unit = float(count), 0
    while number >= 1000 and unit < len(UNITS) - 1:
        number, unit = number / 1000, unit + 1
    return f"{number:.1f} {UNITS[unit]}" if unit > 2 else f"{number:.0f} {UNITS[unit]}"


def _episodes(items: tuple[EpisodeRef, ...]) -> str:
    """Name the episodes: ``S02E05``, ``Season 2, 10 episodes``; nothing for a film."""
    seasons = sorted({item.season for item in items if item.episode})
    if not seasons:
        return ""
    if len(seasons) > 1:
        return f"{len(items)} episodes"
    return _numbers(seasons[0], tuple(item.episode for item in items))


def _numbers(season: int, episodes: tuple[int, ...]) -> str:
    if len(episodes) > 2:
        return f"Season {season}, {len(episodes)} episodes"
    return " and ".join(f"S{season:02}E{number:02}" for number in episodes)
