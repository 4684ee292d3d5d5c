"""Who is asked what: all that is configured, and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

import gevent
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from flaskapp.access.seal import Seal
from flaskapp.clients.http import ClientError
from flaskapp.config import Settings
from flaskapp.deliveries import Deliveries
from flaskapp.domain.house import CauseKind, CausesRead
from flaskapp.domain.origin import Origin
from flaskapp.extensions import db
from flaskapp.models import Delivery
from flaskapp.models.service_questions import seeing_upstreams
from flaskapp.polling.background import Background
from flaskapp.polling.readings import Readings
from flaskapp.signals import Signals
from flaskapp.upstreams import Upstream, Upstreams, locked_upstreams
from tests.polling.record import Record, at

Answer = TypeVar("Answer")
NOWHERE = "http://127.0.0.1:1"
SERVARR = ["History", "Queue", "Disks", "Connections"]
ASKED = {
    "radarr_url": ("Radarr", [*SERVARR, "Films"]),
    "radarr_4k_url": ("Radarr 4K", [*SERVARR, "Films"]),
    "sonarr_url": ("Sonarr", [*SERVARR, "EpisodeLists"]),
    "sonarr_4k_url": ("Sonarr 4K", [*SERVARR, "EpisodeLists"]),
    "seerr_url": ("Seerr", ["SeerrRequests", "Titles"]),
    "jellyfin_url": ("Jellyfin", ["LibraryItems", "ShownItems", "Arrivals"]),
    "qbittorrent_url": ("qBittorrent", ["Poller", "ClientCauses"]),
}
OURS = ["deliveries", "clock", "posters"]


def read(query: Callable[[Session], Answer]) -> Answer:
    with Session(db.engine) as session:
        return query(session)


def background_of(app: Flask, settings: Settings) -> Background:
    return Background(app, settings, Signals(), Upstreams(settings, Seal("a-secret-for-tests")))


@pytest.mark.parametrize("configured", [[], *([name] for name in ASKED), list(ASKED)])
def test_what_is_configured_is_asked_and_nothing_else(app: Flask, record: Record, configured: list[str]) -> None:
    settings = Settings(**dict.fromkeys(configured, NOWHERE))  # type: ignore[arg-type]
    services = Readings(settings, locked_upstreams(settings), record.outlet, read).by_service()
    assert {name: [type(each).__name__ for each in readings] for name, readings in services.items()} == {
        ASKED[name][0]: ASKED[name][1] for name in configured
    }

    with app.app_context():
        for readings in services.values():
            for reading in readings:
                with suppress(ClientError):
                    reading.tick(at(0))

    assert set(record.signals.contacts) == services.keys()


@pytest.mark.parametrize("configured", [[], ["radarr_url", "jellyfin_url"]])
def test_each_service_has_a_loop_of_its_own(app: Flask, configured: list[str]) -> None:
    settings = Settings(**dict.fromkeys(configured, NOWHERE))  # type: ignore[arg-type]

    loops = background_of(app, settings).loops

    assert [loop.name for loop in loops] == [*OURS, *(ASKED[name][0] for name in configured)]


def test_what_a_service_saw_that_is_no_longer_asked_is_forgotten(app: Flask, settings: Settings) -> None:
    for upstream in ("Radarr", "Sonarr"):
        seen = CausesRead(
            seen_at=at(0), upstream=upstream, asked=frozenset(CauseKind), found=frozenset({CauseKind.WEBHOOKS_PAUSED})
        )
        with app.app_context():
            app.extensions["pipeline"].ingest([seen], Origin("house", "house", is_4k=False, now=at(0)))
    background = background_of(app, replace(settings, radarr_url=NOWHERE))

    background.forget_others(at(60))

    with app.app_context():
        assert read(seeing_upstreams) == {"Radarr"}


def test_webhooks_do_not_use_up_the_tries_of_one_that_failed(app: Flask, settings: Settings) -> None:
    deliveries: Deliveries = app.extensions["deliveries"]
    with app.app_context():
        kept = deliveries.keep("radarr", "radarr", b'{"eventType": "Test"}', at(0))
    loop = next(loop for loop in background_of(app, settings).loops if loop.name == "deliveries")
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(deliveries, "apply", lambda *_: None)

        for second in (0, 1, 2, 61):  # woken twice between its own turns
            loop.turn(at(second))

    with app.app_context():
        assert read(lambda session: session.get_one(Delivery, kept).attempts) == 2


def test_who_wins_the_lease_anew_while_old_steps_end_begins_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    upstreams: Upstreams = app.extensions["upstreams"]
    background = Background(app, Settings(), Signals(), upstreams)
    begin, end, follow = background._begin, background._end, background._follow  # noqa: SLF001  # the keeper's, and its own
    begun: list[Callable[[], None]] = []
    monkeypatch.setattr(gevent, "spawn", begun.append)
    with app.app_context():
        begin(1)
        upstreams.save(Upstream("radarr", "radarr", "Radarr", NOWHERE))
        # A service that does not answer takes long enough for the lease to go and come back.
        monkeypatch.setattr(gevent, "joinall", lambda *_, **__: (end(), begin(2)))
        begun.clear()

        follow()

    assert len(begun) == len(background.loops)
    assert "Radarr" in {loop.name for loop in background.loops}
