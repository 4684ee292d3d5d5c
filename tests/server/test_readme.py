"""What the README lets people type to see it work, typed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from tests.server.process import ROOT, Server

COMMANDS = re.findall(r"```sh\n(curl.+?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
KEY = '-H "X-Api-Key: $(cat data/read_key)" '


@contextmanager
def serving(folder: Path, auth: str) -> Iterator[Server]:
    """Start a board as `make run` does: with secrets of its own."""
    server = Server(folder, env={"AUTH": auth, "WEBHOOK_TOKEN": ""})
    try:
        yield server
    finally:
        server.stop()
    server.assert_log_is_clean()


@contextmanager
def terminal(server: Server, command: str) -> Iterator[IO[str]]:
    """Type a command that goes on until it is stopped."""
    process = subprocess.Popen(
        ["sh", "-c", at(server, command)],
        cwd=server.data_dir.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        yield process.stdout
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # where tests run in the background, nobody hears SIGINT
        process.stdout.close()
        process.wait(10)


def at(server: Server, command: str) -> str:
    assert "http://localhost:2774" in command
    return command.replace("http://localhost:2774", server.url)


def run(server: Server, command: str) -> None:
    subprocess.run(["sh", "-c", at(server, command)], cwd=server.data_dir.parent, check=True, capture_output=True)


def hear(lines: IO[str], event: str) -> str:
    """Read on until the stream tells of an event."""
    for line in lines:
        if f'"type":"{event}"' in line:
            return line
    pytest.fail(f"The stream ended without {event}.")


@pytest.mark.parametrize("auth", ["local", "none"])
def test_two_terminals_show_it_work(tmp_path: Path, auth: str) -> None:
    watch, ask = COMMANDS
    assert KEY in watch
    with (
        serving(tmp_path, auth) as server,
        terminal(server, watch if auth == "local" else watch.replace(KEY, "")) as lines,
    ):
        hear(lines, "connected")

        run(server, ask)
        assert "Metropolis" in hear(lines, "request_created")
        run(server, ask.replace("MEDIA_PENDING", "MEDIA_APPROVED"))

        assert '"new_state":"approved"' in hear(lines, "state_change")


def test_without_the_key_nothing_is_shown(tmp_path: Path) -> None:
    watch, _ = COMMANDS
    with serving(tmp_path, "local") as server, terminal(server, watch.replace(KEY, "")) as lines:
        assert "Sign in first" in lines.read()
