"""Four clients that others wrote read the same frames."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import httpx
import requests
import sseclient
from httpx_sse import connect_sse
from playwright.sync_api import Browser

from tests.server.process import Server, wait_until
from tests.server.seerr import Film

Frame = tuple[str, str, str]
"""Name, id and data, as the client gives them."""
HOSTILE = "Nosferatu \r\n\ndata: x\u2028\x85\x0b\ufeff </script><img onerror=alert(1)> 🎬 (1922)"
LISTEN = """url => {
  window.frames_read = [];
  const source = new EventSource(url);
  const keep = ({ type, lastEventId, data }) => {
    window.frames_read.push([type, lastEventId, data]);
    if (JSON.parse(data).type === "bye") source.close();
  };
  source.addEventListener("message", keep);
  source.addEventListener("heartbeat", keep);
}"""


def is_bye(frame: Frame) -> bool:
    return bool(json.loads(frame[2])["type"] == "bye")


def up_to_bye(frames: Iterator[Frame]) -> list[Frame]:
    read: list[Frame] = []
    for frame in frames:
        read.append(frame)
        if is_bye(frame):
            break
    return read


def read_by_httpx_sse(url: str) -> list[Frame]:
    with httpx.Client(timeout=10) as client, connect_sse(client, "GET", url) as source:
        return up_to_bye((each.event, each.id, each.data) for each in source.iter_sse())


def read_by_sseclient(url: str) -> list[Frame]:
    with requests.get(url, stream=True, timeout=10) as response, closing(sseclient.SSEClient(iter(response))) as client:
        return up_to_bye((each.event, each.id or "", each.data) for each in client.events())


def read_by_npm_eventsource(url: str) -> list[Frame]:
    script = Path(__file__).with_name("listen.js")
    outcome = subprocess.run(["node", script, url], capture_output=True, text=True, timeout=40, check=True)
    return [tuple(json.loads(line)) for line in outcome.stdout.splitlines()]


def read_by_chromium(chromium: Browser, server: Server, cause: Callable[[], None]) -> list[Frame]:
    """Open a page, let things happen and give what its EventSource read."""
    with closing(chromium.new_page()) as page:
        page.goto(f"{server.url}/healthz")
        page.evaluate(LISTEN, "/events")
        cause()
        page.wait_for_function("frames_read.some(([, , data]) => JSON.parse(data).type === 'bye')", timeout=10_000)
        return [tuple(frame) for frame in page.evaluate("frames_read")]


def without_heartbeats(frames: list[Frame]) -> list[Frame]:
    """Leave out what depends on the moment; the last id stands for `bye`, which has none, in some clients only."""
    return [(name, "" if is_bye((name, id_, data)) else id_, data) for name, id_, data in frames if name == "message"]


def test_four_clients_read_the_same_frames(server: Server, chromium: Browser) -> None:
    readers = (read_by_httpx_sse, read_by_sseclient, read_by_npm_eventsource)
    futures: list[Future[list[Frame]]] = []

    def cause() -> None:
        wait_until(lambda: server.streams == 1 + len(readers), 30)
        film = Film(server, HOSTILE)
        film.tell("approved")
        film.tell("declined")
        server.stop()

    with ThreadPoolExecutor() as pool:
        futures += [pool.submit(read, f"{server.url}/events") for read in readers]
        by_chromium = without_heartbeats(read_by_chromium(chromium, server, cause))
        others = [without_heartbeats(future.result(40)) for future in futures]

    assert [json.loads(data)["type"] for _, _, data in by_chromium] == [
        *("connected", "request_created", "state_change", "state_change", "bye")
    ]
    assert others == [by_chromium] * 3


def test_no_client_makes_a_frame_of_its_own(server: Server) -> None:
    with ThreadPoolExecutor() as pool:
        futures = [pool.submit(read, f"{server.url}/events") for read in (read_by_httpx_sse, read_by_sseclient)]
        wait_until(lambda: server.streams == 2)
        Film(server, HOSTILE)
        server.stop()

    known = {("message", "connected"), ("message", "request_created"), ("message", "bye"), ("heartbeat", "heartbeat")}
    for future in futures:
        assert {(name, json.loads(data)["type"]) for name, _, data in future.result(10)} <= known
