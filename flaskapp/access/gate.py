"""Lets people and programs in by what they show, and says what each may see."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from flaskapp.access.browser_sessions import find_session, note_visit, valid
from flaskapp.access.links import find_link
from flaskapp.access.secret import digest, is_same
from flaskapp.access.use import is_worth_noting, note_use
from flaskapp.config import Settings
from flaskapp.domain.audience import EVERYBODY, Audience
from flaskapp.domain.provider import Provider
from flaskapp.domain.viewer import Viewer
from flaskapp.extensions import db, writing
from flaskapp.models import ApiKey, BrowserSession, Link, Requester, User


class Gate:
    """One per app. Needs an application context; each question is a short reading of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def is_open(self) -> bool:
        """Whether nobody has to sign in."""
        return self._settings.auth == "none"

    def by_session(self, token: str, now: datetime) -> Viewer | None:
        """Let in a browser that was signed in."""
        with Session(db.engine) as session:
            browser_session = find_session(session, token, now)
            if browser_session is None:
                return None
            viewer, seen_at = self._of_session(session, browser_session), browser_session.seen_at
        if viewer is not None and is_worth_noting(seen_at, now):
            with writing() as session:
                note_visit(session, browser_session.id, now)
        return viewer

    def by_key(self, key: str, now: datetime) -> Viewer | None:
        """Let in a program; it sees all requests."""
        if is_same(key, self._settings.read_key):
            return Viewer(name="the local key", audience=EVERYBODY)
        with Session(db.engine) as session:
            api_key = session.scalar(select(ApiKey).filter_by(key_hash=digest(key), revoked_at=None))
            if api_key is None:
                return None
        note_use(api_key, now)
        return _of_key(api_key)

    def by_link(self, token: str, now: datetime) -> Viewer | None:
        """Let in whoever has a private address of a request."""
        with Session(db.engine) as session:
            link = find_link(session, token)
        viewer = _of_link(link)
        if link is not None and viewer is not None:
            note_use(link, now)
        return viewer

    def by_user(self, user_id: int) -> Viewer | None:
        """Let in somebody for whom a proxy vouches at every call."""
        with Session(db.engine) as session:
            return self._of_user(session, session.get(User, user_id))

    def again(self, viewer: Viewer, session: Session, now: datetime) -> Viewer | None:
        """Give what somebody may see by now, who was let in earlier; None if they would not be let in any more."""
        if viewer.browser_session_id is not None:
            found = valid(session.get(BrowserSession, viewer.browser_session_id), now)
            return None if found is None else self._of_session(session, found)
        if viewer.user_id is not None:
            return self._of_user(session, session.get(User, viewer.user_id))
        if viewer.api_key_id is not None:
            api_key = session.get(ApiKey, viewer.api_key_id)
            return None if api_key is None or api_key.revoked_at is not None else _of_key(api_key)
        if viewer.link_id is not None:
            return _of_link(session.get(Link, viewer.link_id))
        return viewer

    def owns(self, viewer: Viewer, requester_id: int | None) -> bool:
        """Say whether a request of this person of Seerr is somebody's own; all are an admin's."""
        return viewer.is_admin or requester_id in self.requesters(viewer)

    def requesters(self, viewer: Viewer) -> frozenset[int]:
        """Give the people of Seerr who somebody is: nobody for programs, and where nobody signs in."""
        if viewer.user_id is None:
            return frozenset()
        with Session(db.engine) as session:
            return self._requesters(session, session.get_one(User, viewer.user_id))

    def _of_session(self, session: Session, browser_session: BrowserSession) -> Viewer | None:
        return self._viewer(session, browser_session.user, browser_session.id)

    def _of_user(self, session: Session, user: User | None) -> Viewer | None:
        return None if user is None or user.barred_at is not None else self._viewer(session, user, None)

    def _viewer(self, session: Session, user: User, browser_session_id: int | None) -> Viewer | None:
        if user.provider != self._settings.auth:
            return None  # people come in another way by now
        return Viewer(
            name=user.name,
            audience=self._audience(session, user),
            is_admin=user.is_admin,
            user_id=user.id,
            browser_session_id=browser_session_id,
        )

    def _audience(self, session: Session, user: User) -> Audience:
        if user.is_admin or self._settings.people_see == "all":
            return EVERYBODY
        return Audience(requesters=self._requesters(session, user))

    def _requesters(self, session: Session, user: User) -> frozenset[int]:
        """Find somebody among the people of each Seerr: by what their provider vouches for, or by an admin's word.

        Who has the same id of Jellyfin in another Seerr is the same human: nobody gets one without its password. An
        address proves that only where a provider vouches for it, since in Seerr everybody may enter any other.
        """
        them = [Requester.id == user.requester_id]
        if user.email:
            them.append(Requester.email == user.email)
        if user.provider is Provider.JELLYFIN:
            them.append(Requester.jellyfin_user_id == user.subject)
        in_jellyfin = select(Requester.jellyfin_user_id).where(or_(*them))
        them.append(Requester.jellyfin_user_id.in_(in_jellyfin))
        return frozenset(session.scalars(select(Requester.id).where(or_(*them))))


def _of_key(api_key: ApiKey) -> Viewer:
    return Viewer(name=api_key.name, audience=EVERYBODY, is_admin=api_key.may_change, api_key_id=api_key.id)


def _of_link(link: Link | None) -> Viewer | None:
    if link is None or link.revoked_at is not None or link.media_request.deleted_at is not None:
        return None
    return Viewer(
        name="a private link", audience=Audience(request_ids=frozenset([link.media_request_id])), link_id=link.id
    )
