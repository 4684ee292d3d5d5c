"""The straightforward design: a list of queues, ``json.dumps`` for every subscriber, a StreamingResponse each."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

app = FastAPI()
subscribers: list[asyncio.Queue[dict[str, Any]]] = []


@app.get("/events")
async def listen() -> StreamingResponse:
    """Open a stream."""
    queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    subscribers.append(queue)

    async def event_stream() -> AsyncIterator[str]:
        try:
            yield f"data: {json.dumps({'type': 'connected'})}\n\n"
            while True:
                data = await queue.get()
                yield f"data: {json.dumps(data)}\n\n"
        finally:
            subscribers.remove(queue)

    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingResponse(event_stream(), media_type="text/event-stream", headers=headers)


@app.post("/publish")
async def publish(request: Request) -> dict[str, bool]:
    """Hand events to everybody, one a line."""
    for line in (await request.body()).splitlines():
        event = json.loads(line)
        for queue in subscribers:
            await queue.put(event)
    return {"ok": True}


@app.post("/trivial")
async def trivial() -> dict[str, bool]:
    """Do nothing."""
    return {"ok": True}
