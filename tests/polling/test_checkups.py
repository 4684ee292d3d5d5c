"""The look at a service that nobody pressed for: when it is due, what is kept of it, and what it leaves alone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest
from flask import Flask

from flaskapp.clients.http import ClientError
from flaskapp.extensions import db
from flaskapp.polling.checkups import ALERT_PACE, PACE, Checkups, of_client
from flaskapp.polling.errand import LOOK_UP
from flaskapp.polling.reconciler import Reconciler
from flaskapp.setup.checkup import Checkup, forget, last_look, take_look
from flaskapp.setup.findings import Read
from flaskapp.setup.probe import Probed, ProbeError, ProbeKind
from flaskapp.setup.registered import Problem, ProblemKind, Webhook
from tests.polling.record import Record, at
from tests.polling.servarr import RADARR

WELL = Read(Probed("6.0.3", "Radarr"), webhook=Webhook(is_there=True))
ILL = replace(WELL, webhook=Webhook(is_there=False, problems=(Problem(ProblemKind.ABSENT, "It does not call us."),)))
DEAD = Read(failure=ProbeError(ProbeKind.UNREACHABLE, "Nothing listens at radarr:7878."))


@dataclass
class Scene:
    app: Flask
    record: Record
    read: Read = WELL
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Start the loop of the service anew."""
        checkups = Checkups(RADARR, self.ask, self.record.outlet, self.app.app_context)
        self.tick = Reconciler(RADARR.name, [checkups], self.record.signals).tick

    def ask(self, address: str) -> Read:
        self.asked.append(address)
        return self.read

    def run(self, start: int, end: int) -> int:
        """Let the seconds pass one by one; give how often it was looked at."""
        before = len(self.asked)
        for second in range(start, end):
            self.tick(at(second))
        return len(self.asked) - before

    @property
    def last(self) -> Checkup | None:
        with self.app.app_context():
            return last_look(db.session(), RADARR)

    def press(self, now: datetime) -> None:
        """Look as a person does who presses *Examine*."""
        with self.app.app_context():
            take_look(RADARR, lambda _address: self.read, now)


@pytest.fixture
def scene(app: Flask, record: Record) -> Scene:
    with app.app_context():
        app.extensions["upstreams"].say_callback_url("http://arrivarr:2774")
    return Scene(app, record)


def test_a_look_is_taken_at_once_and_kept_with_its_time(scene: Scene) -> None:
    scene.tick(at(0))

    assert scene.last == Checkup(WELL, at(0))
    assert scene.asked == ["http://arrivarr:2774"]


def test_while_all_is_well_it_is_looked_at_every_five_minutes(scene: Scene) -> None:
    assert scene.run(0, 3 * int(PACE)) == 3
    assert scene.last == Checkup(WELL, at(2 * PACE))


def test_whoever_begins_to_ask_goes_on_where_the_last_one_stopped(scene: Scene) -> None:
    scene.tick(at(0))
    scene.begin()

    assert scene.run(1, int(PACE)) == 0
    assert scene.run(int(PACE), int(PACE) + 2) == 1


def test_a_press_is_a_look_like_any_other(scene: Scene) -> None:
    scene.tick(at(0))
    scene.press(at(200))

    assert scene.run(201, 499) == 0
    assert scene.run(499, 502) == 1


def test_what_changed_over_there_is_looked_at_at_once(scene: Scene) -> None:
    scene.tick(at(0))
    with scene.app.app_context():
        forget(RADARR)

    assert scene.run(1, 20) == 1


def test_what_was_found_at_another_address_of_ours_does_not_count(scene: Scene) -> None:
    scene.tick(at(0))
    with scene.app.app_context():
        scene.app.extensions["upstreams"].say_callback_url("http://nas:2774")

    scene.tick(at(LOOK_UP))

    assert scene.asked == ["http://arrivarr:2774", "http://nas:2774"]


@pytest.mark.parametrize("read", [ILL, replace(WELL, webhook=None, unread="Radarr answers too slowly.")])
def test_a_call_from_what_is_ill_may_be_its_recovery(scene: Scene, read: Read) -> None:
    scene.read = read
    scene.tick(at(0))
    scene.record.signals.called["radarr"] = at(10)

    assert scene.run(1, int(ALERT_PACE)) == 0
    assert scene.run(int(ALERT_PACE), int(PACE)) == 1


def test_a_call_from_what_is_well_is_no_news(scene: Scene) -> None:
    scene.tick(at(0))
    scene.record.signals.called["radarr"] = at(10)

    assert scene.run(1, int(PACE)) == 0


def test_a_wrong_token_or_an_error_is_looked_into(scene: Scene) -> None:
    scene.tick(at(0))
    scene.record.signals.refused["radarr"] = at(10)

    assert scene.run(1, 200) == 1
    scene.record.signals.missed("Radarr", at(200), "Radarr can't be reached.")
    assert scene.run(200, 300) == 1


def test_what_can_not_be_used_is_kept_and_looked_at_later_and_later(scene: Scene) -> None:
    scene.read = DEAD

    assert 25 <= scene.run(0, 3600) <= 200
    assert scene.last is not None
    assert scene.last.read.failure is not None
    assert scene.last.read.failure.sentence == "Nothing listens at radarr:7878."


def test_a_look_does_not_touch_what_the_others_know_of_the_service(scene: Scene) -> None:
    scene.read = DEAD
    scene.tick(at(0))

    assert scene.record.signals.contacts == {}
    assert scene.record.batches == []


def test_a_look_that_began_earlier_is_no_answer_to_a_later_one(scene: Scene) -> None:
    scene.press(at(10))
    scene.read = ILL
    scene.press(at(5))

    assert scene.last == Checkup(WELL, at(10))


def test_a_clock_that_was_set_back_ends_the_wait(scene: Scene) -> None:
    far = datetime(2999, 1, 1, tzinfo=at(0).tzinfo)
    scene.press(far)

    assert scene.run(0, 100) == 1
    assert scene.last == Checkup(WELL, at(0))


class Session:
    """A qBittorrent in which we are logged in, or not any more."""

    def __init__(self, refusal: ClientError | None = None) -> None:
        self.refusal = refusal

    def application_version(self) -> str:
        if self.refusal is not None:
            raise self.refusal
        return "5.1.2"


def test_qbittorrent_is_asked_in_the_session_there_is(scene: Scene) -> None:
    client = Session()
    checkups = Checkups(RADARR, of_client(client), scene.record.outlet, scene.app.app_context)
    checkups.tick(at(0))
    client.refusal = ClientError("qBittorrent refuses the user name or password: we stop logging in for a while.")

    with pytest.raises(ClientError, match="we stop logging in"):
        checkups.tick(at(PACE))

    assert scene.last == Checkup(Read(Probed("5.1.2", "qBittorrent")), at(0))
