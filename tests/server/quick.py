"""The app with a quicker heartbeat, smaller limits where the environment says so, and a look inside."""

from __future__ import annotations

import gc
import os
from dataclasses import replace

import gevent
from gevent.queue import SimpleQueue

from flaskapp import create_app
from flaskapp.extensions import db
from flaskapp.live.hub import Hub, Subscriber

app = create_app()
hub: Hub = app.extensions["hub"]
hub.heartbeat = float(os.environ.get("HEARTBEAT", "0.5"))
hub.limits = replace(hub.limits, streams=int(os.environ.get("STREAMS", "800")))


@app.get("/census")
def census() -> dict[str, int]:
    """Count what a closed stream must not leave behind."""
    gc.collect()
    objects = gc.get_objects()
    return {
        "greenlets": sum(isinstance(each, gevent.Greenlet) for each in objects),
        "queues": sum(isinstance(each, SimpleQueue) for each in objects),
        "subscribers": sum(isinstance(each, Subscriber) for each in objects),
        "connections": db.engine.pool.checkedout(),  # type: ignore[attr-defined]
    }
