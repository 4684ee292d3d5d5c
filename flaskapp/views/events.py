"""``GET /events``: the live stream of the board."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import ip_address

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import Forbidden, ServiceUnavailable, TooManyRequests

from flaskapp.domain.viewer import Viewer
from flaskapp.live.announce import Announcer
from flaskapp.live.batch import Batch, Frame
from flaskapp.live.hub import AddressFullError, Hub, HubClosedError, HubFullError
from flaskapp.live.stream import Stream, greeting
from flaskapp.live.subscriber import Subscriber
from flaskapp.views.door import For, entrance, known_viewer

bp = Blueprint("events", __name__)

HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",  # nginx would collect events otherwise
}
CURSOR = re.compile(r"([0-9a-z]{1,16})\.([0-9]{1,18})", re.ASCII)
COME_BACK_AFTER = 10


@bp.get("/events")
@entrance(For.PEOPLE)
def listen() -> Response:
    """Open a stream of all that whoever asks may see."""
    return open_stream(known_viewer())


def open_stream(viewer: Viewer) -> Response:
    """Greet, replay what was missed, then go on live."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Forbidden("Another site can't listen to this board.")
    if request.method == "HEAD":
        return Response(headers=HEADERS)
    hub: Hub = current_app.extensions["hub"]
    try:
        subscriber = hub.subscribe(_address(), viewer)
    except HubClosedError:
        return Response(hub.bye("stopping"), headers=HEADERS)
    except HubFullError:
        raise ServiceUnavailable("Too many boards are open.", retry_after=COME_BACK_AFTER) from None
    except AddressFullError:
        raise TooManyRequests("Too many boards are open at your address.", retry_after=COME_BACK_AFTER) from None
    return _respond(hub, subscriber)


def _address() -> str | None:
    """Name the client; not on this machine, where a proxy speaks for everybody."""
    address = request.remote_addr
    return None if address is None or _is_here(address) else address


@lru_cache(maxsize=1024)
def _is_here(address: str) -> bool:
    return ip_address(address).is_loopback


def _respond(hub: Hub, subscriber: Subscriber) -> Response:
    try:
        first = greeting(hub, subscriber, _catch_up(hub.epoch, subscriber))
    except BaseException:
        hub.unsubscribe(subscriber)
        raise
    # Passed through: the server closes the stream itself, also if the browser leaves before the first byte.
    return Response(Stream(hub, subscriber, first), headers=HEADERS, direct_passthrough=True)


def _catch_up(epoch: str, subscriber: Subscriber) -> Sequence[Frame] | None:
    """Give what the browser missed, None when that can't be told."""
    # The header wins: the address keeps its `since` from the first connection on every retry.
    cursor = request.headers.get("Last-Event-ID") or request.args.get("since")
    if not cursor:
        return ()
    place = CURSOR.fullmatch(cursor)
    if place is None or place[1] != epoch:
        return None
    announcer: Announcer = current_app.extensions["announcer"]
    missed = announcer.replay(int(place[2]))
    if missed is not None:
        # A change that came while these were read waits in the queue as well.
        subscriber.skip_to(max([int(place[2]), *(frame.n or 0 for frame in missed)]))
        missed = Batch(missed, 0.0).seen_by(subscriber.viewer.audience).frames
    return missed
