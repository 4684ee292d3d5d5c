"""The poller against a real qbittorrent-nox and real bytes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from flaskapp.clients.qbittorrent import QbittorrentClient
from flaskapp.domain.observation import DownloadGone, DownloadPolled, DownloadStage, Observation
from flaskapp.domain.origin import Origin
from flaskapp.polling.missing import ANSWERS, LOOK, TrackedDownload
from flaskapp.polling.outlet import Outlet
from flaskapp.polling.poller import Poller
from flaskapp.polling.whereabouts import Whereabouts
from flaskapp.signals import Signals
from tests.polling.record import CLIENT
from tests.server.qbittorrent import PASSWORD, USERNAME, Qbittorrent, download
from tests.server.torrent import make_torrent

INTERVAL = 0.5
PATIENCE = 40.0


@dataclass
class Board:
    """Follows one download and keeps what the poller hands on."""

    tracked: TrackedDownload
    heard: list[Observation] = field(default_factory=list)

    def ingest(self, observations: Sequence[Observation], origin: Origin) -> None:
        self.heard += observations
        self.tracked = replace(self.tracked, speaker=CLIENT.name)

    def stages(self) -> list[DownloadStage]:
        return [each.stage for each in self.heard if isinstance(each, DownloadPolled)]

    def progress(self) -> list[float]:
        settled = (DownloadStage.DOWNLOADING, DownloadStage.STALLED, DownloadStage.COMPLETE)
        return [each.progress for each in self.heard if isinstance(each, DownloadPolled) and each.stage in settled]


@pytest.mark.timeout(120)
def test_a_real_download_rises_completes_and_goes(seeder: Qbittorrent, leecher: Qbittorrent) -> None:
    torrent = make_torrent(seeder.downloads, "metropolis.mkv", 2_000_000)
    board, signals = Board(TrackedDownload(1, (torrent.info_hash,))), Signals()
    client = QbittorrentClient(CLIENT.name, leecher.url, USERNAME, PASSWORD)
    poller = Poller(
        CLIENT, client, Whereabouts([CLIENT.name], lambda: [board.tracked]), Outlet(board.ingest, signals), INTERVAL
    )
    signals.watch(+1)

    download(torrent, seeder, leecher, seconds=8)
    _poll_until(poller, lambda: DownloadStage.COMPLETE in board.stages())

    progress = board.progress()
    assert progress == sorted(progress)
    assert len({round(value * 100) for value in progress}) >= 5
    assert progress[-1] == 1.0
    assert signals.contacts["qBittorrent"].last_error is None

    leecher.restart()
    restarted_at = datetime.now(UTC)
    _poll_until(poller, lambda: (signals.contacts["qBittorrent"].last_contact_at or restarted_at) > restarted_at)
    assert DownloadStage.MISSING_FILES not in board.stages()
    leecher.remove(torrent.info_hash)
    now = datetime.now(UTC) + timedelta(seconds=LOOK)
    for _ in range(ANSWERS + 1):
        poller.tick(now := now + timedelta(seconds=LOOK))

    assert board.heard[-1] == DownloadGone(seen_at=board.heard[-1].seen_at, download_id=torrent.info_hash)


def _poll_until(poller: Poller, is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        pause = poller.tick(datetime.now(UTC))
        if is_so():
            return
        assert time.monotonic() < end, "It did not happen in time."
        time.sleep(min(pause, INTERVAL))
