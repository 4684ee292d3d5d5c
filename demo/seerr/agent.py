"""Seerr's one webhook agent: its settings as they are saved and shown, and the template that it fills in."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from demo.webhook import Receiver

BITS = {
    "MEDIA_PENDING": 2,
    "MEDIA_APPROVED": 4,
    "MEDIA_AVAILABLE": 8,
    "MEDIA_FAILED": 16,
    "MEDIA_DECLINED": 64,
    "MEDIA_AUTO_APPROVED": 128,
}
"""What each kind of news counts in the mask of those that are ticked."""
EVERYTHING = sum(BITS.values())
VARIABLES = {
    "media_tmdbid": ("media", "tmdbId"),
    "media_tvdbid": ("media", "tvdbId"),
    "media_imdbid": ("media", "imdbId"),
    "media_jellyfinMediaId": ("media", "jellyfinMediaId"),
    "media_status": ("media", "status"),
    "media_status4k": ("media", "status4k"),
}
"""Names in templates that are not those of the default fields."""
BLOCKS = ("media", "request", "issue", "comment", "extra")
DEFAULT = json.dumps(
    {
        **{name: f"{{{{{name}}}}}" for name in ("notification_type", "event", "subject", "message", "image")},
        "{{media}}": {
            "media_type": "{{media_type}}",
            "tmdbId": "{{media_tmdbid}}",
            "tvdbId": "{{media_tvdbid}}",
            "status": "{{media_status}}",
            "status4k": "{{media_status4k}}",
        },
        "{{request}}": {
            "request_id": "{{request_id}}",
            "requestedBy_email": "{{requestedBy_email}}",
            "requestedBy_username": "{{requestedBy_username}}",
            "requestedBy_avatar": "{{requestedBy_avatar}}",
        },
        "{{extra}}": [],
    },
    indent=4,
)
"""The template that is shown where nobody has changed it."""


@dataclass
class Agent:
    """The settings. Without a ``template`` what is told goes out as the default one has it."""

    url: str = ""
    authorization: str = ""
    types: int = 0
    is_enabled: bool = False
    template: str | None = None
    others: dict[str, Any] = field(default_factory=lambda: {"supportVariables": False, "customHeaders": []})

    @classmethod
    def from_resource(cls, resource: dict[str, Any], version: str) -> Agent:
        """Read what somebody posts. Up to 3.2 the template comes as JSON within a JSON text, since 3.3 as a text."""
        options = dict(resource["options"])
        template = json.loads(options.pop("jsonPayload"))
        if _is_old(version) and not isinstance(template, str):
            raise ValueError("The template is not readable.")
        text = template if _is_old(version) else resource["options"]["jsonPayload"]
        url, authorization = options.pop("webhookUrl", ""), options.pop("authHeader", "") or ""
        return cls(url, authorization, resource["types"], bool(resource["enabled"]), text, options)

    def to_resource(self) -> dict[str, Any]:
        """Show them: the template as a text, whatever the version."""
        options = {
            "webhookUrl": self.url,
            "jsonPayload": self.template or DEFAULT,
            "authHeader": self.authorization,
            **self.others,
        }
        return {"enabled": self.is_enabled, "embedPoster": False, "types": self.types, "options": options}

    @property
    def receiver(self) -> Receiver:
        """Give where it sends to."""
        return Receiver(self.url, {"Authorization": self.authorization} if self.authorization else {})

    def wants(self, kind: str) -> bool:
        """Tell whether it sends a kind of news; a test always."""
        return self.is_enabled and bool(BITS.get(kind, self.types) & self.types)

    def fill_in(self, told: dict[str, Any]) -> Any:
        """Write what is told into the template."""
        return told if self.template is None else _filled(json.loads(self.template), told)


def _is_old(version: str) -> bool:
    return tuple(map(int, version.split(".")[:2])) < (3, 3)


def _filled(template: Any, told: dict[str, Any]) -> Any:
    if isinstance(template, str):
        return _text(template, told)
    if not isinstance(template, dict):
        return template
    filled: dict[str, Any] = {}
    for key, value in template.items():
        block = key.removeprefix("{{").removesuffix("}}") if key.startswith("{{") else ""
        if block not in BLOCKS:
            filled[key] = _filled(value, told)
        elif block == "extra" or not told[block]:
            filled[block] = told[block]
        else:
            filled[block] = _filled(value, told)
    return filled


def _text(template: str, told: dict[str, Any]) -> str:
    """Put the values in; of a name that nobody knows the braces stay."""
    blocks = [told, *(told[block] for block in BLOCKS if isinstance(told[block], dict))]
    known = {name: value for block in blocks for name, value in block.items() if isinstance(value, str)}
    known |= {name: told[block][key] if told[block] else "" for name, (block, key) in VARIABLES.items()}
    for name, value in known.items():
        template = template.replace(f"{{{{{name}}}}}", value, 1)
    return template
