"""Neither a clock that jumps nor a service that hangs holds a stream up."""

from __future__ import annotations

import socket
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.server.conftest import QUICK, Connect, StartServer
from tests.server.process import Server, wait_until
from tests.server.reader import Fields, Reader
from tests.server.seerr import seerr

LIBFAKETIME = Path("/usr/lib") / str(sysconfig.get_config_var("MULTIARCH")) / "faketime" / "libfaketime.so.1"
HEARTBEAT = 0.5
LATE = 3.0
"""Seconds; a heartbeat is due after half a one."""


def heartbeats(reader: Reader, seconds: float) -> list[Fields]:
    """Read for so long; fail if it is silent for too long in between."""
    frames: list[Fields] = []
    began = heard = time.monotonic()
    for frame in reader:
        now = time.monotonic()
        assert now - heard < LATE
        heard = now
        frames.append(frame)
        if now - began > seconds:
            break
    return frames


@pytest.fixture
def clock(tmp_path: Path) -> Path:
    """Give the file that says how wrong the clock of the server goes."""
    file = tmp_path / "clock"
    file.write_text("+0")
    return file


def shown_at(server: Server) -> float:
    """Give what time it is by the server's clock."""
    response = requests.get(f"{server.url}/healthz", timeout=10, headers={"Connection": "close"})
    return time.mktime(time.strptime(response.headers["Date"], "%a, %d %b %Y %H:%M:%S %Z"))


def test_a_clock_that_jumps_by_an_hour_disturbs_no_stream(
    start_server: StartServer, connect: Connect, tmp_path: Path, clock: Path
) -> None:
    assert LIBFAKETIME.exists(), "This test needs Debian's package faketime."
    env = {
        "LD_PRELOAD": str(LIBFAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    options = ["--config", "tests/server/jumpy.conf.py"]
    server = start_server(tmp_path, app=QUICK, env=env, options=options)
    reader = connect(server)
    reader.until("connected")
    ids = []

    for number, wrong in enumerate(("+3600", "-3600", "+0"), 1):
        before = shown_at(server)
        clock.write_text(wrong)
        wait_until(lambda before=before: abs(shown_at(server) - before) > 1_800)
        assert {frame.get("event") for frame in heartbeats(reader, 1.5)} == {"heartbeat"}
        server.webhook("seerr", seerr("pending", number))
        assert [event["type"] for event in reader.until("request_created")] == ["request_created"]
        ids.append(reader.cursor)

    assert [str(each).rpartition(".")[2] for each in ids] == ["1", "2", "3"]
    assert server.stop() < 5


@pytest.fixture
def hanging() -> Iterator[str]:
    """Give the address of a service that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_services_that_hang_delay_neither_heartbeats_nor_webhooks(
    start_server: StartServer, connect: Connect, tmp_path: Path, hanging: str
) -> None:
    env = {f"{service}_URL": hanging for service in ("SEERR", "RADARR", "SONARR", "JELLYFIN", "QBITTORRENT")}
    keys = {f"{service}_API_KEY": "made-up" for service in ("SEERR", "RADARR", "SONARR", "JELLYFIN")}
    server = start_server(tmp_path, app=QUICK, env=env | keys)
    reader = connect(server)
    reader.until("connected")

    for number in range(1, 4):
        began = time.monotonic()
        server.webhook("seerr", seerr("pending", number))
        assert reader.until("request_created")
        assert time.monotonic() - began < LATE
        assert heartbeats(reader, 1.5)

    assert server.stop() < 5
