"""An event stream as it is often written: a plain queue per browser, nobody who watches the connection, no farewell.

The checks of this folder have to find fault with it; those that do not would pass anything.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from queue import Empty, Queue

from flask import Flask, Response

HEARTBEAT = float(os.environ.get("HEARTBEAT", "0.5"))

app = Flask(__name__)
queues: list[Queue[bytes]] = []


@app.get("/events")
def events() -> Response:
    """Open a stream."""
    return Response(frames(), content_type="text/event-stream")


def frames() -> Iterator[bytes]:
    queue: Queue[bytes] = Queue()
    queues.append(queue)
    try:
        yield b'data: {"type":"connected"}\n\n'
        while True:
            try:
                yield queue.get(timeout=HEARTBEAT)
            except Empty:
                yield b'event: heartbeat\ndata: {"type":"heartbeat"}\n\n'
    finally:
        queues.remove(queue)


@app.post("/noise")
def noise() -> str:
    """Publish 200 kB."""
    for queue in queues:
        for _ in range(9):
            queue.put(b'data: {"type":"noise","text":"%s"}\n\n' % (b"x" * 20_000))
        queue.put(b'data: {"type":"silence"}\n\n')
    return ""


@app.get("/healthz")
def alive() -> str:
    """Say that the process answers."""
    return ""


@app.get("/readyz")
def ready() -> dict[str, int]:
    """Count open streams."""
    return {"streams": len(queues)}


@app.get("/census")
def census() -> dict[str, int]:
    """Count the bytes that wait."""
    return {"bytes": sum(len(each) for queue in queues for each in queue.queue)}
