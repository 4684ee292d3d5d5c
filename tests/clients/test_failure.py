"""Why there was no answer, from what ``requests`` and OpenSSL raise."""

from __future__ import annotations

import socket
import ssl
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from flaskapp.clients.failure import Failure, failure_of, speaks_tls
from tests.clients.web import Reply, serve
from tests.server.process import free_port
from tests.setup.secure import certificate, secure


def refusal(path: Path, port: int, name: str) -> ssl.SSLError:
    """Shake hands with a server whose certificate is trusted, and give why that fails all the same."""
    trusting = ssl.create_default_context(cafile=str(path))
    with socket.create_connection(("127.0.0.1", port), 5) as plain, pytest.raises(ssl.SSLError) as raised:
        trusting.wrap_socket(plain, server_hostname=name)
    return raised.value


@pytest.mark.parametrize(
    ("made_for", "ends", "asked_for", "expected"),
    [
        ("127.0.0.1", 1, "127.0.0.2", Failure.OTHER_NAME),
        ("radarr.lan", 1, "sonarr.lan", Failure.OTHER_NAME),
        ("127.0.0.1", -1, "127.0.0.1", Failure.EXPIRED),
    ],
)
def test_what_is_wrong_with_a_certificate_is_told_apart(
    tmp_path: Path, made_for: str, ends: int, asked_for: str, expected: Failure
) -> None:
    path = certificate(tmp_path, made_for, timedelta(days=ends))

    with secure(path) as port:
        assert failure_of(refusal(path, port, asked_for)) is expected


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (requests.ConnectTimeout(), Failure.SILENT),
        (requests.ReadTimeout(), Failure.LATE),
        (OSError(113, "No route to host"), Failure.SILENT),
        (ssl.SSLError(1, "[SSL: TLSV1_ALERT_INTERNAL_ERROR]"), Failure.BAD_TLS),
        (requests.ConnectionError("something new"), Failure.BROKEN_OFF),
    ],
)
def test_other_errors_are_told_apart(error: Exception, expected: Failure) -> None:
    assert failure_of(error) is expected


def test_an_error_that_wraps_itself_is_read_once() -> None:
    error = requests.ConnectionError()
    error.args = (error, ConnectionRefusedError())

    assert failure_of(error) is Failure.REFUSED


def test_tls_is_found_by_its_greeting(tmp_path: Path) -> None:
    with secure(certificate(tmp_path)) as port:
        assert speaks_tls(f"http://127.0.0.1:{port}/path", 5)
    with serve(lambda _asked: Reply()) as web:
        assert not speaks_tls(web.url, 5)
    assert not speaks_tls(f"http://127.0.0.1:{free_port()}", 5)
