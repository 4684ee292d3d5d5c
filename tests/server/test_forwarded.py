"""Headers that only a proxy may set, sent by others: over real sockets, past gunicorn and nginx."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import requests

from tests.server.conftest import StartNginx, StartServer
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


def start(start_server: StartServer, folder: Path, trusted: str) -> Server:
    env = {"AUTH": "proxy", "ADMIN_GROUP": "admins", "TRUSTED_PROXIES": trusted}
    return start_server(folder, env=env, app="tests.server.quick:app")


@pytest.mark.parametrize("address", ["/services", "/events", "/api/requests"])
def test_a_name_from_elsewhere_opens_nothing(start_server: StartServer, tmp_path: Path, address: str) -> None:
    server = start(start_server, tmp_path, "10.0.0.0/8")

    assert status(server.url, address) == 401
    assert status(server.url, address, **{"X-Forwarded-For": "10.0.0.1"}) == 401
    assert server.log.count("Remote-User from 127.0.0.1 is ignored") == 1


def test_a_name_with_an_underscore_is_no_name(start_server: StartServer, tmp_path: Path) -> None:
    server = start(start_server, tmp_path, "127.0.0.1")
    headers = {"Remote_User": "ada", "Remote_Groups": "admins"}

    assert requests.get(f"{server.url}/api/requests", headers=headers, timeout=10).status_code == 401
    assert status(server.url) == 200  # the machine itself is trusted here, so that the test can fail


def test_nginx_names_people_and_what_they_say_of_themselves_is_gone(
    start_server: StartServer, start_nginx: StartNginx, tmp_path: Path
) -> None:
    server = start(start_server, tmp_path, "127.0.0.1")
    url = start_nginx(server, extra=NAMED.format(url=server.url)).url + "/named"

    assert status(url) == 403  # Ada, and no admin
    assert status(url, **{"X-Groups": "admins"}) == 200
    assert status(url, "/events") == 200


def test_behind_nginx_the_visitor_is_who_nginx_saw(
    start_server: StartServer, start_nginx: StartNginx, tmp_path: Path
) -> None:
    server = start_server(tmp_path, env={"TRUSTED_PROXIES": "127.0.0.1"}, app="tests.server.quick:app")
    url = start_nginx(server).url

    seen = visitor(url)

    assert seen == ["127.0.0.2", f"{url}/"]


def test_without_a_trusted_proxy_the_visitor_is_who_called(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server(tmp_path, app="tests.server.quick:app")

    assert visitor(server.url) == ["127.0.0.2", f"{server.url}/"]


def visitor(url: str) -> list[str]:
    """Call from another address than the server's own and give how it is seen."""
    spoofed = [word for name, value in SPOOFED.items() for word in ("-H", f"{name}: {value}")]
    command = ["curl", "-sf", "--interface", "127.0.0.2", *spoofed, f"{url}/visitor"]
    seen: list[str] = json.loads(subprocess.run(command, check=True, timeout=10, capture_output=True).stdout)
    return seen
