"""``GET /services``: which services answer us, which call us, and what to do about those that don't."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from flaskapp.clients.http import ClientError
from flaskapp.clients.servarr import ServarrClient
from flaskapp.deliveries import KEPT_FOR
from flaskapp.signals import Signals
from flaskapp.sources.servarr_health import our_notification
from flaskapp.upstreams import Upstream, Upstreams
from flaskapp.views.banner import banner
from flaskapp.views.door import For, entrance
from flaskapp.views.panels import panels

bp = Blueprint("upstreams", __name__, url_prefix="/services")


@bp.get("")
@entrance(For.ADMINS)
def index() -> ResponseReturnValue:
    """Show the page."""
    signals: Signals = current_app.extensions["signals"]
    found = panels()
    return render_template(
        "services.html",
        panels=found,
        held=signals.held_streams.now(datetime.now(UTC)),
        remembered=KEPT_FOR.days,
        root=request.url_root.rstrip("/"),
        # Each panel says by itself whether its service answers.
        **banner() | {"services": []},
    )


@bp.post("/<source>/<instance>/test")
@entrance(For.ADMINS)
def let_call(source: str, instance: str) -> ResponseReturnValue:
    """Let a Radarr or Sonarr call us once: if that arrives, it ends a pause of its connection."""
    upstreams: Upstreams = current_app.extensions["upstreams"]
    upstream = upstreams.find(source, instance)
    if upstream is None or upstream.source not in ("radarr", "sonarr"):
        raise NotFound("There is no such service to test.")
    try:
        _let_it_call(upstream)
    except ClientError as error:
        flash(str(error), "failed")
    else:
        flash(f"{upstream.name} called, and its call arrived. If it had paused its calls, the pause is over.", "done")
    return redirect(url_for("upstreams.index", _external=False), code=303)


def _let_it_call(upstream: Upstream) -> None:
    """Test our connection in a service; no transaction is open meanwhile, since its call writes one."""
    client = ServarrClient(upstream.name, upstream.url, upstream.api_key)
    try:
        notification = our_notification(client.notifications(), upstream.source, upstream.instance)
        if notification is None:
            raise ClientError(f"{upstream.name} has no webhook that leads here. Add one with the address below.")
        client.test_notification(notification.resource)
    finally:
        client.close()
