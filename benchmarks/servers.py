"""The servers that are compared: each started on a free port of this machine, alone on one core, and stopped."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks import built, household

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "benchmarks" / "peers"
OTHERS = ROOT / ".venv-bench" / "bin"
"""Where the programs of the other sides are; ours run in the environment of the project."""
CORE = "0"
"""Of the server, and of what it needs besides; the client has the other."""
STARTING = 30.0
CONNECTIONS = 12_500


@dataclass(frozen=True)
class Command:
    """A program with what stands in its environment besides ours."""

    words: Sequence[str]
    environ: Mapping[str, str] = field(default_factory=dict)
    at_home: bool = False
    """Run in the checkout; others run in a folder of their own, where gunicorn finds no settings of ours."""


@dataclass(frozen=True)
class Setup:
    """What starting takes: an own folder, a port, how many downloads there are, and a way to start what else runs."""

    folder: Path
    port: int
    downloads: int
    beside: Callable[[Command], None]


@dataclass(frozen=True)
class Peer:
    """One of those compared: ``letter`` names it in commands, ``name`` in tables."""

    letter: str
    name: str
    command: Callable[[Setup], Command]
    most: int = 10_000
    """Streams that it can hold within the files this machine allows."""


@dataclass(frozen=True)
class Server:
    """A running server."""

    peer: Peer
    folder: Path
    port: int
    pids: list[int]


def _uvicorn(app: str, setup: Setup, **environ: str) -> Command:
    words = ["-m", "uvicorn", app, "--port", str(setup.port), "--log-level", "error", "--no-access-log"]
    return Command([str(OTHERS / "python"), *words, "--backlog", "4096"], {"PYTHONPATH": str(ROOT), **environ})


def _flask_sse(setup: Setup) -> Command:
    redis_port = free_port()
    setup.beside(Command(["redis-server", "--port", str(redis_port), "--save", ""]))
    words = [
        "-m",
        "gunicorn",
        "-k",
        "gevent",
        "--worker-connections",
        str(CONNECTIONS),
        "-b",
        f"127.0.0.1:{setup.port}",
    ]
    words += ["--log-level", "error"]
    environ = {"REDIS_URL": f"redis://127.0.0.1:{redis_port}", "PYTHONPATH": str(ROOT)}
    return Command([str(OTHERS / "python"), *words, "benchmarks.peers.redis_sse:app"], environ)


def _nchan(setup: Setup) -> Command:
    text = (PEERS / "nchan.conf").read_text(encoding="utf-8")
    filled = text.replace("@PORT@", str(setup.port)).replace("@FOLDER@", str(setup.folder))
    setup.folder.joinpath("nginx.conf").write_text(filled, encoding="utf-8")
    return Command(["nginx", "-c", str(setup.folder / "nginx.conf")])


def _bare(setup: Setup) -> Command:
    return Command([str(built.program("epoll_server")), str(setup.port)])


def _arrivarr(setup: Setup, **settings: str) -> Command:
    shutil.copytree(household.folder(setup.downloads), setup.folder, dirs_exist_ok=True)
    own = {
        "DATA_DIR": str(setup.folder),
        "PORT": str(setup.port),
        "WEBHOOK_TOKEN": household.TOKEN,
        "LOG_LEVEL": "ERROR",
    }
    words = ["-m", "gunicorn", "-c", "gunicorn.conf.py", f"--worker-connections={CONNECTIONS}"]
    return Command([sys.executable, *words, "benchmarks.peers.arrivarr:app"], own | settings, at_home=True)


ALL = {
    peer.letter: peer
    for peer in (
        Peer("a", "seed (FastAPI)", partial(_uvicorn, "benchmarks.peers.seed:app")),
        Peer("b", "sse-starlette", partial(_uvicorn, "benchmarks.peers.starlette_sse:app")),
        Peer("c", "flask-sse", _flask_sse, most=2000),  # each stream has a second socket, to Redis
        Peer("d", "nchan (C)", _nchan),
        Peer("e", "Arrivarr", _arrivarr),
        Peer("C", "bare epoll (C)", _bare),
    )
}


def free_port() -> int:
    """Find a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def serve(peer: Peer, downloads: int = 1, port: int = 0) -> Iterator[Server]:
    """Start a server on a free port unless one is given, wait until it answers, stop it at the end."""
    port = port or free_port()
    processes: list[subprocess.Popen[bytes]] = []

    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as made:
        folder = Path(made)

        def start(command: Command) -> None:
            words = ["taskset", "--cpu-list", CORE, *command.words]
            where, environ = ROOT if command.at_home else folder, {**os.environ, **command.environ}
            processes.append(subprocess.Popen(words, cwd=where, env=environ, stdout=subprocess.DEVNULL))

        try:
            start(peer.command(Setup(folder, port, downloads, start)))
            _wait_for(port)
            yield Server(peer, folder, port, [process.pid for process in processes])
        finally:
            for process in reversed(processes):
                _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:  # uvicorn waits for its streams for ever
        with suppress(ProcessLookupError):
            process.kill()
        process.wait()


def _wait_for(port: int) -> None:
    end = time.monotonic() + STARTING
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).close()
        except urllib.error.HTTPError:  # it answers, though it has no such page
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("A server did not start.")
