"""How Radarr and Sonarr see their download clients."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from demo.qbittorrent.model import Qbittorrent, Torrent
from demo.sabnzbd.model import BEYOND_REPAIR, Job, Sabnzbd
from demo.servarr.model import TORRENT, USENET, Release

COMPLAINTS = ("metaDL", "stalledDL", "error", "missingFiles")
STATUSES = {
    "metaDL": "queued",
    "queuedDL": "queued",
    "checkingResumeData": "queued",
    "checkingDL": "queued",
    "stalledDL": "warning",
    "error": "warning",
    "missingFiles": "warning",
    "stoppedDL": "paused",
    "uploading": "completed",
    "stalledUP": "completed",
    "stoppedUP": "completed",
}
"""What they make of qBittorrent's states: neither moving nor checking files is complete, and no error is a failure."""


@dataclass(frozen=True)
class Progress:
    """How far a download is; ``status`` is the word of the queue, ``eta`` None where it is not known."""

    status: str
    size: int
    left: int
    eta: int | None = None
    complaint: str = ""

    @property
    def is_done(self) -> bool:
        """Tell whether its files are whole."""
        return self.status == "completed"

    @property
    def is_failed(self) -> bool:
        """Tell whether the client gave it up."""
        return self.status == "failed"


class Client(Protocol):
    """A download client that was added to Radarr or Sonarr."""

    name: str
    is_reachable: bool

    def add(self, release: Release, category: str, now: datetime) -> None:
        """Hand a release over."""

    def look(self, release: Release) -> Progress | None:
        """See how far its download is, None if the client does not know it."""

    def remove(self, release: Release) -> None:
        """Let the client forget it."""

    def finish(self, release: Release) -> None:
        """Tell that it is imported."""


class TorrentClient:
    """qBittorrent; what is imported stays and seeds."""

    name = "qBittorrent (NAS)"

    def __init__(self, qbittorrent: Qbittorrent) -> None:
        self.is_reachable, self._qbittorrent = True, qbittorrent

    def add(self, release: Release, category: str, now: datetime) -> None:
        """Add a magnet."""
        torrent = Torrent(release.hash, release.title, release.size, release.pace, category, now, seeds=release.seeds)
        self._qbittorrent.add(torrent)

    def look(self, release: Release) -> Progress | None:
        """Translate the state."""
        torrent = self._qbittorrent.torrents.get(release.hash)
        if torrent is None:
            return None
        eta = torrent.eta if torrent.state == "downloading" else None
        complaint = torrent.state if torrent.state in COMPLAINTS else ""
        return Progress(
            STATUSES.get(torrent.state, "downloading"), torrent.known_size, torrent.known_left, eta, complaint
        )

    def remove(self, release: Release) -> None:
        """Remove the torrent with its files."""
        self._qbittorrent.remove(release.hash)

    def finish(self, release: Release) -> None:
        """Do nothing: it has to seed."""


class UsenetClient:
    """SABnzbd; what is imported leaves its history."""

    name = "SABnzbd"

    def __init__(self, sabnzbd: Sabnzbd) -> None:
        self.is_reachable, self._sabnzbd = True, sabnzbd

    def add(self, release: Release, category: str, now: datetime) -> None:
        """Add a job."""
        id_ = release.download_id
        self._sabnzbd.jobs[id_] = Job(id_, release.title, release.size, release.pace)

    def look(self, release: Release) -> Progress | None:
        """Translate the state: while it repairs it downloads, with nothing left."""
        job = self._sabnzbd.jobs.get(release.download_id)
        if job is None:
            return None
        complaint = BEYOND_REPAIR if job.state == "failed" else ""
        return Progress(job.state, job.size, job.left, job.eta if job.state == "downloading" else None, complaint)

    def remove(self, release: Release) -> None:
        """Remove the job."""
        self._sabnzbd.jobs.pop(release.download_id, None)

    def finish(self, release: Release) -> None:
        """Clean up."""
        self.remove(release)


class Clients:
    """The two of them, by protocol."""

    def __init__(self, qbittorrent: Qbittorrent, sabnzbd: Sabnzbd) -> None:
        self.torrent, self.usenet = TorrentClient(qbittorrent), UsenetClient(sabnzbd)

    def all(self) -> tuple[Client, ...]:
        """Give every client."""
        return self.torrent, self.usenet

    def of(self, release: Release) -> Client:
        """Give the client for a release."""
        clients: dict[str, Client] = {TORRENT: self.torrent, USENET: self.usenet}
        return clients[release.protocol]

    def look(self, release: Release) -> Progress | None:
        """See how far a download is, None while its client is silent."""
        client = self.of(release)
        return client.look(release) if client.is_reachable else None
