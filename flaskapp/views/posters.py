"""``GET /posters/<media_id>``: our own copy, so that a browser tells no third party what it looks at."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Blueprint, current_app, request, send_file
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from flaskapp.views.door import For, entrance

bp = Blueprint("posters", __name__)

SIGNATURES = (
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
)
A_YEAR = 365 * 24 * 3600


@bp.get("/posters/<int:media_id>")
@entrance(For.PEOPLE)
def show(media_id: int) -> ResponseReturnValue:
    """Send the picture; an address with a version (``?v=``) may be kept for long."""
    path = current_app.extensions["settings"].data_dir.absolute() / "posters" / str(media_id)
    mime = _kind_of(path) if path.is_file() else None
    if mime is None:
        raise NotFound("There is no poster for this title yet.")
    response = send_file(path, mimetype=mime, max_age=A_YEAR if "v" in request.args else 300)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _kind_of(path: Path) -> str | None:
    """Tell by its first bytes which picture a file is."""
    with path.open("rb") as picture:
        head = picture.read(16)
    return next((mime for signature, mime in SIGNATURES if signature.match(head)), None)
