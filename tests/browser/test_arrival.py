"""The whole way on real parts: gunicorn, SQLite, two qBittorrents with real bytes, and an open page in Chromium."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.board_server import Boards, BoardServer
from tests.browser.live_page import take_off
from tests.server.qbittorrent import PASSWORD, USERNAME, Qbittorrent, download
from tests.server.reader import Reader
from tests.server.torrent import Torrent, make_torrent

PAYLOADS = Path(__file__).parent.parent / "payloads"
SECONDS = 14.0
CARD = "article.card[data-request-id='1']"
FIELDS = {
    "connected": {"version", "mode", "heartbeat"},
    "progress_update": {"request_id", "progress", "eta"},
    "state_change": {"request_id", "old_state", "new_state", "card"},
    "request_updated": {"request_id", "card"},
    "request_created": {"request_id", "title", "poster_url", "state", "card"},
    "request_deleted": {"request_id"},
}


@pytest.fixture
def board(boards: Boards, leecher: Qbittorrent) -> Iterator[BoardServer]:
    """A board that asks the leecher, often, for how far it is."""
    env = {
        "QBITTORRENT_URL": leecher.url,
        "QBITTORRENT_USERNAME": USERNAME,
        "QBITTORRENT_PASSWORD": PASSWORD,
        "POLL_INTERVAL": "0.5",
    }
    with boards.open(env) as server:
        yield server


class Listener(threading.Thread):
    """A client of the stream that is no browser: it keeps every frame with its id."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self._reader = Reader(url, patience=60.0)
        self.frames: list[tuple[str | None, dict[str, Any]]] = []

    def run(self) -> None:
        for frame in self._reader:
            self.frames.append((frame.get("id"), frame["data"]))
            if frame["data"]["type"] == "request_deleted":
                break
        self._reader.close()

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for _, event in self.frames if event["type"] == kind]


def payload(source: str, name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((PAYLOADS / source / f"{name}.json").read_text(encoding="utf-8"))
    return body


def grab_of(torrent: Torrent) -> dict[str, Any]:
    """Give Radarr's Grab of a torrent, with the hash as Radarr spells it."""
    return payload("radarr", "grab-torrent") | {"downloadId": torrent.info_hash.upper()}


@pytest.mark.timeout(150)
def test_a_film_arrives_on_an_open_page(
    board: BoardServer, seeder: Qbittorrent, leecher: Qbittorrent, page: Page, tmp_path: Path
) -> None:
    torrent = make_torrent(tmp_path / "films", "night.mkv", 6_000_000)
    listener = Listener(board.url)
    listener.start()
    page.goto(board.url)
    expect(page.locator("html")).to_have_attribute("data-connection", "live")
    page.evaluate("window.same = true")
    card, state = page.locator(CARD), page.locator(f"{CARD} .state")

    board.webhook("seerr", payload("seerr", "media-pending-movie"))
    expect(card).to_have_attribute("data-state", "requested")
    board.webhook("seerr", payload("seerr", "media-approved-movie"))
    expect(card).to_have_attribute("data-state", "approved")
    board.webhook("radarr", grab_of(torrent))
    expect(card).to_have_attribute("data-state", "grabbed")

    _record_bar(page)
    download(torrent, seeder, leecher, SECONDS)
    expect(card).to_have_attribute("data-state", "downloading", timeout=15_000)
    expect(card).to_have_attribute("data-state", "downloaded", timeout=60_000)
    assert len(set(page.evaluate("window.bar"))) >= 5

    imported = payload("radarr", "download-import") | {"downloadId": torrent.info_hash.upper()}
    board.webhook("radarr", imported)
    expect(card).to_have_attribute("data-state", "imported")
    board.webhook("jellyfin", payload("jellyfin", "item-added-movie"))
    expect(card).to_have_attribute("data-state", "available")
    expect(state).to_have_text("Ready")

    take_off(page, board, 1)
    expect(card).to_have_count(0)
    assert page.evaluate("window.same")  # the page was never loaded again
    listener.join(10)
    _check_frames(listener)


def _record_bar(page: Page) -> None:
    """Note every value that the bar of the card shows."""
    page.evaluate(
        """selector => {
            window.bar = [];
            const note = () => {
                const bar = document.querySelector(`${selector} progress`);
                if (bar) window.bar.push(bar.value);
                requestAnimationFrame(note);
            };
            note();
        }""",
        CARD,
    )


def _check_frames(listener: Listener) -> None:
    for _, event in listener.frames:
        assert FIELDS[event["type"]] <= set(event), event["type"]
    numbers = [int(cursor.rpartition(".")[2]) for cursor, event in listener.frames if cursor]
    assert numbers == sorted(set(numbers))
    assert len({cursor.rpartition(".")[0] for cursor, _ in listener.frames if cursor}) == 1
    changes = [(event["old_state"], event["new_state"]) for event in listener.of("state_change")]
    assert changes == [
        ("requested", "approved"),
        ("approved", "grabbed"),
        ("grabbed", "downloading"),
        ("downloading", "downloaded"),
        ("downloaded", "imported"),
        ("imported", "available"),
    ]
    progress = [event["progress"] for event in listener.of("progress_update")]
    assert progress == sorted(progress)
    assert len(set(progress)) >= 5
    assert progress[-1] == 100
    assert listener.frames[-1][1]["type"] == "request_deleted"


@pytest.mark.timeout(120)
def test_an_open_board_says_that_the_download_client_is_away(
    board: BoardServer, leecher: Qbittorrent, page: Page
) -> None:
    page.goto(board.url)
    expect(page.locator("html")).to_have_attribute("data-connection", "live")
    banner = page.locator("[data-service='qBittorrent']")
    board.webhook("seerr", payload("seerr", "media-approved-movie"))
    board.webhook("radarr", payload("radarr", "grab-torrent"))  # something to ask about, so that it asks often
    expect(banner).to_have_count(0)

    leecher.kill()
    expect(banner).to_contain_text("qBittorrent has not answered since", timeout=40_000)

    leecher.start()
    expect(banner).to_have_count(0, timeout=60_000)
