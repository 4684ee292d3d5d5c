"""Jellyfin loses notices, renames items and lists what is not there; Seerr takes words back in silence."""

from __future__ import annotations

from typing import Any

from demo.jellyfin.api import API_KEY, create_app
from demo.seerr.model import PENDING
from demo.servarr.model import FILM_KEY
from demo.titles import LANTERN
from demo.world import PEOPLE, World
from tests.demo.lives import NIGHT, offer
from tests.demo.recorder import Recorder

HEADERS = {"Authorization": f'MediaBrowser Token="{API_KEY}"'}


def get(world: World, path: str) -> Any:
    return create_app(world).test_client().get(path, headers=HEADERS).json


def show(world: World) -> str:
    """Let Jellyfin show the film, and give the id of its item."""
    world.radarr.import_in_place(world.radarr.add(NIGHT), (FILM_KEY,), offer())
    world.advance(7)
    return next(iter(world.jellyfin.items))


def test_a_restart_loses_what_was_not_told_yet(world: World, post: Recorder) -> None:
    id_ = show(world)

    world.jellyfin.restart()
    world.advance(30)

    assert post.kinds("jellyfin") == []
    assert get(world, f"/Items?ids={id_}")["TotalRecordCount"] == 1


def test_an_item_can_come_back_under_another_id(world: World, post: Recorder) -> None:
    id_ = show(world)
    world.advance(10)

    again = world.jellyfin.show_again(world.jellyfin.items[id_])
    world.advance(10)

    assert post.kinds("jellyfin") == ["ItemAdded", "ItemDeleted", "ItemAdded"]
    assert get(world, f"/Items?ids={id_}")["Items"] == []
    assert [item["Id"] for item in get(world, f"/Items?ids={again.id}")["Items"]] == [again.id]


def test_a_missing_episode_is_listed_and_can_not_be_played(world: World, post: Recorder) -> None:
    missing = world.jellyfin.show_missing(LANTERN, (1, 2))
    world.advance(10)

    path = f"/Shows/{missing.series_id}/Episodes?fields=MediaSources"
    (row,) = get(world, path)["Items"]
    assert (row["LocationType"], row["MediaSources"], row["IndexNumber"]) == ("Virtual", [], 2)
    assert get(world, f"{path}&isMissing=false")["Items"] == []
    assert (world.jellyfin.shown(LANTERN), post.kinds("jellyfin")) == (set(), [])


def test_what_can_be_played_has_a_source(world: World) -> None:
    id_ = show(world)

    (row,) = get(world, f"/Items?ids={id_}&fields=ProviderIds,MediaSources")["Items"]

    assert [source["Id"] for source in row["MediaSources"]] == [id_]


def test_a_request_goes_back_to_pending_in_silence(world: World, post: Recorder) -> None:
    ask = world.seerr.ask(NIGHT, PEOPLE["chiara"])

    world.seerr.pend(ask)

    assert ask.status == PENDING
    assert post.kinds("seerr") == ["MEDIA_AUTO_APPROVED"]
