"""Which services there are: those of the environment, which win, and those that people connected."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from flaskapp.access.seal import Seal
from flaskapp.config import Settings
from flaskapp.extensions import db
from flaskapp.models import MediaRequest, Service
from flaskapp.upstreams import Upstream, Upstreams
from tests.app import Send, running

SECRET = "a-secret-for-tests"
ATTIC = Upstream("radarr", "attic", "Radarr in the attic", "http://attic:7878", "k3y", is_4k=True)


def names(upstreams: Upstreams) -> list[str]:
    return [upstream.name for upstream in upstreams.now()]


def test_what_people_connect_is_there_at_once_and_after_a_restart(app: Flask, settings: Settings) -> None:
    with app.app_context():
        upstreams: Upstreams = app.extensions["upstreams"]
        assert upstreams.now() == ()

        upstreams.save(ATTIC)

        assert upstreams.now() == (ATTIC,)
        assert upstreams.find("radarr", "attic") == ATTIC
        assert not ATTIC.is_locked
        assert Upstreams(settings, Seal(SECRET)).now() == (ATTIC,)


def test_saving_again_changes_it(app: Flask) -> None:
    with app.app_context():
        upstreams: Upstreams = app.extensions["upstreams"]
        upstreams.save(ATTIC)

        upstreams.save(replace(ATTIC, url="http://attic:7879", api_key="other"))

        assert [(each.url, each.api_key) for each in upstreams.now()] == [("http://attic:7879", "other")]


def test_removing_leaves_the_others(app: Flask) -> None:
    with app.app_context():
        upstreams: Upstreams = app.extensions["upstreams"]
        upstreams.save(ATTIC)
        upstreams.save(replace(ATTIC, instance="radarr", name="Radarr", is_4k=False))

        upstreams.remove("radarr", "attic")

        assert names(upstreams) == ["Radarr"]


def test_the_environment_wins_and_says_which_variable(app: Flask, settings: Settings) -> None:
    with app.app_context():
        app.extensions["upstreams"].save(Upstream("radarr", "radarr", "My Radarr", "http://old:7878", "old"))
        fixed = replace(settings, radarr_url="http://new:7878", radarr_api_key="new")

        (radarr,) = Upstreams(fixed, Seal(SECRET)).now()

    assert (radarr.name, radarr.url, radarr.api_key) == ("Radarr", "http://new:7878", "new")
    assert (radarr.is_locked, radarr.variable) == (True, "RADARR_URL")


def test_two_never_have_one_name(app: Flask, settings: Settings) -> None:
    with app.app_context():
        app.extensions["upstreams"].save(replace(ATTIC, name="Radarr"))

        assert names(Upstreams(replace(settings, radarr_url="http://new:7878"), Seal(SECRET))) == [
            "Radarr",
            "Radarr (attic)",
        ]


def test_they_stand_in_the_order_in_which_a_request_meets_them(app: Flask, settings: Settings) -> None:
    with app.app_context():
        app.extensions["upstreams"].save(Upstream("seerr", "seerr", "Seerr", "http://seerr:5055", "k3y"))
        fixed = replace(settings, jellyfin_url="http://jellyfin:8096", sonarr_4k_url="http://sonarr:8989")

        assert names(Upstreams(fixed, Seal(SECRET))) == ["Seerr", "Sonarr 4K", "Jellyfin"]


def test_keys_lie_sealed_and_another_secret_key_leaves_the_service_without_one(app: Flask, settings: Settings) -> None:
    with app.app_context():
        app.extensions["upstreams"].save(ATTIC)

        assert "k3y" not in db.session.scalars(select(Service.sealed_key)).one()
        (attic,) = Upstreams(settings, Seal("another-secret-key")).now()

    assert (attic.url, attic.api_key, attic.is_key_lost) == ("http://attic:7878", "", True)


def test_another_process_follows_when_it_looks(app: Flask, settings: Settings) -> None:
    with running(settings) as other, other.app_context():
        theirs: Upstreams = other.extensions["upstreams"]
        assert theirs.now() == ()
    with app.app_context():
        app.extensions["upstreams"].save(ATTIC)
    with other.app_context():
        assert theirs.now() == ()

        assert theirs.look()

        assert theirs.now() == (ATTIC,)
        assert not theirs.look()


def test_the_address_for_services_is_that_of_the_environment_or_the_one_that_was_said(
    app: Flask, settings: Settings
) -> None:
    with app.app_context():
        upstreams: Upstreams = app.extensions["upstreams"]
        assert upstreams.callback_url == ""

        upstreams.say_callback_url("http://arrivarr:2774")

        assert upstreams.callback_url == "http://arrivarr:2774"
        fixed = replace(settings, callback_url="http://board.home.arpa")
        assert Upstreams(fixed, Seal(SECRET)).callback_url == "http://board.home.arpa"


@pytest.mark.parametrize(("is_4k", "state"), [(True, "approved"), (False, "grabbed")])
def test_what_an_instance_tells_counts_for_its_kind_of_request(app: Flask, send: Send, is_4k: bool, state: str) -> None:
    with app.app_context():
        app.extensions["upstreams"].save(replace(ATTIC, is_4k=is_4k))
    send("seerr", "media-approved-movie")

    send("radarr", "grab-torrent", instance="attic")

    with app.app_context():
        assert db.session.scalars(select(MediaRequest.state)).one() == state


def test_a_seerr_is_called_by_its_name_where_there_are_several(app: Flask) -> None:
    friends = Upstream("seerr", "friends", "Friends", "http://friends:5055", "k3y")
    upstreams: Upstreams = app.extensions["upstreams"]

    def called() -> list[str]:
        return [upstreams.which("seerr", instance) for instance in ("seerr", "friends", None)]

    with app.app_context():
        assert called() == ["", "friends", ""]
        upstreams.save(replace(friends, instance="seerr", name="Family"))
        assert called() == ["", "friends", ""]
        upstreams.save(friends)
        assert called() == ["Family", "Friends", ""]
        upstreams.remove("seerr", "seerr")
        assert called() == ["seerr", "", ""]
