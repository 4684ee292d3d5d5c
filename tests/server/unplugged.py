"""Run in a network namespace of its own: open streams, take the network away, and see the server give them up."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from tests.server import chaos
from tests.server.process import Server, wait_until
from tests.server.reader import Reader

STREAMS = 5


def switch(state: str) -> None:
    """Plug the network in ("up") or out ("down")."""
    subprocess.run(["ip", "link", "set", "lo", state], check=True)


def files(server: Server) -> int:
    """Count what the worker has open, which needs no network."""
    return len(list(Path(f"/proc/{server.worker}/fd").iterdir()))


def main(folder: Path) -> None:
    """Fail unless the worker has let go of every stream soon after its peers are unreachable, without a traceback."""
    switch("up")
    env = {"UNANSWERED_MS": str(chaos.UNANSWERED_MS)}
    server = Server(folder, app="tests.server.fickle:app", env=env)
    try:
        with ExitStack() as readers:
            for _ in range(STREAMS):
                readers.enter_context(Reader(server.url)).until("connected")
            time.sleep(1)  # until nothing is open but these
            open_files = files(server)
            switch("down")
            wait_until(lambda: files(server) <= open_files - STREAMS, chaos.UNANSWERED_MS / 1000 + 20)
            switch("up")
        assert server.streams == 0
    finally:
        server.stop()
    server.assert_log_is_clean()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
