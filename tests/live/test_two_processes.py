"""Two apps over one record, with a bell between them that loses, doubles and shuffles."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp.config import Settings
from flaskapp.domain.observation import MediaRef, MediaType, RequestTold, Word
from flaskapp.domain.origin import Origin
from flaskapp.extensions import db
from flaskapp.live.announce import BULK
from flaskapp.live.message import Message
from flaskapp.models import Change
from tests.app import Browser, running

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
SEERR = Origin("seerr", "seerr", is_4k=False, now=NOON)


class Process:
    """One of them, with a browser that watches it."""

    def __init__(self, app: Flask) -> None:
        self.app, self.hub, self.announcer = app, app.extensions["hub"], app.extensions["announcer"]
        self.browser = Browser(self.hub)
        self.outbox = app.extensions["transport"].outbox
        self.outbox.open()

    def ask_for(self, first: int, count: int = 1) -> None:
        """Record so many new requests in one go."""
        told = [
            RequestTold(
                seen_at=NOON,
                seerr_request_id=number,
                media=MediaRef(MediaType.MOVIE, tmdb_id=number, title=f"Film {number}"),
                word=Word.PENDING,
            )
            for number in range(first, first + count)
        ]
        with self.app.app_context():
            self.app.extensions["pipeline"].ingest(told, SEERR)

    def tell(self) -> list[Message]:
        """Give what it has to tell."""
        messages: list[Message] = self.outbox.take(0)
        return messages

    def hear(self, message: Message) -> None:
        """Take what the other told."""
        self.app.extensions["transport"].do(message, "the other")

    def heard(self) -> list[int]:
        """Give the ids of the changes that its browser was told."""
        return [told.n for told in self.browser.hears() if told.event["type"] == "request_created"]


@pytest.fixture
def processes(settings: Settings) -> Iterator[tuple[Process, Process]]:
    with running(settings) as first, running(settings) as second:
        yield Process(first), Process(second)


def test_what_one_records_the_other_tells_too(processes: tuple[Process, Process]) -> None:
    here, there = processes

    here.ask_for(1, 2)
    for message in here.tell():
        there.hear(message)

    assert here.heard() == there.heard() == [1, 2]


def test_who_writes_tells_first_what_the_other_wrote_before(processes: tuple[Process, Process]) -> None:
    here, there = processes

    here.ask_for(1)
    there.ask_for(2)
    [message] = there.tell()

    assert there.heard() == [1, 2]
    assert message.fields == {"after": 1}
    assert [frame.n for frame in message.frames] == [2]


def test_a_crowd_is_one_resync_everywhere(processes: tuple[Process, Process]) -> None:
    here, there = processes

    here.ask_for(1, BULK)
    for message in here.tell():
        there.hear(message)

    assert [told.event["type"] for told in there.browser.hears()] == ["resync"]
    assert there.hub.head == here.hub.head == BULK


@pytest.mark.parametrize("seed", range(8))
def test_whatever_the_bell_does_every_change_is_told_once_and_in_order(
    processes: tuple[Process, Process], seed: int
) -> None:
    dice = random.Random(seed)
    on_its_way: list[tuple[Process, Message]] = []
    for number in range(1, 41):
        here, there = dice.sample(processes, 2)
        here.ask_for(number)
        on_its_way += [(there, message) for message in here.tell() if dice.random() < 0.8]
        dice.shuffle(on_its_way)
        for receiver, message in on_its_way[: dice.randrange(3)]:
            receiver.hear(message)
        on_its_way = on_its_way[dice.randrange(3) :]  # what was heard may come again
        if dice.random() < 0.1:
            there.announcer.catch_up()

    for process in processes:
        process.announcer.catch_up()

    with processes[0].app.app_context(), Session(db.engine) as session:
        all_of_them = list(session.scalars(select(Change.id).order_by(Change.id)))
    assert [process.heard() for process in processes] == [all_of_them, all_of_them]
