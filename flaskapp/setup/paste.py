"""What a person enters where we can't: the fields of Seerr's one webhook and of Jellyfin's plugin, one copy each."""

from __future__ import annotations

from dataclasses import dataclass

from flaskapp.setup.seerr_agent import TEMPLATE, TYPES

JELLYFIN_TEMPLATE = """\
{
  "notification_type": "{{NotificationType}}",
  "server_id": "{{ServerId}}",
  "item_id": "{{ItemId}}",
  "item_type": "{{ItemType}}",
  "name": "{{{Name}}}",
  "year": "{{Year}}",
  "tmdb": "{{{Provider_tmdb}}}",
  "tvdb": "{{{Provider_tvdb}}}",
  "imdb": "{{{Provider_imdb}}}",
  "series_name": "{{{SeriesName}}}",
  "series_id": "{{SeriesId}}",
  "season_number": "{{SeasonNumber}}",
  "episode_number": "{{EpisodeNumber}}",
  "episode_number_end": "{{EpisodeNumberEnd}}",
  "utc": "{{UtcTimestamp}}"
}
"""
"""Valid JSON for every kind of item and whatever is missing: all is quoted, names have three braces."""


UNUSED = ("On Health Issue", "On Health Restored", "On Application Update")
"""The triggers of Radarr and Sonarr that say nothing of a title."""


@dataclass(frozen=True)
class Copy:
    """One field of a form elsewhere, by the label that stands there, and what belongs into it."""

    label: str
    value: str
    is_long: bool = False
    """Whether it has several lines."""
    is_choice: bool = False
    """Whether it is ticked rather than pasted."""


@dataclass(frozen=True)
class Paste:
    """Where the form is, and its fields from top to bottom."""

    where: str
    fields: tuple[Copy, ...]


def paste(source: str, callback_url: str, token: str, instance: str = "") -> Paste:
    """Give what to enter at a service by hand."""
    end = f"/{instance}" if instance not in ("", source) else ""
    return _FORMS[source](f"{callback_url.rstrip('/')}/webhooks/{source}{end}", token)


def _seerr(url: str, token: str) -> Paste:
    fields = (
        Copy("Enable Agent", "yes", is_choice=True),
        Copy("Webhook URL", url),
        Copy("Authorization Header", f"Bearer {token}"),
        Copy("JSON Payload", TEMPLATE, is_long=True),
        Copy("Notification Types", ", ".join(TYPES.values()), is_choice=True),
    )
    return Paste("Seerr: Settings, Notifications, Webhook", fields)


def _servarr(url: str, token: str) -> Paste:
    fields = (
        Copy("Name", "Arrivarr"),
        Copy(
            "Notification Triggers",
            "all but On Health Issue, On Health Restored, On Application Update",
            is_choice=True,
        ),
        Copy("Webhook URL", url),
        Copy("Method", "POST", is_choice=True),
        Copy("Username", "arrivarr"),
        Copy("Password", token),
    )
    return Paste("Settings, Connect, +, Webhook", fields)


def _jellyfin(url: str, token: str) -> Paste:
    fields = (
        Copy("Webhook Name", "Arrivarr"),
        Copy("Webhook Url", url),
        Copy("Notification Type", "Item Added, Item Deleted", is_choice=True),
        Copy("Item Type", "Movies, Episodes, Season, Series", is_choice=True),
        Copy("Send All Properties", "no", is_choice=True),
        Copy("Template", JELLYFIN_TEMPLATE, is_long=True),
        Copy("Add Request Header: Key", "Content-Type"),
        Copy("Add Request Header: Value", "application/json"),
        Copy("Add Request Header: Key", "Authorization"),
        Copy("Add Request Header: Value", f"Bearer {token}"),
    )
    return Paste("Jellyfin: Dashboard, Plugins, Webhook, Add Generic Destination", fields)


_FORMS = {"seerr": _seerr, "radarr": _servarr, "sonarr": _servarr, "jellyfin": _jellyfin}
