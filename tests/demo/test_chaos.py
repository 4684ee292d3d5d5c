"""The demo with chaos, as a person starts it: over real sockets, faster than a person would watch it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server.process import BAD_WORDS, ROOT, free_port


@pytest.mark.timeout(280)
def test_the_board_ends_as_without_chaos(tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TMPDIR": str(tmp_path), "CHAOS": "1"}
    command = [sys.executable, "-m", "demo", "--speed", "15", "--port", str(free_port())]

    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=260, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "56 webhooks were lost, 56 came twice" in done.stdout
    assert "Both boards say the same of all 14 requests." in done.stdout
    assert list(tmp_path.iterdir()) == []
    assert [line for line in done.stderr.splitlines() if any(word in line for word in BAD_WORDS)] == []
