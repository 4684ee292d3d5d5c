"""The services of the house: those that environment variables name, which win, and those that people connected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from flaskapp.access.seal import Seal
from flaskapp.config import Settings
from flaskapp.extensions import db, writing
from flaskapp.models import Service
from flaskapp.models.revision import SERVICES, read_revision, touch
from flaskapp.models.service import CALLBACK
from flaskapp.models.setting import read_setting, write_setting

FOUR_K = "4k"
"""The instance in a webhook address that stands for the 4K Radarr or Sonarr of the environment."""
ORDER = ("seerr", "radarr", "sonarr", "qbittorrent", "jellyfin")
"""The sources in the order in which a request meets them."""


@dataclass(frozen=True)
class Upstream:
    """One service; ``instance`` is its last part in ``/webhooks/<source>/<instance>``, by default its source."""

    source: str
    instance: str
    name: str
    """What people call it: ``Radarr 4K``. No two have the same."""
    url: str
    api_key: str = field(default="", repr=False)
    """For qBittorrent its password."""
    username: str = ""
    is_4k: bool = False
    variable: str = ""
    """The environment variable that names its address, if one does."""
    is_key_lost: bool = False
    """Whether there was a key, which another ``SECRET_KEY`` sealed."""

    @property
    def is_locked(self) -> bool:
        """Tell whether only the environment can change it."""
        return bool(self.variable)


class Upstreams:
    """What is known of them in this process; one per app. Needs an application context.

    The database is asked at first and when another process changed something (``look``).
    """

    def __init__(self, settings: Settings, seal: Seal) -> None:
        self._settings, self._seal = settings, seal
        self._fixed = locked_upstreams(settings)
        self._known: tuple[Upstream, ...] | None = None
        self._callback = ""
        self._revision = 0

    def now(self) -> tuple[Upstream, ...]:
        """Give all, in the order in which a request meets them."""
        if self._known is None:
            self.look()
        return self._known or ()

    def of(self, *sources: str) -> tuple[Upstream, ...]:
        """Give those of some sources."""
        return tuple(upstream for upstream in self.now() if upstream.source in sources)

    def find(self, source: str, instance: str) -> Upstream | None:
        """Give one by its place in a webhook address."""
        return next((each for each in self.of(source) if each.instance == instance), None)

    def first(self, source: str) -> Upstream | None:
        """Give the first of a source, which is that of the environment if there is one."""
        return next(iter(self.of(source)), None)

    def which(self, source: str, instance: str | None) -> str:
        """Give the name of one for people, where it has to be told apart from others of its source; else nothing.

        One that was disconnected has no name any more, and is called by its instance.
        """
        every = self.of(source)
        usual = every[0].instance if every else source
        if instance is None or (instance == usual and len(every) < 2):
            return ""
        known = self.find(source, instance)
        return known.name if known else instance

    @property
    def callback_url(self) -> str:
        """The address at which services reach this board; empty until somebody said it."""
        self.now()
        return self._settings.callback_url or self._callback

    def look(self) -> bool:
        """Read them again if anything changed; tell whether it did."""
        with Session(db.engine) as session:
            revision = read_revision(session, SERVICES)
            if self._known is not None and revision == self._revision:
                return False
            rows = session.scalars(select(Service).order_by(Service.id)).all()
            self._callback = read_setting(session, CALLBACK) or ""
        self._known, self._revision = tuple(self._joined(rows)), revision
        return True

    def save(self, upstream: Upstream) -> None:
        """Keep a service in the place of the one with its source and instance."""
        now = datetime.now(UTC)
        with writing() as session:
            key = {"source": upstream.source, "instance": upstream.instance}
            row = session.scalar(select(Service).filter_by(**key))
            if row is None:
                row = Service(**key, created_at=now)
                session.add(row)
            row.name, row.url, row.username, row.is_4k = upstream.name, upstream.url, upstream.username, upstream.is_4k
            row.sealed_key = self._seal.seal(upstream.api_key) if upstream.api_key else ""
            row.updated_at = now
            touch(session, SERVICES)
        self.look()

    def remove(self, source: str, instance: str) -> None:
        """Forget a service that people connected; nothing happens to what it told."""
        with writing() as session:
            session.execute(delete(Service).filter_by(source=source, instance=instance))
            touch(session, SERVICES)
        self.look()

    def say_callback_url(self, address: str) -> None:
        """Keep the address at which services reach this board."""
        with writing() as session:
            write_setting(session, CALLBACK, address)
            touch(session, SERVICES)
        self.look()

    def _joined(self, rows: Sequence[Service]) -> Iterator[Upstream]:
        taken = {(each.source, each.instance) for each in self._fixed}
        free = [row for row in rows if (row.source, row.instance) not in taken]
        every = [*self._fixed, *(self._unsealed(row) for row in free)]
        return iter(sorted(every, key=lambda upstream: ORDER.index(upstream.source)))

    def _unsealed(self, row: Service) -> Upstream:
        key = self._seal.unseal(row.sealed_key) if row.sealed_key else ""
        told = (row.url, key or "", row.username, row.is_4k)
        # A variable that came later may have brought the same name.
        is_taken = any(each.name == row.name for each in self._fixed)
        name = f"{row.name} ({row.instance})" if is_taken else row.name
        return Upstream(row.source, row.instance, name, *told, is_key_lost=key is None)


def locked_upstreams(settings: Settings) -> tuple[Upstream, ...]:
    """Give every service that an environment variable names."""
    known = (
        Upstream("seerr", "seerr", "Seerr", settings.seerr_url, settings.seerr_api_key, variable="SEERR_URL"),
        *_pair(settings, "Radarr"),
        *_pair(settings, "Sonarr"),
        Upstream(
            *("qbittorrent", "qbittorrent", "qBittorrent", settings.qbittorrent_url, settings.qbittorrent_password),
            username=settings.qbittorrent_username,
            variable="QBITTORRENT_URL",
        ),
        Upstream(
            *("jellyfin", "jellyfin", "Jellyfin", settings.jellyfin_url, settings.jellyfin_api_key),
            variable="JELLYFIN_URL",
        ),
    )
    return tuple(upstream for upstream in known if upstream.url)


def _pair(settings: Settings, name: str) -> tuple[Upstream, Upstream]:
    """Give the Radarr or Sonarr for HD and the one for 4K."""
    source, upper = name.lower(), name.upper()

    def of(end: str) -> tuple[str, str]:
        return getattr(settings, f"{source}{end}_url"), getattr(settings, f"{source}{end}_api_key")

    return (
        Upstream(source, source, name, *of(""), variable=f"{upper}_URL"),
        Upstream(source, FOUR_K, f"{name} 4K", *of("_4k"), is_4k=True, variable=f"{upper}_4K_URL"),
    )
