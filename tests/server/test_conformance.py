"""What stands on the wire, to the byte, and how a stream begins for every cursor there is."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import subprocess
from contextlib import closing
from itertools import count
from pathlib import Path
from urllib.parse import quote

import pytest
import requests

from tests.server import chaos
from tests.server.conftest import FICKLE, Connect, StartServer
from tests.server.crowd import Crowd
from tests.server.numbers import count_of
from tests.server.process import Server, wait_until
from tests.server.reader import Reader
from tests.server.seerr import seerr

pytestmark = pytest.mark.both_ways

FILMS = 20
TURNS = count()
CONNECTED = r'data: {"type":"connected","version":1,"mode":"%s","heartbeat":0\.5,"scope":"all"}'
HOSTILE = {
    "lines": "a\r\nb\nc\rd\n\ndata: e\n\nid: 9\n\n",
    "separators": "\u2028\u2029\x85\x0b\x0c\x1c\ufeff",
    "nul": "nul \x00 nul",
    "markup": "</script><img src=x onerror=alert(1)>",
    "long": "long " * 13_000,
    "beyond": "\U0001f3ac \udc80",
}


@pytest.fixture(scope="module")
def server(start_lasting: StartServer, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """Give one server for all tests here, with a history of three changes for each of twenty films."""
    server = start_lasting(tmp_path_factory.mktemp("conformance"), app=FICKLE)
    for _ in range(3):
        change(server, FILMS)
    return server


def change(server: Server, films: int) -> int:
    response = requests.post(f"{server.url}/changes?count={films}&turn={next(TURNS)}", timeout=20)
    return int(response.json()["head"])


def place(server: Server) -> tuple[str, int]:
    """Give the epoch and the number of the newest change."""
    epoch, _, n = requests.get(f"{server.url}/api/requests", timeout=10).json()["cursor"].partition(".")
    return epoch, int(n)


def curl(server: Server, *options: str, until: bytes, output: Path) -> bytes:
    """Give what curl shows of a stream up to there."""
    with output.open("wb") as file:
        process = subprocess.Popen(["curl", "-sN", *options, f"{server.url}/events"], stdout=file)
    try:
        wait_until(lambda: until in output.read_bytes())
    finally:
        process.terminate()
        process.wait()
    return output.read_bytes()


def test_a_stream_that_can_not_be_resumed_says_so_byte_by_byte(server: Server, tmp_path: Path) -> None:
    read = curl(server, "-H", "Last-Event-ID: 00000000.1", until=b"heartbeat\n", output=tmp_path / "curl")

    epoch, n = place(server)
    greeting, heartbeat, *_ = read.decode().split("\n\n")
    assert re.fullmatch(r"retry: \d{4}\n" + CONNECTED % "resync", greeting)
    assert heartbeat == f'id: {epoch}.{n}\nevent: heartbeat\ndata: {{"type":"heartbeat"}}'


def test_what_was_missed_stands_after_the_greeting_byte_by_byte(server: Server, tmp_path: Path) -> None:
    epoch, n = place(server)

    read = curl(server, "-H", f"Last-Event-ID: {epoch}.{n - 2}", until=b"heartbeat\n", output=tmp_path / "curl")

    greeting, *missed, heartbeat, _ = read.decode().split("\n\n")
    assert re.fullmatch(r"retry: \d{4}\n" + CONNECTED % "replay", greeting)
    assert [each.partition("\n")[0] for each in missed] == [f"id: {epoch}.{n - 1}", f"id: {epoch}.{n}"]
    assert all(re.fullmatch(r'id: .+\ndata: {"type":"state_change","request_id":\d+,.*}', each) for each in missed)
    assert heartbeat.startswith(f"id: {epoch}.{n}\nevent: heartbeat\n")


def test_progress_and_resync_byte_by_byte(server: Server, connect: Connect) -> None:
    with Crowd() as crowd:
        guest = crowd.come(server.port)
        crowd.until(lambda guest: guest.says("connected"))
        change(server, 100)
        crowd.until(lambda guest: guest.says("resync"))
        change(server, 1)
        crowd.until(lambda guest: guest.says("state_change"))

        epoch, n = place(server)
        frames = [frame.decode() for frame in guest.frames if b"event: " not in frame]
    resync, *rest = frames[1:]
    assert resync == f'id: {epoch}.{n - 1}\ndata: {{"type":"resync","reason":"bulk"}}'
    assert all(re.match(r"(id: .+\n)?data: {.*}$", each) for each in rest)
    assert any(
        re.fullmatch(r'data: {"type":"progress_update","request_id":1,"progress":\d+,"eta":60,.*}', each)
        for each in rest
    )


def test_what_was_read_stands_in_the_numbers(server: Server) -> None:
    names = ("stream_deliveries_total", "stream_bytes_total", "stream_latency_seconds_count", "streams_opened_total")
    before = [count_of(server, name) for name in names]
    with Crowd() as crowd:
        for _ in range(10):
            crowd.come(server.port)
        crowd.until(lambda guest: guest.says("connected"))
        assert count_of(server, "streams") == 10
        change(server, 5)
        newest = change(server, 5)
        crowd.until(lambda guest: guest.ids[-1:] == [newest])
        size = sum(len(frame) + 2 for guest in crowd.guests for frame in guest.frames if b'"state_change"' in frame)

    deliveries, written, batches, opened = (
        count_of(server, name) - was for name, was in zip(names, before, strict=True)
    )
    assert deliveries >= 50
    assert written >= size
    assert batches >= 10
    assert opened == 10


def mode(reader: Reader) -> str:
    return str(next(iter(reader))["data"]["mode"])


CURSORS = [
    ("{epoch}.{head}", "live"),
    ("{epoch}.{beyond}", "resync"),
    ("00000000.{head}", "resync"),
    ("{epoch}.{near}", "replay"),
    ("{epoch}.{far}", "resync"),
    ("nonsense", "resync"),
    ("{epoch}.-1", "resync"),
    ("{epoch}." + "9" * 3_900, "resync"),  # gunicorn takes no line beyond 4,094 bytes
    ("{epoch}.{head}\0", "resync"),
    ("\u0665", "resync"),
    ("", "live"),
]


@pytest.mark.parametrize(("cursor", "expected"), CURSORS)
def test_a_cursor_in_the_address_is_never_an_error(
    server: Server, connect: Connect, cursor: str, expected: str
) -> None:
    epoch, n = place(server)
    while n <= 256:
        n = change(server, 60)
    words = {"epoch": epoch, "head": n, "beyond": n + 1, "near": n - 10, "far": n - 257}

    reader = connect(server, path=f"/events?since={quote(cursor.format(**words))}")

    assert (reader.response.status, mode(reader)) == (200, expected)


def test_the_header_wins_over_the_address(server: Server, connect: Connect) -> None:
    epoch, n = place(server)

    assert mode(connect(server, path="/events?since=nonsense", cursor=f"{epoch}.{n}")) == "live"
    assert mode(connect(server, path=f"/events?since={epoch}.{n}", cursor="nonsense")) == "resync"
    assert mode(connect(server, path=f"/events?since={epoch}.{n}", cursor="9" * 4_096)) == "resync"


def test_what_was_pruned_can_not_be_replayed(server: Server, connect: Connect) -> None:
    epoch, n = place(server)
    with closing(sqlite3.connect(server.data_dir / "arrivarr.db")) as database, database:
        database.execute("DELETE FROM change WHERE id <= ?", (n - 5,))

    assert mode(connect(server, cursor=f"{epoch}.{n - 5}")) == "replay"
    assert mode(connect(server, cursor=f"{epoch}.{n - 6}")) == "resync"


def replayed(server: Server, cursor: str, most: int, until: bytes) -> bytes:
    """Read so many bytes of a stream after its headers, or up to the end of some words, and cut the connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as sock, sock.makefile("rb") as file:
        sock.sendall(f"GET /events HTTP/1.0\r\nLast-Event-ID: {cursor}\r\n\r\n".encode())
        while file.readline() != b"\r\n":
            pass
        body = b""
        while len(body) < most and until not in body:
            body += file.read1(most - len(body))
        return body


def numbers(whole_frames: bytes) -> list[int]:
    return [int(n) for n in re.findall(rb"^id: \w+\.(\d+)$", whole_frames, re.MULTILINE)]


@pytest.mark.timeout(chaos.PATIENCE)
def test_a_replay_that_is_cut_anywhere_is_completed_by_the_next(server: Server) -> None:
    change(server, FILMS)
    epoch, n = place(server)
    first, last = n - FILMS, f"id: {epoch}.{n}\n".encode()
    whole = replayed(server, f"{epoch}.{first}", 10_000_000, last)
    everything = list(range(first + 1, n + 1))
    ends = [found.end() for found in re.finditer(b"\n\n", whole)]
    edges = {end + step for end in ends for step in (-1, 0, 1)}

    for cut in sorted({*range(1, len(whole), chaos.CUT_EVERY), *edges}):
        had = replayed(server, f"{epoch}.{first}", cut, last).rpartition(b"\n\n")[0] + b"\n\n"
        known = numbers(had)
        rest = replayed(server, f"{epoch}.{max([first, *known])}", 10_000_000, last if known != everything else b"\n\n")
        assert known + numbers(rest)[known == everything :] == everything, f"cut after {cut} bytes"


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_title_makes_a_frame_or_a_line_of_its_own(server: Server, connect: Connect, kind: str) -> None:
    reader = connect(server)
    frames = iter(reader)
    next(frames)
    number = 500 + list(HOSTILE).index(kind)

    server.webhook("seerr", seerr("pending", number, title=HOSTILE[kind]))

    frame = next(frame for frame in frames if frame.get("event") != "heartbeat")
    assert set(frame) == {"id", "data"}
    assert frame["data"]["type"] == "request_created"
    shown = requests.get(f"{server.url}/api/requests/{frame['data']['request_id']}", timeout=10).json()
    assert frame["data"]["title"] == shown["title"]
    assert "<img src=x" not in frame["data"]["card"]
    assert len(json.dumps(frame["data"])) < 200_000
