"""Who asked: whom a webhook or a reading means, and who is never taken for somebody else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp.domain.observation import RequesterRef, Word
from flaskapp.extensions import db
from flaskapp.models import Change, MediaRequest, Requester
from flaskapp.models.revision import read_revision
from tests.tracking.house import GRABBED, METROPOLIS, NOSFERATU, POLLED, READ, WISH, Tell, later

ALICE_ID, BOB_ID = "a" * 32, "b" * 32
ALICE = RequesterRef("alice", 2, ALICE_ID, "alice@example.com")
BOB = RequesterRef("bob", 3, BOB_ID, None)


def told(who: RequesterRef | None, number: int = 1, minutes: float = 0) -> Any:
    media = METROPOLIS if number == 1 else NOSFERATU
    return replace(WISH, seerr_request_id=number, media=media, requested_by=who, seen_at=later(minutes))


def read(who: RequesterRef | None, number: int = 1, minutes: float = 1) -> Any:
    media = METROPOLIS if number == 1 else NOSFERATU
    return replace(READ, seerr_request_id=number, media=media, requested_by=who, seen_at=later(minutes))


def requesters() -> list[tuple[str, int | None, str | None, str | None]]:
    with Session(db.engine) as session:
        rows = session.scalars(select(Requester).order_by(Requester.id))
        return [(row.name, row.seerr_user_id, row.jellyfin_user_id, row.email) for row in rows]


def owner(number: int = 1) -> str | None:
    with Session(db.engine) as session:
        query = select(Requester.name).join(MediaRequest, MediaRequest.requester_id == Requester.id)
        return session.scalar(query.where(MediaRequest.seerr_request_id == number))


def owner_number() -> int | None:
    with Session(db.engine) as session:
        query = select(Requester.seerr_user_id).join(MediaRequest, MediaRequest.requester_id == Requester.id)
        return session.scalars(query).one()


def kinds() -> list[str]:
    with Session(db.engine) as session:
        return list(session.scalars(select(Change.kind).order_by(Change.id)))


def revision() -> int:
    with Session(db.engine) as session:
        return read_revision(session)


def test_two_webhooks_of_one_person_know_one_row(tell: Tell) -> None:
    by_address = RequesterRef("alice", email="alice@example.com")

    tell("seerr", told(by_address))
    tell("seerr", told(replace(by_address, name="Alice B.", jellyfin_user_id=ALICE_ID), number=2))

    assert requesters() == [("Alice B.", None, ALICE_ID, "alice@example.com")]


def test_a_name_alone_leads_to_nobody_who_may_be_let_in(tell: Tell) -> None:
    tell("seerr", read(BOB))
    before = revision()

    tell("seerr", told(RequesterRef("bob"), number=2, minutes=2))
    tell("seerr", told(RequesterRef("bob"), number=3, minutes=2))

    assert requesters() == [("bob", 3, BOB_ID, None), ("bob", None, None, None)]
    assert revision() == before


def test_what_is_known_by_a_name_is_theirs_as_soon_as_it_is_read(tell: Tell) -> None:
    tell("seerr", told(RequesterRef("bob")))

    tell("seerr", read(BOB))

    assert requesters() == [("bob", None, None, None), ("bob", 3, BOB_ID, None)]
    assert owner_number() == 3
    assert kinds() == ["created", "owner"]
    tell("seerr", told(RequesterRef("bob"), minutes=2))
    assert owner_number() == 3
    assert kinds() == ["created", "owner"]


def test_a_name_brings_nobody_an_address(tell: Tell) -> None:
    tell("seerr", read(BOB))

    tell("seerr", told(RequesterRef("bob", email="mallory@example.com"), number=2, minutes=2))

    assert requesters() == [("bob", 3, BOB_ID, None), ("bob", None, None, "mallory@example.com")]


def test_an_address_brings_nobody_another_id_of_jellyfin(tell: Tell) -> None:
    tell("seerr", read(ALICE))

    tell("seerr", told(RequesterRef("mallory", None, BOB_ID, "alice@example.com"), number=2, minutes=2))

    assert requesters() == [("alice", 2, ALICE_ID, "alice@example.com"), ("mallory", None, BOB_ID, "alice@example.com")]


def test_a_webhook_takes_nothing_away(tell: Tell) -> None:
    tell("seerr", read(ALICE))

    tell("seerr", told(RequesterRef("alice", None, ALICE_ID, None), minutes=2))
    tell("seerr", told(RequesterRef("alice", None, ALICE_ID, "new@example.com"), minutes=3))

    assert requesters() == [("alice", 2, ALICE_ID, "alice@example.com")]


@pytest.mark.parametrize(
    "webhook",
    [
        RequesterRef("alice", None, ALICE_ID, None),
        RequesterRef("Ally", None, None, "alice@example.com"),
    ],
)
def test_a_reading_gives_the_number_to_the_row_of_the_webhook(tell: Tell, webhook: RequesterRef) -> None:
    tell("seerr", told(webhook))

    tell("seerr", read(ALICE))

    assert requesters() == [("alice", 2, ALICE_ID, "alice@example.com")]
    assert kinds().count("owner") == 0


def test_a_reading_replaces_what_was_known(tell: Tell) -> None:
    tell("seerr", read(ALICE))
    before = revision()

    tell("seerr", read(RequesterRef("Alice B.", 2, None, "new@example.com"), minutes=5))

    assert requesters() == [("Alice B.", 2, None, "new@example.com")]
    assert revision() == before + 1


def test_a_reading_that_says_nothing_new_is_no_change_of_who_may_enter(tell: Tell) -> None:
    tell("seerr", read(ALICE))
    before = revision()

    tell("seerr", read(ALICE, minutes=5))
    tell("seerr", told(RequesterRef("alice", email="alice@example.com"), minutes=6))

    assert revision() == before


def test_a_request_that_is_handed_over_gets_a_change_of_its_own(tell: Tell) -> None:
    tell("seerr", read(ALICE))

    tell("seerr", read(BOB, minutes=5))

    assert owner() == "bob"
    assert kinds() == ["created", "owner"]


def test_a_request_handed_over_while_its_state_changes_gets_both(tell: Tell) -> None:
    tell("seerr", read(ALICE))

    tell("seerr", replace(read(BOB, minutes=5), word=Word.DECLINED))

    assert kinds() == ["created", "owner", "state"]


def test_a_request_from_before_we_knew_people_gets_its_owner(tell: Tell) -> None:
    tell("seerr", told(None))

    tell("seerr", read(ALICE))

    assert owner() == "alice"
    assert kinds() == ["created", "owner"]


def test_who_is_not_named_any_more_keeps_it(tell: Tell) -> None:
    tell("seerr", read(ALICE))

    tell("seerr", read(None, minutes=5))

    assert owner() == "alice"
    assert kinds() == ["created"]


def test_numbers_of_a_download_say_whose_they_are(tell: Tell) -> None:
    tell("seerr", told(ALICE))
    tell("radarr", GRABBED)

    began = tell("qbittorrent", POLLED)
    moved = tell("qbittorrent", replace(POLLED, seen_at=later(1), progress=0.5, size_left=500))

    with Session(db.engine) as session:
        alice = session.scalars(select(Requester.id)).one()
    assert [measured.requester_id for measured in [*began.measured, *moved.measured]] == [alice, alice]
