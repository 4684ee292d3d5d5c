"""How much a body may be."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from flaskapp import MOST_BYTES
from tests.app import AUTHORIZED


@pytest.fixture
def guarded(client: FlaskClient) -> FlaskClient:
    """Give a browser before an app that reads forms for their token, as on a server."""
    client.application.config["WTF_CSRF_METHODS"] = {"POST"}
    return client


@pytest.mark.parametrize("address", ["/requests/1/delete", "/services/stream", "/services/radarr/radarr/test"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
def test_only_webhooks_may_be_large(guarded: FlaskClient, address: str, kind: str) -> None:
    answer = guarded.post(address, data=b"a" * (MOST_BYTES + 1), content_type=kind)

    assert answer.status_code == 413


def test_a_webhook_may(guarded: FlaskClient) -> None:
    body = b'{"eventType": "Test", "more": "' + b"a" * MOST_BYTES + b'"}'

    assert guarded.post("/webhooks/radarr", data=body, headers=AUTHORIZED).status_code == 200
