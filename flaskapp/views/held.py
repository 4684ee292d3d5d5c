"""Streams that something between a browser and us holds back: browsers notice, and say so here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from flaskapp.views.door import For, entrance
from flaskapp.views.same_site import refuse_other_sites

bp = Blueprint("held", __name__)

TOLD_FOR = timedelta(minutes=15)
"""A browser tries again at least every five minutes, and says so when nothing changed."""
MOST = 20
LONGEST = 80


@dataclass(frozen=True)
class Held:
    """A browser that the stream does not reach; ``proxy`` is what an answer says of who passed it on."""

    address: str
    proxy: str
    since: datetime
    told_at: datetime


class HeldStreams:
    """What browsers said, in memory: they say it again after a restart."""

    def __init__(self) -> None:
        self._held: dict[str, Held] = {}

    def note(self, address: str, proxy: str, now: datetime) -> None:
        """Note that the stream is held back from an address."""
        known = self._held.pop(address, None)
        since = known.since if known and now - known.told_at < TOLD_FOR else now
        self._held[address] = Held(address, proxy, since, now)
        while len(self._held) > MOST:
            self._held.pop(next(iter(self._held)))

    def forget(self, address: str) -> None:
        """Note that the stream reaches an address."""
        self._held.pop(address, None)

    def now(self, now: datetime) -> list[Held]:
        """Give what is still true, the oldest first."""
        return sorted((each for each in self._held.values() if now - each.told_at < TOLD_FOR), key=lambda it: it.since)


@bp.post("/services/stream")
@entrance(For.PEOPLE)
def tell() -> ResponseReturnValue:
    """Take a browser's word on whether the stream reaches it."""
    refuse_other_sites()
    streams: HeldStreams = current_app.extensions["held_streams"]
    if request.form.get("held") == "yes":
        proxy = request.headers.get("Via") or request.form.get("proxy", "")
        streams.note(_address(), "" if proxy.startswith("gunicorn") else proxy[:LONGEST], datetime.now(UTC))
    else:
        streams.forget(_address())
    return "", 204


def _address() -> str:
    """Name the browser as its proxy does; anybody could, and nothing but a line on a page comes of it."""
    return request.headers.get("X-Forwarded-For", request.remote_addr or "").partition(",")[0].strip()[:LONGEST]
