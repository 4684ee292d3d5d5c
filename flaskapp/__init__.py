"""Arrivarr: the live arrivals board of a home media server. ``create_app`` is the table of contents."""

from __future__ import annotations

import logging
import os
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from flask import Flask, url_for

from flaskapp import cli
from flaskapp.access.gate import Gate
from flaskapp.access.open_streams import OpenStreams
from flaskapp.access.rates import Rates
from flaskapp.access.seal import Seal
from flaskapp.access.throttle import Throttle
from flaskapp.config import Settings
from flaskapp.deliveries import Deliveries
from flaskapp.extensions import database, db, migrate
from flaskapp.kept_secrets import with_secrets
from flaskapp.live.announce import Announcer
from flaskapp.live.hub import Hub
from flaskapp.live.outbox import Outbox
from flaskapp.live.transport import Transport
from flaskapp.pipeline import Pipeline
from flaskapp.polling.background import Background
from flaskapp.signals import Signals
from flaskapp.tracking.record import Rules
from flaskapp.upstreams import Upstreams
from flaskapp.views import (
    account,
    api,
    assets,
    away,
    board,
    doctor,
    door,
    errors,
    events,
    headers,
    health,
    held,
    history,
    install,
    join,
    keys,
    link_page,
    links,
    media_requests,
    oidc,
    openapi,
    pace,
    people,
    posters,
    sessions,
    setup,
    setup_service,
    sign_in,
    summary,
    upstreams,
    wall,
    watch,
    webhooks,
)
from flaskapp.views.forwarded import Forwarded
from flaskapp.views.paths import OnePath, RowId

ROOT = Path(__file__).resolve().parent.parent
MOST_BYTES = 64 * 1024
"""A larger request body is refused with 413; webhooks have a limit of their own."""


def create_app(settings: Settings | None = None) -> Flask:
    """Wire one app; nothing is started and no database is touched."""
    settings = settings or with_secrets(Settings.from_environ(os.environ))
    seal = Seal(settings.secret_key)
    known = Upstreams(settings, seal)
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)  # what it did is no news to the person who starts us
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key,
        **database(settings.database_url),
        MAX_CONTENT_LENGTH=MOST_BYTES,
        SESSION_COOKIE_NAME="arrivarr",
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=400),  # the longest that browsers keep; our own rows end sooner
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_CHECK_DEFAULT=False,  # the door asks, for browsers alone
        WTF_CSRF_TIME_LIMIT=None,  # a board may be open for days
        WTF_CSRF_SSL_STRICT=False,  # a proxy may change the name; the token is enough
        # Cards are drawn outside of requests too, and must have the same addresses.
        SERVER_NAME="localhost",
        APPLICATION_ROOT=settings.base_path or "/",
    )
    app.wsgi_app = Forwarded(OnePath(app.wsgi_app, settings.base_path), settings)  # type: ignore[method-assign]  # Flask's documented way
    app.session_interface = sessions.Sessions()
    styles = assets.Styles(ROOT / "static" / "css")
    app.jinja_env.globals.update(
        url_for=partial(url_for, _external=False),
        demo=settings.demo,
        scripts_version=assets.version(ROOT / "static" / "js"),
        styles=styles,
        which_seerr=partial(known.which, "seerr"),
        has_jellyfin=lambda: bool(settings.jellyfin_public_url or known.first("jellyfin")),
    )
    app.jinja_env.filters["moment"] = datetime.fromisoformat
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))

    signals = Signals()
    hub = Hub(epoch="", head=0, on_count=signals.watch)
    hub.writes_through = settings.stream_write_through
    outbox = Outbox()
    announcer = Announcer(app, hub, settings.progress_threshold, outbox)
    pipeline = Pipeline(announcer, lambda: Rules(bool(known.first("jellyfin")), settings.track_unrequested))
    deliveries = Deliveries(pipeline, signals, known)
    gate = Gate(settings)
    app.extensions.update(
        settings=settings,
        gate=gate,
        rates=Rates(),
        seal=seal,
        styles=styles,
        upstreams=known,
        open_streams=OpenStreams(gate, hub),
        throttle=Throttle(settings.secret_key),
        signals=signals,
        hub=hub,
        announcer=announcer,
        pipeline=pipeline,
        deliveries=deliveries,
        transport=Transport(settings.redis_url, hub, announcer, outbox, signals),
        background=Background(app, settings, signals, known),
    )

    app.url_map.converters["int"] = RowId
    for view in (board, history, away, media_requests, watch, webhooks, events, held, api, posters, upstreams, health):
        app.register_blueprint(view.bp)
    for view in (sign_in, oidc, join, account, people, keys, links, link_page, openapi, setup, setup_service, doctor):
        app.register_blueprint(view.bp)
    for view in (install, summary, wall, assets):
        app.register_blueprint(view.bp)
    headers.register(app)
    pace.register(app)
    door.register(app)
    errors.register(app)
    cli.register(app)
    return app
