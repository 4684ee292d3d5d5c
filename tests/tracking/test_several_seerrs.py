"""Two Seerrs that both count from 1: neither speaks of the requests or the people of the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from flaskapp.domain.observation import MediaRef, MediaType, Observation, RequesterRef, RequestTold, Word
from flaskapp.domain.origin import Origin
from flaskapp.domain.reading import RequestGone, RequestRead
from flaskapp.domain.state import State
from flaskapp.models import MediaRequest, Requester
from flaskapp.models.open_questions import listed_requests, open_titles
from flaskapp.tracking.record import Rules, record
from tests.tracking.house import GRABBED, METROPOLIS, NOSFERATU, READ, WISH, Tell, ask, later, rows

FAMILY, FRIENDS = "seerr", "friends"
FILMS = {FAMILY: 100, FRIENDS: 200}
ANNA = RequesterRef("anna", 1, "a" * 32, "anna@example.com")
PEOPLE = {
    FAMILY: (ANNA, RequesterRef("ben", 2, None, "ben@example.com")),
    FRIENDS: (RequesterRef("otto", 1, "0" * 32, "otto@example.com"), replace(ANNA, seerr_user_id=2)),
}
"""The first of each is somebody else; the second of the friends goes by all that Anna of the family goes by."""
LEFT_OUT = ((), ("jellyfin_user_id",), ("email",), ("jellyfin_user_id", "email"))
"""What webhooks may leave out, besides the number."""
Said = tuple[str, Observation]


def said_by(instance: str) -> st.SearchStrategy[Said]:
    """Let a Seerr say anything about one of its first two requests."""
    whole, left_out = st.sampled_from(PEOPLE[instance]), st.sampled_from(LEFT_OUT)
    number, minutes, word = st.integers(1, 2), st.integers(0, 20), st.sampled_from(Word)
    said: st.SearchStrategy[Observation] = st.one_of(
        st.builds(partial(_told, instance), number, minutes, word, st.builds(_by_webhook, whole, left_out)),
        st.builds(partial(_read, instance), number, minutes, word, whole),
        st.builds(_gone, number, minutes),
    )
    return st.tuples(st.just(instance), said)


def _by_webhook(who: RequesterRef, left_out: tuple[str, ...]) -> RequesterRef:
    return replace(who, **dict.fromkeys(("seerr_user_id", *left_out)))


def _film(instance: str, number: int) -> MediaRef:
    tmdb_id = FILMS[instance] + number
    return MediaRef(MediaType.MOVIE, tmdb_id=tmdb_id, title=f"Film {tmdb_id}")


def _told(instance: str, number: int, minutes: int, word: Word, who: RequesterRef) -> RequestTold:
    wish = replace(WISH, seerr_request_id=number, media=_film(instance, number), word=word)
    return replace(wish, requested_by=who, seen_at=later(minutes))


def _read(instance: str, number: int, minutes: int, word: Word, who: RequesterRef) -> RequestRead:
    found = replace(READ, seerr_request_id=number, media=_film(instance, number), word=word)
    return replace(found, requested_by=who, seen_at=later(minutes))


def _gone(number: int, minutes: int) -> RequestGone:
    return RequestGone(seen_at=later(minutes), seerr_request_id=number)


def cards(instance: str) -> list[Any]:
    """Give what the cards of one Seerr show, and what is known of its people."""
    people = {row.id: row for row in rows(Requester)}
    query = select(MediaRequest).where(MediaRequest.seerr_instance == instance)
    found = ask(lambda session: session.scalars(query.order_by(MediaRequest.seerr_request_id)).all())
    shown = []
    for card in found:
        owner = people.get(card.requester_id or 0)
        whose = owner and (owner.seerr_instance, owner.seerr_user_id, owner.jellyfin_user_id, owner.email, owner.name)
        shown.append((card.seerr_request_id, card.face["title"], card.state, card.requested_by, card.gone_at, whose))
    return shown


def play(life: Sequence[Said]) -> None:
    for instance, observation in life:
        record([observation], Origin("seerr", instance, is_4k=False, now=observation.seen_at), Rules())


@pytest.mark.parametrize("left_out", LEFT_OUT)
def test_nobody_is_taken_for_somebody_of_another_seerr(tell: Tell, left_out: tuple[str, ...]) -> None:
    tell("seerr", _read(FAMILY, 1, 0, Word.APPROVED, ANNA))
    tell("seerr", _told(FRIENDS, 1, 1, Word.PENDING, _by_webhook(ANNA, left_out)), instance=FRIENDS)
    tell("seerr", _read(FRIENDS, 2, 2, Word.APPROVED, PEOPLE[FRIENDS][0]), instance=FRIENDS)

    people = {row.id: (row.seerr_instance, row.seerr_user_id, row.name) for row in rows(Requester)}
    assert {card.face["title"]: people[card.requester_id or 0] for card in rows(MediaRequest)} == {
        "Film 101": (FAMILY, 1, "anna"),
        "Film 201": (FRIENDS, None, "anna"),
        "Film 202": (FRIENDS, 1, "otto"),
    }


def test_a_name_alone_stays_within_its_seerr(tell: Tell) -> None:
    for instance in FILMS:
        tell("seerr", _told(instance, 1, 0, Word.PENDING, RequesterRef("anna")), instance=instance)

    assert [(row.seerr_instance, row.name) for row in rows(Requester)] == [(FAMILY, "anna"), (FRIENDS, "anna")]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(life=st.lists(st.one_of(said_by(FAMILY), said_by(FRIENDS)), max_size=10))
def test_each_seerr_fares_as_if_it_were_the_only_one(empty: Callable[[], None], life: list[Said]) -> None:
    empty()
    play(life)
    together = {instance: cards(instance) for instance in FILMS}

    for instance, shown in together.items():
        empty()
        play([said for said in life if said[0] == instance])
        assert cards(instance) == shown


def test_the_same_number_means_another_film_in_another_seerr(tell: Tell) -> None:
    tell("seerr", WISH)
    tell("seerr", replace(WISH, media=NOSFERATU, word=Word.PENDING), instance=FRIENDS)
    tell("seerr", RequestGone(seen_at=later(1), seerr_request_id=1), instance=FRIENDS)

    known = [
        (card.seerr_instance, card.seerr_request_id, card.face["title"], card.state) for card in rows(MediaRequest)
    ]
    assert known == [
        (FAMILY, 1, "Metropolis", State.APPROVED),
        (FRIENDS, 1, "Nosferatu", State.REMOVED),
    ]


def test_a_film_that_both_were_asked_for_has_a_card_of_each(tell: Tell) -> None:
    tell("seerr", WISH)
    tell("seerr", WISH, instance=FRIENDS)

    tell("radarr", GRABBED)

    assert [(card.seerr_instance, card.state) for card in rows(MediaRequest)] == [
        (FAMILY, State.GRABBED),
        (FRIENDS, State.GRABBED),
    ]


def test_a_title_that_nobody_had_asked_for_goes_to_the_seerr_that_asks(tell: Tell) -> None:
    tell("radarr", GRABBED, track_unrequested=True)
    assert [card.seerr_instance for card in rows(MediaRequest)] == [None]

    tell("seerr", WISH, instance=FRIENDS)

    assert [(card.seerr_instance, card.seerr_request_id) for card in rows(MediaRequest)] == [(FRIENDS, 1)]


def test_each_is_asked_for_its_own_requests_and_titles(tell: Tell) -> None:
    nameless = {
        FAMILY: replace(METROPOLIS, title=None, imdb_id=None),
        FRIENDS: replace(NOSFERATU, title=None),
    }
    for number, instance in ((1, FAMILY), (1, FRIENDS), (7, FRIENDS)):
        tell("seerr", replace(WISH, seerr_request_id=number, media=nameless[instance]), instance=instance)

    for instance, numbers, tmdb_ids in ((FAMILY, {1}, [19]), (FRIENDS, {1, 7}, [653]), ("elsewhere", set(), [])):
        assert ask(partial(listed_requests, instance=instance)) == numbers
        assert [tmdb_id for _, tmdb_id, _ in ask(partial(open_titles, instance=instance))] == tmdb_ids
