from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from tests.server.conftest import QUICK, Connect, StartServer
from tests.server.process import ROOT, Server, free_port, wait_until
from tests.server.reader import Reader
from tests.server.seerr import Film


def read_byes(readers: list[Reader]) -> list[object]:
    return [reader.until("bye")[-1]["reason"] for reader in readers]


def open_streams(connect: Connect, server: Server, count: int) -> list[Reader]:
    readers = [connect(server) for _ in range(count)]
    for reader in readers:
        assert next(iter(reader))["data"]["type"] == "connected"
    return readers


def test_200_open_streams_are_told_and_do_not_hold_up_the_stop(server: Server, connect: Connect) -> None:
    readers = open_streams(connect, server, 200)

    seconds = server.stop()

    assert seconds < 3
    assert read_byes(readers) == ["stopping"] * 200


def test_ctrl_c_tells_every_browser(server: Server, connect: Connect) -> None:
    readers = open_streams(connect, server, 20)

    os.killpg(server.pid, signal.SIGINT)  # what a terminal does

    assert read_byes(readers) == ["stopping"] * 20
    assert server.wait(6) == 0


def test_connections_kept_alive_do_not_hold_up_the_stop(server: Server) -> None:
    with requests.Session() as session:
        assert session.get(f"{server.url}/healthz", timeout=5).ok

        assert server.stop() < 3


def test_a_reload_sends_streams_to_the_new_worker(server: Server, connect: Connect) -> None:
    reader, old = open_streams(connect, server, 1)[0], server.worker

    server.signal(signal.SIGHUP)

    assert reader.until("bye")[-1] == {"type": "bye", "reason": "stopping"}
    wait_until(lambda: not Path(f"/proc/{old}").exists())
    again = connect(server, cursor=reader.cursor)
    again.until("connected")
    Film(server)
    assert again.until("request_created")


def test_a_reload_does_not_delay_the_stop_after_it(server: Server, connect: Connect) -> None:
    readers = open_streams(connect, server, 10)

    server.signal(signal.SIGHUP)
    read_byes(readers)

    assert server.stop() < 8  # two workers one after the other; a stream that stayed would cost ten more seconds


def test_a_worker_that_has_done_its_share_hands_over(
    start_server: StartServer, connect: Connect, tmp_path: Path
) -> None:
    server = start_server(tmp_path, app=QUICK, options=["--max-requests", "4"])
    reader = open_streams(connect, server, 1)[0]

    for _ in range(4):
        began = time.monotonic()
        requests.get(f"{server.url}/healthz", timeout=10, headers={"Connection": "close"})
        assert time.monotonic() - began < 3

    assert reader.until("bye")[-1]["reason"] == "stopping"


def test_it_leaves_no_control_socket_and_no_other_file_in_the_home_folder(lasting: Server) -> None:
    lasting.stop()

    assert sorted(path.name for path in lasting.data_dir.parent.iterdir()) == ["data", "gunicorn.log"]


def refusal(tmp_path: Path, *options: str, files: int = 4096, **env: str) -> str:
    """Start gunicorn in a way it must refuse; give what it says, with a tail of its traceback if there is one."""
    settings = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "PORT": str(free_port()), **env}
    outcome = subprocess.run(
        [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", *options, "wsgi:app"],
        cwd=ROOT,
        env=settings,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files)),
    )
    assert outcome.returncode == 1
    assert "Traceback" not in outcome.stderr
    return outcome.stderr


def test_a_malformed_setting_is_named(tmp_path: Path) -> None:
    assert "Arrivarr does not start: POLL_INTERVAL must be a number" in refusal(tmp_path, POLL_INTERVAL="soon")


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ("--workers=2", "workers has to be 1."),
        ("--worker-class=gthread", "worker_class has to be stream_worker.StreamWorker."),
        ("--preload", "preload_app has to be False."),
    ],
)
def test_an_option_that_would_lose_events_is_refused(tmp_path: Path, option: str, sentence: str) -> None:
    assert f"Arrivarr does not start: {sentence}" in refusal(tmp_path, option)


def test_too_few_files_are_refused(tmp_path: Path) -> None:
    said = refusal(tmp_path, files=400)

    assert re.search(r"Arrivarr does not start: it may open 400 files and needs 1200 \(ulimit -n\)", said)


def test_a_soft_limit_of_files_is_raised(start_server: StartServer, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        server = start_server(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    limits = Path(f"/proc/{server.worker}/limits").read_text()
    assert re.search(r"^Max open files +1200 ", limits, re.MULTILINE)
