"""``/settings``: what everybody may know, and the one webhook, which can be tried before it is saved."""

from __future__ import annotations

from typing import Any

import requests
from flask import Flask, Response, jsonify, request

from demo.seerr.agent import Agent
from demo.seerr.model import Seerr

Answer = tuple[Response, int]


def add_notifications(app: Flask, base: str, seerr: Seerr) -> None:
    """Add the views."""
    path = f"{base}/settings/notifications/webhook"

    @app.get(f"{base}/settings/public")
    def public_settings() -> dict[str, Any]:
        return {"initialized": True, "applicationTitle": "Seerr", "applicationUrl": "", "mediaServerType": 2}

    @app.get(path)
    def webhook() -> dict[str, Any]:
        return seerr.agent.to_resource()

    @app.post(path)
    def save_webhook() -> Answer:
        try:
            seerr.agent = Agent.from_resource(request.get_json(), seerr.version)
        except (KeyError, ValueError) as error:
            return jsonify(message=str(error)), 500
        return jsonify(seerr.agent.to_resource()), 200

    @app.post(f"{path}/test")
    def test_webhook() -> Answer | tuple[str, int]:
        failed = jsonify(message="Failed to send webhook notification."), 500
        try:
            status = seerr.try_out(Agent.from_resource(request.get_json(), seerr.version))
        except (KeyError, ValueError, requests.RequestException):
            return failed
        return ("", 204) if status < 400 else failed
