"""The description of the API names what there is: no address more, none less."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema_rs import meta

from flaskapp.config import Settings
from flaskapp.domain.state import State
from flaskapp.sources import ALIASES, SOURCES
from flaskapp.views.openapi import DESCRIPTION
from tests.app import Send, running

FOR_PROGRAMS = ("/api", "/webhooks", "/events", "/healthz", "/readyz", "/metrics")


def test_every_address_for_programs_is_described_and_no_other(app: Flask) -> None:
    there = {
        (re.sub("<(?:[a-z]+:)?([a-z_]+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(FOR_PROGRAMS)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    described = {(path, method) for path, operations in DESCRIPTION["paths"].items() for method in operations}

    assert described == there


@pytest.mark.parametrize("name", DESCRIPTION["components"]["schemas"])
def test_its_schemas_are_schemas(name: str) -> None:
    meta.validate(DESCRIPTION["components"]["schemas"][name])


def test_its_words_are_ours() -> None:
    schemas, paths = DESCRIPTION["components"]["schemas"], DESCRIPTION["paths"]
    (source,) = (each for each in paths["/webhooks/{source}"]["post"]["parameters"] if each["name"] == "source")

    assert schemas["State"]["enum"] == list(State)
    assert set(source["schema"]["enum"]) == {*SOURCES, *ALIASES}


def test_every_reference_leads_somewhere() -> None:
    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            here = [value["$ref"]] if "$ref" in value else []
            return here + [found for inner in value.values() for found in references(inner)]
        return [found for inner in value for found in references(inner)] if isinstance(value, list) else []

    known = {
        f"#/components/{kind}/{name}" for kind in ("schemas", "responses") for name in DESCRIPTION["components"][kind]
    }

    assert set(references(DESCRIPTION)) == known


def test_a_row_has_the_fields_that_are_described(client: FlaskClient, send: Send) -> None:
    send("seerr", "media-pending-movie")

    row = client.get("/api/requests/1").get_json()

    one = DESCRIPTION["components"]["schemas"]["OneRequest"]["allOf"][1]["properties"]
    assert set(row) == {*DESCRIPTION["components"]["schemas"]["Request"]["required"], *one}


def test_it_says_where_the_board_is(settings: Settings) -> None:
    with running(replace(settings, base_path="/tv")) as app:
        assert app.test_client().get("/tv/api/openapi.json").get_json()["servers"] == [{"url": "/tv"}]
