"""What may be wrong with an address and a key, each told apart by a server that is wrong in just this way."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from demo.jellyfin.api import API_KEY as JELLYFIN_KEY
from demo.qbittorrent.api import PASSWORD, USERNAME
from demo.seerr.api import API_KEY as SEERR_KEY
from demo.servarr.api import API_KEY as SERVARR_KEY
from demo.stack import Stack
from demo.world import World
from flaskapp.setup import probe as probing
from flaskapp.setup.probe import Probed, ProbeError, ProbeKind, probe
from flaskapp.upstreams import Upstream
from tests.clients.web import Asked, Reply, serve
from tests.demo.recorder import NOON, Recorder
from tests.server.process import free_port
from tests.server.qbittorrent import PASSWORD as REAL_PASSWORD
from tests.server.qbittorrent import USERNAME as REAL_USERNAME
from tests.server.qbittorrent import Qbittorrent
from tests.setup.secure import certificate, secure
from tests.setup.upstreams import entered

KEY = "k3y-of-the-house"
HTML = {"Content-Type": "text/html"}
KEYS = {"seerr": SEERR_KEY, "jellyfin": JELLYFIN_KEY, "qbittorrent": PASSWORD}


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    stack = Stack(World(NOON, Recorder()))
    stack.start()
    yield stack
    stack.stop()


def failure(upstream: Upstream) -> ProbeError:
    """Give why it can't be used; no secret stands in it."""
    with pytest.raises(ProbeError) as raised:
        probe(upstream)
    assert upstream.api_key not in raised.value.sentence + raised.value.instead
    return raised.value


def failure_with(source: str, answer: Callable[[Asked], Reply]) -> tuple[ProbeError, str]:
    with serve(answer) as web:
        return failure(entered(source, web.url, username="ann")), web.url


def paths(replies: dict[str, Reply], otherwise: int = 404) -> Callable[[Asked], Reply]:
    return lambda asked: replies.get(asked.path, Reply(otherwise))


def told(**values: object) -> Reply:
    return Reply(200, json.dumps(values).encode(), {"Content-Type": "application/json"})


def page(title: str) -> Reply:
    return Reply(200, f"<!doctype html><title>{title}</title>".encode(), HTML)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("radarr", ("6.0.3.10276", "Radarr")),
        ("sonarr", ("4.0.19.2979", "Sonarr")),
        ("seerr", ("3.3.0", "Seerr")),
        ("jellyfin", ("10.11.11", "Attic")),
        ("qbittorrent", ("5.1.2", "qBittorrent")),
    ],
)
def test_the_right_service_says_what_it_is(stack: Stack, source: str, found: tuple[str, str]) -> None:
    url = stack.urls[source]

    probed = probe(entered(source, url, KEYS.get(source, SERVARR_KEY), USERNAME))

    assert (probed.title, probed.url) == (found[1], url)
    assert probed.version == found[0]


@pytest.mark.parametrize("source", ["radarr", "sonarr", "seerr", "jellyfin", "qbittorrent"])
def test_a_wrong_key_is_told_as_such(stack: Stack, source: str) -> None:
    found = failure(entered(source, stack.urls[source], username=USERNAME))

    assert found.kind is ProbeKind.WRONG_KEY


@pytest.mark.parametrize(("source", "there"), [("radarr", "sonarr"), ("sonarr", "radarr")])
def test_one_of_the_two_is_not_the_other(stack: Stack, source: str, there: str) -> None:
    found = failure(entered(source, stack.urls[there], SERVARR_KEY))

    place = stack.urls[there].removeprefix("http://")
    sentence = f"{there.title()} answers at {place}, not {source.title()}. Check the port."
    assert (found.kind, found.sentence) == (ProbeKind.OTHER_SERVICE, sentence)


JELLYFIN = {"ServerName": "Attic", "Version": "10.11.11", "ProductName": "Jellyfin Server"}
TO_LOGIN = Reply(302, headers={"Location": "/login?returnUrl=%2F"})


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (paths({"/": page("Prowlarr")}), "Prowlarr"),
        (paths({"/": TO_LOGIN, "/login": page("Login - Sonarr")}, 401), "Sonarr"),
        (paths({"/": page("qBittorrent WebUI")}, 403), "qBittorrent"),
        (paths({"/": page("Sign In - Jellyseerr")}), "Jellyseerr"),
        (lambda _asked: page("Jellyfin"), "Jellyfin"),
        (paths({"/System/Info/Public": told(**JELLYFIN)}), "Jellyfin"),
        (paths({"/System/Info/Public": told(ServerName="Attic", Version="4.9.1.2")}), "Emby"),
        (paths({"/api/v1/status": told(version="3.3.0", commitTag="v3.3.0")}), "Seerr"),
        (lambda _asked: told(appName="Lidarr", version="2.1.0"), "Lidarr"),
    ],
)
def test_another_service_is_called_by_its_name(answer: Callable[[Asked], Reply], name: str) -> None:
    found, url = failure_with("radarr", answer)

    sentence = f"{name} answers at {url.removeprefix('http://')}, not Radarr. Check the port."
    assert (found.kind, found.sentence) == (ProbeKind.OTHER_SERVICE, sentence)


@pytest.mark.parametrize("source", ["radarr", "sonarr", "seerr", "jellyfin", "qbittorrent"])
@pytest.mark.parametrize(
    "reply", [page("My holidays"), Reply(404), Reply(200, b"[]"), Reply(200, b"{}"), Reply(200, b"hello")]
)
def test_something_that_says_no_name_is_another_service(source: str, reply: Reply) -> None:
    found, _ = failure_with(source, lambda _asked: reply)

    assert found.kind is ProbeKind.OTHER_SERVICE
    assert "Something answers at 127.0.0.1:" in found.sentence


def test_a_name_that_nobody_knows_is_not_repeated() -> None:
    found, _ = failure_with("radarr", lambda _asked: told(appName="Call 0900 12345", version="6.0.3.10276"))

    assert found.kind is ProbeKind.OTHER_SERVICE
    assert "0900" not in found.sentence


def test_nobody_but_the_right_service_hears_the_key_again() -> None:
    with serve(paths({"/": page("Prowlarr")})) as web:
        failure(entered("radarr", web.url))

    assert [asked.path for asked in web.asked if asked.headers.get("X-Api-Key")] == ["/api/v3/system/status"]


ASKED = "api/v3/system/status"
ELSEWHERE = "https://media.example.org:8443/r"


@pytest.mark.parametrize(
    ("location", "sentence", "instead"),
    [
        (f"/radarr/{ASKED}", "Radarr lives deeper at {here}. Enter {url}/radarr.", "{url}/radarr"),
        (
            f"https://127.0.0.1/{ASKED}?key={KEY}",
            "{here} sends every visitor on to https. Enter https://127.0.0.1.",
            "https://127.0.0.1",
        ),
        (
            f"{ELSEWHERE}/{ASKED}",
            f"{{here}} sends us on to media.example.org:8443, and our key stays at home. Enter {ELSEWHERE} if it is",
            ELSEWHERE,
        ),
        (f"/login?returnUrl={KEY}", "we are sent to a page for signing in (/login)", ""),
        ("/elsewhere", "{here} sends us on to /elsewhere. Check the path of the address.", ""),
        ("ftp://127.0.0.1/", "somewhere that is no address of the web", ""),
        ("", "Check the path of the address.", ""),
    ],
)
def test_being_sent_on_says_to_where(location: str, sentence: str, instead: str) -> None:
    found, url = failure_with("radarr", lambda _asked: Reply(307, headers={"Location": location}))

    here = url.removeprefix("http://")
    assert found.kind is ProbeKind.REDIRECTED
    assert sentence.format(here=here, url=url) in found.sentence
    assert found.instead == instead.format(url=url)


TYPED = ["  {url} ", "{host}", "{url}/", "{url}/settings/general", "{url}/system/status", "{url}/nonsense"]


@pytest.mark.parametrize("typed", [*TYPED, "HTTP://{host}/login?returnUrl=%2F"])
def test_small_slips_are_forgiven(stack: Stack, typed: str) -> None:
    url = stack.urls["radarr"]

    probed = probe(entered("radarr", typed.format(url=url, host=url.removeprefix("http://")), SERVARR_KEY))

    assert probed == Probed("6.0.3.10276", "Radarr", url)


def test_a_page_of_jellyfin_leads_to_its_address(stack: Stack) -> None:
    url = stack.urls["jellyfin"]

    assert probe(entered("jellyfin", f"{url}/web/index.html#!/home.html", JELLYFIN_KEY)).url == url


@pytest.mark.parametrize("source", ["radarr", "seerr", "jellyfin", "qbittorrent"])
@pytest.mark.parametrize("status", [401, 403])
def test_a_proxy_that_asks_for_a_password_is_not_a_wrong_key(source: str, status: int) -> None:
    found, url = failure_with(source, lambda _asked: Reply(status, b"<html><title>401 Authorization Required</title>"))

    assert found.kind is ProbeKind.ODD
    assert f"A proxy asks for a password at {url.removeprefix('http://')}." in found.sentence


NO_ADDRESSES = ["", "http://", "http://ann@radarr", "ftp://radarr", "http://radarr:port", "rad\0arr"]


@pytest.mark.parametrize("typed", NO_ADDRESSES)
def test_what_is_no_address_is_told_as_such(typed: str) -> None:
    found = failure(entered("radarr", typed))

    assert found.kind is ProbeKind.ODD
    assert "This is no address." in found.sentence


def test_a_port_where_nothing_listens() -> None:
    port = free_port()
    found = failure(entered("radarr", f"http://localhost:{port}"))

    assert found.kind is ProbeKind.UNREACHABLE
    assert f"Nothing listens at localhost:{port}." in found.sentence
    assert "inside a container the container itself" in found.sentence


def test_a_name_that_nobody_has() -> None:
    found = failure(entered("radarr", "http://radarr.invalid:7878"))

    assert found.kind is ProbeKind.UNREACHABLE
    assert "There is no machine called radarr.invalid" in found.sentence


def test_a_server_that_does_not_answer_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probing, "PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        found = failure(entered("radarr", f"http://127.0.0.1:{listener.getsockname()[1]}"))

    assert found.kind is ProbeKind.TOO_SLOW
    assert "no answer comes in time" in found.sentence


def test_a_server_that_speaks_something_else() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_greet, args=(listener,))
        thread.start()
        found = failure(entered("radarr", f"http://127.0.0.1:{listener.getsockname()[1]}"))
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()

    assert found.kind is ProbeKind.ODD
    assert "does not speak http" in found.sentence


def _greet(listener: socket.socket) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with closing(connection):
            connection.sendall(b"220 mail.example.org ESMTP\r\n")


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    with secure(certificate(tmp_path)) as port:
        found = failure(entered("radarr", f"https://127.0.0.1:{port}"))

    assert found.kind is ProbeKind.TLS
    assert "most likely it is self-signed" in found.sentence


def test_plain_http_where_tls_is_spoken(tmp_path: Path) -> None:
    with secure(certificate(tmp_path)) as port:
        found = failure(entered("radarr", f"http://127.0.0.1:{port}"))

    assert (found.kind, found.instead) == (ProbeKind.TLS, f"https://127.0.0.1:{port}")
    assert found.sentence == f"127.0.0.1:{port} wants a secure connection. Write https:// instead of http://."


def test_tls_where_plain_http_is_spoken() -> None:
    with serve(lambda _asked: Reply(200)) as web:
        found = failure(entered("radarr", web.url.replace("http:", "https:")))

    assert (found.kind, found.instead) == (ProbeKind.TLS, web.url)


STATUS = f"/{ASKED}"
OLD_JELLYFIN = {"ServerName": "Attic", "Version": "10.7.7", "ProductName": "Jellyfin Server"}
OLD_QBITTORRENT = {"webapiVersion": Reply(200, b"2.0.0"), "version": Reply(200, b"v4.1.0")}


@pytest.mark.parametrize(
    ("source", "replies", "sentence"),
    [
        (
            "radarr",
            {STATUS: told(appName="Radarr", version="3.2.2.5080")},
            "This is Radarr 3.2.2.5080, which is too old",
        ),
        ("radarr", {STATUS: told(appName="Radarr", version="4.6.4.7568")}, "needs 4.7 or newer"),
        ("sonarr", {STATUS: told(appName="Sonarr", version="2.0.0.5344")}, "needs 3.0 or newer"),
        ("seerr", {"/api/v1/status": told(commitTag="v1.4.1", version="1.4.1")}, "needs 1.9 or newer"),
        ("jellyfin", {"/System/Info/Public": told(**OLD_JELLYFIN)}, "needs 10.8 or newer"),
        (
            "qbittorrent",
            {f"/api/v2/app/{name}": reply for name, reply in OLD_QBITTORRENT.items()},
            "This is qBittorrent 4.1.0, which is too old: Arrivarr needs one whose Web API is 2.0.1 or newer.",
        ),
    ],
)
def test_what_is_too_old_says_so(source: str, replies: dict[str, Reply], sentence: str) -> None:
    found, _ = failure_with(source, paths(replies))

    assert found.kind is ProbeKind.TOO_OLD
    assert sentence in found.sentence


def test_a_version_of_somebody_who_builds_their_own_is_let_pass() -> None:
    replies = {
        "/api/v1/status": told(version="develop-0123abc", commitTag="0123abc"),
        "/api/v1/settings/notifications/webhook": told(enabled=False),
        "/api/v1/settings/public": told(applicationTitle="Wishes"),
    }
    with serve(paths(replies)) as web:
        assert probe(entered("seerr", web.url)) == Probed("develop-0123abc", "Wishes", web.url)


@pytest.mark.parametrize(("status", "sentence"), [(503, "It may still be starting"), (500, "trouble of its own (500)")])
def test_a_service_that_is_not_well(status: int, sentence: str) -> None:
    found, _ = failure_with("radarr", lambda _asked: Reply(status, b"{}"))

    assert found.kind is ProbeKind.ODD
    assert sentence in found.sentence


@pytest.mark.parametrize(
    ("login", "kind", "sentence"),
    [
        (Reply(200, b"Fails."), ProbeKind.WRONG_KEY, "does not take this user name and password"),
        (Reply(401), ProbeKind.WRONG_KEY, "does not take this user name and password"),
        (Reply(403, b"Your IP address has been banned"), ProbeKind.WRONG_KEY, "has banned us"),
        (Reply(200, b"Ok."), ProbeKind.ODD, "lets us log in but not ask"),
        (Reply(204), ProbeKind.ODD, "lets us log in but not ask"),
    ],
)
def test_qbittorrent_is_logged_into_once(login: Reply, kind: ProbeKind, sentence: str) -> None:
    with serve(paths({"/api/v2/auth/login": login}, otherwise=403)) as web:
        found = failure(entered("qbittorrent", web.url, username="ann"))

    assert (found.kind, web.paths().count("/api/v2/auth/login")) == (kind, 1)
    assert sentence in found.sentence


def test_qbittorrent_that_refuses_our_name_for_it() -> None:
    found, _ = failure_with("qbittorrent", lambda _asked: Reply(401, b"Unauthorized"))

    assert found.kind is ProbeKind.ODD
    assert "Enable Host header validation" in found.sentence


def test_qbittorrent_without_a_user_name() -> None:
    with serve(lambda _asked: Reply(403)) as web:
        found = failure(entered("qbittorrent", web.url, "unused"))

    assert found.kind is ProbeKind.WRONG_KEY
    assert "/api/v2/auth/login" not in web.paths()


def test_a_real_qbittorrent(leecher: Qbittorrent) -> None:
    assert probe(entered("qbittorrent", leecher.url, REAL_PASSWORD, REAL_USERNAME)).title == "qBittorrent"
    assert failure(entered("qbittorrent", leecher.url, "not-the-password", REAL_USERNAME)).kind is ProbeKind.WRONG_KEY
    assert failure(entered("qbittorrent", leecher.url)).kind is ProbeKind.WRONG_KEY


def test_a_real_qbittorrent_is_not_another_service(leecher: Qbittorrent) -> None:
    found = failure(entered("radarr", leecher.url))

    assert found.sentence == f"qBittorrent answers at 127.0.0.1:{leecher.port}, not Radarr. Check the port."
