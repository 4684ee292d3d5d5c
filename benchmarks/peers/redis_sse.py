"""flask-sse under gunicorn's gevent worker, as its documentation shows it: Redis carries each event to each stream."""

from __future__ import annotations

import os
from collections.abc import Iterator

from flask import Flask, Response, request, stream_with_context
from flask_sse import sse

app = Flask(__name__)
app.config["REDIS_URL"] = os.environ["REDIS_URL"]


@app.get("/events")
def listen() -> Response:
    """Open a stream; the first comment shows that it is open, since flask-sse says nothing before the first event."""

    def frames() -> Iterator[str]:
        messages = sse.messages(channel="sse")
        yield ":\n\n"
        for message in messages:
            yield str(message)

    return Response(stream_with_context(frames()), mimetype="text/event-stream")


@app.post("/publish")
def publish() -> dict[str, bool]:
    """Hand an event to everybody."""
    sse.publish(request.get_json())
    return {"ok": True}
