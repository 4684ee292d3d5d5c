"""Tokens of services: one is made, and taken back when nobody got to know it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask

from flaskapp.access.webhook_tokens import (
    OVERLAP,
    is_known,
    make_token,
    take_back,
    was_shown,
    webhook_tokens,
    whose_token,
)
from flaskapp.extensions import writing

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def ends(app: Flask) -> list[datetime | None]:
    with app.app_context(), writing() as session:
        return [token.expires_at for token in webhook_tokens(session, NOW)]


def test_a_token_that_is_taken_back_leaves_the_older_ones_as_they_were(app: Flask) -> None:
    with app.app_context(), writing() as session:
        make_token(session, "radarr", "radarr", NOW - timedelta(days=1))
        make_token(session, "radarr", "radarr", NOW)
    before = ends(app)

    with app.app_context():
        with writing() as session:
            token = make_token(session, "radarr", "radarr", NOW + timedelta(seconds=1))
        with writing() as session:
            take_back(session, token)
            take_back(session, token)

    assert before == ends(app) == [None, NOW + OVERLAP]


def test_a_token_is_known_before_anybody_has_shown_it(app: Flask) -> None:
    with app.app_context():
        with writing() as session:
            token = make_token(session, "radarr", "second", NOW)
        known = [is_known(source, [token, "another"], NOW) for source in ("radarr", "sonarr")]
        with writing() as session:
            before = was_shown(session, token)
        whose = whose_token("radarr", [token], NOW)
        with writing() as session:
            after = was_shown(session, token)

    assert (known, before, whose, after) == ([True, False], False, "second", True)
