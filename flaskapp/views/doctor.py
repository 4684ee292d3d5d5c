"""``/services/<source>/<instance>/…``: a service is looked at, and what is wrong with it is put right."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from flask import Blueprint, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from flaskapp.clients.http import ClientError
from flaskapp.deliveries import Deliveries
from flaskapp.extensions import db
from flaskapp.models import Delivery
from flaskapp.setup.checkup import examine
from flaskapp.setup.findings import BUTTONS, Remedy, repair
from flaskapp.setup.registered import TakenError
from flaskapp.upstreams import Upstream, Upstreams
from flaskapp.views.callers import REFUSED
from flaskapp.views.door import For, entrance

bp = Blueprint("doctor", __name__, url_prefix="/services")

MOST_REPLAYED = 200
"""Kept calls that are applied again by one press, the newest."""
OF_CALLS = {"knocked": Remedy.CONNECT, "refused": Remedy.REPLAY}
"""What mends findings that come from calls."""
REMEDIES = {
    **{kind.value: remedy for kind, (remedy, _) in BUTTONS.items() if remedy in (Remedy.CONNECT, Remedy.TEST)},
    **OF_CALLS,
}


@bp.post("/examine")
@entrance(For.ADMINS)
def examine_all() -> ResponseReturnValue:
    """Look at every service now."""
    upstreams: Upstreams = current_app.extensions["upstreams"]
    examine(upstreams.now())
    return _back()


@bp.post("/<source>/<instance>/examine")
@entrance(For.ADMINS)
def examine_one(source: str, instance: str) -> ResponseReturnValue:
    """Look at one service now."""
    examine([_known(source, instance)])
    return _back(source, instance)


@bp.post("/<source>/<instance>/repair/<finding>")
@entrance(For.ADMINS)
def put_right(source: str, instance: str, finding: str) -> ResponseReturnValue:
    """Do what the button of a finding says, tell what changed, and look again."""
    upstreams: Upstreams = current_app.extensions["upstreams"]
    upstream = _known(source, instance)
    remedy = REMEDIES.get(finding)
    if remedy is None:
        raise NotFound("There is nothing of this kind to put right.")
    if remedy is Remedy.REPLAY:
        _tell(upstream, _replayed(upstream))
        return _back()
    if remedy is Remedy.CONNECT and not upstreams.callback_url:
        flash("Say first at which address services reach this board.", "failed")
        return redirect(url_for("setup.index", _external=False), code=303)
    try:
        _tell(upstream, repair(upstream, upstreams.callback_url, remedy))
    except TakenError as error:
        flash(f"{error.sentence} Press “Show what to enter” here.", "failed")
        return redirect(_setup_of(upstream), code=303)
    except ClientError as error:
        flash(str(error), "failed")
    examine([upstream])
    return _back()  # to the top, where it is said what changed


def _known(source: str, instance: str) -> Upstream:
    upstreams: Upstreams = current_app.extensions["upstreams"]
    upstream = upstreams.find(source, instance)
    if upstream is None:
        raise NotFound("This service is not connected any more.")
    return upstream


def _tell(upstream: Upstream, changes: Iterable[str]) -> None:
    """Say in one notice what changed, and where."""
    said = " ".join(changes)
    flash(said if upstream.name in said else f"{upstream.name} is mended. {said}", "done")


def _replayed(upstream: Upstream) -> list[str]:
    """Apply again what could not be used, and say what came of it."""
    deliveries: Deliveries = current_app.extensions["deliveries"]
    refused = select(Delivery.id).where(Delivery.outcome.in_(REFUSED))
    refused = refused.filter_by(source=upstream.source, instance=upstream.instance)
    ids = list(db.session.scalars(refused.order_by(Delivery.id.desc()).limit(MOST_REPLAYED)))
    db.session.rollback()
    if not ids:
        return ["There is nothing left to apply again."]
    results = [applied for _, applied in deliveries.replay(ids, datetime.now(UTC))]
    used = sum(applied.outcome in ("applied", "ignored") for applied in results)
    if used == len(results):
        return [f"{_calls(used)} of {upstream.name} applied again, and all could be used."]
    left = next(applied.reason for applied in results if applied.outcome not in ("applied", "ignored"))
    return [f"{_calls(len(results))} of {upstream.name} applied again, {used} could be used. Still: {left}"]


def _calls(count: int) -> str:
    return "One call" if count == 1 else f"{count} calls"


def _setup_of(upstream: Upstream) -> str:
    return url_for("setup_service.show", source=upstream.source, instance=upstream.instance, _external=False)


def _back(source: str = "", instance: str = "") -> ResponseReturnValue:
    anchor = f"{source}-{instance}" if source else None
    return redirect(url_for("upstreams.index", _anchor=anchor, _external=False), code=303)
