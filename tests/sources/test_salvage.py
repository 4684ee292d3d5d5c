from __future__ import annotations

import pytest

from flaskapp.domain.observation import LibraryItemAdded, LibraryItemType, MediaRef, MediaType
from flaskapp.sources.salvage import SALVAGED, decode
from flaskapp.sources.translation import UnusablePayloadError
from tests.sources.samples import observe, sample, translate

NOTE = "body is not quite JSON, what could be read of it was taken"


def test_line_breaks_in_text_lose_nothing() -> None:
    payload = sample("jellyfin", "malformed-multiline-overview.txt")

    translation = translate("jellyfin", payload)

    assert payload["overview"] == "First paragraph.\n\nSecond paragraph."
    assert translation.notes == (NOTE,)


@pytest.mark.parametrize(
    ("name", "item_id", "tmdb_id"),
    [
        ("malformed-multiline-overview.txt", "d4c3b2a1908f7e6d5c4b3a2918070605", 19),
        ("malformed-unquoted-number-missing.txt", "d4c3b2a1908f7e6d5c4b3a2918070605", 19),
        ("malformed-quoted-title-double-braces.txt", "66ff7788990011223344556677889900", 57283),
    ],
)
def test_a_broken_body_still_says_which_film_it_is(name: str, item_id: str, tmdb_id: int) -> None:
    added = observe("jellyfin", name)

    assert isinstance(added, LibraryItemAdded)
    assert (added.item_id, added.item_type) == (item_id, LibraryItemType.MOVIE)
    assert added.media is not None
    assert (added.media.media_type, added.media.tmdb_id) == (MediaType.MOVIE, tmdb_id)


def test_an_episode_is_picked_out_of_send_all_properties() -> None:
    body = (
        b'{"NotificationType": "ItemAdded", "Name": "Oil \\ Water", "ItemId": "33cc44dd55ee66ff7788990011223344",'
        b'"ItemType": "Episode", "SeriesId": "11aa22bb33cc44dd55ee66ff77889900", "SeasonNumber": 1,'
        b'"EpisodeNumber": 2, "EpisodeNumberEnd": null, "Provider_tmdb": "146573"}'
    )

    (added,) = translate("jellyfin", decode(body)).observations

    assert isinstance(added, LibraryItemAdded)
    assert added.item_type is LibraryItemType.EPISODE
    assert added.series_id == "11aa22bb33cc44dd55ee66ff77889900"
    assert (added.season, added.episodes, added.media) == (1, (2,), None)


def test_a_title_can_not_pose_as_a_field() -> None:
    body = (
        b'{"notification_type": "ItemAdded", "name": "\\"item_id\\": \\"00000000000000000000000000000001\\" \\ ",'
        b'"item_id": "d4c3b2a1908f7e6d5c4b3a2918070605", "item_type": "Movie", "tmdb": "19"}'
    )

    payload = decode(body)

    assert payload["item_id"] == "d4c3b2a1908f7e6d5c4b3a2918070605"


def test_a_form_reads_like_json() -> None:
    body = b"notification_type=ItemAdded&item_id=d4c3b2a1-908f-7e6d-5c4b-3a2918070605&item_type=Movie&tmdb=10331&tvdb="

    translation = translate("jellyfin", decode(body))

    (added,) = translation.observations
    assert isinstance(added, LibraryItemAdded)
    assert added.media == MediaRef(MediaType.MOVIE, tmdb_id=10331)
    assert translation.notes == ()


@pytest.mark.parametrize("body", [b"{nothing we know}", b"a=1&b=2", b"&" * 2_000, b"[{'item_id': 1}]"])
def test_a_body_without_our_fields_is_refused(body: bytes) -> None:
    with pytest.raises(UnusablePayloadError, match="The body is not JSON"):
        decode(body)


def test_a_sound_body_is_not_marked() -> None:
    assert SALVAGED not in decode(b'{"notification_type": "ItemAdded"}')
