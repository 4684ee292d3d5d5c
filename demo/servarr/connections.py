"""``/notification``: connections are tested while the one who saves them waits."""

from __future__ import annotations

from http import HTTPStatus
from itertools import count
from typing import Any

from flask import Flask, Response, abort, jsonify, request

from demo.servarr.arr import Arr
from demo.servarr.notification import HIDDEN, Notification, schema

Answer = tuple[Response, int]


class Connections:
    """The views over the connections of one Radarr or Sonarr."""

    def __init__(self, arr: Arr) -> None:
        self._arr, self._ids = arr, count(5)

    def add_to(self, app: Flask, base: str) -> None:
        """Add the views."""
        path = f"{base}/notification"
        app.add_url_rule(path, "connections", self._list)
        app.add_url_rule(f"{path}/schema", "connection_types", self._types)
        app.add_url_rule(path, "create_connection", self._create, methods=["POST"])
        app.add_url_rule(f"{path}/<int:id_>", "change_connection", self._change, methods=["PUT"])
        app.add_url_rule(f"{path}/<int:id_>", "delete_connection", self._delete, methods=["DELETE"])
        app.add_url_rule(f"{path}/test", "test_connection", self._test, methods=["POST"])
        app.add_url_rule(f"{path}/testall", "test_connections", self._test_all, methods=["POST"])

    def _list(self) -> Response:
        return jsonify([self._show(notification) for notification in self._arr.notifications.values()])

    def _types(self) -> Response:
        email = {"implementation": "Email", "configContract": "EmailSettings", "fields": [], "supportsOnGrab": True}
        return jsonify([email, schema(self._arr.words.triggers)])

    def _create(self) -> Answer:
        notification = Notification.from_resource(next(self._ids), request.get_json())
        refusal = self._refusal(notification)
        return (jsonify([refusal]), 400) if refusal else self._save(notification, 201)

    def _change(self, id_: int) -> Answer:
        notification = self._posted(id_)
        is_forced = request.args.get("forceSave") == "true"
        refusal = None if is_forced else self._refusal(notification)
        return (jsonify([refusal]), 400) if refusal else self._save(notification, 202)

    def _delete(self, id_: int) -> dict[str, Any]:
        del self._arr.notifications[self._saved(id_).id]
        return {}

    def _test(self) -> Answer:
        refusal = self._refusal(self._posted(request.get_json().get("id", 0)))
        return (jsonify([refusal]), 400) if refusal else (jsonify({}), 200)

    def _test_all(self) -> Answer:
        tests = [(notification, self._refusal(notification)) for notification in self._arr.notifications.values()]
        results = [
            {"id": notification.id, "isValid": not refusal, "validationFailures": [refusal] if refusal else []}
            for notification, refusal in tests
        ]
        return jsonify(results), 200 if all(result["isValid"] for result in results) else 400

    def _posted(self, id_: int) -> Notification:
        """Read what is posted of a connection; a password that is hidden is the saved one."""
        notification = Notification.from_resource(id_, request.get_json())
        if notification.fields.get("password") == HIDDEN:
            notification.fields["password"] = self._saved(id_).fields.get("password")
        return notification

    def _saved(self, id_: int) -> Notification:
        return self._arr.notifications.get(id_) or abort(404)

    def _save(self, notification: Notification, status: int) -> Answer:
        self._arr.notifications[notification.id] = notification
        return jsonify(self._show(notification)), status

    def _show(self, notification: Notification) -> dict[str, Any]:
        return notification.to_resource(self._arr.words.triggers)

    def _refusal(self, notification: Notification) -> dict[str, Any] | None:
        """Say why a connection can't be saved: its name is taken, or its receiver did not like the Test."""
        others = (other for other in self._arr.notifications.values() if other.id != notification.id)
        if any(other.name.lower() == notification.name.lower() for other in others):
            return _failure("Name", "Should be unique")
        status = self._arr.mail.test(notification) if notification.triggers else 200
        if status < 400:
            return None
        url, phrase = notification.receiver.url, HTTPStatus(status).phrase.replace(" ", "")
        return _failure("Url", f"Unable to post to webhook: HTTP request failed: [{status}:{phrase}] [POST] at [{url}]")


def _failure(field: str, message: str) -> dict[str, Any]:
    return {"isWarning": False, "propertyName": field, "errorMessage": message, "severity": "error"}
