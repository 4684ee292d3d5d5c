"""The edge where services call: what is taken, what is refused, and how that is said."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp.extensions import db, writer
from flaskapp.models import Delivery
from flaskapp.views.webhooks import MOST_BYTES
from tests.app import AUTHORIZED, Browser, Send, payload, post

WISH = json.dumps(payload("seerr", "media-pending-movie"))
GRAB = json.dumps(payload("radarr", "grab-torrent"))


def kept(client: FlaskClient) -> Sequence[Delivery]:
    with client.application.app_context(), Session(db.engine) as session:
        return session.scalars(select(Delivery).order_by(Delivery.id)).all()


def test_an_answer_is_json_and_says_what_became_of_the_body(send: Send) -> None:
    response = send("seerr", "media-pending-movie")

    assert response.status_code == 200
    assert response.content_type == "application/json"
    assert response.get_json() == {"outcome": "applied", "reason": None}


@pytest.mark.parametrize(
    ("address", "instance"),
    [
        ("/webhooks/seerr", "seerr"),
        ("/webhooks/jellyseerr", "seerr"),
        ("/webhooks/overseerr", "seerr"),
        ("/webhooks/Overseerr/", "seerr"),
        ("/webhooks/SEERR", "seerr"),
        ("/webhooks/seerr/", "seerr"),
        ("/webhooks///seerr", "seerr"),
        ("/webhooks/seerr?", "seerr"),
        ("/webhooks/seerr/second", "second"),
        ("/webhooks/seerr/Second/", "second"),
        ("/webhooks//jellyseerr//second//", "second"),
        ("/webhooks/seerr/up%20stairs%0A%00", "up stairs"),
        ("/webhooks/seerr/%20", "seerr"),
        ("/webhooks/seerr/" + "x" * 500, "x" * 64),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_every_spelling_of_an_address_is_taken_at_once(
    client: FlaskClient, method: str, address: str, instance: str
) -> None:
    response = client.open(address, method=method, data=WISH, headers=AUTHORIZED)

    assert response.status_code == 200
    (delivery,) = kept(client)
    assert (delivery.source, delivery.instance) == ("seerr", instance)


@pytest.mark.parametrize("path", ["//webhooks/seerr", "///webhooks//seerr//", "//webhooks//seerr//seerr"])
def test_slashes_at_the_beginning_do_no_harm(client: FlaskClient, path: str) -> None:
    # The test client would take these for an address with a host.
    response = client.post("/", data=WISH, headers=AUTHORIZED, environ_overrides={"PATH_INFO": path})

    assert response.status_code == 200
    assert kept(client)[0].instance == "seerr"


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize(
    "address",
    [
        *(
            "/",
            "//",
            "/webhooks",
            "/webhooks/",
            "/webhooks//",
            "/webhooks/plex",
            "/webhooks/plex/",
            "/webhooks/plex/4k/",
        ),
        *("/Webhooks/radarr", "/WEBHOOKS/RADARR/", "/webhooks/radarr/4k/more", "/webhooks/radarr/4k//more//"),
        *(
            "/webhook/radarr",
            "/webhooks/radarr%2F",
            "/webhooks/%2Fradarr",
            "/webhooks/../webhooks/radarr",
            "/webhooks/.",
        ),
        *("/api/requests/", "/events/", "/healthz/", "/static", "/requests/1/delete/"),
    ],
)
def test_no_address_ever_sends_a_service_elsewhere(client: FlaskClient, method: str, address: str) -> None:
    response = client.open(address, method=method, data=GRAB, headers=AUTHORIZED)

    assert not 300 <= response.status_code < 400
    assert response.status_code < 500


def test_an_unknown_source_is_named_together_with_the_known_ones(client: FlaskClient) -> None:
    response = post(client, "/webhooks/" + "plex" * 100, WISH)

    assert response.status_code == 404
    error = response.get_json()["error"]
    assert error.startswith("There is no source called plexplex")
    assert error.endswith("there are seerr, radarr, sonarr, jellyfin.")
    assert len(error) < 150
    assert kept(client) == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "PATCH"])
def test_other_methods_are_refused(client: FlaskClient, method: str) -> None:
    response = client.open("/webhooks/radarr", method=method, headers=AUTHORIZED)

    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"POST", "PUT", "OPTIONS"}


@pytest.mark.parametrize(
    "content_type",
    [
        *(None, "", "application/json", "application/json; charset=utf-8", "text/plain", "text/plain; charset=utf-16"),
        *("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "nonsense", "application/xml"),
    ],
)
def test_json_is_json_whatever_its_type_is_called(client: FlaskClient, content_type: str | None) -> None:
    response = post(client, "/webhooks/seerr", WISH, content_type=content_type)

    assert (response.status_code, response.get_json()["outcome"]) == (200, "applied")


def test_utf_8_with_a_mark_at_its_beginning_is_taken(client: FlaskClient) -> None:
    response = post(client, "/webhooks/seerr", b"\xef\xbb\xbf" + WISH.encode())

    assert response.status_code == 200


def test_two_radarrs_do_not_take_each_other_for_one(client: FlaskClient, send: Send, browser: Browser) -> None:
    send("seerr", "media-approved-movie")
    send("seerr", "media-approved-movie-4k", media__tmdbId="10331", request__request_id="44")
    browser.hears()

    send("radarr", "grab-torrent", instance="4k")

    (told,) = browser.hears()
    assert (told.event["request_id"], told.event["new_state"]) == (2, "grabbed")
    assert client.get("/api/requests/2").get_json()["timeline"][-1]["source"] == "radarr 4k"
    assert client.get("/api/requests/1").get_json()["state"] == "approved"


def big(length: int) -> bytes:
    return WISH.encode().ljust(length)


def test_a_body_of_eight_mebibytes_is_taken_and_one_byte_more_is_not(client: FlaskClient) -> None:
    assert post(client, "/webhooks/seerr", big(MOST_BYTES)).status_code == 200

    response = post(client, "/webhooks/seerr", big(MOST_BYTES + 1))

    assert response.status_code == 413
    assert list(response.get_json()) == ["error"]
    assert len(kept(client)) == 1


@pytest.mark.parametrize(("length", "status"), [(MOST_BYTES, 200), (MOST_BYTES + 1, 413), (3 * MOST_BYTES, 413)])
def test_a_body_that_does_not_say_how_long_it_is_is_measured_too(client: FlaskClient, length: int, status: int) -> None:
    response = client.post(
        "/webhooks/seerr",
        input_stream=BytesIO(big(length)),
        headers=AUTHORIZED | {"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )

    assert response.status_code == status
    assert len(kept(client)) == (status == 200)


def test_a_long_body_of_a_stranger_is_not_even_read(client: FlaskClient) -> None:
    body = BytesIO(big(MOST_BYTES))

    response = client.post("/webhooks/seerr", input_stream=body, content_length=MOST_BYTES)

    assert response.status_code == 401
    assert body.tell() == 0


@pytest.mark.parametrize(
    ("source", "body", "error"),
    [
        ("radarr", "", "The body is not JSON."),
        ("radarr", "hello", "The body is not JSON."),
        ("radarr", '{"eventType": "Gra', "The body is not JSON."),
        ("radarr", "[]", "The body is not a JSON object."),
        ("radarr", "null", "The body is not a JSON object."),
        ("radarr", '"Grab"', "The body is not a JSON object."),
        ("radarr", "[" * 100_000, "The body is not JSON."),
        ("radarr", "{}", "eventType has to name the kind of event."),
        ("radarr", '{"eventType": "Grab", "movie": {"id": "twelve"}}', "movie.id has to be a whole number above 0."),
        ("sonarr", '{"eventType": "Grab", "series": {"id": -1}}', "series.id has to be a whole number above 0."),
        ("seerr", '{"notification_type": 7.5}', "notification_type has to name the kind of event."),
        (
            "seerr",
            '{"notification_type": "MEDIA_PENDING", "media": {"media_type": "movie", "tmdbId": "5"}, "request": {}}',
            "request.request_id has to be a whole number above 0.",
        ),
        (
            "jellyfin",
            '{"notification_type": "ItemAdded", "item_type": "Movie", "item_id": "x"}',
            "item_id has to be an id of Jellyfin, 32 hexadecimal digits.",
        ),
    ],
)
def test_a_body_that_can_not_be_used_is_refused_in_one_sentence_and_kept(
    client: FlaskClient, browser: Browser, source: str, body: str, error: str
) -> None:
    response = post(client, f"/webhooks/{source}", body)

    assert (response.status_code, response.content_type) == (400, "application/json")
    assert response.get_json() == {"error": error}
    (delivery,) = kept(client)
    assert (delivery.outcome, delivery.reason, delivery.body) == ("rejected", error, body.encode())
    assert browser.hears() == []


@pytest.mark.parametrize(
    ("source", "name", "reason"),
    [
        ("seerr", "test-notification", "test"),
        ("radarr", "test", "test"),
        ("radarr", "test-v4.7", "test"),
        ("sonarr", "test", "test"),
        ("sonarr", "test-v3", "test"),
        ("radarr", "health-error", "Health messages name no title."),
        ("seerr", "issue-created-movie", "Issues say nothing of a request."),
        ("radarr", "manual-interaction-required-unknown-movie", "It names no movie that we could follow."),
    ],
)
def test_what_tells_us_nothing_is_thanked_for_kept_and_makes_no_card(
    client: FlaskClient, send: Send, source: str, name: str, reason: str
) -> None:
    response = send(source, name)

    assert (response.status_code, response.get_json()) == (200, {"outcome": "ignored", "reason": reason})
    (delivery,) = kept(client)
    assert (delivery.outcome, delivery.reason) == ("ignored", reason)
    assert client.get("/api/requests").get_json()["requests"] == []


def test_a_kind_from_the_future_is_no_failure(client: FlaskClient) -> None:
    response = post(client, "/webhooks/sonarr", {"eventType": "SeriesTeleported", "series": {"id": 7}})

    assert response.status_code == 200
    assert response.get_json() == {"outcome": "ignored", "reason": "We do not follow this kind of event."}


@pytest.mark.parametrize(
    ("changed", "note"),
    [
        ({"downloadId": {"a": 1}}, "downloadId is no usable id"),
        ({"release": "none"}, "release is not an object"),
        ({"release__size": "huge"}, "release.size is not a whole number in range"),
        ({"release__size": 2**80}, "release.size is not a whole number in range"),
        ({"movie__year": "last year"}, "movie.year is not a whole number in range"),
        ({"movie__title": ["a"]}, "movie.title is not text"),
        ({"movie__images": {"a": 1}}, "movie.images is not a list"),
        ({"movie__imdbId": "63350"}, "movie.imdbId is not an IMDb id"),
    ],
)
def test_any_other_odd_field_is_noted_and_no_reason_to_refuse(
    client: FlaskClient, send: Send, changed: dict[str, Any], note: str
) -> None:
    response = send("radarr", "grab-torrent", **changed)

    assert (response.status_code, response.get_json()) == (200, {"outcome": "applied", "reason": note})
    assert kept(client)[0].reason == note


def test_a_title_nobody_asked_for_is_remembered_for_who_asks_later(send: Send, browser: Browser) -> None:
    send("radarr", "grab-torrent")
    assert browser.hears() == []

    send("seerr", "media-approved-movie")

    (told,) = browser.hears()
    assert (told.event["type"], told.event["state"]) == ("request_created", "grabbed")


def test_a_call_gives_way_to_the_streams_once_others_may_write(
    client: FlaskClient, send: Send, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[bool, list[str]]] = []

    def look() -> None:
        with ThreadPoolExecutor(1) as others:
            is_free = others.submit(writer.acquire, blocking=False).result()
            if is_free:
                others.submit(writer.release).result()
        seen.append((is_free, browser.hears_types()))

    monkeypatch.setattr(client.application.extensions["hub"], "give_way", look)

    send("seerr", "media-pending-movie")

    assert seen == [(True, ["request_created"])]
