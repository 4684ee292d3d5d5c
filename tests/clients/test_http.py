"""What holds for every client."""

from __future__ import annotations

import socket
import subprocess
import sys
import textwrap
import threading

import pytest

from flaskapp.clients import http
from flaskapp.clients.http import Client, ClientError
from tests.clients.web import Reply, serve
from tests.server.process import free_port

SECRET = "k3y-of-the-house"


def failure(reply: Reply) -> str:
    """Give the sentence about an answer."""
    with serve(lambda _asked: reply) as web:
        return failure_at(web.url)


def failure_at(url: str) -> str:
    client = Client("Sonarr", url, {"X-Api-Key": SECRET})
    with pytest.raises(ClientError) as raised:
        client.get_json("series", {"apikey": SECRET})
    client.close()
    assert raised.value.__suppress_context__ or raised.value.__context__ is None
    return str(raised.value)


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        (Reply(401), "Sonarr refuses our key (401)."),
        (Reply(403), "Sonarr refuses our key (403)."),
        (Reply(503, b'{"errorMessage": "starting"}'), "Sonarr answered with status 503."),
        (Reply(307, headers={"Location": "/sonarr/api"}), "Sonarr sends us on to another address"),
        (Reply(200, b"<html>"), "Sonarr answered something that is not JSON"),
        (Reply(200, b"[" * 100_000), "Sonarr answered something that is not JSON"),
        (Reply(200, b"\xff\xfe"), "Sonarr answered something that is not JSON"),
        (Reply(200, b"junk", {"Content-Encoding": "gzip"}), "Sonarr can't be understood"),
        (Reply(200, b"{}", {"Content-Length": "9"}), "Sonarr can't be understood"),
    ],
)
def test_a_bad_answer_becomes_one_sentence(reply: Reply, sentence: str) -> None:
    assert sentence in failure(reply)


def test_no_sentence_shows_a_secret_or_an_address() -> None:
    assert failure_at(f"http://user:{SECRET}@127.0.0.1:{free_port()}") == "Sonarr can't be reached."


def test_a_redirect_is_not_followed_with_our_key() -> None:
    with serve(lambda _asked: Reply(200, b"{}")) as other:
        assert "sends us on" in failure(Reply(302, headers={"Location": other.url}))
        assert other.asked == []


def test_the_path_of_the_address_is_kept() -> None:
    with serve(lambda _asked: Reply(200, b"[]")) as web:
        client = Client("Sonarr", f"{web.url}/media/sonarr/")
        client.get_json("api/v3/series", {"tvdbId": "1"})
        client.close()

    assert web.paths() == ["/media/sonarr/api/v3/series"]


def test_a_proxy_of_the_machine_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")

    with serve(lambda _asked: Reply(200, b"[]")) as web:
        client = Client("Sonarr", web.url)
        assert client.get_json("series") == []
        client.close()


def test_an_endless_answer_is_cut() -> None:
    with serve(lambda _asked: Reply(200, b" " * (2**20 + 1))) as web:
        client = Client("Sonarr", web.url, most=2**20)
        with pytest.raises(ClientError, match="more than 1 MiB"):
            client.send("GET", "series")
        client.close()


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"])
def test_a_server_that_falls_silent_is_left_in_time(said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "READ", 0.05)
    listener = socket.create_server(("127.0.0.1", 0))
    server = threading.Thread(target=_say, args=(listener, said))
    server.start()

    sentence = failure_at(f"http://127.0.0.1:{listener.getsockname()[1]}")

    server.join()
    assert sentence == "Sonarr does not answer in time."


def _say(listener: socket.socket, said: bytes) -> None:
    """Answer the first visitor and then be silent until it leaves."""
    with listener, listener.accept()[0] as peer:
        peer.recv(65536)
        peer.sendall(said)
        peer.recv(1)


def test_a_dripping_server_is_left_in_time() -> None:
    # Each byte comes within the time-out for reading; only in a patched process is there a limit for the whole.
    script = """
        from gevent import monkey; monkey.patch_all()
        import gevent, socket
        from flaskapp.clients import http
        http.PATIENCE = 0.5
        listener = socket.create_server(("127.0.0.1", 0))
        def drip():
            peer, _ = listener.accept()
            peer.sendall(b"HTTP/1.1 200 OK\\r\\nX-Endless: ")
            try:
                while True:
                    peer.sendall(b"."); gevent.sleep(0.05)
            except OSError:
                print("closed", flush=True)
        dripping = gevent.spawn(drip)
        client = http.Client("Sonarr", f"http://127.0.0.1:{listener.getsockname()[1]}")
        try:
            client.get_json("series")
        except http.ClientError as error:
            print(error)
        dripping.join(5)
    """

    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, timeout=20, check=True
    )

    assert done.stdout.splitlines() == ["Sonarr answers too slowly.", "closed"]
