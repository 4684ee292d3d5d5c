"""Every body that the services are known to send, one after another at one board."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from flaskapp.sources import SOURCES
from tests.app import PAYLOADS, Browser, post

EXAMPLES = sorted(
    path
    for source in SOURCES
    for path in (PAYLOADS / source).iterdir()
    if path.is_file() and not path.name.startswith("api-")
)


def send(client: FlaskClient, example: Path) -> tuple[int, str]:
    response = post(client, f"/webhooks/{example.parent.name}", example.read_bytes())
    assert response.content_type == "application/json"
    return response.status_code, response.get_json().get("outcome", "rejected")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_service_is_never_told_that_it_failed(client: FlaskClient, example: Path) -> None:
    assert send(client, example) in [(200, "applied"), (200, "ignored")]


@pytest.mark.parametrize("order", ["as named", "backwards", *range(4)])
def test_a_board_that_heard_everything_still_stands(client: FlaskClient, browser: Browser, order: str | int) -> None:
    examples = list(EXAMPLES)
    if isinstance(order, int):
        random.Random(order).shuffle(examples)
    elif order == "backwards":
        examples.reverse()

    outcomes = {send(client, example)[1] for example in examples}

    assert outcomes == {"applied", "ignored"}
    told = browser.hears()
    numbers = [each.n for each in told if each.id is not None]
    assert numbers == list(range(1, len(numbers) + 1))
    page = client.get("/").text
    for row in client.get("/api/requests?limit=500").get_json()["requests"]:
        assert f'data-request-id="{row["id"]}" data-state="{row["state"]}"' in page
        assert client.get(f"/requests/{row['id']}").status_code == 200
        assert client.get(f"/api/requests/{row['id']}").status_code == 200
    newest = {each.event["request_id"]: each.event["card"] for each in told if each.event.get("card")}
    assert all(card in page for card in newest.values())
