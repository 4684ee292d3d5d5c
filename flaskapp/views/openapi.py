"""``GET /api/openapi.json``: what other programs may ask and tell this board, described for their tools (OpenAPI 3.1).

``openapi.json`` beside this file is written by hand; tests hold it to the addresses there are and to what they answer.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from flaskapp.config import Settings
from flaskapp.views.door import For, entrance

bp = Blueprint("openapi", __name__)

DESCRIPTION: dict[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))


@bp.get("/api/openapi.json")
@entrance(For.ANYBODY)
def show() -> ResponseReturnValue:
    """Give the description, with the place where this board is."""
    settings: Settings = current_app.extensions["settings"]
    return DESCRIPTION | {"servers": [{"url": settings.base_path or "/"}]}
