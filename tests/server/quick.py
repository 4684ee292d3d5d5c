"""The app with a quicker heartbeat, smaller limits where the environment says so, and a look inside."""

from __future__ import annotations

import gc
import os
from dataclasses import replace

import gevent
from flask import request
from gevent.queue import SimpleQueue

from flaskapp import create_app
from flaskapp.extensions import db
from flaskapp.live import sse
from flaskapp.live.batch import Frame
from flaskapp.live.hub import Hub
from flaskapp.live.subscriber import Subscriber
from flaskapp.views.door import For, entrance

app = create_app()
hub: Hub = app.extensions["hub"]
hub.heartbeat = float(os.environ.get("HEARTBEAT", "0.5"))
hub.limits = replace(hub.limits, streams=int(os.environ.get("STREAMS", "800")))


@app.get("/census")
def census() -> dict[str, int]:
    """Count what streams hold, and must not hold for ever."""
    gc.collect()
    objects = gc.get_objects()
    return {
        "greenlets": sum(isinstance(each, gevent.Greenlet) for each in objects),
        "queues": sum(isinstance(each, SimpleQueue) for each in objects),
        "subscribers": sum(isinstance(each, Subscriber) for each in objects),
        "bytes": sum(len(each.data) for each in objects if isinstance(each, Frame)),
        "connections": db.engine.pool.checkedout(),  # type: ignore[attr-defined]
    }


@app.get("/visitor")
def visitor() -> list[str | None]:
    """Say who asks, as far as we know."""
    return [request.remote_addr, request.host_url]


@app.post("/noise")
@entrance(For.SERVICES)
def noise() -> str:
    """Publish 200 kB, more than any webhook could cause."""
    text = "x" * 20_000
    loud = [Frame(sse.encode({"type": "noise", "text": text})) for _ in range(9)]
    hub.publish([*loud, Frame(sse.encode({"type": "silence"}))])
    return ""
