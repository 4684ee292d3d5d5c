"""Which version this is: of the program, in words for people, and of the files that a page comes with."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from flask import Blueprint, Response, current_app

from flaskapp.views.door import For, entrance

bp = Blueprint("assets", __name__)

VERSION = "0.1.0"
"""Of the program, as pyproject.toml says it."""
SHEETS = (
    *("tokens", "reset", "base", "top", "board", "find", "history", "card", "trouble", "poster", "progress", "notice"),
    *("request", "services", "keys", "dialog", "access", "setup", "utilities"),
)
"""The sheets of all pages, in the order in which they overrule each other."""
A_YEAR = 365 * 24 * 3600


def version(folder: Path) -> str:
    """Give a short word that differs whenever a script in ``folder`` does, and with it the worker of the tabs."""
    return _word(b"".join(path.read_bytes() for path in sorted(folder.glob("*.js"))))


@dataclass(frozen=True)
class Styles:
    """Our sheets in ``folder`` as one, read when first asked for: a browser waits for each before it paints."""

    folder: Path

    @cached_property
    def css(self) -> bytes:
        """All of them; what they name by its address stands beside ``folder``."""
        return b"\n".join((self.folder / f"{name}.css").read_bytes() for name in SHEETS)

    @cached_property
    def version(self) -> str:
        """A short word that differs whenever a sheet does."""
        return _word(self.css)


@bp.get("/static/css/all.<version>.css")
@entrance(For.ANYBODY)
def styles(version: str) -> Response:
    """Serve the sheets as one. Another version is asked for while processes change over; it is not to be kept."""
    ours: Styles = current_app.extensions["styles"]
    answer = Response(ours.css, mimetype="text/css")
    if version == ours.version:
        answer.cache_control.public = answer.cache_control.immutable = True
        answer.cache_control.max_age = A_YEAR
    else:
        answer.cache_control.no_cache = True
    return answer


def _word(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
