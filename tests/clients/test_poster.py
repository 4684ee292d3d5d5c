"""Pictures: from whom we take them, and what counts as one."""

from __future__ import annotations

import pytest

from flaskapp.clients.http import ClientError
from flaskapp.clients.poster import MOST, PosterClient, is_picture
from tests.clients.web import Reply, serve

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20
WEBP = b"RIFF\0\0\0\0WEBP" + b"\0" * 20


def reply(body: bytes = PNG, media_type: str = "image/png") -> Reply:
    return Reply(200, body, {"Content-Type": media_type})


def test_a_picture_of_one_of_our_services_is_taken() -> None:
    with serve(lambda _asked: reply(media_type="image/png; charset=binary")) as web:
        picture = PosterClient([f"{web.url}/seerr"]).picture(f"{web.url}/posters/metropolis.png?size=2")

    assert picture == PNG
    assert (web.asked[0].path, web.asked[0].query) == ("/posters/metropolis.png", {"size": "2"})


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://image.tmdb.org.example.com/a.jpg",
        "https://image.tmdb.org:8443/a.jpg",
        "https://karla@image.tmdb.org/a.jpg",
        "ftp://image.tmdb.org/a.jpg",
        "file:///etc/passwd",
        "//image.tmdb.org/a.jpg",
        "http://[broken/a.jpg",
        "http://image.tmdb.org:port/a.jpg",
        "http://image.tmdb.org/a.jpg",
        "http://127.0.0.1/a.jpg",
        "http://2130706433/a.jpg",
        "http://0x7f.1/a.jpg",
        "http://[::1]/a.jpg",
        "http://[::ffff:169.254.169.254]/a.jpg",
        "http://localhost:2774/api/requests",
        "http://metadata.google.internal/computeMetadata/v1/",
        "https://image.tmdb.org@169.254.169.254/a.jpg",
        "https://169.254.169.254#@image.tmdb.org/a.jpg",
        "https://169.254.169.254\\@image.tmdb.org/a.jpg",
        "https://image.tmdb.org\\.evil.example/a.jpg",
        "https://evil.example/https://image.tmdb.org/a.jpg",
        "https://evil.example?https://image.tmdb.org/a.jpg",
        "https:image.tmdb.org/a.jpg",
        "https:///image.tmdb.org/a.jpg",
        "https://image.tmdb.org\t.evil.example/a.jpg",
        "https://image.tmdb.org/a.jpg\r\nHost: evil.example",
        "https://ima\nge.tmdb.org/a.jpg",
        "https://\uff49mage.tmdb.org/a.jpg",
        "https://image.tmdb.org\u3002evil.example/a.jpg",
        "https://image.tmdb.org./a.jpg",
        "gopher://image.tmdb.org/a.jpg",
        "javascript:alert(1)//image.tmdb.org",
        "data:image/png;base64,iVBORw0KGgo=",
        "",
    ],
)
def test_other_places_are_not_asked(url: str) -> None:
    with pytest.raises(ClientError, match="neither a known one"):
        PosterClient().picture(url)


def test_another_port_of_our_own_machine_is_not_asked() -> None:
    with serve(lambda _asked: reply()) as web:
        with pytest.raises(ClientError, match="neither a known one"):
            PosterClient(["http://127.0.0.1:8989"]).picture(f"{web.url}/a.png")
        assert web.asked == []


def test_a_redirect_into_the_house_is_not_followed() -> None:
    with serve(lambda _asked: reply()) as inside:
        sent_on = Reply(302, headers={"Location": f"{inside.url}/a.png"})
        with serve(lambda _asked: sent_on) as web, pytest.raises(ClientError, match="sends us on"):
            PosterClient([web.url]).picture(f"{web.url}/a.png")
        assert inside.asked == []


def test_a_house_without_an_address_opens_no_door() -> None:
    with pytest.raises(ClientError, match="neither a known one"):
        PosterClient([""]).picture("")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (Reply(404), "status 404"),
        (Reply(302, headers={"Location": "https://image.tmdb.org/a.jpg"}), "sends us on"),
        (reply(b"<svg onload=alert(1)>", "image/svg+xml"), "no JPEG, PNG or WebP"),
        (reply(b"<html>", "image/png"), "no JPEG, PNG or WebP"),
        (reply(JPEG, "image/png"), "no JPEG, PNG or WebP"),
        (reply(PNG, "text/html"), "no JPEG, PNG or WebP"),
        (reply(PNG + b"\0" * MOST), "more than 5 MiB"),
    ],
)
def test_what_is_no_picture_is_refused(answer: Reply, sentence: str) -> None:
    with serve(lambda _asked: answer) as web, pytest.raises(ClientError, match=sentence):
        PosterClient([web.url]).picture(f"{web.url}/a.png")


@pytest.mark.parametrize(("content", "media_type"), [(PNG, "image/png"), (JPEG, "image/jpeg"), (WEBP, "image/webp")])
def test_three_kinds_of_pictures_are_known(content: bytes, media_type: str) -> None:
    assert is_picture(content, media_type)


def test_a_sound_in_the_same_envelope_is_no_picture() -> None:
    assert not is_picture(b"RIFF\0\0\0\0WAVE", "image/webp")
