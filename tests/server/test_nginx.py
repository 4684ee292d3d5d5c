from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.server.conftest import Connect
from tests.server.process import ROOT, Server, free_port, wait_until
from tests.server.reader import Reader
from tests.server.seerr import seerr

StartNginx = Callable[..., str]
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def configuration(folder: Path, port: int, upstream: int, version: str, extra: str) -> str:
    """Give the configuration we recommend, on free ports and with all files in a folder of the test."""
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    for known, ours in (
        (r"pid [^;]+;", f"pid {folder}/nginx.pid; error_log {folder}/error.log;"),
        (r"listen 80;", f"listen 127.0.0.1:{port}; {extra}"),
        (r"http://127\.0\.0\.1:2774", f"http://127.0.0.1:{upstream}"),
        (r"proxy_http_version 1\.1;", f"proxy_http_version {version};"),
        (r"http \{", "http { " + " ".join(f"{name}_temp_path {folder}/{name};" for name in TEMPORARY)),
    ):
        text, count = re.subn(known, lambda _, ours=ours: ours, text)  # type: ignore[misc]
        assert count == 1, known
    return text


@pytest.fixture
def start_nginx(tmp_path: Path) -> Iterator[StartNginx]:
    """Give a function that puts nginx in front of a server and gives its address."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(server: Server, version: str = "1.1", extra: str = "") -> str:
        folder, port = tmp_path / "nginx", free_port()
        folder.mkdir()
        (folder / "nginx.conf").write_text(configuration(folder, port, server.port, version, extra))
        command = ["nginx", "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf", "-g", "daemon off;"]
        processes.append(subprocess.Popen(command))
        wait_until((folder / "nginx.pid").exists)
        return f"http://127.0.0.1:{port}"

    yield start
    for process in processes:
        process.terminate()
        process.wait(10)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_nginx_passes_events_on_at_once(server: Server, start_nginx: StartNginx, version: str) -> None:
    with Reader(start_nginx(server, version)) as reader:
        reader.until("connected")
        for number in range(1, 6):
            began = time.monotonic()
            server.webhook("seerr", seerr("pending", number))
            reader.until("request_created")
            assert time.monotonic() - began < 1


def test_without_our_header_nginx_would_hold_events_back(server: Server, start_nginx: StartNginx) -> None:
    # Between nginx and us HTTP/1.0 is what most configurations have: it is nginx's default.
    url = start_nginx(server, "1.0", "proxy_ignore_headers X-Accel-Buffering;")

    with pytest.raises(TimeoutError):
        Reader(url, patience=1.5)


def test_a_browser_behind_nginx_that_leaves_is_noticed(server: Server, start_nginx: StartNginx) -> None:
    with Reader(start_nginx(server)) as reader:
        reader.until("connected")

    wait_until(lambda: server.streams == 0, 3)


def test_a_cursor_passes_through_nginx(server: Server, start_nginx: StartNginx, connect: Connect) -> None:
    url = start_nginx(server)
    away = connect(server)
    away.until("connected")
    server.webhook("seerr", seerr("pending"))

    with Reader(url, cursor=away.cursor) as back:
        assert [event["type"] for event in back.until("request_created")] == ["connected", "request_created"]


def test_bye_passes_through_nginx(server: Server, start_nginx: StartNginx) -> None:
    with Reader(start_nginx(server)) as reader:
        reader.until("connected")

        server.stop()

        assert reader.until("bye")[-1]["reason"] == "stopping"
