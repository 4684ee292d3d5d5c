"""The board as an app on a device: its manifest, and the worker that shows the last board without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, url_for
from flask.typing import ResponseReturnValue

from flaskapp.views.door import For, entrance

bp = Blueprint("install", __name__)

NIGHT = "#0a0d14"
"""The ground of the dark theme, which also stands behind the logo while the app starts."""
SIZES = (192, 512)
IS_KEPT = True
"""Whether browsers keep the last board. False takes every copy away that there is, at the next visit."""
FAREWELL = """\
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave() {
  const ours = (await caches.keys()).filter((name) => name.startsWith(`arrivarr ${registration.scope} `));
  await Promise.all(ours.map((name) => caches.delete(name)));
  await registration.unregister();
}
"""


@bp.get("/manifest.webmanifest")
@entrance(For.ANYBODY)
def manifest() -> Response:
    """Say what the board is called, how it looks and where it begins."""
    return _kept_shortly(current_app.json.dumps(_manifest()), "application/manifest+json")


@bp.get("/offline.js")
@entrance(For.ANYBODY)
def worker() -> ResponseReturnValue:
    """Give the script of the service worker. It lies here, since it may only watch over addresses below its own."""
    folder = Path(str(current_app.static_folder)) / "js"
    script = (folder / "offline.js").read_text(encoding="utf-8") if IS_KEPT else FAREWELL
    return _kept_shortly(script, "text/javascript")


def _manifest() -> dict[str, Any]:
    home = url_for("board.index", _external=False)
    shortcuts = (("The board", home), ("For the wall", _at("wall.show")), ("History", _at("history.index")))
    return {
        "id": home,
        "name": "Arrivarr",
        "short_name": "Arrivarr",
        "description": "Where each request is, why it waits and when it can be watched.",
        "lang": "en",
        "dir": "ltr",
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "background_color": NIGHT,
        "theme_color": NIGHT,
        "categories": ["entertainment", "utilities"],
        "icons": [_icon(size, purpose) for purpose in ("any", "maskable") for size in SIZES],
        "shortcuts": [{"name": name, "url": address, "icons": [_icon(SIZES[0], "any")]} for name, address in shortcuts],
    }


def _icon(size: int, purpose: str) -> dict[str, str]:
    name = f"img/icon-{size}.png" if purpose == "any" else f"img/icon-{purpose}-{size}.png"
    return {"src": _at("static", filename=name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


def _at(endpoint: str, **values: str) -> str:
    return url_for(endpoint, _external=False, **values)


def _kept_shortly(body: str, content_type: str) -> Response:
    """Let a browser keep it and ask every time whether it is still right."""
    return Response(body, content_type=f"{content_type}; charset=utf-8", headers={"Cache-Control": "no-cache"})
