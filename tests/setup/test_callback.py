"""The address at which services reach us is tried before anybody is told it."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from flaskapp.config import Settings
from flaskapp.setup import callback
from flaskapp.setup.callback import CallbackError, check, guess
from flaskapp.setup.own_address import address_of, own_address
from flaskapp.upstreams import Upstream
from tests.app import running
from tests.clients.web import Reply, serve
from tests.listening import listening
from tests.server.process import free_port
from tests.setup.secure import certificate, secure


def failure(app: Flask, url: str) -> CallbackError:
    with app.app_context(), pytest.raises(CallbackError) as raised:
        check(url)
    return raised.value


def add(app: Flask, *urls: str) -> None:
    """Let services be known at these addresses."""
    with app.app_context():
        for number, url in enumerate(urls):
            app.extensions["upstreams"].save(Upstream("radarr", f"radarr-{number}", f"Radarr {number}", url, "k3y"))


def test_this_very_board_answers(app: Flask) -> None:
    with listening(app) as url, app.app_context():
        assert check(f" {url}/ ") == url
        assert check(url.removeprefix("http://")) == url


def test_a_base_path_belongs_to_the_address(settings: Settings) -> None:
    with running(replace(settings, base_path="/tv")) as app, listening(app) as url:
        with app.app_context():
            assert check(f"{url}/tv") == f"{url}/tv"
        assert "it is not this board" in failure(app, f"{url}/television").sentence


def test_another_board_is_not_this_one(app: Flask, settings: Settings) -> None:
    with running(replace(settings, secret_key="another-secret")) as other, listening(other) as url:
        assert "Another Arrivarr answers at 127.0.0.1:" in failure(app, url).sentence


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        (Reply(200, b"<title>Radarr</title>"), "Radarr answers at {here}, not Arrivarr. Check the port."),
        (Reply(200, b"{}"), "Something answers at {here}, but it is not this board."),
        (Reply(404), "Something answers at {here}, but it is not this board."),
        (Reply(401), "Something in front of Arrivarr asks for a password at {here}."),
        (Reply(502), "The way to Arrivarr is broken at {here} (502)"),
        (Reply(302, headers={"Location": "https://sign-in.example.org/?to=secret"}), "Let /webhooks pass there"),
    ],
)
def test_something_else_that_answers(app: Flask, reply: Reply, sentence: str) -> None:
    with serve(lambda _asked: reply) as web:
        found = failure(app, web.url)

    assert sentence.format(here=web.url.removeprefix("http://")) in found.sentence
    assert "secret" not in found.sentence


def test_a_redirect_is_not_followed_and_names_a_better_address(app: Flask) -> None:
    with listening(app) as board, serve(lambda asked: Reply(301, headers={"Location": board + asked.path})) as web:
        found = failure(app, web.url)

    assert (found.instead, len(web.asked)) == (board, 1)
    assert "services lose their messages that way" in found.sentence


def test_nothing_listens(app: Flask) -> None:
    port = free_port()

    assert failure(app, f"http://127.0.0.1:{port}").sentence == f"Nothing listens at 127.0.0.1:{port}. Check the port."


def test_nobody_has_the_name(app: Flask) -> None:
    assert "no machine called board.invalid" in failure(app, "http://board.invalid:2774").sentence


def test_no_answer_in_time(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callback, "PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        found = failure(app, f"http://127.0.0.1:{listener.getsockname()[1]}")

    assert "does not answer in time" in found.sentence


def test_tls_and_no_tls(app: Flask, tmp_path: Path) -> None:
    with secure(certificate(tmp_path)) as port:
        plain, self_signed = (failure(app, f"{scheme}://127.0.0.1:{port}") for scheme in ("http", "https"))
    with listening(app) as board:
        needless = failure(app, board.replace("http:", "https:"))

    assert (plain.instead, needless.instead) == (f"https://127.0.0.1:{port}", board)
    assert "Nobody vouches for the certificate" in self_signed.sentence


@pytest.mark.parametrize("url", ["", "http://", "http://ann@board"])
def test_no_address(app: Flask, url: str) -> None:
    assert "This is no address." in failure(app, url).sentence


def test_localhost_is_no_address_for_a_service_on_another_machine(app: Flask) -> None:
    add(app, "http://localhost:7878", "http://media.example.org:7878")

    with listening(app) as url:
        found = failure(app, url)

    assert found.sentence.startswith("127.0.0.1 means every machine itself: Radarr 1 at media.example.org would call")


def test_localhost_will_do_for_services_on_this_machine(app: Flask) -> None:
    add(app, "http://localhost:7878")

    with listening(app) as url, app.app_context():
        assert check(url) == url


FAR, NEAR = "http://192.168.1.20:7878", "http://localhost:7878"
OWN = "192.168.1.10"


@pytest.fixture
def at_home(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Give settings for a machine with an address in the home network."""
    monkeypatch.setattr(callback, "own_address", lambda _far: OWN)
    return settings


@pytest.mark.parametrize(
    ("host", "visited", "services", "expected"),
    [
        ("127.0.0.1", "http://localhost:2774/", [], "http://127.0.0.1:2774"),
        ("0.0.0.0", "http://localhost:2774/", [NEAR], "http://127.0.0.1:2774"),
        ("0.0.0.0", "http://arrivals.lan:2774/", [NEAR], "http://127.0.0.1:2774"),
        ("0.0.0.0", "http://arrivals.lan:2774/", [FAR], "http://arrivals.lan:2774"),
        ("0.0.0.0", "https://arrivals.example.org/", [NEAR, FAR], "https://arrivals.example.org"),
        ("0.0.0.0", "http://localhost:2774/", [FAR], f"http://{OWN}:2774"),
        ("0.0.0.0", "http://localhost:2774/", [], f"http://{OWN}:2774"),
        ("127.0.0.1", "https://arrivals.example.org/", [FAR], "https://arrivals.example.org"),
    ],
)
def test_the_most_likely_address_is_offered(
    at_home: Settings, host: str, visited: str, services: list[str], expected: str
) -> None:
    with running(replace(at_home, host=host)) as app:
        add(app, *services)
        with app.app_context():
            assert guess(visited) == expected
    with running(replace(at_home, host=host, base_path="/tv")) as app, app.app_context():
        assert guess(f"{visited}tv/") == f"{expected}/tv"


def test_a_container_is_called_by_its_name(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callback, "own_address", lambda _far: OWN)
    monkeypatch.setattr(callback, "address_of", {"arrivarr": OWN}.get)
    app.extensions["settings"] = replace(app.extensions["settings"], host="0.0.0.0")
    add(app, "http://radarr:7878")

    with app.app_context():
        assert guess("http://192.168.1.10:8080/") == "http://arrivarr:2774"


def test_our_address_on_the_way_to_another_machine_is_looked_up() -> None:
    assert own_address("127.0.0.1") == "127.0.0.1"
    assert own_address("no.such.machine.invalid") == ""
    assert (address_of("localhost"), address_of("no.such.machine.invalid")) == ("127.0.0.1", "")
