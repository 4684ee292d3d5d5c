"""Questions that Radarr and Sonarr answer alike."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

import pytest

from flaskapp.clients.http import ClientError
from flaskapp.clients.radarr import RadarrClient
from flaskapp.clients.servarr import ServarrClient, UndeliveredError
from flaskapp.clients.sonarr import SonarrClient
from tests.clients.web import Reply, Web, serve
from tests.sources.samples import PAYLOADS

EVENING = datetime(2026, 3, 14, 20, 5, 40, 999_999, tzinfo=timezone(timedelta(hours=2)))
LISTS: dict[str, Callable[[ServarrClient], list[dict[str, object]]]] = {
    "queue/details": ServarrClient.queue,
    "history/since": lambda client: client.history(EVENING),
    "health": ServarrClient.health,
    "diskspace": ServarrClient.disks,
    "notification": ServarrClient.notifications,
    "notification/schema": ServarrClient.notification_schema,
}


@contextmanager
def asking(client_type: type[ServarrClient], reply: Reply) -> Iterator[tuple[ServarrClient, Web]]:
    """Give a client of a server that always answers the same, and the server."""
    with serve(lambda _asked: reply) as web:
        client = client_type("Radarr 4K", f"{web.url}/arr", "k3y")
        try:
            yield client, web
        finally:
            client.close()


@pytest.mark.parametrize("path", LISTS)
def test_each_list_has_its_place_and_odd_rows_are_left_out(path: str) -> None:
    with asking(RadarrClient, Reply(200, b'[{"id": 1}, "odd", null]')) as (client, web):
        assert LISTS[path](client) == [{"id": 1}]

    (asked,) = web.asked
    assert (asked.method, asked.path, asked.headers["X-Api-Key"]) == ("GET", f"/arr/api/v3/{path}", "k3y")


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("body", [b"{}", b"null", b'"odd"'])
def test_something_else_than_a_list_is_refused(path: str, body: bytes) -> None:
    with (
        asking(SonarrClient, Reply(200, body)) as (client, _),
        pytest.raises(ClientError, match="Radarr 4K answered something that is no list"),
    ):
        LISTS[path](client)


@pytest.mark.parametrize(
    ("client_type", "nested"),
    [
        (RadarrClient, {"includeMovie": "true"}),
        (SonarrClient, {"includeSeries": "true", "includeEpisode": "true"}),
    ],
)
def test_rows_of_queue_and_history_are_asked_for_with_what_they_are_about(
    client_type: type[ServarrClient], nested: dict[str, str]
) -> None:
    with asking(client_type, Reply(200, b"[]")) as (client, web):
        client.queue()
        client.history(EVENING)

    assert [asked.query for asked in web.asked] == [nested, {"date": "2026-03-14T18:05:40Z", **nested}]


def test_it_says_what_it_is() -> None:
    status = (PAYLOADS / "radarr" / "api-system-status.json").read_bytes()

    with asking(RadarrClient, Reply(200, status)) as (client, web):
        assert client.status()["appName"] == "Radarr"

    assert web.paths() == ["/arr/api/v3/system/status"]


def test_a_status_that_is_no_object_is_refused() -> None:
    with asking(RadarrClient, Reply(200, b"[]")) as (client, _), pytest.raises(ClientError, match="no object"):
        client.status()


def test_a_connection_is_tested_as_it_is_saved() -> None:
    saved = json.loads((PAYLOADS / "radarr" / "api-notification-response.json").read_bytes())

    with asking(RadarrClient, Reply(200, b"{}")) as (client, web):
        client.test_notification(saved)

    (asked,) = web.asked
    assert (asked.method, asked.path) == ("POST", "/arr/api/v3/notification/test")
    assert asked.headers["Content-Type"] == "application/json"
    assert json.loads(asked.body) == saved


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (
            400,
            "api-notification-error-400-receiver-rejected.json",
            "The test of Radarr 4K failed: it sent something, and got no good answer.",
        ),
        (
            500,
            "api-notification-error-500-connection-refused.json",
            "The test of Radarr 4K failed: it can't reach the address of its connection.",
        ),
    ],
)
def test_a_failed_test_is_told_without_the_address(status: int, body: str, sentence: str) -> None:
    said = (PAYLOADS / "radarr" / body).read_bytes()

    with asking(RadarrClient, Reply(status, said)) as (client, _), pytest.raises(ClientError) as raised:
        client.test_notification({"id": 5})

    assert str(raised.value) == sentence


def test_a_test_that_the_key_does_not_allow_is_told_as_such() -> None:
    with asking(RadarrClient, Reply(401)) as (client, _), pytest.raises(ClientError, match="refuses our key"):
        client.test_notification({"id": 5})


@pytest.mark.parametrize(
    ("resource", "asked_for"),
    [({"name": "Arrivarr"}, ("POST", "/arr/api/v3/notification")), ({"id": 5}, ("PUT", "/arr/api/v3/notification/5"))],
)
def test_a_connection_is_created_or_changed(resource: dict[str, object], asked_for: tuple[str, str]) -> None:
    with asking(RadarrClient, Reply(202, b'{"id": 5}')) as (client, web):
        assert client.save_notification(resource) == {"id": 5}

    (asked,) = web.asked
    assert (asked.method, asked.path, json.loads(asked.body)) == (*asked_for, resource)


@pytest.mark.parametrize(
    ("status", "body", "receiver"),
    [
        (400, "api-notification-error-400-receiver-rejected.json", 401),
        (500, "api-notification-error-500-connection-refused.json", None),
    ],
)
def test_a_connection_whose_test_failed_is_not_saved_and_says_what_was_answered(
    status: int, body: str, receiver: int | None
) -> None:
    said = (PAYLOADS / "radarr" / body).read_bytes()

    with asking(RadarrClient, Reply(status, said)) as (client, _), pytest.raises(UndeliveredError) as raised:
        client.save_notification({})

    assert raised.value.status == receiver
    assert "example.org" not in str(raised.value)


def test_a_connection_with_a_name_that_is_taken_is_refused() -> None:
    said = (PAYLOADS / "radarr" / "api-notification-error-400-duplicate-name.json").read_bytes()

    with asking(RadarrClient, Reply(400, said)) as (client, _), pytest.raises(ClientError, match="finds fault with it"):
        client.save_notification({})


def test_a_connection_is_deleted_and_may_be_gone_already() -> None:
    for status in (200, 404):
        with asking(RadarrClient, Reply(status, b"{}")) as (client, web):
            client.delete_notification(5)
        assert (web.asked[0].method, web.asked[0].path) == ("DELETE", "/arr/api/v3/notification/5")
    with asking(RadarrClient, Reply(500)) as (client, _), pytest.raises(ClientError):
        client.delete_notification(5)
