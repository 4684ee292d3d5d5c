"""Who is asked what: all that is configured, and nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TypeVar, cast

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
from flaskapp.polling.loop import Loop
from flaskapp.polling.readings import Readings
from flaskapp.signals import Signals
from flaskapp.upstreams import Upstream, Upstreams, locked_upstreams
from tests.polling.record import Record, at

Answer = TypeVar("Answer")
NOWHERE = "http://127.0.0.1:1"
SERVARR = ["History", "Queue", "Disks", "Connections"]
ASKED = {
    "radarr_url": ("Radarr", [*SERVARR, "Films", "Settled", "Checkups"]),
    "radarr_4k_url": ("Radarr 4K", [*SERVARR, "Films", "Settled", "Checkups"]),
    "sonarr_url": ("Sonarr", [*SERVARR, "EpisodeLists", "Settled", "Checkups"]),
    "sonarr_4k_url": ("Sonarr 4K", [*SERVARR, "EpisodeLists", "Settled", "Checkups"]),
    "seerr_url": ("Seerr", ["SeerrRequests", "Titles", "Checkups"]),
    "jellyfin_url": ("Jellyfin", ["LibraryItems", "ShownItems", "Arrivals", "Checkups"]),
    "qbittorrent_url": ("qBittorrent", ["Poller", "ClientCauses", "Checkups"]),
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
    services = Readings(settings, locked_upstreams(settings), record.outlet, read, app.app_context).by_service()
    assert {name: [type(each).__name__ for each in readings] for name, readings in services.items()} == {
        ASKED[name][0]: ASKED[name][1] for name in configured
    }

    with app.app_context():
        for readings in services.values():
            for reading in readings:
                with suppress(ClientError):
                    reading.tick(at(0))

    assert set(record.signals.contacts) == services.keys()


def test_each_of_several_of_a_kind_is_asked_by_its_name(app: Flask, record: Record) -> None:
    sources = ("radarr", "jellyfin", "qbittorrent")
    several = [Upstream(source, f"{source}{n}", f"{source} {n}", NOWHERE) for n in (1, 2, 3) for source in sources]

    services = Readings(Settings(), several, record.outlet, read, app.app_context).by_service()

    assert list(services) == [f"{source} {n}" for source in sources for n in (1, 2, 3)]


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

    next(loop for loop in background.loops if loop.name == "deliveries").turn(at(60))

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


class Slow:
    """A database of services that takes its time, in which the others go on."""

    def __init__(self, known: Upstreams) -> None:
        self._known = known

    def now(self) -> tuple[Upstream, ...]:
        """Give all, after everybody else had their turn."""
        gevent.sleep(0)
        return self._known.now()


@dataclass
class Running:
    """The loops that run, each until it is stopped and no step of it is held up any more."""

    loops: list[Loop] = field(default_factory=list)
    held: set[str] = field(default_factory=set)

    def run(self, loop: Loop) -> None:
        """Do as a loop does."""
        if is_stopped(loop):
            return
        self.loops.append(loop)
        while not is_stopped(loop) or loop.name in self.held:
            gevent.sleep(0)
        self.loops.remove(loop)

    @property
    def names(self) -> list[str]:
        """Their names, in the order of the alphabet."""
        return sorted(loop.name for loop in self.loops)


def is_stopped(loop: Loop) -> bool:
    return loop._is_stopped  # noqa: SLF001  # to wait for its wake-up would hold up all greenlets of a test


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    running = Running()

    def run(loop: Loop) -> None:
        running.run(loop)

    monkeypatch.setattr(Loop, "run", run)
    yield running
    running.held.clear()
    for loop in running.loops:
        loop.stop()
    settle()
    assert running.loops == []  # else they would go on beside all other tests that wait


def settle() -> None:
    for _ in range(20):
        gevent.sleep(0)


@pytest.fixture
def background(app: Flask) -> Background:
    """Give one that asks a Radarr."""
    upstreams: Upstreams = app.extensions["upstreams"]
    with app.app_context():
        upstreams.save(Upstream("radarr", "radarr", "Radarr", NOWHERE))
    return Background(app, Settings(), Signals(), cast("Upstreams", Slow(upstreams)))


def test_who_wins_the_lease_while_it_looks_around_asks_once(background: Background, running: Running) -> None:
    begin, end, follow = background._begin, background._end, background._follow  # noqa: SLF001  # the keeper's, and its own

    for term in (1, 2):
        greenlets: list[gevent.Greenlet[..., None]] = [
            gevent.spawn(follow),
            gevent.spawn(begin, term),
            gevent.spawn(follow),
        ]
        for greenlet in greenlets:
            greenlet.get()
        settle()

        assert running.names == sorted([*OURS, "Radarr"])

        end()
        settle()

        assert running.names == []


def test_one_that_takes_long_is_not_asked_by_two_and_holds_up_no_other(
    app: Flask, background: Background, running: Running
) -> None:
    background._begin(1)  # noqa: SLF001  # as the keeper does
    settle()
    first = {loop.name: loop for loop in running.loops}
    running.held.add("Radarr")
    with app.app_context():
        app.extensions["upstreams"].save(Upstream("sonarr", "sonarr", "Sonarr", NOWHERE))

    background._follow()  # noqa: SLF001  # as it does every second
    settle()

    assert running.names == sorted([*OURS, "Radarr", "Sonarr"])
    assert {loop.name for loop in running.loops if first.get(loop.name) is loop} == {"Radarr"}

    running.held.clear()
    settle()

    assert running.names == sorted([*OURS, "Radarr", "Sonarr"])
    assert all(first.get(loop.name) is not loop for loop in running.loops)


def test_the_last_step_of_a_service_that_is_no_longer_asked_leaves_nothing_behind(app: Flask) -> None:
    signals = Signals()
    background = Background(app, Settings(radarr_url=NOWHERE), signals, app.extensions["upstreams"])
    names = {loop.name for loop in background.loops}
    for name in (*names, "Sonarr"):
        signals.reached(name, at(0), 0.1)
        signals.ticked(name, at(0))

    background._look_around(at(1))  # noqa: SLF001  # as it does every second

    assert signals.contacts.keys() == signals.ticks.keys() == names
