"""``/setup/<source>/<instance>``: one service is tested, connected, heard for the first time, and let go."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Conflict, NotFound

from flaskapp.clients.http import ClientError
from flaskapp.extensions import db
from flaskapp.setup import webhook
from flaskapp.setup.address import tidy
from flaskapp.setup.checkup import forget
from flaskapp.setup.identity import LABELS
from flaskapp.setup.probe import Probed, ProbeError, probe
from flaskapp.upstreams import Upstream, Upstreams
from flaskapp.views.door import For, entrance
from flaskapp.views.entered import ANOTHER, BY_QUALITY, EnteredError, blank, entered, usable
from flaskapp.views.setup import next_source, steps
from flaskapp.views.standing import SILENT, standings

bp = Blueprint("setup_service", __name__, url_prefix="/setup/<source>/<instance>")


@dataclass(frozen=True)
class Answered:
    """What a test came to: who answered, or one sentence that says what is wrong and perhaps an address that may do."""

    probed: Probed | None = None
    sentence: str = ""
    instead: str = ""


@dataclass(frozen=True)
class Manual:
    """What a person has to enter over there, since we can't, and why."""

    paste: webhook.Paste
    why: str = ""


@bp.get("")
@entrance(For.KEEPERS)
def show(source: str, instance: str) -> ResponseReturnValue:
    """Show the page."""
    return _page(source, _find(source, instance))


@bp.post("/test")
@entrance(For.KEEPERS)
def test(source: str, instance: str) -> ResponseReturnValue:
    """Ask a service what it is and whether it takes the key; nothing is kept."""
    kept = _find(source, instance)
    typed, answered = _tried(source, kept)
    return _page(source, kept, typed, answered=answered), 200 if answered.probed else 400


@bp.post("")
@entrance(For.KEEPERS)
def connect(source: str, instance: str) -> ResponseReturnValue:
    """Keep a service that answers, and let it call us."""
    kept = _find(source, instance)
    if kept is not None and kept.is_locked:
        raise Conflict(f"{kept.variable} says where this service is. Change it there and start again.")
    typed, answered = _tried(source, kept)
    if answered.probed is None:
        return _page(source, kept, typed, answered=answered), 400
    upstream = replace(typed, url=answered.probed.url)
    _upstreams().save(upstream)
    flash(f"{upstream.name} is connected: {answered.probed.title} {answered.probed.version} answers.", "done")
    return _let_call(upstream)


@bp.post("/webhook")
@entrance(For.KEEPERS)
def let_call(source: str, instance: str) -> ResponseReturnValue:
    """Set up the webhook of a service that is connected, or repair it; or show what a person enters there."""
    upstream = _known(source, instance)
    if request.form.get("by") == "hand" and source not in SILENT and _upstreams().callback_url:
        return _by_hand(upstream)
    return _let_call(upstream)


@bp.post("/verify")
@entrance(For.KEEPERS)
def verify(source: str, instance: str) -> ResponseReturnValue:
    """Let a service call us once, and say what went wrong; the page itself shows that it came."""
    upstream, address = _known(source, instance), _upstreams().callback_url
    if not address:
        return _back_to(upstream)  # which says what is lacking
    try:
        problem = webhook.verify(upstream, address)
        failure = problem.sentence if problem else ""
    except ClientError as error:
        failure = str(error)
    return _page(source, upstream, failure=failure), 400 if failure else 200


@bp.post("/disconnect")
@entrance(For.KEEPERS)
def disconnect(source: str, instance: str) -> ResponseReturnValue:
    """Forget a service; its webhook over there stays until somebody removes it."""
    upstream = _known(source, instance)
    if upstream.is_locked:
        raise Conflict(f"{upstream.variable} says where this service is. Remove it there and start again.")
    _upstreams().remove(source, instance)
    flash(f"{upstream.name} is disconnected. What it told so far stays on the board.", "done")
    return redirect(url_for("setup.index", _external=False), code=303)


def _upstreams() -> Upstreams:
    upstreams: Upstreams = current_app.extensions["upstreams"]
    return upstreams


def _find(source: str, instance: str) -> Upstream | None:
    """Give a service; None where one may be entered. What can't be there is not found."""
    if source not in LABELS:
        raise NotFound("There is no service of this kind.")
    upstream = _upstreams().find(source, instance)
    if upstream is None and instance not in (source, ANOTHER):
        raise NotFound("This service is not connected any more.")
    return upstream


def _known(source: str, instance: str) -> Upstream:
    upstream = _upstreams().find(source, instance)
    if upstream is None:
        raise NotFound("This service is not connected any more.")
    return upstream


def _tried(source: str, kept: Upstream | None) -> tuple[Upstream, Answered]:
    """Try what was entered; give it with the key that was used."""
    others = [each for each in _upstreams().now() if each != kept]
    typed = kept if kept is not None and kept.is_locked else entered(source, kept, others)
    try:
        usable_now = typed if typed is kept else usable(typed, kept, others)
        db.session.rollback()  # no transaction may be open while somebody else takes their time
        return usable_now, Answered(probe(usable_now))
    except EnteredError as error:
        return typed, Answered(sentence=str(error))
    except ProbeError as error:
        return typed, Answered(sentence=error.sentence, instead=error.instead)


def _let_call(upstream: Upstream) -> ResponseReturnValue:
    """Register our webhook over there, as soon as it is known where we are."""
    address = _upstreams().callback_url
    if upstream.source in SILENT or not address:
        return _back_to(upstream)
    try:
        changes = webhook.connect(upstream, address)
    except webhook.TakenError as error:
        return _by_hand(upstream, error.sentence)
    except ClientError as error:
        return _page(upstream.source, upstream, failure=str(error)), 400
    forget(upstream)
    for change in changes:
        flash(change, "done")
    return _back_to(upstream)


def _by_hand(upstream: Upstream, why: str = "") -> str:
    manual = Manual(webhook.by_hand(upstream, _upstreams().callback_url), why)
    return _page(upstream.source, upstream, manual=manual)


def _back_to(upstream: Upstream) -> ResponseReturnValue:
    address = url_for("setup_service.show", source=upstream.source, instance=upstream.instance, _external=False)
    return redirect(address, code=303)


def _page(source: str, kept: Upstream | None, typed: Upstream | None = None, **tried: object) -> str:
    """Draw the page; ``tried`` is what came of it: ``answered``, ``manual`` or ``failure``."""
    every, upstreams = steps(), _upstreams()
    others = [each for each in upstreams.of(source) if each != kept]
    return render_template(
        "setup/service.html",
        source=source,
        label=LABELS[source],
        kept=kept,
        # A key that was just typed is given back in this one answer, for whoever has no JavaScript.
        typed_key=request.form.get("key", "") if typed is not None else "",
        fields=typed or kept or blank(source, upstreams.now()),
        is_another=kept is None and bool(others),
        is_named=bool(others) or (kept is not None and kept.instance != source),
        has_qualities=source in BY_QUALITY,
        standing=standings([kept])[0] if kept else None,
        home=_home(typed or kept),
        calls=source not in SILENT,
        connects=webhook.connects(source),
        address=upstreams.callback_url,
        next=next_source(every, source),
        **tried,
    )


def _home(upstream: Upstream | None) -> str:
    """Give the address of a service for a link; empty if it is none."""
    try:
        return tidy(upstream.url) if upstream else ""
    except ValueError:
        return ""
