"""The quick app with a Seerr that changes its mind about many requests at a time, as fast as it is asked to."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from flask import request

from flaskapp.domain.observation import MediaRef, MediaType, RequestTold, Word
from flaskapp.domain.origin import Origin
from flaskapp.domain.recorded import Measured, Recorded
from flaskapp.live import sockets
from flaskapp.views.door import For, entrance
from tests.server.quick import app, hub

sockets.UNANSWERED_MS = int(os.environ.get("UNANSWERED_MS", sockets.UNANSWERED_MS))


@app.post("/changes")
@entrance(For.SERVICES)
def changes() -> dict[str, int]:
    """Change so many requests in one ingest, and move a bar; another ``turn`` is another mind."""
    count, turn, now = int(request.args["count"]), int(request.args["turn"]), datetime.now(UTC)
    word = (Word.APPROVED, Word.DECLINED)[turn % 2]
    told = [
        RequestTold(
            seen_at=now,
            seerr_request_id=number,
            media=MediaRef(MediaType.MOVIE, tmdb_id=number, title=f"Film {number}", year=1927),
            word=word,
        )
        for number in range(1, count + 1)
    ]
    app.extensions["pipeline"].ingest(told, Origin.only("seerr", now))
    app.extensions["announcer"].announce(Recorded(measured=[Measured(1, None, turn * 3 % 101, 60, 1_000_000)]))
    return {"head": hub.head}
