"""Troubles of a download: what its client or a queue says, and what the card then says."""

from __future__ import annotations

from dataclasses import replace

from flaskapp.domain.observation import DownloadStage
from flaskapp.domain.queue import Dropping, Protocol, QueueStage
from flaskapp.domain.trouble import TroubleKind, Who
from tests.domain.cases import ENTRY, at, download, dropped, film, film_with, listed
from tests.domain.trouble_rows import Row

K = TroubleKind
NOBODY, ADMIN, _ = Who
COMPLETE = DownloadStage.COMPLETE
READ = replace(ENTRY, read_at=at(110))
CLIENT = [
    Row(
        "queued somewhere",
        film_with(download(stage=DownloadStage.QUEUED)),
        K.QUEUED,
        "Waiting in the download queue. It starts by itself.",
    ),
    Row(
        "queued at a place",
        film_with(download(stage=DownloadStage.QUEUED, place=3)),
        K.QUEUED,
        "Place 3 in the download queue. It starts by itself.",
    ),
    Row(
        "a magnet",
        film_with(download(stage=DownloadStage.METADATA)),
        K.METADATA,
        "The download client is looking for the contents of this download. It starts once they are known.",
    ),
    Row(
        "no peers, the last byte came later",
        film_with(download(stage=DownloadStage.STALLED, last_byte_at=at(25))),
        K.STALLED,
        "No peers are sending data. It goes on by itself when one comes back.",
        since=25,
    ),
    Row(
        "paused",
        film_with(download(stage=DownloadStage.PAUSED)),
        K.PAUSED,
        "Paused in the download client, until it is resumed there.",
        who=ADMIN,
    ),
    Row(
        "an error that Radarr calls ok",
        film_with(download(stage=DownloadStage.ERROR, listing=listed(QueueStage.DOWNLOADING))),
        K.CLIENT_ERROR,
        "The download client reports an error and has stopped. It needs a look there.",
        who=ADMIN,
    ),
    Row(
        "files are missing",
        film_with(download(stage=DownloadStage.MISSING_FILES)),
        K.FILES_MISSING,
        "The download client no longer finds the files it had. It needs a look there.",
        who=ADMIN,
    ),
    Row(
        "checking",
        film_with(download(stage=DownloadStage.CHECKING, progress=1.0)),
        K.CHECKING,
        "The download client is checking the files. It goes on by itself afterwards.",
    ),
    Row(
        "moving",
        film_with(download(stage=DownloadStage.MOVING, progress=1.0)),
        K.MOVING,
        "The download client is moving the files. It goes on by itself afterwards.",
    ),
    Row(
        "removed in the client",
        film_with(download(stage=COMPLETE, gone_at=at(20))),
        K.DOWNLOAD_REMOVED,
        "The download was removed from the download client. Radarr has not reacted yet.",
    ),
    Row(
        "complete, and no queue lists it",
        film(entries=(READ,), grabs=film_with(download(stage=COMPLETE)).grabs),
        K.NOT_TRACKED,
        "The download is finished, but Radarr does not follow it. It has to be imported by hand.",
        who=ADMIN,
    ),
    Row(
        "complete, and it left the queue",
        film_with(download(stage=COMPLETE, drop=dropped(Dropping.REMOVED))),
        K.NOT_TRACKED,
        "The download is finished, but Radarr does not follow it. It has to be imported by hand.",
        who=ADMIN,
    ),
]
USENET = Protocol.USENET
QUEUE = [
    Row(
        "queued",
        film_with(download(listing=listed(QueueStage.QUEUED, USENET))),
        K.QUEUED,
        "Waiting in the download queue. It starts by itself.",
    ),
    Row(
        "paused",
        film_with(download(listing=listed(QueueStage.PAUSED, USENET, progress=0.5))),
        K.PAUSED,
        "Paused in the download client, until it is resumed there.",
        who=ADMIN,
    ),
    Row(
        "a warning",
        film_with(download(listing=listed(QueueStage.WARNED, USENET))),
        K.STALLED,
        "No data is coming in. It goes on by itself when the source is back.",
    ),
    Row(
        "unpacking",
        film_with(download(listing=listed(QueueStage.UNPACKING, USENET))),
        K.UNPACKING,
        "Downloaded. The download client is repairing or unpacking it; the import comes next.",
    ),
    Row(
        "out of reach",
        film_with(download(stage=COMPLETE, listing=listed(QueueStage.UNREACHABLE))),
        K.FILES_UNREACHABLE,
        "Downloaded, but Radarr can't find the files. A path or a category has to be put right.",
        who=ADMIN,
    ),
    Row(
        "complete, and nobody takes it",
        film_with(download(stage=COMPLETE, listing=listed(QueueStage.COMPLETE))),
        K.NOT_IMPORTED,
        "Downloaded, but Radarr has not imported it yet. Its handling of completed downloads needs a look.",
        who=ADMIN,
    ),
    Row(
        "pending for long",
        film_with(download(listing=listed(QueueStage.PENDING, USENET))),
        K.NOT_IMPORTED,
        "Downloaded, but Radarr has not imported it yet. Its handling of completed downloads needs a look.",
        who=ADMIN,
    ),
    Row(
        "held back",
        film_with(download(stage=COMPLETE, listing=listed(QueueStage.HELD))),
        K.IMPORT_BLOCKED,
        "Downloaded, but Radarr can't import it by itself.",
        who=ADMIN,
    ),
    Row(
        "blocked",
        film_with(download(stage=COMPLETE, listing=listed(QueueStage.BLOCKED))),
        K.IMPORT_BLOCKED,
        "Downloaded, but Radarr can't import it by itself.",
        who=ADMIN,
    ),
    Row(
        "blocked, says a webhook",
        film_with(download(stage=COMPLETE, blocked_at=at(15))),
        K.IMPORT_BLOCKED,
        "Downloaded, but Radarr can't import it by itself.",
        since=15,
        who=ADMIN,
    ),
    Row(
        "copying for long",
        film_with(download(stage=COMPLETE, listing=listed(QueueStage.IMPORTING))),
        K.IMPORTING,
        "Radarr is copying it to the library folder. Large files take a while.",
    ),
    Row(
        "failed",
        film_with(download(drop=dropped(Dropping.FAILED))),
        K.DOWNLOAD_FAILED,
        "The download failed. Radarr looks for another release.",
    ),
    Row(
        "failed, still listed",
        film_with(download(listing=listed(QueueStage.FAILED))),
        K.DOWNLOAD_FAILED,
        "The download failed. Radarr looks for another release.",
    ),
    Row(
        "ignored",
        film_with(download(drop=dropped(Dropping.IGNORED))),
        K.DOWNLOAD_IGNORED,
        "The download was taken out of Radarr's queue. It has to be imported by hand, or searched for again.",
        who=ADMIN,
    ),
    Row(
        "left the queue",
        film_with(download(drop=dropped(Dropping.REMOVED))),
        K.DOWNLOAD_REMOVED,
        "The download is no longer in Radarr's queue, and nothing else is on the way. A new search may be needed.",
        who=ADMIN,
    ),
]
