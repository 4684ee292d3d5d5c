from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.server import chaos
from tests.server.nginx import Nginx
from tests.server.process import Server
from tests.server.reader import Reader

StartServer = Callable[..., Server]
Connect = Callable[..., Reader]
StartNginx = Callable[..., Nginx]


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a data folder with an empty database; to migrate it once saves every server a second."""
    folder = tmp_path_factory.mktemp("empty")
    Server(folder).stop()
    return folder / "data"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let tests of the stream run twice: with write-through and without. The full suite does so with all of them."""
    if "write_through" in metafunc.fixturenames:
        is_twice = chaos.IS_FULL or metafunc.definition.get_closest_marker("both_ways")
        metafunc.parametrize("write_through", ["yes", "no"] if is_twice else ["yes"], scope="module")


@pytest.fixture
def keep(empty: Path) -> Iterator[StartServer]:
    """Give a function that starts servers; all are stopped at the end, and none may have logged an error."""
    servers: list[Server] = []

    def start(folder: Path, **settings: Any) -> Server:
        if not (folder / "data").exists():
            shutil.copytree(empty, folder / "data")
        servers.append(Server(folder, **settings))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()
    for server in servers:
        server.assert_log_is_clean()


@pytest.fixture
def start_server(keep: StartServer, write_through: str) -> StartServer:
    """Give a function that starts servers which write to their streams in the way of this run."""

    def start(folder: Path, env: Mapping[str, str] | None = None, **settings: Any) -> Server:
        return keep(folder, env={"STREAM_WRITE_THROUGH": write_through, **(env or {})}, **settings)

    return start


@pytest.fixture
def server(start_server: StartServer, tmp_path: Path) -> Server:
    """Give a server whose streams are short of patience, so that tests need not be long."""
    return start_server(tmp_path, app="tests.server.quick:app")


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Give a function that opens streams; all are closed at the end."""
    with ExitStack() as readers:
        yield lambda server, **how: readers.enter_context(Reader(server.url, **how))


@pytest.fixture
def naive(keep: StartServer, tmp_path: Path) -> Server:
    """Give a server with the usual mistakes: a check that finds none of them checks nothing."""
    return keep(
        tmp_path,
        app="tests.server.naive:app",
        options=["--config", "tests/server/naive.conf.py"],
        env={"HEARTBEAT": "5"},
    )


@pytest.fixture
def start_nginx(tmp_path: Path) -> Iterator[StartNginx]:
    """Give a function that puts nginx in front of a server."""
    with ExitStack() as stopping:

        def start(server: Server, **settings: Any) -> Nginx:
            nginx = Nginx(tmp_path / "nginx", server, **settings)
            stopping.callback(nginx.stop)
            return nginx

        yield start
