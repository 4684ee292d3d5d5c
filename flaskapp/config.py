"""Every setting once: its name, type, default and meaning. Nonsense stops the start and names the variable.

Only the standard library is imported: ``gunicorn.conf.py`` loads this file by its path, before gevent patches.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class SettingsError(ValueError):
    """A setting can't be used: one sentence that names the variable and never shows a value."""


@dataclass(frozen=True)
class Kind:
    """What a value must be: ``words`` complete "NAME must be …", ``parse`` raises ValueError if it is not."""

    words: str
    parse: Callable[[str], Any]


def _refuse_unless(fits: object) -> None:
    if not fits:
        raise ValueError


def _whole(low: int, high: int) -> Kind:
    def parse(text: str) -> int:
        _refuse_unless(re.fullmatch(r"[0-9]{1,9}", text) and low <= int(text) <= high)
        return int(text)

    return Kind(f"a whole number from {low} to {high}", parse)


def _number(low: float, high: float) -> Kind:
    def parse(text: str) -> float:
        _refuse_unless(re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text) and low <= float(text) <= high)
        return float(text)

    return Kind(f"a number from {low:g} to {high:g}", parse)


def _text(words: str, pattern: str) -> Kind:
    def parse(text: str) -> str:
        _refuse_unless(re.fullmatch(pattern, text))
        return text

    return Kind(words, parse)


def _one_of(*words: str) -> Kind:
    return _text(f"one of {', '.join(words)}", "|".join(words))


def _parse_networks(text: str) -> str:
    for part in text.split(","):
        ip_network(part.strip())
    return text


def _parse_switch(text: str) -> bool:
    _refuse_unless(text.lower() in {"yes", "no", "true", "false", "on", "off", "1", "0"})
    return text.lower() in {"yes", "true", "on", "1"}


def _parse_level(text: str) -> str:
    _refuse_unless(text.upper() in {"DEBUG", "INFO", "WARNING", "ERROR"})
    return text.upper()


def _parse_folder(text: str) -> Path:
    _refuse_unless("\0" not in text and "?" not in text)  # in a database address "?" begins the options
    return Path(text).expanduser().absolute()


def _parse_base_path(text: str) -> str:
    _refuse_unless(re.fullmatch(r"/|(/[A-Za-z0-9~_-][A-Za-z0-9.~_-]*)+/?", text))
    return text.rstrip("/")


def _parse_address(text: str) -> str:
    parts = urlsplit(text)
    _refuse_unless(re.fullmatch(r"[!-\[\]-~]+", text) and parts.scheme in {"http", "https"} and parts.hostname)
    _refuse_unless("@" not in parts.netloc and "?" not in text and "#" not in text and parts.port != 0)
    return text.rstrip("/")


def _parse_database(text: str) -> str:
    _refuse_unless(re.fullmatch(r"sqlite:////[^?\x00-\x1f]+", text) or _is_server(text, "postgresql", "postgres"))
    return text


def _parse_redis(text: str) -> str:
    _refuse_unless(_is_server(text, "redis", "rediss"))
    return text


def _is_server(text: str, *schemes: str) -> bool:
    parts = urlsplit(text)
    has_port = parts.port is None or parts.port > 0  # a port that is no number raises ValueError
    return bool(re.fullmatch(r"[!-~]+", text) and parts.scheme in schemes and parts.hostname and has_port)


ADDRESS = Kind("an http:// or https:// address with a host, without user name, password or query", _parse_address)
DATABASE = Kind("sqlite:/// and the absolute path of a file, or postgresql://user:password@host/name", _parse_database)
REDIS = Kind("redis:// or rediss:// and a host", _parse_redis)
KEY = _text("visible ASCII characters without spaces", r"[!-~]+")
HEADER = _text("the name of a header", r"[A-Za-z0-9-]+")
LINE = _text("one line of text", r"[^\x00-\x1f\x7f]+")
NETWORKS = Kind("addresses such as 172.18.0.2 or networks such as 172.18.0.0/16, with commas", _parse_networks)
SWITCH = Kind("yes or no", _parse_switch)


def _setting(kind: Kind, default: str, meaning: str, *, secret: bool = False, shown: str = "") -> Any:
    row = {"kind": kind, "default": default, "shown": shown or default or "none", "meaning": meaning, "secret": secret}
    return field(default=kind.parse(default) if default else "", repr=not secret, metadata=row)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings, checked. Text that is not set is the empty string."""

    port: int = _setting(_whole(1, 65535), "2774", "Port of the board.")
    host: str = _setting(
        _text("a host name or an IP address", r"[A-Za-z0-9._:%-]+"),
        "127.0.0.1",
        "Address to listen on; `0.0.0.0` lets other machines in (the container sets it).",
    )
    base_path: str = _setting(
        Kind("a path such as /arrivarr", _parse_base_path),
        "",
        "Path under which a reverse proxy shows the board.",
    )
    data_dir: Path = _setting(
        Kind("a folder without a question mark in its name", _parse_folder),
        "data",
        "Folder of the database, posters and generated secrets.",
    )
    database_url: str = _setting(DATABASE, "", "The database.", secret=True, shown="`arrivarr.db` in DATA_DIR")
    redis_url: str = _setting(REDIS, "", "Redis: joins several processes on one PostgreSQL.", secret=True)
    web_concurrency: int = _setting(
        _whole(1, 64), "1", "Number of gunicorn workers; more than one need PostgreSQL and Redis."
    )
    secret_key: str = _setting(
        _text("at least 16 visible ASCII characters", r"[!-~]{16,}"),
        "",
        "Signs what the board gives to browsers.",
        secret=True,
        shown="made at the first start, kept in DATA_DIR",
    )
    webhook_token: str = _setting(
        _text("at least 8 visible ASCII characters without spaces", r"[!-~]{8,}"),
        "",
        "What every webhook sender has to show.",
        secret=True,
        shown="made at the first start, kept in DATA_DIR",
    )
    auth: str = _setting(
        _one_of("local", "jellyfin", "oidc", "proxy", "none"),
        "local",
        "How people sign in: with accounts of this board, those of Jellyfin, OpenID Connect, a proxy's word, or not.",
    )
    auth_none_ok: bool = _setting(SWITCH, "no", "Allows `AUTH=none` where other machines can reach the board.")
    people_see: str = _setting(_one_of("own", "all"), "own", "What people see who are no admins: their own, or all.")
    admin_group: str = _setting(LINE, "", "With `AUTH=oidc` or `proxy`: whoever is in this group is an admin.")
    oidc_issuer: str = _setting(ADDRESS, "", "With `AUTH=oidc`: the address of the provider.")
    oidc_client_id: str = _setting(LINE, "", "Our client id there.")
    oidc_client_secret: str = _setting(LINE, "", "Our client secret there.", secret=True)
    proxy_user_header: str = _setting(HEADER, "Remote-User", "With `AUTH=proxy`: the header that names the person.")
    proxy_email_header: str = _setting(HEADER, "Remote-Email", "The header with their address.")
    proxy_groups_header: str = _setting(HEADER, "Remote-Groups", "The header with their groups, with commas.")
    trusted_proxies: str = _setting(NETWORKS, "", "Reverse proxies whose word about a visitor is taken.")
    read_key: str = _setting(
        _text("at least 16 visible ASCII characters without spaces", r"[!-~]{16,}"),
        "",
        "The key with which programs of this machine read the board, as `X-Api-Key`.",
        secret=True,
        shown="made at the first start, kept in DATA_DIR",
    )
    qbittorrent_url: str = _setting(ADDRESS, "", "qBittorrent's Web UI: asked for progress.")
    qbittorrent_username: str = _setting(LINE, "", "Its user; not needed where qBittorrent trusts our address.")
    qbittorrent_password: str = _setting(LINE, "", "Its password.", secret=True)
    seerr_url: str = _setting(ADDRESS, "", "Seerr, Jellyseerr or Overseerr.")
    seerr_api_key: str = _setting(KEY, "", "Its key (Settings, General).", secret=True)
    history_days: int = _setting(_whole(0, 36500), "30", "Days back that finished requests of Seerr are shown.")
    radarr_url: str = _setting(ADDRESS, "", "Radarr for HD films.")
    radarr_api_key: str = _setting(KEY, "", "Its key (Settings, General).", secret=True)
    radarr_4k_url: str = _setting(ADDRESS, "", "A second Radarr: everything in it counts as 4K.")
    radarr_4k_api_key: str = _setting(KEY, "", "Its key.", secret=True)
    sonarr_url: str = _setting(ADDRESS, "", "Sonarr for HD series: asked for episode lists.")
    sonarr_api_key: str = _setting(KEY, "", "Its key (Settings, General).", secret=True)
    sonarr_4k_url: str = _setting(ADDRESS, "", "A second Sonarr: everything in it counts as 4K.")
    sonarr_4k_api_key: str = _setting(KEY, "", "Its key.", secret=True)
    jellyfin_url: str = _setting(ADDRESS, "", "Jellyfin: asked what can be watched.")
    jellyfin_api_key: str = _setting(KEY, "", "Its key (Dashboard, API Keys).", secret=True)
    jellyfin_public_url: str = _setting(ADDRESS, "", 'Jellyfin\'s address for people outside: leads "Watch now".')
    callback_url: str = _setting(ADDRESS, "", "Where services reach this board; else asked for on its pages.")
    poll_interval: float = _setting(
        _number(0.2, 300), "2", "Seconds between two looks at qBittorrent while somebody watches; slower otherwise."
    )
    progress_threshold: int = _setting(
        _whole(1, 100), "2", "Percent points a bar has to move before browsers hear of it at once."
    )
    track_unrequested: bool = _setting(SWITCH, "no", "Show cards also for titles that nobody asked for in Seerr.")
    stream_write_through: bool = _setting(
        SWITCH, "yes", "Write events straight to idle browsers; with `no` every stream wakes and writes for itself."
    )
    log_level: str = _setting(Kind("DEBUG, INFO, WARNING or ERROR", _parse_level), "INFO", "How much the log says.")
    demo: bool = _setting(SWITCH, "no", "Marks the page as a demonstration.")

    def __post_init__(self) -> None:
        """Put the database into the data folder unless another place was named."""
        if not self.database_url:
            object.__setattr__(self, "database_url", f"sqlite:///{self.data_dir.absolute() / 'arrivarr.db'}")

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        """Read all settings, each from NAME or from the file that NAME_FILE names."""
        settings = cls(**{row.name: _parse(row.name.upper(), row.metadata, environ) for row in fields(cls)})
        for service in ("SEERR", "RADARR", "RADARR_4K", "SONARR", "SONARR_4K", "JELLYFIN"):
            settings._refuse_half(f"{service}_URL", f"{service}_API_KEY")
        settings._refuse_half("QBITTORRENT_USERNAME", "QBITTORRENT_PASSWORD")
        if settings.qbittorrent_username and not settings.qbittorrent_url:
            raise SettingsError("QBITTORRENT_USERNAME is set but QBITTORRENT_URL is not: set both or neither.")
        settings._refuse_strangers()
        settings._refuse_open_doors()
        return settings

    def _refuse_open_doors(self) -> None:
        """Refuse a way to sign in that can't work or lets everybody in."""
        needed = {
            "jellyfin": ("jellyfin_url",),
            "oidc": ("oidc_issuer", "oidc_client_id", "oidc_client_secret"),
            "proxy": ("trusted_proxies",),
        }
        for name in needed.get(self.auth, ()):
            if not getattr(self, name):
                raise SettingsError(f"AUTH={self.auth} needs {name.upper()}, which is not set.")
        if self.auth == "none" and not (self.is_private or self.auth_none_ok):
            raise SettingsError(
                f"AUTH=none would let everybody in who reaches {self.host}: choose another AUTH, "
                "set HOST=127.0.0.1, or AUTH_NONE_OK=yes if something else guards the board."
            )

    @property
    def is_private(self) -> bool:
        """Whether only this machine can reach the board."""
        return self.host in ("localhost", "::1") or self.host.startswith("127.")

    def _refuse_strangers(self) -> None:
        """Refuse processes that could not tell each other what happens."""
        several, is_shared = self.web_concurrency > 1, not self.database_url.startswith("sqlite:")
        if several and not is_shared:
            raise SettingsError(
                "WEB_CONCURRENCY is more than 1, and a SQLite file serves one process: "
                "set DATABASE_URL=postgresql://… and REDIS_URL=redis://…, or leave WEB_CONCURRENCY at 1."
            )
        if several and not self.redis_url:
            raise SettingsError("WEB_CONCURRENCY is more than 1 but REDIS_URL is not set: set REDIS_URL=redis://….")
        if self.redis_url and not is_shared:
            raise SettingsError("REDIS_URL joins processes on one PostgreSQL: set DATABASE_URL=postgresql://… as well.")

    def _refuse_half(self, first: str, second: str) -> None:
        there, missing = (first, second) if getattr(self, first.lower()) else (second, first)
        if getattr(self, there.lower()) and not getattr(self, missing.lower()):
            raise SettingsError(f"{there} is set but {missing} is not: set both or neither.")

    @property
    def bind(self) -> str:
        """Give host and port in gunicorn's notation."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def _parse(name: str, row: Mapping[str, Any], environ: Mapping[str, str]) -> Any:
    text = _look_up(name, environ) or row["default"]
    if not text:
        return ""
    try:
        return row["kind"].parse(text)
    except ValueError:
        raise SettingsError(f"{name} must be {row['kind'].words}.") from None


def _look_up(name: str, environ: Mapping[str, str]) -> str:
    text, path = environ.get(name, "").strip(), environ.get(f"{name}_FILE", "").strip()
    if not path:
        return text
    if text:
        raise SettingsError(f"{name} and {name}_FILE are both set: choose one.")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise SettingsError(f"{name}_FILE names a file that can't be read ({type(error).__name__}).") from None
