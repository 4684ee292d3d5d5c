"""The straightforward design doing the work of our webhook: the same rows, the same commits, the same frame.

Its sessions run inside its loop, which spares it the way to a thread and back; SQLite has one writer anyhow. The
tables are those of the database it is started on; the card is one of ours with its title and number left open.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import StreamingResponse
from jinja2 import Environment
from pydantic import BaseModel
from sqlalchemy import create_engine, event, select
from sqlalchemy.ext.automap import automap_base
from sqlalchemy.orm import Session

FOLDER = Path(os.environ["DATA_DIR"])
TOKEN = os.environ["WEBHOOK_TOKEN"]
ENCODED_ONCE = os.environ.get("ENCODED_ONCE") == "yes"
engine = create_engine(f"sqlite:///{FOLDER / 'arrivarr.db'}")


@event.listens_for(engine, "connect")
def _prepare(connection: Any, _record: Any) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


Base = automap_base()
Base.prepare(autoload_with=engine)
Delivery, Media, ExternalId = Base.classes.delivery, Base.classes.media, Base.classes.external_id
MediaRequest, Change, Setting = Base.classes.media_request, Base.classes.change, Base.classes.setting
Requester = Base.classes.requester
with Session(engine) as reading:
    epoch = reading.scalar(select(Setting.value).where(Setting.name == "epoch"))
card = Environment(autoescape=True).from_string((FOLDER / "card.html").read_text(encoding="utf-8"))
app = FastAPI()
subscribers: list[asyncio.Queue[Any]] = []


class AskedMedia(BaseModel):
    """What the request is about."""

    media_type: str
    tmdbId: str  # noqa: N815  # Seerr's name


class AskedRequest(BaseModel):
    """Who asked."""

    request_id: str
    requestedBy_username: str  # noqa: N815  # Seerr's name
    requestedBy_email: str  # noqa: N815  # Seerr's name


class Asked(BaseModel):
    """Seerr's webhook."""

    notification_type: str
    subject: str
    image: str
    media: AskedMedia
    request: AskedRequest


def frame(told: tuple[str, dict[str, Any]]) -> bytes:
    """Write a frame."""
    return f"id: {told[0]}\ndata: {json.dumps(told[1], separators=(',', ':'))}\n\n".encode()


@app.get("/events")
async def listen() -> StreamingResponse:
    """Open a stream."""
    queue: asyncio.Queue[Any] = asyncio.Queue()
    subscribers.append(queue)

    async def event_stream() -> AsyncIterator[bytes]:
        try:
            yield b'data: {"type":"connected"}\n\n'
            while True:
                told = await queue.get()
                yield told if ENCODED_ONCE else frame(told)
        finally:
            subscribers.remove(queue)

    return StreamingResponse(event_stream(), media_type="text/event-stream", headers={"Cache-Control": "no-cache"})


@app.post("/webhooks/seerr")
async def receive(request: Request, token: str = "") -> dict[str, str]:
    """Keep the body, apply it, tell everybody."""
    if not hmac.compare_digest(token, TOKEN):
        raise HTTPException(401)
    now, body = datetime.now(UTC).replace(tzinfo=None), await request.body()
    with Session(engine, expire_on_commit=False) as session:
        delivery = Delivery(source="seerr", instance="seerr", body=body, received_at=now, attempts=0)
        session.add(delivery)
        session.commit()
    told = apply(delivery.id, Asked.model_validate_json(body), now)
    if told is not None:
        shared = frame(told) if ENCODED_ONCE else told
        for queue in subscribers:
            await queue.put(shared)
    return {"outcome": "applied"}


def apply(delivery_id: int, asked: Asked, now: datetime) -> tuple[str, dict[str, Any]] | None:
    """Write what the webhook says in one transaction; give the id and the event of what it changed."""
    title, year = asked.subject[:-7], int(asked.subject[-5:-1])
    with Session(engine) as session:
        known = select(MediaRequest.id).where(MediaRequest.seerr_request_id == int(asked.request.request_id))
        if session.scalar(known) is not None:
            return None
        name = {"media_type": asked.media.media_type, "provider": "tmdb", "value": asked.media.tmdbId}
        media_id = session.scalar(select(ExternalId.media_id).filter_by(**name))
        if media_id is None:
            media = Media(media_type=asked.media.media_type, title=title, year=year, poster_url=asked.image)
            session.add(media)
            session.flush()
            media_id = media.id
            session.add(ExternalId(media_id=media_id, **name))
        requester = requester_of(session, asked.request)
        wish = MediaRequest(
            media_id=media_id,
            seerr_request_id=int(asked.request.request_id),
            requested_by=asked.request.requestedBy_username,
            requester_id=requester.id,
            is_4k=False,
            approved_at=now,
            created_at=now,
            state="approved",
            state_since=now,
            progress=0,
            eta=-1,
            speed=0,
            face=face(title, year, requester),
            updated_at=now,
            rev=0,
        )
        session.add(wish)
        session.flush()
        change = Change(
            media_request_id=wish.id,
            kind="created",
            to_state="approved",
            source="seerr",
            reason="Approved",
            occurred_at=now,
            recorded_at=now,
            is_reconstructed=False,
        )
        session.add(change)
        session.flush()
        wish.rev = change.id
        delivery = session.get_one(Delivery, delivery_id)
        delivery.kind, delivery.outcome = asked.notification_type, "applied"
        told = f"{epoch}.{change.id}", created(wish.id, title, change.id)
        session.commit()
    return told


def requester_of(session: Session, asked: AskedRequest) -> Any:
    """Give who asked, a new one if nobody has that address."""
    email = asked.requestedBy_email.lower()
    requester = session.scalar(select(Requester).where(Requester.email == email))
    if requester is None:
        requester = Requester(name=asked.requestedBy_username, email=email)
        session.add(requester)
        session.flush()
    return requester


def created(request_id: int, title: str, rev: int) -> dict[str, Any]:
    """Write the event."""
    event = {"type": "request_created", "request_id": request_id, "title": title}
    event |= {"poster_url": f"/posters/{request_id}", "state": "approved"}
    return event | {"card": card.render(title=title, id=request_id), "rev": rev, "trouble": None}


def face(title: str, year: int, requester: Any) -> dict[str, Any]:
    """Write what else the card shows."""
    return {
        "title": title,
        "year": year,
        "poster": None,
        "hue": len(title) % 24,
        "initials": title[:2],
        "requested_by": requester.name,
        "requester": requester.id,
        "gone": False,
        "is_4k": False,
        "seasons": None,
        "strip": [],
        **dict.fromkeys(("here", "blocked", "imported", "arriving", "due"), 0),
        "moving": False,
        "attempt": 0,
        **dict.fromkeys(("quality", "watch", "watch_server")),
    }
