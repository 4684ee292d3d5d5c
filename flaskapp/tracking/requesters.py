"""Whose a request is: the people of Seerr, known again by what it says of them.

Whoever is let in sees the requests of a row by its ids, so these are added with care: a name alone finds somebody and
adds nothing. Each change of them counts as one of who may enter.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, String, bindparam, select
from sqlalchemy.orm import Session

from flaskapp.domain.observation import RequesterRef
from flaskapp.models import Requester
from flaskapp.models.revision import touch
from flaskapp.tracking.correlate import update_row

# Who is known by a number comes first: a row without one is what a webhook made before a reading.
KNOWN_FIRST = (Requester.seerr_user_id.is_(None), Requester.id)
BY_NUMBER = select(Requester).where(Requester.seerr_user_id == bindparam("number", type_=BigInteger))
BY_JELLYFIN_ID = select(Requester).where(Requester.jellyfin_user_id == bindparam("id", type_=String))
BY_JELLYFIN_ID = BY_JELLYFIN_ID.order_by(*KNOWN_FIRST)
BY_ADDRESS = select(Requester).where(Requester.email == bindparam("email", type_=String)).order_by(*KNOWN_FIRST)
BY_NAME = select(Requester).where(Requester.name == bindparam("name", type_=String)).order_by(*KNOWN_FIRST)

Ids = tuple[int | None, str | None, str | None]
"""Seerr's number, Jellyfin's id, the address."""


def find_told(session: Session, named: RequesterRef) -> Requester:
    """Give whom a webhook means: by Jellyfin's id, else by address, else, where it has neither, by name.

    It may add an id; only a reading says that one has changed.
    """
    if named.jellyfin_user_id is None and named.email is None:
        return _namesake(session, named) or _new(session, named)
    requester = next(iter(_same(session, named)), None)
    if requester is None:
        return _new(session, named)
    more = (requester.jellyfin_user_id or named.jellyfin_user_id, requester.email or named.email)
    return _put(session, requester, named, (requester.seerr_user_id, *more))


def find_read(session: Session, named: RequesterRef) -> Requester:
    """Give whom a reading means, by Seerr's number, and let it replace what was known.

    Before they had a number a webhook may have spoken of them.
    """
    if named.seerr_user_id is None:
        return find_told(session, named)
    requester = session.scalar(BY_NUMBER, {"number": named.seerr_user_id}) or _adopt(session, named)
    if requester is None:
        return _new(session, named)
    return _put(session, requester, named, _ids(named))


def _same(session: Session, named: RequesterRef) -> list[Requester]:
    """Give those with the Jellyfin id, then those with the address whom Jellyfin does not know as somebody else."""
    found: list[Requester] = []
    if named.jellyfin_user_id is not None:
        found += session.scalars(BY_JELLYFIN_ID, {"id": named.jellyfin_user_id})
    if named.email is not None:
        rows = session.scalars(BY_ADDRESS, {"email": named.email})
        found += [row for row in rows if row.jellyfin_user_id is None or named.jellyfin_user_id is None]
    return found


def _namesake(session: Session, named: RequesterRef) -> Requester | None:
    """Give the only one of a name; of several, one that is known by nothing else and so is nobody's to see."""
    rows = session.scalars(BY_NAME, {"name": _name(named)}).all()
    return rows[0] if len(rows) == 1 else next(filter(_is_only_named, rows), None)


def _adopt(session: Session, named: RequesterRef) -> Requester | None:
    """Give the row that a webhook made for them."""
    told = [row for row in _same(session, named) if row.seerr_user_id is None]
    if not told:
        told = [row for row in session.scalars(BY_NAME, {"name": _name(named)}) if _is_only_named(row)]
    return next(iter(told), None)


def _is_only_named(row: Requester) -> bool:
    return _ids(row) == (None, None, None)


def _ids(row: Requester | RequesterRef) -> Ids:
    return row.seerr_user_id, row.jellyfin_user_id, row.email


def _new(session: Session, named: RequesterRef) -> Requester:
    requester = Requester(name=_name(named))
    session.add(requester)
    _put(session, requester, named, _ids(named))
    session.flush()
    return requester


def _put(session: Session, requester: Requester, named: RequesterRef, ids: Ids) -> Requester:
    update_row(requester, name=named.name or requester.name)
    if _ids(requester) != ids:
        requester.seerr_user_id, requester.jellyfin_user_id, requester.email = ids
        touch(session)
    return requester


def _name(named: RequesterRef) -> str:
    return named.name or named.email or "Somebody"
