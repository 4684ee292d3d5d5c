"""Our own copies of posters, and nothing else of the data folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from flaskapp.config import Settings
from tests.app import TOKEN

PICTURES = {
    "image/jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(40),
    "image/png": b"\x89PNG\r\n\x1a\n" + bytes(40),
    "image/webp": b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(40),
}


@pytest.fixture
def folder(settings: Settings) -> Path:
    posters = settings.data_dir / "posters"
    posters.mkdir()
    (settings.data_dir / "webhook_token").write_text(TOKEN)
    return posters


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_is_sent_as_what_it_is(client: FlaskClient, folder: Path, kind: str) -> None:
    (folder / "7").write_bytes(PICTURES[kind])

    with client.get("/posters/7") as response:
        assert (response.status_code, response.content_type, response.data) == (200, kind, PICTURES[kind])
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "max-age=300" in response.headers["Cache-Control"]


def test_an_address_with_a_version_may_be_kept_for_long(client: FlaskClient, folder: Path) -> None:
    (folder / "7").write_bytes(PICTURES["image/png"])

    with client.get("/posters/7?v=1773489600") as response:
        assert "max-age=31536000" in response.headers["Cache-Control"]


def test_a_picture_that_a_browser_has_is_not_sent_twice(client: FlaskClient, folder: Path) -> None:
    (folder / "7").write_bytes(PICTURES["image/png"])
    with client.get("/posters/7") as first:
        tag = first.headers["ETag"]

    with client.get("/posters/7", headers={"If-None-Match": tag}) as again:
        assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "content", [b"", b"<svg onload=alert(1)>", b"<html>", b"RIFF\x24\x00\x00\x00WAVEfmt ", b"GIF89a"]
)
def test_what_is_no_picture_is_not_sent(client: FlaskClient, folder: Path, content: bytes) -> None:
    (folder / "7").write_bytes(content)

    with client.get("/posters/7") as response:
        assert (response.status_code, response.content_type) == (404, "application/json")


@pytest.mark.parametrize(
    "name",
    [
        *("8", "0", "-7", "7.5", "7/", "7/x", "x", "", ".", "..", "9" * 18, "9" * 300, "\u0667"),
        *("../webhook_token", "..%2Fwebhook_token", "%2e%2e/webhook_token", "..%5Cwebhook_token"),
        *("%2Fetc%2Fpasswd", "/etc/passwd", "7%00", "7%2F..%2F..%2Fwebhook_token", "....//webhook_token"),
    ],
)
def test_no_address_leads_to_another_file(client: FlaskClient, folder: Path, name: str) -> None:
    (folder / "7").write_bytes(PICTURES["image/png"])

    with client.get(f"/posters/{name}") as response:
        assert response.status_code == 404
        assert TOKEN.encode() not in response.data


def test_a_folder_is_no_picture(client: FlaskClient, folder: Path) -> None:
    (folder / "7").mkdir()

    assert client.get("/posters/7").status_code == 404


def test_without_any_poster_there_is_not_even_a_folder(client: FlaskClient) -> None:
    assert client.get("/posters/7").get_json() == {"error": "There is no such poster."}
