"""The board in a few numbers, and the tiles that docs/integrations.md makes of them."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import Environment
from sqlalchemy import event

from flaskapp.config import Settings
from flaskapp.domain.observation import DownloadPolled, DownloadStage, Word
from flaskapp.domain.origin import Origin
from flaskapp.domain.state import Stage
from flaskapp.extensions import db
from flaskapp.models import MediaRequest
from flaskapp.signals import Signals
from flaskapp.views.assets import VERSION
from flaskapp.views.openapi import DESCRIPTION
from tests.app import Send, running
from tests.people import add_user, browser_of
from tests.views.asking import ask

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "integrations.md").read_text(encoding="utf-8")
HASH = "f2e9199648ef75d4a9556dc1adf17338263481b4"


def poll(app: Flask, eta: int) -> None:
    now, stage = datetime.now(UTC), DownloadStage.DOWNLOADING
    polled = DownloadPolled(seen_at=now, download_id=HASH, stage=stage, progress=0.5, size=9, speed=5, eta=eta)
    with app.app_context():
        app.extensions["pipeline"].ingest([polled], Origin("qbittorrent", "qbittorrent", is_4k=False, now=now))


def summary(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/api/summary")
    assert answer.status_code == 200
    body: dict[str, Any] = answer.get_json()
    return body


def examples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.+?)```", PAGE, re.DOTALL)


def test_an_empty_board_says_so_with_every_field(client: FlaskClient) -> None:
    assert summary(client) == {
        "stages": dict.fromkeys(Stage, 0),
        "needs_attention": 0,
        "next_ready": {"id": None, "title": None, "ready_at": None},
        "down": [],
        "version": VERSION,
    }


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert project["version"] == VERSION


def test_it_counts_as_the_board_sorts(app: Flask, client: FlaskClient, send: Send) -> None:
    ask(app, 1, 2)
    ask(app, 3, word=Word.APPROVED)
    ask(app, 4, word=Word.FAILED)
    ask(app, 5, word=Word.DECLINED)
    send("seerr", "media-pending-movie")
    send("radarr", "grab-torrent")
    with app.app_context():
        sorted_out = [each.stage for each in db.session.query(MediaRequest)]

    answer = summary(client)

    assert answer["stages"] == {stage: sorted_out.count(stage) for stage in Stage}
    assert len({stage for stage, count in answer["stages"].items() if count}) >= 4
    assert answer["needs_attention"] == answer["stages"]["needs_a_look"] == 1


def test_what_is_ready_first_stands_there_with_its_time(app: Flask, client: FlaskClient, send: Send) -> None:
    send("seerr", "media-pending-movie")
    send("radarr", "grab-torrent")
    poll(app, eta=600)

    coming = summary(client)["next_ready"]

    with app.app_context():
        row = db.session.get(MediaRequest, 1)
        assert row is not None
        assert (coming["id"], coming["title"]) == (1, row.face["title"])
    left = datetime.fromisoformat(coming["ready_at"]) - datetime.now(UTC)
    assert timedelta(minutes=8) < left <= timedelta(minutes=10)


def test_a_time_that_is_over_is_no_promise(app: Flask, client: FlaskClient, send: Send) -> None:
    send("seerr", "media-pending-movie")
    send("radarr", "grab-torrent")
    poll(app, eta=600)
    with app.app_context():
        row = db.session.get(MediaRequest, 1)
        assert row is not None
        row.measured_at = datetime.now(UTC) - timedelta(hours=1)
        db.session.commit()

    assert summary(client)["next_ready"]["title"] is None


def test_a_service_that_is_away_is_named(app: Flask, client: FlaskClient) -> None:
    signals: Signals = app.extensions["signals"]
    signals.missed("Radarr", datetime.now(UTC), "refused")

    assert summary(client)["down"] == ["Radarr"]


def test_nobody_else_s_requests_are_counted(settings: Settings) -> None:
    with running(replace(settings, auth="local")) as guarded:
        ask(guarded, 1)
        eve, bob = (browser_of(guarded, add_user(guarded, name, is_admin=name == "Eve")) for name in ("Eve", "Bob"))

        assert [summary(who)["stages"]["waiting"] for who in (eve, bob)] == [1, 0]


def test_it_is_kept_for_a_moment_by_whom_it_was_given_to(client: FlaskClient) -> None:
    headers = client.get("/api/summary").headers

    assert headers["Cache-Control"] == "private, max-age=5"
    assert "X-Api-Key" in headers["Vary"]


def test_the_database_counts(app: Flask, client: FlaskClient) -> None:
    """No rows are read to be counted: ten thousand requests cost no more answers than one."""
    ask(app, *range(1, 40))
    asked: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda _c, _x, statement, *_: asked.append(statement))

    answer = summary(client)

    assert answer["stages"]["waiting"] == 39
    counting = [statement for statement in asked if "media_request" in statement]
    assert len(counting) == 2
    assert all("count(" in statement or "eta >" in statement for statement in counting)


def shown(field: str | Mapping[str, Any], answer: Any) -> Any:
    """Read a field as Homepage does: a mapping leads one step down."""
    while isinstance(field, Mapping):
        ((key, field),) = field.items()
        answer = answer[key]
    return answer[field]


@pytest.mark.parametrize("is_moving", [False, True])
def test_the_tile_for_homepage_finds_its_fields(
    app: Flask, client: FlaskClient, send: Send, *, is_moving: bool
) -> None:
    send("seerr", "media-pending-movie")
    if is_moving:
        send("radarr", "grab-torrent")
        poll(app, eta=600)
    ((service,),) = (group["Media"] for group in yaml.safe_load(examples("yaml")[0]))
    widget = service["Arrivarr"]["widget"]
    answer = summary(client)

    values = {each["label"]: shown(each["field"], answer) for each in widget["mappings"]}

    assert widget["type"] == "customapi"
    assert widget["url"].endswith("/api/summary")
    assert list(widget["headers"]) == ["X-Api-Key"]
    assert len(values) == 4
    assert values["On the way"] == int(is_moving)
    assert (values["Next"] is not None) is is_moving


def test_the_sensors_for_home_assistant_find_theirs(app: Flask, client: FlaskClient, send: Send) -> None:
    send("seerr", "media-pending-movie")
    send("radarr", "grab-torrent")
    poll(app, eta=600)
    (resource,) = yaml.safe_load(examples("yaml")[1])["rest"]
    answer = summary(client)

    said = {
        each["name"]: Environment(autoescape=False).from_string(each["value_template"]).render(value_json=answer)
        for each in (*resource["sensor"], *resource["binary_sensor"])
    }

    assert said == {
        "Arrivarr on the way": "1",
        "Arrivarr next ready": answer["next_ready"]["ready_at"],
        "Arrivarr needs a look": "False",
    }


def test_the_examples_in_json_are_json_and_the_first_is_an_answer() -> None:
    answer, widget = (json.loads(example) for example in examples("json"))

    assert answer.keys() == DESCRIPTION["components"]["schemas"]["Summary"]["properties"].keys()
    assert list(answer["stages"]) == list(Stage)
    assert widget["requests"]["board"]["path"] == "/api/summary"
    assert widget["sources"]["default"]["auth"] == {"type": "apiKeyHeader", "name": "X-Api-Key"}
    assert set(re.findall(r"data\.board\??\.(\w+)", widget["template"])) <= answer.keys()
