"""The servers that are compared: each started on a free port of this machine, alone on one core, and stopped."""

from __future__ import annotations

import os
import shutil
import signal
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

from benchmarks import built, household, process

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "benchmarks" / "peers"
OTHERS = ROOT / ".venv-bench" / "bin"
"""Where the programs of the other sides are; ours run in the environment of the project."""
CORE = "0"
"""Of the server, and of what it needs besides; the client has the other."""
STARTING, STOPPING = 30.0, 8.0
LOG = "server.log"
OURS = "e"
CONNECTIONS = 12_500


@dataclass(frozen=True)
class Command:
    """A program with what stands in its environment besides ours."""

    words: Sequence[str]
    environ: Mapping[str, str] = field(default_factory=dict)
    publish_port: int = 0
    """Where events are published, if not where streams are opened."""
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
    takes_lines: bool = True
    """One POST may hold several events."""


@dataclass(frozen=True)
class Server:
    """A running server."""

    peer: Peer
    folder: Path
    port: int
    publish_port: int
    pids: list[int]


def _uvicorn(app: str, setup: Setup, **environ: str) -> Command:
    words = ["-m", "uvicorn", app, "--port", str(setup.port), "--log-level", "error", "--no-access-log"]
    return Command(
        [str(OTHERS / "python"), *words, "--backlog", "4096", "--timeout-graceful-shutdown", "1"],
        {"PYTHONPATH": str(ROOT), **environ},
    )


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
    words += ["--log-level", "error", "--graceful-timeout", "1"]
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
        "AUTH": "none",
        "LOG_LEVEL": "ERROR",
    }
    door = free_port()
    own["TORRENTS_PORT"] = str(door)
    words = ["-m", "gunicorn", "-c", "gunicorn.conf.py", f"--worker-connections={CONNECTIONS}"]
    return Command([sys.executable, *words, "benchmarks.peers.arrivarr:app"], own | settings, door, at_home=True)


def _recorder(setup: Setup, **environ: str) -> Command:
    shutil.copytree(household.folder(setup.downloads), setup.folder, dirs_exist_ok=True)
    own = {"DATA_DIR": str(setup.folder), "WEBHOOK_TOKEN": household.TOKEN}
    return _uvicorn("benchmarks.peers.recorder:app", setup, **own, **environ)


ALL = {
    peer.letter: peer
    for peer in (
        Peer("a", "seed (FastAPI)", partial(_uvicorn, "benchmarks.peers.seed:app")),
        Peer("b", "sse-starlette", partial(_uvicorn, "benchmarks.peers.starlette_sse:app")),
        Peer("c", "flask-sse + Redis", _flask_sse),
        Peer("d", "nchan (C)", _nchan, takes_lines=False),
        Peer("e", "Arrivarr", _arrivarr),
        Peer("p", "Arrivarr, every stream writes", partial(_arrivarr, STREAM_WRITE_THROUGH="no")),
        Peer("r", "FastAPI that records", _recorder),
        Peer("o", "the same, encoding once", partial(_recorder, ENCODED_ONCE="yes")),
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
            with folder.joinpath(LOG).open("ab") as log:
                processes.append(subprocess.Popen(words, cwd=where, env=environ, stdout=log, stderr=log))

        try:
            command = peer.command(Setup(folder, port, downloads, start))
            start(command)
            _wait_for(port, folder / LOG)
            yield Server(peer, folder, port, command.publish_port or port, [each.pid for each in processes])
        finally:
            for each in reversed(processes):
                _stop(each)
            if folder.joinpath(LOG).read_text(encoding="utf-8") and peer.letter == OURS:
                print(folder.joinpath(LOG).read_text(encoding="utf-8"), file=sys.stderr)


def _stop(server: subprocess.Popen[bytes]) -> None:
    family = list(process.tree(server.pid))
    server.terminate()
    try:
        server.wait(STOPPING)
    except subprocess.TimeoutExpired:  # some wait for their streams for ever
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        server.wait()


def _wait_for(port: int, log: Path) -> None:
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
    raise RuntimeError(f"A server did not start: {log.read_text(encoding='utf-8')[-2000:]}")
