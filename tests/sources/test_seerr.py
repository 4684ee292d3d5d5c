from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from flaskapp.domain.observation import MediaRef, MediaType, RequesterRef, RequestTold, Word
from flaskapp.sources.translation import UnusablePayloadError
from tests.sources.samples import AT, observe, sample, translate

POSTER = "https://image.tmdb.org/t/p/w600_and_h900_bestv2/k3pQv7ZtLr0aWmXs91BdYcEfGhJ.jpg"
SERIES_POSTER = "https://image.tmdb.org/t/p/w600_and_h900_bestv2/h7BeVhIlLbIlLiEsPoStEr1962a.jpg"


def told(payload: dict[str, Any]) -> RequestTold:
    (observation,) = translate("seerr", payload).observations
    assert isinstance(observation, RequestTold)
    return observation


def told_in(name: str) -> RequestTold:
    return told(sample("seerr", name))


ALICE = RequesterRef("alice", email="alice@example.com")


def test_a_pending_film_has_everything_a_card_needs() -> None:
    assert observe("seerr", "media-pending-movie.json") == RequestTold(
        seen_at=AT,
        seerr_request_id=1,
        media=MediaRef(MediaType.MOVIE, tmdb_id=10331, title="Night of the Living Dead", year=1968, poster_url=POSTER),
        word=Word.PENDING,
        requested_by=ALICE,
    )


def test_an_approved_series_names_its_seasons() -> None:
    assert observe("seerr", "media-approved-tv-partial-seasons.json") == RequestTold(
        seen_at=AT,
        seerr_request_id=7,
        media=MediaRef(
            MediaType.TV,
            tmdb_id=1930,
            tvdb_id=71471,
            title="The Beverly Hillbillies",
            year=1962,
            poster_url=SERIES_POSTER,
        ),
        word=Word.APPROVED,
        requested_by=ALICE,
        seasons=(1, 3),
    )


@pytest.mark.parametrize(
    ("name", "word", "completed"),
    [
        ("media-pending-movie.json", Word.PENDING, False),
        ("never-delivered-media-auto-requested.json", Word.PENDING, False),
        ("media-approved-movie.json", Word.APPROVED, False),
        ("media-auto-approved-movie-4k.json", Word.APPROVED, False),
        ("media-declined-movie.json", Word.DECLINED, False),
        ("media-failed-movie.json", Word.FAILED, False),
        ("media-available-movie.json", None, True),
        ("media-available-tv-partial-seasons-media-still-partial.json", None, True),
    ],
)
def test_the_kind_is_the_word_whatever_the_status_of_the_media_says(
    name: str,
    word: Word | None,
    completed: bool,
) -> None:
    request = told_in(name)

    assert (request.word, request.completed) == (word, completed)


@pytest.mark.parametrize(
    ("name", "is_4k"),
    [
        ("media-pending-movie-4k.json", True),
        ("media-approved-movie-4k.json", True),
        ("media-available-movie-4k.json", True),
        ("seerr-3.3-template-media-available-movie-4k.json", True),
        ("media-auto-approved-movie-while-4k-copy-exists.json", False),
        ("media-pending-movie.json", False),
    ],
)
def test_4k_is_told_by_the_event_and_not_by_a_4k_copy(name: str, is_4k: bool) -> None:
    assert told_in(name).is_4k is is_4k


@pytest.mark.parametrize(
    ("name", "title", "year"),
    [
        ("media-pending-movie-no-year-in-subject.json", "The Unreleased Reel", None),
        ("media-failed-movie.json", 'Häxan: "Witchcraft Through the Ages" & more', 1922),
        ("dollar-ampersand-in-title-corrupts-subject.json", "Metropolis & $&", 1927),
    ],
)
def test_the_year_is_split_from_the_subject(name: str, title: str, year: int | None) -> None:
    media = told_in(name).media

    assert (media.title, media.year) == (title, year)


@pytest.mark.parametrize(
    ("subject", "title", "year"),
    [
        ("1917 (2019)", "1917", 2019),
        ("(500) Days of Summer", "(500) Days of Summer", None),
        ("(1968)", "(1968)", None),
        ("{{subject}}", None, None),
        (None, None, None),
    ],
)
def test_odd_subjects(subject: str | None, title: str | None, year: int | None) -> None:
    payload = sample("seerr", "media-pending-movie.json") | {"subject": subject}

    media = told(payload).media

    assert (media.title, media.year) == (title, year)


@pytest.mark.parametrize("image", ["https://image.tmdb.org/t/p/w600_and_h900_bestv2null", "", "{{image}}", None])
def test_a_title_without_a_poster_has_none(image: str | None) -> None:
    translation = translate("seerr", sample("seerr", "media-pending-movie.json") | {"image": image})

    (request,) = translation.observations
    assert isinstance(request, RequestTold)
    assert request.media.poster_url is None
    assert translation.notes == ()


def test_a_literal_placeholder_is_empty() -> None:
    payload = sample("seerr", "media-pending-movie.json")
    payload["media"]["tvdbId"] = "{{media_tvdbid}}"
    payload["request"]["requestedBy_username"] = "{{requestedBy_username}}"

    request = told(payload)

    assert request.media.tvdb_id is None
    assert request.requested_by == replace(ALICE, name=None)


def test_numbers_are_read_like_strings() -> None:
    assert told_in("not-upstream-numeric-ids-from-a-relay.json") == told_in("media-pending-movie.json")


def test_the_newer_template_adds_the_imdb_id() -> None:
    assert told_in("seerr-3.2-template-media-available-movie.json").media.imdb_id == "tt0063350"


def test_a_flat_template_of_ones_own_says_the_same() -> None:
    request = told_in("custom-flat-template-tv.json")

    assert request == RequestTold(
        seen_at=AT,
        seerr_request_id=7,
        media=MediaRef(MediaType.TV, tmdb_id=1930, tvdb_id=71471, title="The Beverly Hillbillies", year=1962),
        word=Word.APPROVED,
        requested_by=RequesterRef("alice"),
        seasons=(1, 3),
    )


def test_the_oldest_template_names_the_user_at_the_top() -> None:
    payload = sample("seerr", "media-pending-movie.json") | {"request": {"request_id": "1"}, "username": "bob"}

    assert told(payload).requested_by == RequesterRef("bob")


def test_the_newer_template_names_who_asked_by_jellyfins_id_too() -> None:
    asked_by = told_in("seerr-3.3-template-media-pending-movie.json").requested_by

    assert asked_by == replace(ALICE, jellyfin_user_id="b2e1d4c3f5a6079889706b5c4d3e2f10")


@pytest.mark.parametrize(
    ("email", "jellyfin_user_id", "read"),
    [
        ("bob", "", (None, None)),  # a user of Jellyfin without an address
        ("bob@home", "null", (None, None)),
        ("Bob@Example.com", "{{requestedBy_jellyfinUserId}}", ("bob@example.com", None)),
        ("", "B2E1D4C3-F5A6-0798-8970-6B5C4D3E2F10", (None, "b2e1d4c3f5a6079889706b5c4d3e2f10")),
        ("a b@example.com", "b2e1d4c3", (None, None)),
    ],
)
def test_only_what_identifies_somebody_counts(
    email: str, jellyfin_user_id: str, read: tuple[str | None, str | None]
) -> None:
    payload = sample("seerr", "media-pending-movie.json")
    payload["request"] |= {"requestedBy_email": email, "requestedBy_jellyfinUserId": jellyfin_user_id}

    asked_by = told(payload).requested_by

    assert asked_by is not None
    assert (asked_by.email, asked_by.jellyfin_user_id) == read


@pytest.mark.parametrize(
    ("value", "seasons", "notes"),
    [
        ("0, 2", (0, 2), ()),
        ("3, 1, 3", (1, 3), ("extra[0].value names more than seasons",)),
        ("1, all", (1,), ("extra[0].value names more than seasons",)),
        ("-1, 123456", None, ("extra[0].value names more than seasons",)),
        (["1"], None, ("extra[0].value is not text", "extra[0].value names more than seasons")),
    ],
)
def test_odd_seasons_are_left_out_and_noted(
    value: object, seasons: tuple[int, ...] | None, notes: tuple[str, ...]
) -> None:
    payload = sample("seerr", "media-approved-tv-partial-seasons.json")
    payload["extra"] = [{"name": "Requested Seasons", "value": value}]

    translation = translate("seerr", payload)

    (request,) = translation.observations
    assert isinstance(request, RequestTold)
    assert request.seasons == seasons
    assert translation.notes == notes


@pytest.mark.parametrize(
    ("changes", "media_type"),
    [
        ({"event": "New Movie Request"}, MediaType.MOVIE),
        ({"event": "4K Series Request Approved"}, MediaType.TV),
        ({"event": "", "extra": [{"name": "Requested Seasons", "value": "1"}]}, MediaType.TV),
        ({"event": "", "media": {"tvdbId": "71471"}}, MediaType.TV),
    ],
)
def test_a_missing_media_type_is_inferred_and_noted(changes: dict[str, Any], media_type: MediaType) -> None:
    payload = sample("seerr", "media-pending-movie.json")
    del payload["media"]["media_type"]

    translation = translate("seerr", payload | changes)

    (request,) = translation.observations
    assert isinstance(request, RequestTold)
    assert request.media.media_type is media_type
    assert f"media.media_type is neither movie nor tv, {media_type} was inferred" in translation.notes


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"notification_type": None}, "notification_type has to name the kind of event."),
        ({"request": None}, "request_id has to be a whole number above 0."),
        ({"request": {"request_id": "one"}}, "request.request_id has to be a whole number above 0."),
        ({"request": {"request_id": 2**63}}, "request.request_id has to be a whole number above 0."),
        ({"request": {"request_id": "0"}}, "request.request_id has to be a whole number above 0."),
        ({"media": {"media_type": "tv", "tmdbId": ""}}, "media.tmdbId or tvdbId has to be a whole number above 0."),
        ({"media": None}, "tmdbId or tvdbId has to be a whole number above 0."),
        ({"media": {"media_type": "opera", "tmdbId": 1}, "event": ""}, "media.media_type has to be movie or tv."),
    ],
)
def test_a_request_without_its_identity_is_refused(changes: dict[str, Any], refusal: str) -> None:
    payload = sample("seerr", "media-pending-movie.json") | changes

    with pytest.raises(UnusablePayloadError) as refused:
        translate("seerr", payload)

    assert str(refused.value) == refusal


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("TEST_NOTIFICATION", "test"),
        ("ISSUE_CREATED", "Issues say nothing of a request."),
        ("MEDIA_TELEPORTED", "We do not follow this kind of event."),
        ("media_pending", "We do not follow this kind of event."),
    ],
)
def test_what_we_can_not_follow_is_kept_with_the_reason(kind: str, reason: str) -> None:
    translation = translate("seerr", {"notification_type": kind, "request": "odd"})

    assert (translation.kind, translation.observations, translation.reason) == (kind, (), reason)
