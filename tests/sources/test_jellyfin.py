from __future__ import annotations

from typing import Any

import pytest

from flaskapp.domain.observation import LibraryItemAdded, LibraryItemRemoved, LibraryItemType, MediaRef, MediaType
from flaskapp.sources.translation import UnusablePayloadError
from tests.sources.samples import AT, observe, sample, translate

NIGHT_ID = "d4c3b2a1908f7e6d5c4b3a2918070605"
SERIES_ID = "11aa22bb33cc44dd55ee66ff77889900"
NIGHT = MediaRef(MediaType.MOVIE, tmdb_id=10331, imdb_id="tt0063350", title="Night of the Living Dead", year=1968)


def added(payload: dict[str, Any]) -> LibraryItemAdded:
    (observation,) = translate("jellyfin", payload).observations
    assert isinstance(observation, LibraryItemAdded)
    return observation


@pytest.mark.parametrize("name", ["item-added-movie.json", "send-all-properties-item-added-movie.json"])
def test_a_film_is_the_same_in_both_templates(name: str) -> None:
    assert observe("jellyfin", name) == LibraryItemAdded(
        seen_at=AT,
        item_id=NIGHT_ID,
        item_type=LibraryItemType.MOVIE,
        media=NIGHT,
        title="Night of the Living Dead",
    )


@pytest.mark.parametrize("name", ["item-added-series.json", "send-all-properties-item-added-series.json"])
def test_a_series_names_the_ids_of_the_show(name: str) -> None:
    assert observe("jellyfin", name) == LibraryItemAdded(
        seen_at=AT,
        item_id=SERIES_ID,
        item_type=LibraryItemType.SERIES,
        media=MediaRef(
            MediaType.TV,
            tmdb_id=1930,
            tvdb_id=71471,
            imdb_id="tt0055662",
            title="The Beverly Hillbillies",
            year=1962,
        ),
        title="The Beverly Hillbillies",
    )


@pytest.mark.parametrize(
    "name",
    ["item-added-episode-provider-ids-are-the-episodes.json", "send-all-properties-item-added-episode.json"],
)
def test_an_episodes_own_ids_are_never_taken_for_the_shows(name: str) -> None:
    assert observe("jellyfin", name) == LibraryItemAdded(
        seen_at=AT,
        item_id="33cc44dd55ee66ff7788990011223344",
        item_type=LibraryItemType.EPISODE,
        media=None,
        title="The Clampetts Strike Oil",
        series_id=SERIES_ID,
        season=1,
        episodes=(1,),
    )


def test_a_season_says_nothing_of_its_episodes() -> None:
    season = observe("jellyfin", "item-added-season.json")

    assert isinstance(season, LibraryItemAdded)
    assert season.item_type is LibraryItemType.SEASON
    assert (season.media, season.series_id, season.season, season.episodes) == (None, SERIES_ID, 1, ())


def test_season_zero_is_a_season() -> None:
    special = observe("jellyfin", "item-added-special-season-zero.json")

    assert isinstance(special, LibraryItemAdded)
    assert (special.season, special.episodes) == (0, (1,))


def test_an_episode_may_come_before_it_is_linked_to_its_show() -> None:
    episode = observe("jellyfin", "item-added-episode-series-not-linked-yet.json")

    assert isinstance(episode, LibraryItemAdded)
    assert (episode.series_id, episode.season, episode.episodes) == (None, None, (1,))


def test_a_film_without_ids_is_known_by_its_title_only() -> None:
    film = observe("jellyfin", "item-added-movie-without-provider-ids.json")

    assert isinstance(film, LibraryItemAdded)
    assert film.media == MediaRef(MediaType.MOVIE, title="Night of the Living Dead", year=1968)


@pytest.mark.parametrize(
    ("first", "last", "episodes", "noted"),
    [
        ("10", "11", (10, 11), False),
        (10, 10, (10,), False),
        ("10", "", (10,), False),
        ("1", "50", tuple(range(1, 51)), False),
        ("1", "51", (1,), True),
        ("10", "9", (10,), True),
        ("", "11", (), False),
        ("ten", "11", (), True),
    ],
)
def test_a_file_may_hold_episodes_in_a_row(
    first: object,
    last: object,
    episodes: tuple[int, ...],
    noted: bool,
) -> None:
    payload = sample("jellyfin", "item-added-double-episode.json")
    payload |= {"episode_number": first, "episode_number_end": last}

    translation = translate("jellyfin", payload)

    (episode,) = translation.observations
    assert isinstance(episode, LibraryItemAdded)
    assert episode.episodes == episodes
    assert bool(translation.notes) is noted


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("item-added-movie-accented-title-double-braces-html-encoded.json", "Häxan"),
        ("item-added-movie-quoted-title-triple-braces.json", 'Häxan: "Witchcraft Through the Ages"'),
        ("item-added-movie-quoted-title-json-encode-doubles-escapes.json", 'Häxan: "Witchcraft Through the Ages"'),
    ],
)
def test_a_name_is_read_as_it_was_meant(name: str, title: str) -> None:
    film = observe("jellyfin", name)

    assert isinstance(film, LibraryItemAdded)
    assert film.title == title
    assert film.media is not None
    assert film.media.title == title


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Tom & Jerry", "Tom & Jerry"),
        ("AT&T &copy me", "AT&T &copy me"),
        ("&lt;b&gt;Bold&lt;/b&gt; &amp; &quot;free&quot;", '<b>Bold</b> & "free"'),
        ("a&#10;b&#0;&#xD800;", "a b\ufffd\ufffd"),
        ("Back\\slash", "Back\\slash"),
        ("&#1;", None),
    ],
)
def test_only_what_was_encoded_is_decoded(name: str, title: str | None) -> None:
    assert added(sample("jellyfin", "item-added-movie.json") | {"name": name}).title == title


@pytest.mark.parametrize(
    ("name", "item_id"),
    [
        ("item-deleted-movie.json", NIGHT_ID),
        ("send-all-properties-item-deleted-movie.json", NIGHT_ID),
        ("item-deleted-episode.json", "33cc44dd55ee66ff7788990011223344"),
    ],
)
def test_a_deleted_item_is_named_by_its_id(name: str, item_id: str) -> None:
    assert observe("jellyfin", name) == LibraryItemRemoved(seen_at=AT, item_id=item_id)


def test_a_removal_is_followed_without_its_type() -> None:
    payload = {"notification_type": "ItemDeleted", "item_id": NIGHT_ID.upper()}

    assert translate("jellyfin", payload).observations == (LibraryItemRemoved(seen_at=AT, item_id=NIGHT_ID),)


@pytest.mark.parametrize(
    "payload",
    [
        {"NotificationType": "ItemAdded", "ItemType": "Audio", "ItemId": "odd"},
        {"NotificationType": "ItemAdded", "ItemType": "MusicAlbum"},
        {"NotificationType": "ItemDeleted", "ItemType": "Video"},
        {"NotificationType": "ItemAdded", "ItemId": NIGHT_ID},
    ],
)
def test_other_items_are_not_followed(payload: dict[str, Any]) -> None:
    translation = translate("jellyfin", payload)

    assert translation.observations == ()
    assert translation.reason == "Only films, series, seasons and episodes are followed."


def test_other_events_are_not_followed() -> None:
    translation = translate("jellyfin", {"NotificationType": "PlaybackStart", "ItemType": "Movie"})

    assert (translation.kind, translation.observations) == ("PlaybackStart", ())
    assert translation.reason == "We do not follow this kind of event."


@pytest.mark.parametrize("item_id", ["", None, "12", "0" * 32, "g" * 32, NIGHT_ID + "0", 5, [], "{{ItemId}}"])
@pytest.mark.parametrize("kind", ["ItemAdded", "ItemDeleted"])
def test_an_item_without_its_id_is_refused(kind: str, item_id: object) -> None:
    payload = sample("jellyfin", "item-added-movie.json") | {"notification_type": kind, "item_id": item_id}

    with pytest.raises(UnusablePayloadError, match=r"^item_id has to be an id of Jellyfin, 32 hexadecimal digits\.$"):
        translate("jellyfin", payload)


def test_a_body_without_a_kind_is_refused() -> None:
    with pytest.raises(UnusablePayloadError, match=r"^notification_type has to name the kind of event\.$"):
        translate("jellyfin", {"item_id": NIGHT_ID})


def test_odd_fields_are_absent_and_noted() -> None:
    payload = sample("jellyfin", "item-added-movie.json")
    payload |= {"tmdb": "n/a", "imdb": "nm0001", "year": "soon", "series_id": "none"}

    translation = translate("jellyfin", payload)

    (film,) = translation.observations
    assert isinstance(film, LibraryItemAdded)
    assert film.media == MediaRef(MediaType.MOVIE, title="Night of the Living Dead")
    assert translation.notes == (
        "tmdb is not a whole number in range",
        "imdb is not an IMDb id",
        "year is not a whole number in range",
        "series_id is not an id of Jellyfin",
    )
