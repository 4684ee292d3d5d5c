"""``GET /posters/<media_id>``: our own copy, so that a browser tells no third party what it looks at.

Cards are drawn once for all and stand on private links too, so the address in a card carries a word that nobody can
guess: who has that address gets the picture. Without it the picture is for people who see a request of its title.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, request, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from flaskapp.access.secret import is_same
from flaskapp.extensions import db
from flaskapp.models import MediaRequest
from flaskapp.models.media_request import seen_by
from flaskapp.views.door import For, entrance, viewer

bp = Blueprint("posters", __name__)

SIGNATURES = (
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
)
A_YEAR = 365 * 24 * 3600


@bp.url_defaults
def _add_word(_endpoint: str, values: dict[str, Any]) -> None:
    values["k"] = _word(values["media_id"])


def _word(media_id: int) -> str:
    key: str = current_app.extensions["settings"].secret_key
    return hmac.new(key.encode(), f"poster {media_id}".encode(), hashlib.sha256).hexdigest()[:32]


@bp.get("/posters/<int:media_id>")
@entrance(For.ANYBODY)
def show(media_id: int) -> ResponseReturnValue:
    """Send the picture; an address with a version (``?v=``) may be kept for long."""
    if not (is_same(request.args.get("k", ""), _word(media_id)) or _sees(media_id)):
        raise NotFound("There is no such poster.")
    path = current_app.extensions["settings"].data_dir.absolute() / "posters" / str(media_id)
    mime = _kind_of(path) if path.is_file() else None
    if mime is None:
        raise NotFound("There is no such poster.")
    response = send_file(path, mimetype=mime, max_age=A_YEAR if "v" in request.args else 300)
    response.cache_control.public, response.cache_control.private = False, True
    return response


def _sees(media_id: int) -> bool:
    """Tell whether whoever asks sees a request of this title."""
    found = viewer()
    if found is None or found.audience.sees_all:
        return found is not None
    asked = select(MediaRequest.id).where(MediaRequest.media_id == media_id, seen_by(found.audience))
    return db.session.scalar(asked.limit(1)) is not None


def _kind_of(path: Path) -> str | None:
    """Tell by its first bytes which picture a file is."""
    with path.open("rb") as picture:
        head = picture.read(16)
    return next((mime for signature, mime in SIGNATURES if signature.match(head)), None)
