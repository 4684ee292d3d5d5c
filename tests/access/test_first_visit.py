"""The code of the first visit is for the first admin alone."""

from __future__ import annotations

from flask import Flask

from flaskapp.access.first_visit import is_first_code, new_first_code
from flaskapp.domain.provider import Provider
from flaskapp.extensions import writing
from tests.people import add_person


def test_it_is_good_until_somebody_is_an_admin_in_whatever_way(app: Flask) -> None:
    with app.app_context(), writing() as session:
        code = new_first_code(session, Provider.LOCAL)
        assert code is not None
        assert is_first_code(session, code, Provider.LOCAL)

    add_person(app, "Eve", is_admin=True)

    with app.app_context(), writing() as session:
        assert not is_first_code(session, code, Provider.LOCAL)
        assert new_first_code(session, Provider.LOCAL) is None
