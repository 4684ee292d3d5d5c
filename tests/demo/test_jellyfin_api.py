"""Jellyfin answers as its page says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from demo.jellyfin.api import API_KEY, create_app
from demo.scenario import LENGTH, Play
from demo.titles import LANTERN
from demo.world import World
from flaskapp.sources.jellyfin import read_item
from tests.demo.recorder import NOON
from tests.demo.shapes import differences, example

KEY = {"Authorization": f'MediaBrowser Token="{API_KEY}"'}
DEVICE = 'MediaBrowser Client="Board", Device="Web", DeviceId="1", Version="1.0.0"'


@pytest.fixture
def jellyfin(world: World) -> FlaskClient:
    Play(world).begin()
    world.advance(LENGTH)
    return create_app(world).test_client()


def get(client: FlaskClient, path: str) -> Any:
    return client.get(path, headers=KEY).json


def log_in(client: FlaskClient, name: str, password: str, device: str = DEVICE) -> Any:
    body = {"Username": name, "Pw": password}
    return client.post("/Users/AuthenticateByName", json=body, headers={"Authorization": device})


def test_only_the_public_page_needs_no_token(jellyfin: FlaskClient) -> None:
    public = jellyfin.get("/System/Info/Public")

    assert differences(public.json, example("jellyfin/rest/system-info-public")) == (set(), set())
    assert jellyfin.get("/Items").status_code == 401
    assert jellyfin.get("/Items", headers={"X-Emby-Token": API_KEY}).status_code == 401


def test_items_are_found_by_their_ids_in_either_spelling(world: World, jellyfin: FlaskClient) -> None:
    item_id = world.jellyfin.id_of(LANTERN) or ""
    dashed = f"{item_id[:8]}-{item_id[8:]}"

    found = get(jellyfin, f"/Items?ids={dashed},{'0' * 32}&fields=ProviderIds")

    assert [(item["Type"], item["ProviderIds"]["Tvdb"]) for item in found["Items"]] == [("Series", "9991001")]


def test_provider_ids_have_to_be_asked_for(jellyfin: FlaskClient) -> None:
    plain, rich = (get(jellyfin, f"/Items?searchTerm=metropolis{more}") for more in ("", "&fields=ProviderIds"))

    assert "ProviderIds" not in plain["Items"][0]
    assert differences(rich, example("jellyfin/rest/items-search-with-provider-ids"))[0] == set()


@pytest.mark.parametrize("term", ["The Cabinet of Dr Caligari", "cabinet of dr. caligari", "haxan"])
def test_a_search_looks_at_letters_alone(jellyfin: FlaskClient, term: str) -> None:
    assert get(jellyfin, f"/Items?searchTerm={term}")["TotalRecordCount"] == 1


def test_an_unknown_filter_means_everything(jellyfin: FlaskClient) -> None:
    films = get(jellyfin, "/Items?recursive=true&includeItemTypes=Movie&AnyProviderIdEquals=Tmdb.19")

    assert films["TotalRecordCount"] == 9


def test_the_library_is_paged(jellyfin: FlaskClient) -> None:
    page = get(jellyfin, "/Items?includeItemTypes=Movie&startIndex=8&limit=5")

    assert (len(page["Items"]), page["TotalRecordCount"], page["StartIndex"]) == (1, 9, 8)


def test_episodes_of_a_season_are_those_that_are_there(world: World, jellyfin: FlaskClient) -> None:
    series_id = world.jellyfin.id_of(LANTERN)

    found = get(jellyfin, f"/Shows/{series_id}/Episodes?season=2&isMissing=false")

    assert [(item["ParentIndexNumber"], item["IndexNumber"]) for item in found["Items"]] == [(2, 1), (2, 2), (2, 3)]


def test_the_board_can_read_every_item(jellyfin: FlaskClient) -> None:
    items = get(jellyfin, "/Items?fields=ProviderIds")["Items"]

    read = [read_item(item, NOON) for item in items]

    assert None not in read
    assert {item.series_id for item in read if item and item.season is not None} == {
        item.item_id for item in read if item and item.item_type == "series"
    }


def test_people_log_in_whatever_the_case_of_their_name(jellyfin: FlaskClient) -> None:
    answer = log_in(jellyfin, "ANNA", "anna")

    unknown = differences(answer.json, example("jellyfin/rest/authenticate-by-name-plain-user"))[0]
    assert (answer.status_code, answer.json["User"]["Name"], unknown) == (200, "Anna", set())
    token = {"Authorization": f'MediaBrowser Token="{answer.json["AccessToken"]}"'}
    assert jellyfin.get("/Items", headers=token).status_code == 200


def test_the_admin_is_one(jellyfin: FlaskClient) -> None:
    assert log_in(jellyfin, "curator", "arrivals").json["User"]["Policy"]["IsAdministrator"] is True


@pytest.mark.parametrize(
    ("name", "password", "device", "status"),
    [
        ("anna", "wrong", DEVICE, 401),
        ("nobody", "", DEVICE, 401),
        ("", "anna", DEVICE, 400),
        ("anna", "anna", 'MediaBrowser Client="Board", Device="Web", Version="1"', 400),
    ],
)
def test_bad_logins_are_refused(jellyfin: FlaskClient, name: str, password: str, device: str, status: int) -> None:
    answer = log_in(jellyfin, name, password, device)

    assert (answer.status_code, answer.text) == (status, "Error processing request.")


def test_sessions_pile_up_until_somebody_ends_them(world: World, jellyfin: FlaskClient) -> None:
    tokens = [log_in(jellyfin, "anna", "anna", DEVICE.replace('"1"', f'"{n}"')).json["AccessToken"] for n in range(3)]
    assert len(world.jellyfin.accounts.sessions) == 3

    answer = jellyfin.post("/Sessions/Logout", headers={"Authorization": f'MediaBrowser Token="{tokens[0]}"'})

    assert answer.status_code == 204
    assert list(world.jellyfin.accounts.sessions) == tokens[1:]
    assert jellyfin.get("/Items", headers={"Authorization": f'MediaBrowser Token="{tokens[0]}"'}).status_code == 401


def test_one_device_has_one_session(world: World, jellyfin: FlaskClient) -> None:
    for _ in range(3):
        log_in(jellyfin, "anna", "anna")

    assert len(world.jellyfin.accounts.sessions) == 1


def test_too_many_wrong_passwords_disable_the_account(world: World, jellyfin: FlaskClient) -> None:
    world.jellyfin.accounts.lockout = 3

    answers = [log_in(jellyfin, "anna", password).status_code for password in ("a", "b", "c", "anna")]

    assert answers == [401, 401, 401, 403]


@pytest.mark.parametrize("changed", [{"is_disabled": True}, {"most_sessions": 1}])
def test_some_are_not_let_in_with_the_right_password(
    world: World, jellyfin: FlaskClient, changed: dict[str, Any]
) -> None:
    users = world.jellyfin.accounts.users
    log_in(jellyfin, "anna", "anna")
    world.jellyfin.accounts.users = tuple(replace(user, **changed) for user in users)

    assert log_in(jellyfin, "anna", "anna", DEVICE.replace('"1"', '"2"')).status_code == 403
