from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from flaskapp.access.gate import Gate
from flaskapp.config import Settings
from flaskapp.live import sse
from flaskapp.live.batch import Frame
from flaskapp.live.hub import Hub, Limits
from flaskapp.views import errors, events

HEARTBEAT = 0.01


def change(n: int) -> Frame:
    return Frame(sse.encode({"n": n}, epoch="4f2a", n=n), n=n)


@dataclass
class Table:
    """Stands for the announcer: the changes 3 to 7 can be replayed."""

    asked: list[int] = field(default_factory=list)

    def replay(self, after: int) -> list[Frame] | None:
        self.asked.append(after)
        return [change(n) for n in range(after + 1, 8)] if 2 <= after <= 7 else None


@pytest.fixture
def hub() -> Hub:
    return Hub("4f2a", 7, heartbeat=HEARTBEAT, limits=Limits(streams=4, streams_per_address=2))


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
def client(hub: Hub, table: Table) -> FlaskClient:
    app = Flask(__name__)
    settings = Settings(auth="none")
    app.extensions |= {"settings": settings, "gate": Gate(settings), "hub": hub, "announcer": table}
    app.register_blueprint(events.bp)
    errors.register(app)
    return app.test_client()


def pieces(response: TestResponse) -> Iterator[list[dict[str, object]]]:
    """Give the events of each write."""
    for piece in response.iter_encoded():
        yield [json.loads(line) for line in re.findall(r"^data: (.*)$", piece.decode(), re.MULTILINE)]


def first(response: TestResponse) -> tuple[object, list[object]]:
    """Give the mode of the greeting and the numbers of what it replays."""
    greeting, *missed = next(pieces(response))
    assert greeting["type"] == "connected"
    return greeting["mode"], [each["n"] for each in missed]


def test_the_answer_says_that_it_is_a_stream_nobody_may_hold_back(client: FlaskClient) -> None:
    response = client.get("/events", headers={"Accept-Encoding": "gzip, br, zstd"})

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store, no-transform"
    assert response.headers["X-Accel-Buffering"] == "no"
    assert "Content-Encoding" not in response.headers
    assert "Access-Control-Allow-Origin" not in response.headers


def test_a_stream_greets_and_goes_on_live(client: FlaskClient, hub: Hub) -> None:
    stream = pieces(client.get("/events"))

    assert next(stream) == [{"type": "connected", "version": 1, "mode": "live", "heartbeat": HEARTBEAT, "scope": "all"}]
    hub.publish([change(8)])
    assert next(stream) == [{"n": 8}]


@pytest.mark.parametrize(
    ("cursor", "mode", "missed"),
    [
        ("4f2a.7", "live", []),
        ("4f2a.4", "replay", [5, 6, 7]),
        ("4f2a.2", "replay", [3, 4, 5, 6, 7]),
        ("4f2a.1", "resync", []),
        ("4f2a.8", "resync", []),
        ("0000.5", "resync", []),
        ("4f2a", "resync", []),
        ("4f2a.", "resync", []),
        ("4f2a.-1", "resync", []),
        ("4f2a.5 ", "resync", []),
        ("4f2a.\u0665", "resync", []),
        ("4f2a.5\0", "resync", []),
        ("4f2a." + "9" * 4000, "resync", []),
        ("nonsense", "resync", []),
        ("", "live", []),
    ],
)
def test_a_cursor_decides_how_a_stream_begins(client: FlaskClient, cursor: str, mode: str, missed: list[int]) -> None:
    response = client.get("/events", query_string={"since": cursor})

    assert response.status_code == 200
    assert first(response) == (mode, missed)


@pytest.mark.parametrize("cursor", ["4f2a.5", "4f2a.7", "nonsense"])
def test_the_header_of_a_retry_wins_over_the_address(client: FlaskClient, cursor: str) -> None:
    by_header = client.get("/events?since=4f2a.2", headers={"Last-Event-ID": cursor})
    by_address = client.get("/events", query_string={"since": cursor})

    assert first(by_header) == first(by_address)


def test_an_empty_header_leaves_the_word_to_the_address(client: FlaskClient) -> None:
    response = client.get("/events?since=4f2a.5", headers={"Last-Event-ID": ""})

    assert first(response) == ("replay", [6, 7])


def test_a_change_during_the_replay_comes_once_and_in_order(
    client: FlaskClient, hub: Hub, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replay(after: int) -> list[Frame]:
        hub.publish([change(8), change(9)])  # 8 is committed before the rows are read, 9 after
        return [change(n) for n in range(after + 1, 9)]

    monkeypatch.setattr(table, "replay", replay)

    stream = pieces(client.get("/events?since=4f2a.6"))

    assert [each.get("n") for each in next(stream)] == [None, 7, 8]
    assert next(stream) == [{"n": 9}]


def test_a_change_that_is_told_after_the_replay_had_it_comes_once(
    client: FlaskClient, hub: Hub, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "replay", lambda after: [change(8)])

    stream = pieces(client.get("/events?since=4f2a.7"))
    next(stream)
    hub.publish([change(8), change(9)])

    assert next(stream) == [{"n": 9}]


def test_a_cursor_of_another_epoch_asks_the_table_nothing(client: FlaskClient, table: Table) -> None:
    client.get("/events?since=0000.5")

    assert table.asked == []


def test_a_stream_that_is_closed_is_counted_out(client: FlaskClient, hub: Hub) -> None:
    response = client.get("/events")
    assert hub.count == 1

    response.close()

    assert hub.count == 0


def test_a_stream_whose_browser_left_before_the_first_byte_is_counted_out(client: FlaskClient, hub: Hub) -> None:
    with client.application.test_request_context("/events"):
        response = client.application.full_dispatch_request()
    assert hub.count == 1

    response.close()

    assert hub.count == 0


def test_a_replay_that_fails_leaves_nobody_behind(
    client: FlaskClient, hub: Hub, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "replay", lambda after: 1 / 0)

    response = client.get("/events?since=4f2a.5")

    assert response.status_code == 500
    assert hub.count == 0


def test_head_is_answered_and_registers_nothing(client: FlaskClient, hub: Hub) -> None:
    responses = [client.head("/events") for _ in range(10)]

    assert {response.status_code for response in responses} == {200}
    assert {response.headers["Content-Type"] for response in responses} == {"text/event-stream; charset=utf-8"}
    assert hub.count == 0


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_other_methods_are_refused(client: FlaskClient, method: str) -> None:
    assert client.open("/events", method=method).status_code == 405


def test_more_streams_than_fit_are_told_to_come_back_later(client: FlaskClient) -> None:
    kept = [client.get("/events") for _ in range(4)]

    response = client.get("/events")

    assert [each.status_code for each in kept] == [200] * 4
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "10"


def test_more_streams_than_an_address_may_open_are_refused_and_others_are_not(client: FlaskClient) -> None:
    kept = [client.get("/events", environ_base={"REMOTE_ADDR": "192.168.1.20"}) for _ in range(2)]

    refused = client.get("/events", environ_base={"REMOTE_ADDR": "192.168.1.20"})
    neighbour = client.get("/events", environ_base={"REMOTE_ADDR": "192.168.1.21"})

    assert [each.status_code for each in kept] == [200, 200]
    assert (refused.status_code, neighbour.status_code) == (429, 200)
    assert refused.headers["Retry-After"] == "10"


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_proxy_on_this_machine_is_not_one_address(client: FlaskClient, address: str) -> None:
    responses = [client.get("/events", environ_base={"REMOTE_ADDR": address}) for _ in range(3)]

    assert [each.status_code for each in responses] == [200] * 3


def test_a_stream_that_comes_while_the_process_leaves_is_sent_on(client: FlaskClient, hub: Hub) -> None:
    hub.close("stopping")

    response = client.get("/events")

    assert response.status_code == 200
    assert re.fullmatch(r'retry: \d{4}\ndata: {"type":"bye","reason":"stopping"}\n\n', response.text)


def test_a_page_of_another_site_can_not_hold_a_stream(client: FlaskClient, hub: Hub) -> None:
    response = client.get("/events", headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 403
    assert hub.count == 0
