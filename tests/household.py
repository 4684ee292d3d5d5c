"""Alice and Bob, whose requests come, move, change hands and go; and pages that hold what each of them is told to it.

What is told gives itself away: a card names who asked, and Alice's downloads stand below 50 percent, Bob's above.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp.domain.observation import (
    FILM,
    DownloadPolled,
    DownloadStage,
    EntryRef,
    Grabbed,
    MediaRef,
    MediaType,
    Release,
    RequesterRef,
    RequestTold,
    Word,
)
from flaskapp.domain.origin import Origin
from flaskapp.extensions import db
from flaskapp.models import MediaRequest
from tests.people import add_user

PEOPLE = ("alice", "bob")
PERCENT = {"alice": range(4, 48), "bob": range(54, 98)}
SIZE = 1_000_000
MOST = 24
"""So many requests stand on the board at once: all of them fit on it."""
WORDS = (Word.PENDING, Word.APPROVED, Word.APPROVED, Word.DECLINED)
ACTIONS = ("move",) * 8 + ("word",) * 6 + ("ask",) * 3 + ("give",) * 2 + ("delete",)
CARD = re.compile(r'<article class="card" data-request-id="(\d+)" data-state="(\w+)" data-rev="(\d+)"')
ASKED_BY = re.compile(r'asked by <bdi dir="auto">(\w+)</bdi>')

Step = dict[str, Any]
"""What happens next to the request of a ``number`` of Seerr, as JSON."""


@dataclass
class Household:
    """Decides what happens, and knows whose each request is and was."""

    chance: random.Random
    owners: dict[int, str] = field(default_factory=dict)
    had: dict[str, set[int]] = field(default_factory=lambda: {name: set() for name in PEOPLE})
    """Which numbers were theirs at any time."""
    here: list[int] = field(default_factory=list)
    kept: set[int] = field(default_factory=set)
    """These are never taken off."""
    _grabbed: set[int] = field(default_factory=set)

    def live(self, count: int) -> list[Step]:
        """Let so many things happen."""
        return [self._happen() for _ in range(count)]

    def _happen(self) -> Step:
        action = "ask" if len(self.here) < 4 else "delete" if len(self.here) > MOST else self.chance.choice(ACTIONS)
        number = len(self.owners) + 1 if action == "ask" else self.chance.choice(self.here)
        if action == "delete" and number in self.kept:
            action = "move"
        return self.let(action, number, self.chance.choice(PEOPLE))

    def let(self, action: str, number: int, name: str) -> Step:
        """Let one thing happen; ``name`` is who asks, or whose it becomes."""
        if action in ("ask", "give"):
            self.owners[number] = name
            self.had[name].add(number)
        if action == "ask":
            self.here.append(number)
        if action == "delete":
            self.here.remove(number)
        if action == "move":
            moving = {number, *self.chance.sample(self.here, min(6, len(self.here)))}
            new, self._grabbed = moving - self._grabbed, self._grabbed | moving
            to = [[each, self.chance.choice(PERCENT[self.owners[each]])] for each in sorted(moving)]
            return {"do": "move", "to": to, "new": sorted(new)}
        word = Word.PENDING if action == "ask" else self.chance.choice(WORDS)
        return {"do": action, "number": number, "who": self.owners[number], "word": word}


def admit(app: Flask) -> dict[str, int]:
    """Let Alice and Bob have accounts, whose addresses somebody vouches for, and Eve, who is an admin."""
    people = {name: add_user(app, name, email=address_of(name)) for name in PEOPLE}
    return people | {"eve": add_user(app, "eve", is_admin=True)}


def address_of(name: str) -> str:
    """Give the address that Seerr and the provider know."""
    return f"{name}@example.com"


def perform(app: Flask, steps: Iterable[Step]) -> None:
    """Let these things happen on a board."""
    pipeline = app.extensions["pipeline"]
    for step in steps:
        now = datetime.now(UTC)
        with app.app_context():
            match step["do"]:
                case "move":
                    for source, said in (("radarr", _grabs(step, now)), ("qbittorrent", _polls(step, now))):
                        pipeline.ingest(said, Origin.only(source, now))
                case "delete":
                    pipeline.forget(id_of(step["number"]), Origin.only("board", now))
                case _:
                    pipeline.ingest([_told(step, now)], Origin.only("seerr", now))


def _told(step: Step, now: datetime) -> RequestTold:
    number, who = step["number"], step["who"]
    return RequestTold(
        seen_at=now,
        seerr_request_id=number,
        media=_film(number),
        word=Word(step["word"]),
        requested_by=RequesterRef(who, email=address_of(who)),
    )


def _film(number: int) -> MediaRef:
    return MediaRef(MediaType.MOVIE, tmdb_id=number, title=f"Film {number}", year=1927)


def _grabs(step: Step, now: datetime) -> list[Grabbed]:
    return [
        Grabbed(
            seen_at=now,
            entry=EntryRef(number, _film(number)),
            items=(FILM,),
            download_id=f"d{number}",
            release=Release(size=SIZE),
        )
        for number in step["new"]
    ]


def _polls(step: Step, now: datetime) -> list[DownloadPolled]:
    return [
        DownloadPolled(
            seen_at=now,
            download_id=f"d{number}",
            stage=DownloadStage.DOWNLOADING,
            progress=percent / 100,
            size=SIZE,
            size_left=SIZE * (100 - percent) // 100,
            speed=1000 + percent,
            eta=60,
        )
        for number, percent in step["to"]
    ]


def id_of(number: int) -> int:
    """Give our number of a request of Seerr."""
    with Session(db.engine) as session:
        return session.scalars(select(MediaRequest.id).where(MediaRequest.seerr_request_id == number)).one()


def numbers(app: Flask) -> dict[int, int]:
    """Give Seerr's number for each of ours."""
    with app.app_context(), Session(db.engine) as session:
        rows = session.execute(select(MediaRequest.id, MediaRequest.seerr_request_id))
        return {ours: theirs for ours, theirs in rows if theirs is not None}


@dataclass
class Page:
    """What somebody's page shows: cards by their number, with state and revision; and all that it was told."""

    cards: dict[int, tuple[str, int]] = field(default_factory=dict)
    told: list[dict[str, Any]] = field(default_factory=list)
    resyncs: int = 0
    _gone: dict[int, int] = field(default_factory=dict)

    def load(self, html: str) -> None:
        """Show what the server draws."""
        self.cards = cards_in(html)
        assert set(ASKED_BY.findall(html)) <= set(PEOPLE)

    def take(self, event: dict[str, Any], n: int = 0) -> bool:
        """Apply an event as ``static/js`` does; True when the board has to be loaded."""
        self.told.append(event)
        if event["type"] == "resync" or event.get("mode") == "resync":
            self.resyncs += 1
            return True
        if event["type"] == "request_deleted":
            self.cards.pop(event["request_id"], None)
            self._gone[event["request_id"]] = n
        elif event.get("card"):
            for request_id, (state, rev) in cards_in(event["card"]).items():
                if rev >= max(self.cards.get(request_id, ("", 0))[1], self._gone.get(request_id, 0)):
                    self.cards[request_id] = (state, rev)
        return False


def cards_in(html: str) -> dict[int, tuple[str, int]]:
    """Read the cards of a page."""
    return {int(request_id): (state, int(rev)) for request_id, state, rev in CARD.findall(html)}


def foreign(told: Iterable[dict[str, Any]], name: str, had: set[int]) -> list[dict[str, Any]]:
    """Give what somebody was told that is none of theirs; ``had``: our numbers of what ever was."""
    return [event for event in told if not _is_theirs(event, name, had)]


def _is_theirs(event: dict[str, Any], name: str, had: set[int]) -> bool:
    if "request_id" not in event:
        return event["type"] in ("connected", "resync", "heartbeat", "bye")
    if event["request_id"] not in had:
        return False
    if event["type"] == "progress_update":
        return (int(event["progress"]) < 50) == (name == "alice")
    return not event.get("card") or set(ASKED_BY.findall(event["card"])) == {name}
