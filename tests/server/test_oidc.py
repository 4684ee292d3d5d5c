"""Signing in at a provider of OpenID Connect over TLS: a real gunicorn behind a real nginx."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.openid_provider import CLIENT_ID, CLIENT_SECRET, OpenIDProvider, openid_provider
from tests.server.conftest import StartNginx, StartServer


@pytest.fixture
def provider() -> Iterator[OpenIDProvider]:
    with openid_provider() as provider:
        yield provider


def test_somebody_signs_in_behind_nginx_over_tls(
    start_server: StartServer, start_nginx: StartNginx, provider: OpenIDProvider, tmp_path: Path
) -> None:
    env = {
        "AUTH": "oidc",
        "OIDC_ISSUER": provider.url,
        "OIDC_CLIENT_ID": CLIENT_ID,
        "OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "ADMIN_GROUP": "people",
        "TRUSTED_PROXIES": "127.0.0.1",
    }
    server = start_server(tmp_path, env=env)
    nginx = start_nginx(server, tls=True)

    with requests.Session() as browser:
        browser.trust_env, browser.verify = False, str(nginx.certificate)
        sent = browser.get(f"{nginx.url}/sign-in/oidc?next=/services", allow_redirects=False, timeout=10)
        back = provider.visit(sent.headers["Location"])
        assert back.startswith(f"{nginx.url}/sign-in/oidc/callback?")
        entered = browser.get(back, allow_redirects=False, timeout=10)

        assert (entered.status_code, entered.headers["Location"]) == (303, "/services")
        cookies = [cookie for answer in (sent, entered) for cookie in answer.headers["Set-Cookie"].split("\n")]
        assert all("; Secure" in cookie and "; HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)
        assert browser.get(f"{nginx.url}/services", timeout=10).status_code == 200
        with browser.get(f"{nginx.url}/events", stream=True, timeout=10) as stream:
            assert stream.status_code == 200
    assert requests.get(f"{server.url}/services", timeout=10, allow_redirects=False).status_code in (303, 401)
