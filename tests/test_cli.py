"""What a person types: prepare, invite, replay, prune, new-epoch."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import delete, func, select

from flaskapp import create_app
from flaskapp.config import Settings
from flaskapp.deliveries import Deliveries
from flaskapp.domain.provider import Provider
from flaskapp.extensions import db, writing
from flaskapp.models import Delivery, Setting
from tests.app import TOKEN, Browser, Send, payload
from tests.people import add_person, add_user

LONG_AGO = datetime.now(UTC) - timedelta(days=40)

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """Run a command; one that breaks is no result."""

    def run(*words: str) -> Result:
        result = app.test_cli_runner().invoke(args=list(words))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Flask]:
    """Give an app that was never prepared; not even its data folder is there."""
    app = create_app(Settings(data_dir=tmp_path / "new" / "data", webhook_token=TOKEN, port=4000))
    yield app
    with app.app_context():
        db.engine.dispose()


def epoch(app: Flask) -> str:
    with app.app_context():
        return db.session.scalars(select(Setting.value).filter_by(name="epoch")).one()


def keep(app: Flask, name: str = "media-pending-movie", at: datetime | None = None) -> int:
    """Keep a body and do no more, as a server that dies right after."""
    deliveries: Deliveries = app.extensions["deliveries"]
    with app.app_context():
        return deliveries.keep("seerr", "seerr", _body(name), at or datetime.now(UTC))


def _body(name: str) -> bytes:
    return (Path(__file__).parent / "payloads" / "seerr" / f"{name}.json").read_bytes()


def test_prepare_says_where_the_board_is_and_what_to_type_into_the_services(fresh: Flask) -> None:
    result = fresh.test_cli_runner().invoke(args=["prepare"])

    assert result.exit_code == 0
    words = result.output.split()
    assert "http://localhost:4000/" in words
    for service in ("seerr", "radarr", "sonarr", "jellyfin"):
        assert f"http://localhost:4000/webhooks/{service}" in words
    assert TOKEN in words
    assert re.fullmatch(r"[0-9a-f]{8}", epoch(fresh))


@pytest.mark.parametrize(
    ("host", "base_path", "address"),
    [
        ("127.0.0.1", "", "http://localhost:2774/"),
        ("0.0.0.0", "/tv", "http://localhost:2774/tv/"),
        ("nas.home", "", "http://nas.home:2774/"),
        ("fd00::5", "", "http://[fd00::5]:2774/"),
    ],
)
def test_prepare_names_an_address_that_a_browser_takes(
    settings: Settings, host: str, base_path: str, address: str
) -> None:
    app = create_app(replace(settings, host=host, base_path=base_path))

    output = app.test_cli_runner().invoke(args=["prepare"]).output

    assert address in output.split()
    with app.app_context():
        db.engine.dispose()


def test_prepare_a_second_time_changes_nothing(app: Flask, run: Run, send: Send) -> None:
    send("seerr", "media-pending-movie")
    before = epoch(app)

    result = run("prepare")

    assert result.exit_code == 0
    assert epoch(app) == before
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Delivery)) == 1


def test_a_new_epoch_is_another_one(app: Flask, run: Run) -> None:
    before = epoch(app)

    result = run("new-epoch")

    assert result.exit_code == 0
    assert re.fullmatch(r"[0-9a-f]{8}", epoch(app))
    assert epoch(app) != before


def test_a_new_epoch_needs_a_prepared_database(app: Flask, run: Run) -> None:
    with app.app_context(), writing() as session:
        session.execute(delete(Setting))

    result = run("new-epoch")

    assert result.exit_code == 1
    assert "run flask prepare" in result.output


def test_a_start_prints_the_way_to_the_first_admin_with_the_address(settings: Settings) -> None:
    app = create_app(replace(settings, auth="local", base_path="/tv", port=4000))

    output = app.test_cli_runner().invoke(args=["prepare"]).output

    assert re.search(r"^  first visit  http://localhost:4000/tv/join\?code=[0-9A-Z-]{19}$", output, re.MULTILINE)
    with app.app_context():
        db.engine.dispose()


def test_no_code_is_printed_where_nobody_has_to_sign_in(run: Run) -> None:
    assert "first visit" not in run("prepare").output


def test_who_lost_a_password_gets_a_link_from_whoever_has_the_machine(app: Flask, run: Run) -> None:
    add_person(app, "Eve", is_admin=True)

    result = run("invite", "eve")

    assert re.match(r"http://localhost:2774/join\?code=[0-9A-Z-]{19}\n", result.output)


def test_an_invitation_needs_somebody_who_has_an_account_here(app: Flask, run: Run) -> None:
    add_user(app, "Ada", provider=Provider.JELLYFIN)

    result = run("invite", "Ada")

    assert result.exit_code == 1
    assert "Nobody with an account of this board has this name." in result.output


def test_replay_applies_what_was_only_kept(app: Flask, run: Run) -> None:
    kept = keep(app)

    result = run("replay")

    assert result.output == f"{kept}: applied\n"
    assert app.test_client().get("/api/requests/1").get_json()["state"] == "requested"


def test_replay_applies_named_ones_again_whatever_became_of_them(app: Flask, run: Run, send: Send) -> None:
    send("seerr", "media-pending-movie")
    send("radarr", "test")

    result = run("replay", "1", "2")

    assert result.output == "1: applied\n2: ignored (test)\n"


def test_replay_says_so_when_there_is_nothing_of_that_number(run: Run) -> None:
    result = run("replay", "77")

    assert result.output == "Nothing to apply.\n"


def test_replay_works_beside_a_server_whose_stream_it_can_not_reach(settings: Settings, app: Flask) -> None:
    kept = keep(app)
    beside = create_app(settings)  # its hub was never opened

    result = beside.test_cli_runner().invoke(args=["replay"])

    assert result.output == f"{kept}: applied\n"
    with beside.app_context():
        db.engine.dispose()


def test_browsers_hear_of_what_another_process_replayed(settings: Settings, app: Flask, browser: Browser) -> None:
    keep(app)
    beside = create_app(settings)
    beside.test_cli_runner().invoke(args=["replay"])
    with beside.app_context():
        db.engine.dispose()
    assert browser.hears() == []

    with app.app_context():
        app.extensions["deliveries"].retry(datetime.now(UTC))

    (told,) = browser.hears()
    assert (told.n, told.event["type"]) == (1, "request_created")


def test_prune_drops_what_is_old_and_done_and_nothing_else(app: Flask, run: Run, send: Send) -> None:
    assert payload("seerr", "media-pending-movie")["request"]["request_id"] == "1"
    old_and_done = keep(app, at=LONG_AGO)
    run("replay")
    old_and_open = keep(app, at=LONG_AGO)
    send("seerr", "media-approved-movie")

    result = run("prune")

    assert result.output == "1 webhook bodies dropped\n"
    with app.app_context():
        left = db.session.scalars(select(Delivery.id).order_by(Delivery.id)).all()
    assert left == [old_and_open, old_and_open + 1]
    assert old_and_done not in left
