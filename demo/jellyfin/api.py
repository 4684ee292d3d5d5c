"""Jellyfin's API as of 10.11: identity, items, episodes and login."""

from __future__ import annotations

import re
import secrets
import unicodedata
from typing import Any
from urllib.parse import unquote

from flask import Flask, Response, jsonify, request

from demo.clock import to_tick
from demo.door import dated, locked
from demo.jellyfin.accounts import RefusedError, User
from demo.jellyfin.model import SERVER_ID, Jellyfin, LibraryItem
from demo.world import World

API_KEY = "0123456789abcdef0123456789abcdef"
PUBLIC = ("public_info", "log_in")
PAIR = re.compile(r'(\w+)="([^"]*)"')


def create_app(world: World) -> Flask:
    """Build the API over a world."""
    app = Flask("demo.jellyfin")
    accounts = world.jellyfin.accounts

    @app.before_request
    def guard() -> Response | None:
        if request.endpoint in PUBLIC or _authorization().get("Token") in (API_KEY, *accounts.sessions):
            return None
        return Response(status=401)

    _add_library(app, world.jellyfin)
    _add_login(app, world.jellyfin)
    locked(app, world)
    return dated(app, world)


def _add_library(app: Flask, jellyfin: Jellyfin) -> None:
    @app.get("/System/Info/Public")
    def public_info() -> dict[str, Any]:
        return {
            "LocalAddress": request.host_url.rstrip("/"),
            "ServerName": "Attic",
            "Version": "10.11.11",
            "ProductName": "Jellyfin Server",
            "OperatingSystem": "",
            "Id": SERVER_ID,
            "StartupWizardCompleted": True,
        }

    @app.get("/Items")
    def items() -> dict[str, Any]:
        return _page([_row(item) for item in jellyfin.items.values() if _is_asked_for(item)])

    @app.get("/Shows/<series_id>/Episodes")
    def episodes(series_id: str) -> dict[str, Any]:
        season = request.args.get("season", type=int)
        theirs = [item for item in jellyfin.items.values() if item.series_id == _plain(series_id)]
        found = [item for item in theirs if item.kind == "Episode" and season in (None, item.season)]
        if request.args.get("isMissing") == "false":
            found = [item for item in found if not item.is_virtual]
        return _page([_row(item) for item in sorted(found, key=lambda item: (item.season, item.number))])


def _add_login(app: Flask, jellyfin: Jellyfin) -> None:
    @app.post("/Users/AuthenticateByName")
    def log_in() -> Response:
        device = _authorization()
        payload = request.get_json(silent=True)
        payload = payload if isinstance(payload, dict) else {}
        name, password = payload.get("Username"), payload.get("Pw") or ""
        if not name or not all(device.get(part) for part in ("Client", "Device", "DeviceId", "Version")):
            return Response("Error processing request.", 400)
        try:
            user, token = jellyfin.accounts.log_in(name, password, device["DeviceId"])
        except RefusedError as refused:
            return Response("Error processing request.", refused.status)
        return jsonify(_session(user, device, token, to_tick(jellyfin.clock.now)))

    @app.post("/Sessions/Logout")
    def log_out() -> Response:
        jellyfin.accounts.sessions.pop(_authorization().get("Token", ""), None)
        return Response(status=204)


def _authorization() -> dict[str, str]:
    """Read the only header that counts from 12.0 on; its values are encoded as in an address."""
    scheme, _, pairs = request.headers.get("Authorization", "").partition(" ")
    return {name: unquote(value) for name, value in PAIR.findall(pairs)} if scheme == "MediaBrowser" else {}


def _is_asked_for(item: LibraryItem) -> bool:
    """Apply the filters there are; others are silently ignored, so that they mean everything."""
    ids = [_plain(id_) for id_ in request.args.get("ids", "").split(",") if id_]
    kinds = [kind for kind in request.args.get("includeItemTypes", "").split(",") if kind]
    years = [year for year in request.args.get("years", "").split(",") if year]
    term = _clean(request.args.get("searchTerm", ""))
    if ids:
        return item.id in ids
    fits = term in _clean(item.name) and (not years or str(item.title.year) in years)
    return fits and (not kinds or item.kind in kinds)


def _clean(name: str) -> str:
    """Leave of a name what a search looks at: no punctuation, no accents, no capitals."""
    plain = unicodedata.normalize("NFKD", name.lower())
    return " ".join(re.findall(r"\w+", "".join(sign for sign in plain if not unicodedata.combining(sign))))


def _page(rows: list[dict[str, Any]]) -> dict[str, Any]:
    start = request.args.get("startIndex", 0, type=int)
    limit = request.args.get("limit", len(rows), type=int)
    return {"Items": rows[start : start + limit], "TotalRecordCount": len(rows), "StartIndex": start}


def _row(item: LibraryItem) -> dict[str, Any]:
    fields = request.args.get("fields", "").split(",")
    is_folder = item.kind in ("Series", "Season")
    row: dict[str, Any] = {
        "Name": item.name,
        "ServerId": SERVER_ID,
        "Id": item.id,
        "ProductionYear": item.title.year,
        "IsFolder": is_folder,
        "Type": item.kind,
        "ImageTags": {},
        "BackdropImageTags": [],
        "LocationType": "Virtual" if item.is_virtual else "FileSystem",
        "MediaType": "Unknown" if is_folder else "Video",
    }
    if "ProviderIds" in fields:
        row["ProviderIds"] = item.provider_ids
    if "MediaSources" in fields and not is_folder:
        row["MediaSources"] = [] if item.is_virtual else [{"Id": item.id, "Protocol": "File", "Type": "Default"}]
    if "Path" in fields and item.path:
        row["Path"] = item.path
    if "DateCreated" in fields:
        row["DateCreated"] = to_tick(item.added_at)
    return row | _place(item)


def _place(item: LibraryItem) -> dict[str, Any]:
    """Say where in its series an item belongs."""
    if item.season is None:
        return {}
    series = {"SeriesId": item.series_id, "SeriesName": item.title.title}
    if item.number is None:
        return {**series, "IndexNumber": item.season}
    return {**series, "SeasonId": item.season_id, "IndexNumber": item.number, "ParentIndexNumber": item.season}


def _session(user: User, device: dict[str, str], token: str, now: str) -> dict[str, Any]:
    return {
        "User": {
            "Name": user.name,
            "ServerId": SERVER_ID,
            "Id": user.id,
            "HasPassword": bool(user.password),
            "HasConfiguredPassword": bool(user.password),
            "HasConfiguredEasyPassword": False,
            "EnableAutoLogin": False,
            "LastLoginDate": now,
            "LastActivityDate": now,
            "Policy": {"IsAdministrator": user.is_admin, "IsHidden": True, "IsDisabled": False},
        },
        "SessionInfo": {
            "Id": secrets.token_hex(16),
            "UserId": user.id,
            "UserName": user.name,
            "Client": device["Client"],
            "DeviceName": device["Device"],
            "DeviceId": device["DeviceId"],
            "ApplicationVersion": device["Version"],
            "ServerId": SERVER_ID,
        },
        "AccessToken": token,
        "ServerId": SERVER_ID,
    }


def _plain(id_: str) -> str:
    return id_.replace("-", "").lower()
