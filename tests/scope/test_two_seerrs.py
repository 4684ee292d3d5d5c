"""Two Seerrs whose first user, and first request, are not the same: everybody sees their own, from either of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from flaskapp.domain.observation import MediaRef, MediaType, RequesterRef, Word
from flaskapp.domain.origin import Origin
from tests.household import address_of
from tests.scope.house import House
from tests.tracking.house import READ

FAMILY, FRIENDS = "seerr", "friends"
ALICE = RequesterRef("alice", 1, None, address_of("alice"))
BOB = RequesterRef("bob", 1, None, address_of("bob"))
CAROL = RequesterRef("carol", 3, "c" * 32, None)


def read(house: House, instance: str, number: int, who: RequesterRef, word: Word = Word.PENDING) -> None:
    """Let a reading of one Seerr find a request; its film says where it is from."""
    now = datetime.now(UTC)
    film = MediaRef(MediaType.MOVIE, tmdb_id=number + (100 if instance == FRIENDS else 0), title=f"{instance} {number}")
    found = replace(READ, seen_at=now, seerr_request_id=number, media=film, word=word, requested_by=who, asked_at=now)
    with house.app.app_context():
        house.app.extensions["pipeline"].ingest([found], Origin("seerr", instance, is_4k=False, now=now))
    house.look()


def sees(house: House, name: str) -> list[str]:
    """Give the titles that somebody finds in the list, oldest first, after a look whether page and list agree."""
    browser = house.browser(name)
    titles = [row["title"] for row in browser.get("/api/requests").get_json()["requests"]]
    page = browser.get("/").text
    assert all((title in page) == (title in titles) for title in ("seerr 1", "seerr 2", "friends 1", "friends 2"))
    return titles[::-1]


def test_the_first_user_of_one_sees_nothing_of_the_first_user_of_the_other(house: House) -> None:
    read(house, FAMILY, 1, ALICE)
    read(house, FRIENDS, 1, BOB)
    alice, bob = house.listen("alice"), house.listen("bob")

    read(house, FRIENDS, 1, BOB, Word.APPROVED)

    assert [sees(house, name) for name in ("alice", "bob", "carol")] == [["seerr 1"], ["friends 1"], []]
    assert sees(house, "eve") == ["seerr 1", "friends 1"]
    assert alice.hears() == []
    assert [event["type"] for event in bob.hears()] == ["state_change"]


def test_a_vouched_address_is_theirs_in_both(house: House) -> None:
    read(house, FAMILY, 1, ALICE)
    read(house, FRIENDS, 1, BOB)

    read(house, FRIENDS, 2, RequesterRef("Ally", 2, None, address_of("alice")))

    assert sees(house, "alice") == ["seerr 1", "friends 2"]
    assert sees(house, "bob") == ["friends 1"]


def test_an_admins_word_holds_in_both_where_jellyfin_knows_them_as_one(house: House) -> None:
    read(house, FAMILY, 1, CAROL)
    house.change("carol", requester_id=1)
    carol = house.listen("carol")
    assert sees(house, "carol") == ["seerr 1"]

    read(house, FRIENDS, 1, BOB)
    read(house, FRIENDS, 2, RequesterRef("caz", 7, CAROL.jellyfin_user_id, None))

    assert sees(house, "carol") == ["seerr 1", "friends 2"]
    assert sees(house, "bob") == ["friends 1"]
    heard = carol.hears()
    assert "resync" in {event["type"] for event in heard}
    assert {event.get("title") for event in heard} <= {None, "friends 2"}


def test_what_somebody_entered_in_one_opens_nothing_of_the_other(house: House) -> None:
    known = RequesterRef("carol", 3, None, "carol@example.com")
    read(house, FAMILY, 1, known)
    read(house, FAMILY, 2, ALICE)
    read(house, FRIENDS, 1, RequesterRef("carol", 3, None, "carol@example.com"))

    house.change("carol", requester_id=3)

    assert sees(house, "carol") == ["friends 1"]
    assert sees(house, "alice") == ["seerr 2"]
