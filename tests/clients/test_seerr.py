"""Questions to Seerr."""

from __future__ import annotations

import json

import pytest

from flaskapp.clients.http import ClientError
from flaskapp.clients.seerr import PAGE, ProtectedError, SeerrClient
from tests.clients.web import Asked, Reply, serve

LIST = {"pageInfo": {"pages": 1, "pageSize": PAGE, "results": 3, "page": 1}, "results": [{"id": 7}, "odd", {"id": 2}]}


def test_a_page_of_requests_uses_only_parameters_that_every_version_takes() -> None:
    with serve(lambda _asked: Reply(200, json.dumps(LIST).encode())) as web:
        client = SeerrClient("Seerr", f"{web.url}/seerr", "k3y")
        assert client.requests(100) == ([{"id": 7}, {"id": 2}], 3)
        client.close()

    (asked,) = web.asked
    assert (asked.path, asked.headers["X-Api-Key"]) == ("/seerr/api/v1/request", "k3y")
    assert asked.query == {"take": str(PAGE), "skip": "100", "sort": "added", "filter": "all"}


def test_a_request_that_is_gone_is_told_from_a_seerr_that_fails() -> None:
    statuses = {"/api/v1/request/1": 200, "/api/v1/request/2": 404, "/api/v1/request/3": 500}

    def answer(asked: Asked) -> Reply:
        return Reply(statuses[asked.path], b"{}")

    with serve(answer) as web:
        client = SeerrClient("Seerr", web.url, "k3y")
        assert [client.has_request(1), client.has_request(2)] == [True, False]
        with pytest.raises(ClientError, match="status 500"):
            client.has_request(3)
        client.close()


def test_a_title_is_asked_for_by_its_type() -> None:
    with serve(lambda _asked: Reply(200, b'{"name": "The Signal House"}')) as web:
        client = SeerrClient("Seerr", web.url, "k3y")
        assert client.title("tv", 9990301) == {"name": "The Signal House"}
        client.close()

    assert web.paths() == ["/api/v1/tv/9990301"]


@pytest.mark.parametrize("body", [b"[]", b'{"results": 5}', b'{"results": [], "pageInfo": {}}', b"<html>"])
def test_something_else_than_a_list_of_requests_is_refused(body: bytes) -> None:
    with serve(lambda _asked: Reply(200, body)) as web:
        client = SeerrClient("Seerr", web.url, "k3y")
        with pytest.raises(ClientError):
            client.requests(0)
        client.close()


def test_its_one_webhook_is_read_tried_and_saved() -> None:
    def answer(asked: Asked) -> Reply:
        return Reply(204) if asked.path.endswith("/test") else Reply(200, b'{"enabled": false, "version": "3.3.0"}')

    with serve(answer) as web:
        client = SeerrClient("Seerr", web.url, "k3y")
        settings = client.webhook()
        assert (client.version(), client.test_webhook(settings)) == ("3.3.0", True)
        client.save_webhook(settings)
        client.close()

    path = "/api/v1/settings/notifications/webhook"
    assert [(asked.method, asked.path) for asked in web.asked] == [
        ("GET", path),
        ("GET", "/api/v1/status"),
        ("POST", f"{path}/test"),
        ("POST", path),
    ]
    assert json.loads(web.asked[-1].body) == settings


def test_a_test_that_failed_is_told_from_one_that_is_not_allowed() -> None:
    with serve(lambda _asked: Reply(500)) as web:
        client = SeerrClient("Seerr", web.url, "k3y")
        assert client.test_webhook({}) is False
        web.answer = lambda _asked: Reply(403)
        with pytest.raises(ProtectedError):
            client.test_webhook({})
        client.close()
