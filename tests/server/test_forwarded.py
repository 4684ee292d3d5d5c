"""Headers that only a proxy may set, sent by others: over real sockets, past gunicorn and nginx."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from tests.server.conftest import QUICK, StartNginx, StartServer
from tests.server.process import Server

SPOOFED = {
    "Remote-User": "eve",
    "Remote-Groups": "admins",
    "X-Forwarded-For": "127.0.0.1",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
}
NAMED = """
    location /named/ {{
        proxy_pass {url}/;
        proxy_set_header Remote-User ada;
        proxy_set_header Remote-Groups $http_x_groups;
    }}
"""


def status(url: str, address: str = "/services", **headers: str) -> int:
    with requests.get(
        f"{url}{address}", headers=SPOOFED | headers, timeout=10, stream=True, allow_redirects=False
    ) as it:
        return it.status_code


@pytest.fixture(scope="module")
def start_guarded(start_lasting: StartServer, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Server]:
    """Give a function that starts a server which lets in whom a trusted proxy names."""

    def start(trusted: str) -> Server:
        env = {"AUTH": "proxy", "ADMIN_GROUP": "admins", "TRUSTED_PROXIES": trusted}
        return start_lasting(tmp_path_factory.mktemp("guarded"), env=env, app=QUICK)

    return start


@pytest.fixture(scope="module")
def wary(start_guarded: Callable[[str], Server]) -> Server:
    """Give a server that doesn't trust this machine."""
    return start_guarded("10.0.0.0/8")


@pytest.fixture(scope="module")
def trusting(start_guarded: Callable[[str], Server]) -> Server:
    """Give a server that trusts this machine."""
    return start_guarded("127.0.0.1")


@pytest.mark.parametrize("address", ["/services", "/events", "/api/requests"])
def test_a_name_from_elsewhere_opens_nothing(wary: Server, address: str) -> None:
    assert status(wary.url, address) == 401
    assert status(wary.url, address, **{"X-Forwarded-For": "10.0.0.1"}) == 401
    assert wary.log.count("Remote-User from 127.0.0.1 is ignored") == 1


def test_a_name_with_an_underscore_is_no_name(trusting: Server) -> None:
    headers = {"Remote_User": "ada", "Remote_Groups": "admins"}

    assert requests.get(f"{trusting.url}/api/requests", headers=headers, timeout=10).status_code == 401
    assert status(trusting.url) == 200  # the machine itself is trusted here, so that the test can fail


def test_nginx_names_people_and_what_they_say_of_themselves_is_gone(trusting: Server, start_nginx: StartNginx) -> None:
    url = start_nginx(trusting, extra=NAMED.format(url=trusting.url)).url + "/named"

    assert status(url) == 403  # Ada, and no admin
    assert status(url, **{"X-Groups": "admins"}) == 200
    assert status(url, "/events") == 200


def test_behind_nginx_the_visitor_is_who_nginx_saw(
    start_server: StartServer, start_nginx: StartNginx, tmp_path: Path
) -> None:
    server = start_server(tmp_path, env={"TRUSTED_PROXIES": "127.0.0.1"}, app=QUICK)
    url = start_nginx(server).url

    seen = visitor(url)

    assert seen == ["127.0.0.2", f"{url}/"]


def test_without_a_trusted_proxy_the_visitor_is_who_called(server: Server) -> None:
    assert visitor(server.url) == ["127.0.0.2", f"{server.url}/"]


def visitor(url: str) -> list[str]:
    """Call from another address than the server's own and give how it is seen."""
    spoofed = [word for name, value in SPOOFED.items() for word in ("-H", f"{name}: {value}")]
    command = ["curl", "-sf", "--interface", "127.0.0.2", *spoofed, f"{url}/visitor"]
    seen: list[str] = json.loads(subprocess.run(command, check=True, timeout=10, capture_output=True).stdout)
    return seen
