"""Whatever a program asks: it is answered as the description of the API says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from flaskapp.config import Settings
from flaskapp.views.openapi import DESCRIPTION
from tests.app import TOKEN, payload, post, running
from tests.fuzz.bodies import MOST

CALLS = [
    (path, method, mode)
    for path, operations in DESCRIPTION["paths"].items()
    for method, operation in operations.items()
    for mode in GenerationMode
    if path not in ("/events", "/api/openapi.json")  # one does not end, the other is what is read
    if mode is GenerationMode.POSITIVE or "parameters" in operation  # else nothing can be wrong
]
EACH = max(10, MOST // 5 // len(CALLS))
PHASES = (Phase.explicit, Phase.generate)
CHECKS = [
    *(not_a_server_error, status_code_conformance, content_type_conformance),
    *(response_headers_conformance, response_schema_conformance),
]


@pytest.fixture(scope="module")
def board(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Give one board for all calls, with a film and a series on it."""
    folder = tmp_path_factory.mktemp("fuzzed")
    copy(prepared, folder / "arrivarr.db")
    made = Settings(data_dir=folder, webhook_token=TOKEN, secret_key="a-secret-for-tests", auth="none")
    with running(replace(made, read_key=TOKEN + TOKEN)) as app:
        client = app.test_client()
        for source, name in (
            ("seerr", "media-pending-movie"),
            ("radarr", "grab-torrent"),
            ("seerr", "media-approved-tv-partial-seasons"),
            ("sonarr", "grab-season-pack"),
        ):
            assert post(client, f"/webhooks/{source}", payload(source, name)).status_code == 200
        yield app


@pytest.mark.timeout(0)
@pytest.mark.parametrize(("path", "method", "mode"), CALLS)
def test_every_call_is_answered_as_described(board: Flask, path: str, method: str, mode: GenerationMode) -> None:
    described = schemathesis.openapi.from_wsgi("/api/openapi.json", board)
    operation = described[path][method]
    key = TOKEN if path.startswith("/webhooks") else TOKEN + TOKEN

    @settings(max_examples=EACH, suppress_health_check=list(HealthCheck), phases=PHASES)
    @given(operation.as_strategy(generation_mode=mode))
    def each(case: Any) -> None:
        case.validate_response(case.call(headers={"X-Api-Key": key}), checks=CHECKS)

    each()
