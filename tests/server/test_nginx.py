"""Behind nginx everything comes as it does without."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

import pytest

from tests.server.conftest import Connect, StartNginx
from tests.server.process import Server, wait_until
from tests.server.reader import Reader
from tests.server.seerr import Film


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_nginx_passes_events_on_at_once(server: Server, start_nginx: StartNginx, version: str) -> None:
    assert_events_are_not_held_back(server, start_nginx(server, version=version).url)


def assert_events_are_not_held_back(server: Server, url: str) -> None:
    with Reader(url, patience=3) as reader:
        reader.until("connected")
        for _ in range(5):
            began = time.monotonic()
            Film(server)
            reader.until("request_created")
            assert time.monotonic() - began < 1


def test_a_naive_server_is_held_back(naive: Server, start_nginx: StartNginx) -> None:
    with pytest.raises(TimeoutError):
        assert_events_are_not_held_back(naive, start_nginx(naive, version="1.0").url)


def test_without_our_header_nginx_would_hold_events_back(server: Server, start_nginx: StartNginx) -> None:
    # Between nginx and us HTTP/1.0 is what most configurations have: it is nginx's default.
    url = start_nginx(server, version="1.0", extra="proxy_ignore_headers X-Accel-Buffering;").url

    with pytest.raises(TimeoutError):
        Reader(url, patience=1.5)


def test_a_browser_behind_nginx_that_leaves_is_noticed(server: Server, start_nginx: StartNginx) -> None:
    with Reader(start_nginx(server).url) as reader:
        reader.until("connected")

    wait_until(lambda: server.streams == 0, 3)


def test_a_cursor_passes_through_nginx(server: Server, start_nginx: StartNginx, connect: Connect) -> None:
    url = start_nginx(server).url
    away = connect(server)
    away.until("connected")
    Film(server)

    with Reader(url, cursor=away.cursor) as back:
        assert [event["type"] for event in back.until("request_created")] == ["connected", "request_created"]


def test_bye_passes_through_nginx(server: Server, start_nginx: StartNginx) -> None:
    with Reader(start_nginx(server).url) as reader:
        reader.until("connected")

        server.stop()

        assert reader.until("bye")[-1]["reason"] == "stopping"


def curl(nginx_url: str, certificate: Path, output: Path, *options: str) -> subprocess.Popen[bytes]:
    with output.open("wb") as file:
        command = ["curl", "-sN", "-D", "-", "--cacert", str(certificate), *options, f"{nginx_url}/events"]
        return subprocess.Popen(command, stdout=file)


@pytest.mark.parametrize(("option", "first"), [("--http1.1", b"HTTP/1.1 200"), ("--http2", b"HTTP/2 200")])
def test_with_tls_and_default_buffers_events_come_at_once(
    server: Server, start_nginx: StartNginx, tmp_path: Path, option: str, first: bytes
) -> None:
    nginx, output = start_nginx(server, tls=True), tmp_path / "curl"
    process = curl(nginx.url, nginx.certificate, output, option)
    wait_until(lambda: b"connected" in output.read_bytes())

    for number in range(1, 6):
        began = time.monotonic()
        Film(server)
        wait_until(lambda number=number: output.read_bytes().count(b"request_created") == number, step=0.01)
        assert time.monotonic() - began < 1
    server.stop()

    assert process.wait(10) == 0
    read = output.read_bytes()
    assert read.startswith(first)
    greeting, *ids = [int(each) for each in re.findall(rb"^id: \w+\.(\d+)\ndata: ", read, re.MULTILINE)]
    assert ids == [greeting + step for step in (1, 2, 3, 4, 5)]
    assert re.search(rb'data: {"type":"bye","reason":"stopping"}\n\n$', read)


def test_many_streams_share_one_connection_of_http_2(server: Server, start_nginx: StartNginx, tmp_path: Path) -> None:
    nginx = start_nginx(server, tls=True)
    url, output = f"{nginx.url}/events", tmp_path / "curl"
    command = ["curl", "-sN", "-Z", "--http2", "--cacert", str(nginx.certificate), *[url] * 8]
    with output.open("wb") as file:
        process = subprocess.Popen(command, stdout=file)
    wait_until(lambda: server.streams == 8)

    Film(server)
    wait_until(lambda: output.read_bytes().count(b"request_created") == 8)
    process.terminate()
    process.wait(10)

    wait_until(lambda: server.streams == 0)


def test_heartbeats_keep_a_short_patience_of_nginx_awake(server: Server, start_nginx: StartNginx) -> None:
    with Reader(start_nginx(server, extra="proxy_read_timeout 2s;").url) as reader:
        began = time.monotonic()
        for frame in reader:
            assert frame["data"]["type"] in ("connected", "heartbeat")
            if time.monotonic() - began > 6:
                return
    pytest.fail("The stream ended.")


def test_who_was_cut_off_by_a_restart_of_nginx_misses_nothing(server: Server, start_nginx: StartNginx) -> None:
    nginx = start_nginx(server)
    with Reader(nginx.url) as reader:
        reader.until("connected")
        Film(server)
        reader.until("request_created")
        nginx.stop()
        missed = Film(server)
        nginx.restart()
        last = Film(server)

        with Reader(nginx.url, cursor=reader.cursor) as back:
            events = back.read(lambda event: event.get("request_id") == last.id)

    assert [event.get("request_id") for event in events] == [None, missed.id, last.id]
    wait_until(lambda: server.streams == 0)
