"""What has to be true of a database of one Seerr once it knows of several, on whatever it runs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from flaskapp.domain.observation import MediaType
from flaskapp.extensions import db, writing
from flaskapp.models import Media, MediaRequest, Requester
from flaskapp.tracking.asked import new_request

MIGRATIONS = str(Path(__file__).parent.parent / "migrations")


def check_that_seerrs_are_told_apart() -> None:
    """Take the database back to the days of one Seerr and forward again. Needs an application context."""
    with writing() as session:
        media = Media(media_type=MediaType.MOVIE, title="Metropolis")
        session.add(media)
        session.flush()
        asked, unasked = (new_request(media, datetime.now(UTC)) for _ in range(2))
        asked.seerr_instance, asked.seerr_request_id = "seerr", 1
        session.add_all([asked, unasked, Requester(seerr_instance="seerr", seerr_user_id=1, name="anna")])

    downgrade(directory=MIGRATIONS, revision="0014-1")
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT seerr_request_id FROM media_request ORDER BY id")).all() == [
            (1,),
            (None,),
        ]
    upgrade(directory=MIGRATIONS)

    with writing() as session:
        known = session.execute(select(MediaRequest.seerr_instance, MediaRequest.seerr_request_id)).all()
        assert sorted(map(tuple, known), key=str) == [("seerr", 1), (None, None)]
        assert session.scalars(select(Requester.seerr_instance)).all() == ["seerr"]
        media_id = session.scalars(select(Media.id)).one()
    for table in (MediaRequest, Requester):
        _add(table, "friends", media_id)
        with pytest.raises(IntegrityError, match=table.__tablename__):
            _add(table, "friends", media_id)


def _add(table: type[MediaRequest | Requester], instance: str, media_id: int) -> None:
    with writing() as session:
        if table is Requester:
            session.add(Requester(seerr_instance=instance, seerr_user_id=1, name="otto"))
            return
        request = new_request(session.get_one(Media, media_id), datetime.now(UTC))
        request.seerr_instance, request.seerr_request_id = instance, 1
        session.add(request)
