"""Two real qbittorrent-nox behind one board: what both have jumps nowhere, and only what both have lost is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import select, true
from sqlalchemy.orm import Session

from flaskapp.config import Settings
from flaskapp.domain.origin import Origin
from flaskapp.domain.state import State
from flaskapp.extensions import db
from flaskapp.models import Download, MediaRequest
from flaskapp.polling.missing import LOOK
from flaskapp.polling.outlet import Outlet
from flaskapp.polling.readings import Readings
from flaskapp.polling.reconciler import Reconciler
from flaskapp.signals import Signals
from flaskapp.upstreams import Upstream
from tests.server.process import wait_until
from tests.server.qbittorrent import PASSWORD, PATIENCE, USERNAME, Qbittorrent, running
from tests.server.torrent import make_torrent
from tests.tracking.house import GRABBED, WISH

Answer = TypeVar("Answer")


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Qbittorrent]:
    yield from running(Qbittorrent(tmp_path_factory.mktemp("home")))


@pytest.fixture
def vpn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Qbittorrent]:
    yield from running(Qbittorrent(tmp_path_factory.mktemp("vpn")))


class Board:
    """Asks both as the background does, whenever a test says so, a minute later each time."""

    def __init__(self, app: Flask, clients: Sequence[Upstream]) -> None:
        self._app, self._clients, self._now = app, clients, datetime.now(UTC)
        self._ingest = app.extensions["pipeline"].ingest
        self._ingest([WISH], Origin.only("seerr", WISH.seen_at))
        self.start()

    def start(self) -> None:
        """Ask as if nobody had ever asked before: after a restart, or since services have changed."""
        outlet = Outlet(self._ingest, Signals())
        services = Readings(Settings(), self._clients, outlet, _read, self._app.app_context).by_service()
        self._loops = [Reconciler(name, readings, outlet.signals) for name, readings in services.items()]

    def grab(self, download_id: str) -> None:
        """Let Radarr hand a release to a client."""
        self._ingest([replace(GRABBED, download_id=download_id)], Origin.only("radarr", GRABBED.seen_at))

    def ask(self, times: int = 1) -> None:
        """Let minutes go by."""
        for _ in range(times):
            self._now += timedelta(seconds=LOOK)
            for loop in self._loops:
                loop.tick(self._now)

    def told(self) -> tuple[str | None, State]:
        """Give who speaks of the download, and what the card shows."""
        query = select(Download.speaker, MediaRequest.state).select_from(Download).join(MediaRequest, true())
        speaker, state = _read(lambda session: session.execute(query).one())
        return speaker, state


def _read(query: Callable[[Session], Answer]) -> Answer:
    with Session(db.engine) as session:
        return query(session)


@pytest.mark.timeout(120)
def test_what_two_clients_have_is_told_by_one_and_gone_when_both_have_lost_it(
    app: Flask, home: Qbittorrent, vpn: Qbittorrent
) -> None:
    torrent = make_torrent(home.downloads, "metropolis.mkv", 200_000)
    client = partial(Upstream, "qbittorrent", username=USERNAME, api_key=PASSWORD)
    clients = [client("qbittorrent", "qBittorrent", home.url), client("vpn", "qBittorrent VPN", vpn.url)]
    with app.app_context():
        board = Board(app, clients)
        vpn.add(torrent)  # where nobody shares it
        wait_until(lambda: vpn.torrent(torrent.info_hash).get("state") == "stalledDL", PATIENCE)
        board.grab(torrent.info_hash)
        board.ask()
        assert board.told() == ("qBittorrent VPN", State.DOWNLOADING)

        home.add(torrent, savepath=str(home.downloads))
        wait_until(lambda: home.torrent(torrent.info_hash).get("progress") == 1, PATIENCE)
        board.ask(3)
        assert board.told() == ("qBittorrent VPN", State.DOWNLOADING)

        board.start()
        board.ask(3)
        assert board.told() == ("qBittorrent VPN", State.DOWNLOADING)

        vpn.remove(torrent.info_hash)
        board.ask(5)
        assert board.told() == ("qBittorrent", State.DOWNLOADED)

        home.stop()
        board.ask(5)
        assert board.told() == ("qBittorrent", State.DOWNLOADED)

        home.start()
        home.remove(torrent.info_hash)
        board.ask(5)
        assert board.told() == ("qBittorrent", State.APPROVED)
