"""The app as it is, with an address more that lets it connect itself to the services it knows."""

from __future__ import annotations

from flask import current_app

from flaskapp.clients.http import ClientError
from flaskapp.extensions import db
from flaskapp.models import MediaRequest
from flaskapp.setup import callback, webhook
from flaskapp.setup.callback import CallbackError
from flaskapp.views.door import For, entrance
from wsgi import app

__all__ = ["app"]


@app.get("/connect/<source>/<instance>")
@entrance(For.ANYBODY)
def connect(source: str, instance: str) -> dict[str, object]:
    db.session.query(MediaRequest).first()  # a page has read something before
    upstreams = current_app.extensions["upstreams"]
    upstream = upstreams.find(source, instance)
    try:
        address = callback.check(upstreams.callback_url)
        changes = webhook.connect(upstream, address)
        problem = webhook.verify(upstream, address)
    except (CallbackError, ClientError) as error:
        return {"error": str(error)}
    return {"changes": changes, "problem": problem and problem.sentence}
