"""``GET /posters/<media_id>``: our own copy, so that a browser tells no third party what it looks at."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, current_app, request, send_file
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

bp = Blueprint("posters", __name__)

SIGNATURES = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"RIFF", "image/webp"))
A_YEAR = 365 * 24 * 3600


@bp.get("/posters/<int:media_id>")
def show(media_id: int) -> ResponseReturnValue:
    """Send the picture; an address with a version (``?v=``) may be kept for long."""
    path = Path(current_app.extensions["settings"].data_dir).absolute() / "posters" / str(media_id)
    if not path.is_file():
        raise NotFound("There is no poster for this title yet.")
    with path.open("rb") as picture:
        head = picture.read(16)
    mime = next((mime for signature, mime in SIGNATURES if head.startswith(signature)), "application/octet-stream")
    response = send_file(path, mimetype=mime, max_age=A_YEAR if "v" in request.args else 300)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
