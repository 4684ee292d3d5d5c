"""Changes to drawn cards to events to the hub; and the same once more for a browser that was away."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence

import gevent
from flask import Flask, url_for
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from flaskapp.domain.recorded import Measured, Recorded
from flaskapp.extensions import db
from flaskapp.live import events, sse
from flaskapp.live.batch import Frame
from flaskapp.live.hub import Hub
from flaskapp.live.message import Message
from flaskapp.live.order import Order
from flaskapp.live.outbox import Outbox
from flaskapp.models import Change, MediaRequest
from flaskapp.models.media_request import read_cursor

logger = logging.getLogger(__name__)

BULK = 64
"""From so many changes in one ingest on, one resync costs browsers less than all the cards."""
REPLAY = 256
"""So many changes are replayed to a browser that was away; beyond, it reloads the board."""
PIECE = 32
"""Frames that are published at once: the queue of a browser has room for them."""
SLOW_STEP = 10.0
"""Seconds after which any movement is sent, so that a slow download does not look dead."""


class Announcer:
    """Tells the hub what was committed, and other processes through ``outbox``; one per app.

    ``threshold`` is in percent points.
    """

    def __init__(
        self,
        app: Flask,
        hub: Hub,
        threshold: int,
        outbox: Outbox | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app, self._hub, self._threshold, self._clock = app, hub, threshold, clock
        self.order, self._outbox = Order(hub), outbox or Outbox()
        self._sent: dict[int, tuple[Measured, float]] = {}

    def open(self) -> None:
        """Put the hub at the place of the database; before the first stream."""
        with Session(db.engine) as session:
            cursor = read_cursor(session)
        self._hub.epoch, self._hub.head = cursor.epoch, cursor.n

    def announce(self, recorded: Recorded) -> None:
        """Publish what was committed; a failure becomes a resync, the sender never hears of it."""
        if not self._hub.epoch:
            return  # a command such as `flask replay`: nobody listens here, the server tells what it wrote
        try:
            self._publish_changes(recorded.change_ids)
            self._publish_progress(recorded)
        except Exception:
            logger.exception("Could not announce changes %s", recorded.change_ids)
            self._resync("announce failed", max(recorded.change_ids, default=None))

    def refresh(self, why: str) -> None:
        """Let every open board load itself anew."""
        self._resync(why)

    def _resync(self, why: str, head: int | None = None) -> None:
        self._hub.resync(why, head)
        self._outbox.put(Message("resync", {"reason": why, "head": head}))

    def _publish_changes(self, own: Sequence[int]) -> None:
        """Publish what was just committed, after all that other processes committed before it."""
        if len(own) >= BULK or (own and own[-1] - self._hub.head > REPLAY):
            self._resync("bulk", own[-1])
        elif own:
            told = min(self._hub.head, own[0] - 1)
            frames = self._frames_of(Change.id > told)
            self.order.changes(told, frames)
            before = max((frame.n for frame in frames if frame.n is not None and frame.n < own[0]), default=told)
            since = [frame for frame in frames if frame.n is not None and frame.n > before]
            self._outbox.put(Message("changes", {"after": before}, since))

    def catch_up(self) -> None:
        """Publish what other processes committed and nobody told; many changes are one resync."""
        if not self._hub.epoch:
            return
        told = self._hub.head
        with self._app.app_context():
            with Session(db.engine) as session:
                newest = session.scalar(select(func.max(Change.id))) or 0
            if newest - told > REPLAY:
                self._hub.resync("bulk", newest)
            elif newest > told:
                self._publish_in_pieces(told, newest)

    def _publish_in_pieces(self, told: int, newest: int) -> None:
        try:
            frames = self._frames_of(Change.id > told)
            for start in range(0, len(frames), PIECE):
                self.order.changes(told, frames[start : start + PIECE])
                gevent.sleep(0.01)  # browsers take one piece before the next comes
        except Exception:
            logger.exception("Could not announce the changes after %s", told)
            self._hub.resync("announce failed", newest)

    def replay(self, after: int) -> list[Frame] | None:
        """Give the frames of all changes after a cursor, or None when the gap can't be replayed."""
        with Session(db.engine) as session:
            oldest, head = session.execute(select(func.min(Change.id), func.max(Change.id))).one()
            missed = session.scalar(select(func.count()).where(Change.id > after)) or 0
        is_pruned = oldest is not None and after < oldest - 1
        if after > (head or 0) or missed > REPLAY or is_pruned:
            return None
        return self._frames_of(Change.id > after) if missed else []

    def _frames_of(self, condition: ColumnElement[bool]) -> list[Frame]:
        query = select(Change, MediaRequest).join(MediaRequest, MediaRequest.id == Change.media_request_id)
        drawn: dict[int, events.Drawn] = {}  # each card once, however often it changed
        frames = []
        with Session(db.engine) as session:
            for change, media_request in session.execute(query.where(condition).order_by(Change.id)):
                if media_request.id not in drawn:
                    drawn[media_request.id] = self._drawn(media_request)
                event = self._event(change, media_request, drawn[media_request.id])
                data = sse.encode(event, epoch=self._hub.epoch, n=change.id)
                is_for_all = change.kind == "owner"
                request_id, requester_id = (
                    (None, None) if is_for_all else (media_request.id, media_request.requester_id)
                )
                frames.append(Frame(data, change.id, request_id=request_id, requester_id=requester_id))
        return frames

    def _event(self, change: Change, media_request: MediaRequest, drawn: events.Drawn) -> events.Event:
        match change.kind:
            case "deleted":
                return events.request_deleted(change.media_request_id)
            case "created":
                title, poster_url = media_request.face["title"], self.poster_url(media_request)
                return events.request_created(change.media_request_id, title, poster_url, change.to_state, drawn)
            case "owner":  # for everybody: who saw it does no more, and who sees it now has to load it
                return events.resync("scope")
            case "state":
                return events.state_change(change.media_request_id, change.from_state, change.to_state, drawn)
            case _:
                return events.request_updated(change.media_request_id, drawn)

    def _drawn(self, media_request: MediaRequest) -> events.Drawn:
        card = self.card(media_request)
        return events.Drawn(card, media_request.rev, events.trouble(media_request.trouble) if card else None)

    def card(self, media_request: MediaRequest) -> str | None:
        """Draw the one card; a deleted one has none."""
        if media_request.deleted_at is not None:
            return None
        return self._app.jinja_env.get_template("media_requests/_card.html").render(media_request=media_request)

    def _publish_progress(self, recorded: Recorded) -> None:
        frames = list(self._progress(recorded.measured))
        if frames:
            self.order.progress(recorded.turn, frames)
            self._outbox.put(Message("progress", {"turn": recorded.turn}, frames))

    def _progress(self, measured: Iterable[Measured]) -> Iterable[Frame]:
        """Give a frame for every number that moved enough since it was last sent."""
        now = self._clock()
        for numbers in measured:
            last, at = self._sent.get(numbers.request_id, (None, now))
            if last is not None and not self._is_worth_sending(numbers, last, now - at):
                continue
            self._sent[numbers.request_id] = (numbers, now)
            event = events.progress_update(numbers.request_id, numbers.progress, numbers.eta, numbers.speed)
            request_id, requester_id = numbers.request_id, numbers.requester_id
            yield Frame(sse.encode(event), progress_of=request_id, request_id=request_id, requester_id=requester_id)

    def _is_worth_sending(self, numbers: Measured, last: Measured, age: float) -> bool:
        moved = abs(numbers.progress - last.progress)
        if moved >= self._threshold or (moved and numbers.progress == 100):
            return True
        return age >= SLOW_STEP and numbers != last

    def poster_url(self, media_request: MediaRequest) -> str | None:
        """Give our address of the poster, when a source named one."""
        if media_request.media.poster_url is None:
            return None
        return url_for("posters.show", media_id=media_request.media_id, _external=False)
