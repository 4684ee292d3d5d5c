"""A record of its own for every test: the tables, no server and no settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from flaskapp import extensions
from flaskapp.domain.observation import Observation
from flaskapp.domain.origin import Origin
from flaskapp.domain.recorded import Recorded
from flaskapp.extensions import Base, db
from flaskapp.tracking.record import Rules, record


@pytest.fixture(scope="module")
def tables(database: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Flask]:
    app = Flask("record")
    if database == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('record') / 'test.db'}"
    else:
        url = request.getfixturevalue("postgresql").create()
    app.config.update(extensions.database(url))
    db.init_app(app)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        yield app
        db.engine.dispose()


@pytest.fixture
def empty(tables: Flask) -> Callable[[], None]:
    """Forget everything that was recorded."""

    def forget() -> None:
        with Session(db.engine) as session:
            session.connection(execution_options={"writing": True})
            for table in reversed(Base.metadata.sorted_tables):
                session.execute(delete(table))
            session.commit()

    forget()
    return forget


@pytest.fixture
def tell(empty: Callable[[], None]) -> Callable[..., Recorded]:
    """Record observations as if a source had just said them."""

    def recorded(
        source: str, *observations: Observation, is_4k: bool = False, instance: str = "", **rules: bool
    ) -> Recorded:
        now = max(observation.seen_at for observation in observations)
        named = instance or ("4k" if is_4k else source)
        return record(observations, Origin(source, named, is_4k, now), Rules(**rules))

    return recorded
