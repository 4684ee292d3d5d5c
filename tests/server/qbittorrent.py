"""Real qbittorrent-nox on loopback: one that has a file, one that downloads it in a known time.

Use the fixtures ``seeder`` and ``leecher`` (import them into a conftest), then::

    torrent = make_torrent(seeder.downloads, "metropolis.mkv", 3_000_000)
    download(torrent, seeder, leecher, seconds=12)
"""

from __future__ import annotations

import base64
import hashlib
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.server.process import free_port, wait_until
from tests.server.torrent import Torrent

USERNAME, PASSWORD = "karla", "open sesame"
PATIENCE = 20.0

CONFIGURATION = """\
[LegalNotice]
Accepted=true

[Network]
PortForwardingEnabled=false

[BitTorrent]
Session\\Interface=lo
Session\\InterfaceName=lo
Session\\InterfaceAddress=127.0.0.1
Session\\Port={peer_port}
Session\\DHTEnabled=false
Session\\LSDEnabled=false
Session\\PeXEnabled=false
Session\\BTProtocol=TCP
Session\\QueueingSystemEnabled=false
Session\\DefaultSavePath={downloads}

[Preferences]
WebUI\\Address=127.0.0.1
WebUI\\Port={port}
WebUI\\Username={username}
WebUI\\Password_PBKDF2="@ByteArray({password})"
WebUI\\UseUPnP=false
WebUI\\LocalHostAuth={asks_localhost}
Connection\\ResolvePeerCountries=false
"""


class Qbittorrent:
    """One running server with its own profile; ``url`` is what a user would configure."""

    def __init__(self, profile: Path, *, asks_localhost: bool = True) -> None:
        self.port, self.peer_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.downloads = profile / "downloads"
        self._profile = profile
        self._process: subprocess.Popen[bytes] | None = None
        self._session = requests.Session()
        self._configure(asks_localhost)

    def _configure(self, asks_localhost: bool) -> None:
        path = self._profile / "qBittorrent" / "config" / "qBittorrent.conf"
        path.parent.mkdir(parents=True)
        self.downloads.mkdir(parents=True)
        path.write_text(
            CONFIGURATION.format(
                port=self.port,
                peer_port=self.peer_port,
                downloads=self.downloads,
                username=USERNAME,
                password=_pbkdf2(PASSWORD),
                asks_localhost=str(asks_localhost).lower(),
            ),
            encoding="utf-8",
        )

    def start(self) -> None:
        """Start it and wait until it answers."""
        environ = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        self._process = subprocess.Popen(
            ["qbittorrent-nox", f"--profile={self._profile}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**environ, "HOME": str(self._profile), "TZ": "America/New_York"},
        )
        wait_until(self._is_ours, PATIENCE)

    def stop(self) -> None:
        """End it as a user would."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop and start it: sessions are lost, torrents stay."""
        self.stop()
        self.start()

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        self._process.wait(PATIENCE)
        self._process = None

    def close(self) -> None:
        """Stop it for good."""
        self.stop()
        self._session.close()

    def post(self, path: str, **form: Any) -> requests.Response:
        """Send a command of the Web API."""
        files = form.pop("files", None)
        answer = self._session.post(f"{self.url}/api/v2/{path}", data=form, files=files, timeout=PATIENCE)
        answer.raise_for_status()
        return answer

    def add(self, torrent: Torrent, **form: Any) -> None:
        """Add a torrent; what is already in ``downloads`` is found there."""
        answer = self.post("torrents/add", files={"torrents": ("a.torrent", torrent.meta)}, **form)
        assert answer.text.strip() in ("Ok.", ""), answer.text

    def remove(self, info_hash: str) -> None:
        """Remove a torrent and its files."""
        self.post("torrents/delete", hashes=info_hash, deleteFiles="true")

    def meet(self, info_hash: str, peer: Qbittorrent) -> None:
        """Tell it where somebody has the torrent."""
        self.post("torrents/addPeers", hashes=info_hash, peers=f"127.0.0.1:{peer.peer_port}")

    def torrent(self, info_hash: str) -> dict[str, Any]:
        """Give what it says of a torrent; empty when it has none."""
        answer = self._session.get(f"{self.url}/api/v2/torrents/info", params={"hashes": info_hash}, timeout=PATIENCE)
        answer.raise_for_status()
        return next(iter(answer.json()), {})

    def _is_ours(self) -> bool:
        """Log in; another server on our port would not save where we told ours to."""
        try:
            self.post("auth/login", username=USERNAME, password=PASSWORD)
            answer = self._session.get(f"{self.url}/api/v2/app/defaultSavePath", timeout=PATIENCE)
        except (requests.ConnectionError, requests.HTTPError):
            return False
        return answer.status_code == 200 and Path(answer.text.strip()) == self.downloads


def download(torrent: Torrent, seeder: Qbittorrent, leecher: Qbittorrent, seconds: float) -> None:
    """Let the leecher download in about ``seconds`` (and 2 to 5 more) what lies at the seeder; return once it runs."""
    seeder.add(torrent, savepath=str(torrent.content.parent))
    wait_until(lambda: seeder.torrent(torrent.info_hash).get("progress") == 1, PATIENCE)
    leecher.add(torrent, dlLimit=int(torrent.size / seconds))
    wait_until(lambda: _have_met(torrent.info_hash, seeder, leecher), PATIENCE, step=1.0)


def _have_met(info_hash: str, seeder: Qbittorrent, leecher: Qbittorrent) -> bool:
    """Introduce them to each other, again and again: once is lost while a torrent is still being checked."""
    if leecher.torrent(info_hash).get("num_seeds", 0) >= 1:
        return True
    leecher.meet(info_hash, seeder)
    seeder.meet(info_hash, leecher)
    return False


def _pbkdf2(password: str) -> str:
    salt = os.urandom(16)
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 100_000)
    return f"{base64.b64encode(salt).decode()}:{base64.b64encode(key).decode()}"


@pytest.fixture
def seeder(tmp_path: Path) -> Iterator[Qbittorrent]:
    yield from running(Qbittorrent(tmp_path / "seeder"))


@pytest.fixture
def leecher(tmp_path: Path) -> Iterator[Qbittorrent]:
    yield from running(Qbittorrent(tmp_path / "leecher"))


def running(server: Qbittorrent) -> Iterator[Qbittorrent]:
    """Let one run while somebody has it: a fixture that lasts longer may be made of this."""
    try:
        server.start()
        yield server
    finally:
        server.close()
