from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.server import chaos
from tests.server.nginx import Nginx
from tests.server.process import Server, fill, wait_until
from tests.server.reader import Reader

StartServer = Callable[..., Server]
Connect = Callable[..., Reader]
StartNginx = Callable[..., Nginx]

QUICK, FICKLE = "tests.server.quick:app", "tests.server.fickle:app"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let tests of the stream run twice: with write-through and without. The full suite does so with all of them."""
    if "write_through" in metafunc.fixturenames:
        is_twice = chaos.IS_FULL or metafunc.definition.get_closest_marker("both_ways")
        metafunc.parametrize("write_through", ["yes", "no"] if is_twice else ["yes"], scope="module")


@contextmanager
def keeping(prepared: Path, write_through: str) -> Iterator[StartServer]:
    """Give a function that starts servers; all are stopped at the end, and none may have logged an error."""
    servers: list[Server] = []

    def start(folder: Path, env: Mapping[str, str] | None = None, **settings: Any) -> Server:
        fill(folder, prepared)
        servers.append(Server(folder, env={"STREAM_WRITE_THROUGH": write_through, **(env or {})}, **settings))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()
    for server in servers:
        server.assert_log_is_clean()


@pytest.fixture
def start_server(prepared: Path, write_through: str) -> Iterator[StartServer]:
    """Give a function that starts servers which write to their streams in the way of this run."""
    with keeping(prepared, write_through) as start:
        yield start


@pytest.fixture(scope="module")
def start_lasting(prepared: Path, write_through: str) -> Iterator[StartServer]:
    """Give a function that starts servers for all tests of a file."""
    with keeping(prepared, write_through) as start:
        yield start


@pytest.fixture(scope="module")
def lasting(start_lasting: StartServer, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """Start the server that the tests of a file share."""
    return start_lasting(tmp_path_factory.mktemp("lasting"), app=FICKLE)


@pytest.fixture
def server(lasting: Server) -> Server:
    """Give a server whose streams are short of patience, so that tests need not be long.

    Other tests of the file may have let things happen on it.
    """
    return at_rest(lasting)


@pytest.fixture(scope="module")
def lasting_narrow(start_lasting: StartServer, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """Start a server that the tests of a file share."""
    return start_lasting(tmp_path_factory.mktemp("narrow"), app=QUICK, env={"STREAMS": "20", "HEARTBEAT": "30"})


@pytest.fixture
def narrow(lasting_narrow: Server) -> Server:
    """Give a server that bears twenty streams and beats rarely."""
    return at_rest(lasting_narrow)


def at_rest(server: Server) -> Server:
    """Let it run, also when a test has stopped it, and wait until the last one has left."""
    if not server.is_running:
        server.restart()
    wait_until(lambda: server.streams == 0)
    return server


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Give a function that opens streams; all are closed at the end."""
    with ExitStack() as readers:
        yield lambda server, **how: readers.enter_context(Reader(server.url, **how))


@pytest.fixture
def naive(prepared: Path, tmp_path: Path) -> Iterator[Server]:
    """Give a server with the usual mistakes: a check that finds none of them checks nothing."""
    fill(tmp_path, prepared)
    options = ["--config", "tests/server/naive.conf.py"]
    server = Server(tmp_path, {"HEARTBEAT": "5"}, "tests.server.naive:app", options)
    yield server
    server.kill()  # it would hang on to its streams


@pytest.fixture
def start_nginx(tmp_path: Path) -> Iterator[StartNginx]:
    """Give a function that puts nginx in front of a server."""
    with ExitStack() as stopping:

        def start(server: Server, **settings: Any) -> Nginx:
            nginx = Nginx(tmp_path / "nginx", server, **settings)
            stopping.callback(nginx.stop)
            return nginx

        yield start
