"""Whose a request is: the people of each Seerr, known again by what it says of them.

Whoever is let in sees the requests of a row by its ids, so a name, which everybody may give themselves, never leads to
a row that has any: what is known by a name alone lies in a row of that name, which admins see, until a reading says
whose it is. Each change of ids counts as one of who may enter.

Numbers, names and addresses of one Seerr never lead to a row of another: who is one human in both is decided where
they are let in (``access/gate.py``).
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
OF_SEERR = select(Requester).where(Requester.seerr_instance == bindparam("instance", type_=String))
BY_NUMBER = OF_SEERR.where(Requester.seerr_user_id == bindparam("number", type_=BigInteger))
BY_JELLYFIN_ID = OF_SEERR.where(Requester.jellyfin_user_id == bindparam("id", type_=String)).order_by(*KNOWN_FIRST)
BY_ADDRESS = OF_SEERR.where(Requester.email == bindparam("email", type_=String)).order_by(*KNOWN_FIRST)
BY_NAME = OF_SEERR.where(
    Requester.name == bindparam("name", type_=String),
    *(Requester.seerr_user_id.is_(None), Requester.jellyfin_user_id.is_(None), Requester.email.is_(None)),
)

Ids = tuple[int | None, str | None, str | None]
"""Seerr's number, Jellyfin's id, the address."""


def find_told(session: Session, named: RequesterRef, instance: str, owner_id: int | None) -> Requester:
    """Give whom a webhook of one Seerr means: by Jellyfin's id, else by address; it may add an id.

    Where it has neither, a request stays with its owner as long as that is the name, and else goes to the row of that
    name. Only a reading says that an id has changed.
    """
    if named.jellyfin_user_id is None and named.email is None:
        owner = None if owner_id is None else session.get(Requester, owner_id)
        return owner if owner is not None and owner.name == named.name else _only_named(session, named, instance)
    requester = next(iter(_same(session, named, instance)), None)
    if requester is None:
        return _new(session, named, instance)
    more = (requester.jellyfin_user_id or named.jellyfin_user_id, requester.email or named.email)
    return _put(session, requester, named, (requester.seerr_user_id, *more))


def find_read(session: Session, named: RequesterRef, instance: str, owner_id: int | None) -> Requester:
    """Give whom a reading of one Seerr means, by Seerr's number, and let it replace what was known.

    Before they had a number a webhook may have spoken of them.
    """
    if named.seerr_user_id is None:
        return find_told(session, named, instance, owner_id)
    numbered = {"instance": instance, "number": named.seerr_user_id}
    requester = session.scalar(BY_NUMBER, numbered) or _adopt(session, named, instance)
    if requester is None:
        return _new(session, named, instance)
    return _put(session, requester, named, _ids(named))


def _same(session: Session, named: RequesterRef, instance: str) -> list[Requester]:
    """Give those with the Jellyfin id, then those with the address whom Jellyfin does not know as somebody else."""
    found: list[Requester] = []
    if named.jellyfin_user_id is not None:
        found += session.scalars(BY_JELLYFIN_ID, {"instance": instance, "id": named.jellyfin_user_id})
    if named.email is not None:
        rows = session.scalars(BY_ADDRESS, {"instance": instance, "email": named.email})
        found += [row for row in rows if row.jellyfin_user_id is None or named.jellyfin_user_id is None]
    return found


def _only_named(session: Session, named: RequesterRef, instance: str) -> Requester:
    found = session.scalars(BY_NAME, {"instance": instance, "name": _name(named)}).first()
    return found or _new(session, named, instance)


def _adopt(session: Session, named: RequesterRef, instance: str) -> Requester | None:
    """Give the row that a webhook made for them."""
    return next((row for row in _same(session, named, instance) if row.seerr_user_id is None), None)


def _ids(row: Requester | RequesterRef) -> Ids:
    return row.seerr_user_id, row.jellyfin_user_id, row.email


def _new(session: Session, named: RequesterRef, instance: str) -> Requester:
    requester = Requester(seerr_instance=instance, name=_name(named))
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
