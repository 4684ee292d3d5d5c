from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

import pytest
import requests

from tests.server.conftest import Connect
from tests.server.process import Server, wait_until
from tests.server.reader import Fields, Reader
from tests.server.seerr import Film
from tests.server.test_comings_and_goings import census

pytestmark = pytest.mark.both_ways


def curl(server: Server, output: Path) -> subprocess.Popen[bytes]:
    with output.open("wb") as file:
        return subprocess.Popen(["curl", "-sN", "-D", "-", f"{server.url}/events"], stdout=file)


def test_curl_shows_what_a_webhook_causes_byte_by_byte(server: Server, tmp_path: Path) -> None:
    output = tmp_path / "curl"
    process = curl(server, output)
    wait_until(lambda: b"connected" in output.read_bytes())

    film = Film(server, "Nosferatu\r\n\u2028 <img> \u00e9 (1922)")
    request_id = film.id
    wait_until(lambda: b"event: heartbeat" in output.read_bytes().partition(b"request_created")[2])
    server.stop()
    process.wait(5)

    headers, _, body = output.read_bytes().partition(b"\r\n\r\n")
    assert b"Content-Type: text/event-stream; charset=utf-8" in headers
    assert b"Cache-Control: no-store, no-transform" in headers
    assert b"X-Accel-Buffering: no" in headers
    greeting, created, *heartbeats, bye, rest = body.split(b"\n\n")
    greeted = re.fullmatch(
        rb"retry: \d{4}\nid: ([0-9a-z]{8})\.(\d+)\n"
        rb'data: {"type":"connected","version":1,"mode":"live","heartbeat":0\.5,"scope":"all"}',
        greeting,
    )
    assert greeted
    cursor = b"%b.%d" % (greeted[1], int(greeted[2]) + 1)
    assert re.fullmatch(rb'id: %b\ndata: {"type":"request_created","request_id":%d,.*}' % (cursor, request_id), created)
    assert set(heartbeats) == {b'id: %b\nevent: heartbeat\ndata: {"type":"heartbeat"}' % cursor}
    assert re.fullmatch(rb'retry: \d{4}\ndata: {"type":"bye","reason":"stopping"}', bye)
    assert rest == b""


def test_the_first_frame_comes_at_once(server: Server, connect: Connect) -> None:
    times = []
    for _ in range(10):
        began = time.monotonic()
        next(iter(connect(server)))
        times.append(time.monotonic() - began)

    assert sorted(times)[3] < 0.1  # not all: the machine may be busy with other tests


def test_silence_never_lasts_longer_than_the_heartbeat_promises(server: Server, connect: Connect) -> None:
    reader = connect(server)
    frames = iter(reader)
    promised = next(frames)["data"]["heartbeat"]

    began = time.monotonic()
    beats = [next(frames) for _ in range(4)]

    assert {beat["event"] for beat in beats} == {"heartbeat"}
    assert 4 * promised <= time.monotonic() - began < 4 * promised + 2


def three_films(server: Server) -> list[tuple[str, int]]:
    return [("request_created", Film(server).id) for _ in range(3)]


def one_film(server: Server) -> list[tuple[str, int]]:
    film = Film(server)
    film.tell("approved")
    film.tell("declined")
    return [("request_created", film.id), ("state_change", film.id), ("state_change", film.id)]


def names(events: list[Fields]) -> list[tuple[str, int]]:
    return [(event["type"], event["request_id"]) for event in events]


@pytest.mark.parametrize("changes", [three_films, one_film])
@pytest.mark.parametrize("way", ["header", "address"])
def test_who_comes_back_gets_exactly_what_was_missed(server: Server, connect: Connect, changes: type, way: str) -> None:
    film = Film(server)
    away = connect(server)
    away.until("connected")
    away.close()

    missed = changes(server)
    back = (
        connect(server, cursor=away.cursor) if way == "header" else connect(server, path=f"/events?since={away.cursor}")
    )
    film.tell("approved")

    events = back.read(lambda event: event.get("request_id") == film.id)
    assert events[0]["mode"] == "replay"
    assert names(events[1:]) == [*missed, ("state_change", film.id)]


def test_a_replayed_change_has_its_own_states_and_the_card_of_today(server: Server, connect: Connect) -> None:
    away = connect(server)
    away.until("connected")
    away.close()
    one_film(server)

    _, created, *changes = connect(server, cursor=away.cursor).read(lambda event: event.get("new_state") == "declined")

    assert created["state"] == "requested"
    assert [(change["old_state"], change["new_state"]) for change in changes] == [
        ("requested", "approved"),
        ("approved", "declined"),
    ]
    assert {change["rev"] for change in [created, *changes]} == {place_of(away) + 3}
    assert all('data-state="declined"' in change["card"] for change in [created, *changes])


def place_of(reader: Reader) -> int:
    """Give the number of the newest change it has read."""
    return int(str(reader.cursor).partition(".")[2])


@pytest.mark.parametrize("changes", [three_films, one_film])
def test_what_was_missed_survives_a_power_cut(server: Server, connect: Connect, changes: type) -> None:
    film = Film(server)
    away = connect(server)
    away.until("connected")
    missed = changes(server)

    server.kill()
    server.restart()
    back = connect(server, cursor=away.cursor)
    film.tell("approved")

    events = back.read(lambda event: event.get("request_id") == film.id)
    assert names(events[1:]) == [*missed, ("state_change", film.id)]
    assert back.cursor is not None
    assert back.cursor.partition(".")[0] == str(away.cursor).partition(".")[0]


def test_nothing_is_lost_between_the_page_and_its_stream(server: Server, connect: Connect) -> None:
    page = requests.get(server.url, timeout=5).text
    cursor = re.search(r'data-cursor="([^"]+)"', page)
    assert cursor is not None
    film = Film(server)

    events = connect(server, path=f"/events?since={cursor[1]}").until("request_created")

    assert names(events[1:]) == [("request_created", film.id)]


def test_ids_only_grow_and_everything_but_progress_has_one(server: Server, connect: Connect) -> None:
    reader = connect(server)
    reader.until("connected")
    before, ids = place_of(reader), []

    for _ in range(5):
        Film(server)
    for _ in range(5):
        reader.until("request_created")
        ids.append(place_of(reader))

    assert ids == [before + step for step in (1, 2, 3, 4, 5)]


def test_a_browser_that_is_killed_is_noticed_without_a_write(narrow: Server, tmp_path: Path) -> None:
    assert_a_killed_browser_is_noticed(narrow, tmp_path)


def test_a_naive_server_does_not_notice_a_browser_that_is_killed(naive: Server, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"within 4\.5 s"):
        assert_a_killed_browser_is_noticed(naive, tmp_path)


def assert_a_killed_browser_is_noticed(server: Server, tmp_path: Path) -> None:
    process = curl(server, tmp_path / "curl")
    wait_until(lambda: server.streams == 1)

    process.kill()
    process.wait()

    wait_until(lambda: server.streams == 0, 4.5)


def test_head_opens_no_stream(server: Server) -> None:
    responses = [requests.head(f"{server.url}/events", timeout=5) for _ in range(100)]

    assert {response.status_code for response in responses} == {200}
    assert server.streams == 0


def test_over_capacity_streams_are_refused_and_pages_are_served(narrow: Server, connect: Connect) -> None:
    for _ in range(20):
        next(iter(connect(narrow)))

    refused = requests.get(f"{narrow.url}/events", timeout=5)
    page = requests.get(narrow.url, timeout=5)

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    assert page.status_code == 200


def test_open_streams_hold_no_database_connection(server: Server, connect: Connect) -> None:
    for _ in range(50):
        next(iter(connect(server, cursor="00000000.5")))

    assert census(server)["connections"] == 0
