"""The same with sse-starlette, the usual package for it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI, Request
from sse_starlette import EventSourceResponse

app = FastAPI()
subscribers: set[asyncio.Queue[dict[str, Any]]] = set()


@app.get("/events")
async def listen() -> EventSourceResponse:
    """Open a stream."""
    queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def events() -> AsyncIterator[dict[str, str]]:
        subscribers.add(queue)
        try:
            yield {"data": json.dumps({"type": "connected"})}
            while True:
                yield {"data": json.dumps(await queue.get())}
        finally:
            subscribers.discard(queue)

    return EventSourceResponse(events())


@app.post("/publish")
async def publish(request: Request) -> dict[str, bool]:
    """Hand an event to everybody."""
    event = await request.json()
    for queue in subscribers:
        queue.put_nowait(event)
    return {"ok": True}
