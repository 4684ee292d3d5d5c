"""No secret is found where it does not belong: not in a log, a page, an answer, the database, or what objects print."""

from __future__ import annotations

import socket
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import requests

from flaskapp.config import Settings
from flaskapp.upstreams import locked_upstreams
from tests.app import payload
from tests.server.conftest import StartServer
from tests.server.process import Server, free_port

TOKEN, READ_KEY, SECRET_KEY = "canary-webhook-token-1", "canary-read-key-22222", "canary-secret-key-3333"
OF_SERVICES = {
    "SEERR_API_KEY": "canary-seerr-key-4",
    "RADARR_API_KEY": "canary-radarr-key-5",
    "JELLYFIN_API_KEY": "canary-jellyfin-key-6",
    "QBITTORRENT_PASSWORD": "canary-password-7",
}
SHOWN_BY_VISITORS = ("canary-wrong-token-8", "canary-wrong-key-9", "canary-typed-password-10", "canary-link-11")
SECRETS = (TOKEN, READ_KEY, SECRET_KEY, *OF_SERVICES.values(), *SHOWN_BY_VISITORS)
GRAB = payload("radarr", "grab-torrent")
VISITORS = count(1)


def environment() -> dict[str, str]:
    nobody = f"http://127.0.0.1:{free_port()}"
    urls = {f"{name}_URL": nobody for name in ("SEERR", "RADARR", "JELLYFIN", "QBITTORRENT")}
    own = {"WEBHOOK_TOKEN": TOKEN, "READ_KEY": READ_KEY, "SECRET_KEY": SECRET_KEY, "QBITTORRENT_USERNAME": "karla"}
    return {"AUTH": "local", "LOG_LEVEL": "DEBUG", "TRUSTED_PROXIES": "127.0.0.1", **own, **OF_SERVICES, **urls}


@pytest.fixture
def guarded(start_server: StartServer, tmp_path: Path) -> Server:
    return start_server(tmp_path, env=environment(), options=["--access-logfile", "-"])


def calls(server: Server) -> Iterator[requests.Response]:
    """Come to every kind of address with secrets in every place, right ones and wrong ones."""
    wrong_token, wrong_key, typed, link = SHOWN_BY_VISITORS
    for token in (TOKEN, wrong_token):
        basic = b64encode(f"radarr:{token}".encode()).decode()
        for headers in (
            *({"Authorization": f"Bearer {token}"}, {"Authorization": token}, {"Authorization": f"Basic {basic}"}),
            *({"X-Api-Key": token}, {"X-Api-Key": f"{token}\u00e9"}, {"Referer": f"http://x/?token={token}"}),
        ):
            raw = {name: value.encode("latin-1") for name, value in headers.items()}
            yield send(server, "POST", "/webhooks/radarr", json=GRAB, headers=raw)
        yield send(server, "POST", f"/webhooks/radarr?token={token}", json=GRAB)
        yield send(server, "POST", f"/webhooks/radarr?token={token}", data=b"no json")
        yield send(server, "POST", f"/webhooks/radarr?token={token}", data=b"x" * (8 * 2**20 + 1))
        yield send(server, "POST", f"/webhooks/plex?token={token}", json=GRAB)
        yield send(server, "GET", f"/webhooks/radarr?token={token}")
    for key in (READ_KEY, wrong_key):
        for address in ("/", "/api/requests", "/services", "/keys", "/requests/1", "/readyz", "/metrics", "/nowhere"):
            yield send(server, "GET", address, headers={"X-Api-Key": key})
            yield send(server, "GET", f"{address}?key={key}")
        yield send(server, "DELETE", "/api/requests/1", headers={"X-Api-Key": key})
        yield send(server, "GET", "/api/requests?limit=x", headers={"X-Api-Key": key})
    yield send(server, "POST", "/sign-in", data={"name": "karla", "password": typed})
    yield send(server, "POST", "/join", data={"code": typed, "name": "karla", "password": typed})
    yield send(server, "GET", f"/sign-in?next=/&password={typed}")
    for address in (f"/l/{link}", f"/l/{link}/events", f"/join?code={link}"):
        yield send(server, "GET", address)


def send(
    server: Server, method: str, address: str, headers: Mapping[str, str | bytes] | None = None, **how: Any
) -> requests.Response:
    """Come from an address of its own, so that nobody has come too often."""
    who = {"X-Forwarded-For": f"192.0.2.{next(VISITORS) % 250}", **(headers or {})}
    return requests.request(method, f"{server.url}{address}", headers=who, timeout=20, allow_redirects=False, **how)


def mumble(server: Server) -> None:
    """Send what is no HTTP, with secrets in it."""
    for words in (
        f"GET /webhooks/radarr?token={TOKEN} and more HTTP/1.1\r\n\r\n",
        f"GET /?token={TOKEN} HTTP/9.9\r\n\r\n",
        f"{TOKEN} / HTTP/1.1\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: board\r\nX-Api-Key {TOKEN}\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: board\r\nX {TOKEN}: 1\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: board\r\nX-Api-Key: {TOKEN}\x00\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: board\r\nExpect: {TOKEN}\r\n\r\n",
        f"POST / HTTP/1.1\r\nHost: board\r\nContent-Length: {TOKEN}\r\n\r\n",
        f"POST / HTTP/1.1\r\nHost: board\r\nTransfer-Encoding: {TOKEN}\r\n\r\n",
        f"POST /services/stream HTTP/1.1\r\nHost: board\r\nTransfer-Encoding: chunked\r\n\r\n{TOKEN}\r\n\r\n",
    ):
        with closing(socket.create_connection(("127.0.0.1", server.port), timeout=10)) as peer:
            peer.sendall(words.encode("latin-1"))
            peer.recv(4096)


def test_no_secret_is_in_a_log_an_answer_or_the_database(guarded: Server) -> None:
    answers = list(calls(guarded))
    mumble(guarded)
    guarded.stop()

    assert {200, 400, 401, 403, 404, 413} <= {answer.status_code for answer in answers}
    for answer in answers:
        if "/join" not in answer.url:  # its form holds the code that its visitor brought along
            assert found_in(f"{answer.text} {answer.headers}") == [], answer.url
    assert "GET /webhooks/radarr" in guarded.log  # the access log was on
    assert "Invalid request from" in guarded.log
    assert found_in(guarded.log) == []
    kept = [path for path in guarded.data_dir.rglob("*") if path.is_file()]
    assert any(path.name == "arrivarr.db" for path in kept)
    for path in kept:
        assert found_in(path.read_bytes().decode("latin-1")) == [], path.name


def found_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def test_what_holds_secrets_does_not_print_them(tmp_path: Path) -> None:
    settings = Settings.from_environ({"DATA_DIR": str(tmp_path), "DATABASE_URL": "", **environment()})

    assert settings.secret_key == SECRET_KEY
    for each in (settings, *locked_upstreams(settings)):
        assert found_in(repr(each) + str(each)) == []
