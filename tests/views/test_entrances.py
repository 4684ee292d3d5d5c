"""Every address, for everybody: who is let in where, in one table.

Whoever adds an address adds its row. A row is a method, an address and what each of ``WHO`` is answered; it is asked of
a board where Alice asked for the one request, so that nothing that an earlier one did is seen by the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import copy

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from flaskapp.access.api_keys import make_key
from flaskapp.access.links import make_link
from flaskapp.access.rates import Rates
from flaskapp.access.webhook_tokens import make_token
from flaskapp.config import Settings
from flaskapp.extensions import db, writing
from flaskapp.models import Link
from flaskapp.views.door import SHOWN
from tests.app import TOKEN, payload, post, running
from tests.people import add_user, browser_of
from tests.views.entrances import ROWS

NAME = "arrivarr.db"
READ_KEY = "a-key-that-reads-alone"
WHO = ("nobody", "stranger", "owner", "other", "admin", "read key", "admin key", "webhook token")
WISH = payload("seerr", "media-pending-movie")


@pytest.fixture(scope="module")
def board(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Give a board with one request, its poster and link, and with an admin, so that nobody is sent to make one."""
    folder = tmp_path_factory.mktemp("entrances")
    copy(prepared, folder / NAME)
    (folder / "posters").mkdir()
    (folder / "posters" / "1").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    settings = Settings(data_dir=folder, webhook_token=TOKEN, secret_key="a-secret-for-tests", read_key=READ_KEY)
    with running(settings) as app:
        assert post(app.test_client(), "/webhooks/seerr", WISH).status_code == 200
        add_user(app, "Root", is_admin=True, password_hash="none that fits")
        with app.app_context(), writing() as session:
            make_link(session, app.extensions["seal"], 1, None, datetime.now(UTC))
        with app.app_context():
            db.engine.dispose()
        copy(folder / NAME, folder / "kept.db")
        yield app


@pytest.fixture
def house(board: Flask) -> Flask:
    """Give the board as it was before anybody came."""
    folder: Path = board.extensions["settings"].data_dir
    with board.app_context():
        db.engine.dispose()
    for left in folder.glob(f"{NAME}*"):
        left.unlink()
    copy(folder / "kept.db", folder / NAME)
    board.extensions["rates"] = Rates()
    return board


def nobody(app: Flask) -> FlaskClient:
    return app.test_client()


def stranger(app: Flask) -> FlaskClient:
    """Come with a key that nobody made, and with the cookie of a session that is over."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie[SHOWN] = "made-up"
    client.environ_base["HTTP_AUTHORIZATION"] = "Bearer made-up"
    return client


def owner(app: Flask) -> FlaskClient:
    return browser_of(app, add_user(app, "Alice", email="alice@example.com"))


def other(app: Flask) -> FlaskClient:
    return browser_of(app, add_user(app, "Bob", email="bob@example.com"))


def admin(app: Flask) -> FlaskClient:
    return browser_of(app, add_user(app, "Eve", is_admin=True))


def with_key(app: Flask, key: str) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_X_API_KEY"] = key
    return client


def read_key(app: Flask) -> FlaskClient:
    return with_key(app, READ_KEY)


def admin_key(app: Flask) -> FlaskClient:
    with app.app_context(), writing() as session:
        key = make_key(session, "Home Assistant", datetime.now(UTC), may_change=True)
    return with_key(app, key)


def webhook_token(app: Flask) -> FlaskClient:
    with app.app_context(), writing() as session:
        token = make_token(session, "seerr", "seerr", datetime.now(UTC))
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client


def link(app: Flask) -> str:
    """Give the word of the private link that there is."""
    with app.app_context(), Session(db.engine) as session:
        word = app.extensions["seal"].unseal(session.get_one(Link, 1).sealed_token)
    assert word is not None
    return str(word)


COME: tuple[Callable[[Flask], FlaskClient], ...] = (
    *(nobody, stranger, owner, other, admin),
    *(read_key, admin_key, webhook_token),
)


def rows() -> Iterator[tuple[str, str, list[int]]]:
    for row in ROWS.strip().splitlines():
        method, address, *statuses = row.split()
        assert len(statuses) == len(WHO), row
        yield method, address, [int(status) for status in statuses]


def cases() -> Iterator[object]:
    for method, address, statuses in rows():
        for place, who in enumerate(WHO):
            yield pytest.param(method, address, place, statuses[place], id=f"{method} {address} {who}")


@pytest.mark.parametrize(("method", "address", "place", "expected"), list(cases()))
def test_who_is_let_in_where(house: Flask, method: str, address: str, place: int, expected: int) -> None:
    body = WISH if address.startswith("/webhooks") else None

    with COME[place](house).open(address.format(link=link(house)), method=method, json=body) as answer:
        assert answer.status_code == expected


def test_no_address_is_missing(board: Flask) -> None:
    known = {
        (method, rule.rule)
        for rule in board.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    adapter = board.url_map.bind("localhost")

    listed = set()
    for method, address, _ in rows():
        rule, _arguments = adapter.match(address.partition("?")[0], method, return_rule=True)
        listed.add((method, rule.rule))

    assert listed == known
