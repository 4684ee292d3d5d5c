"""People sign in at a provider of OpenID Connect: they go there with a riddle and come back with its word.

Authorization code with PKCE (S256), state and nonce (OpenID Connect Core 1.0, RFC 7636, RFC 9207).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from authlib.oauth2.client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ClaimError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from flaskapp.access.accounts import Identity
from flaskapp.access.secret import is_same
from flaskapp.clients.openid import OpenIDClient, Provider, Tokens
from flaskapp.config import Settings
from flaskapp.domain.provider import Provider as Vouching

ALGORITHMS = [f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)] + ["EdDSA", "Ed25519"]
"""Signatures that a public key proves: never "none", and never one for which that key could be taken as the secret."""
LEEWAY = 120
"""Seconds by which the clocks may differ."""
PATIENCE = timedelta(minutes=10)
"""So long somebody may take at the provider."""
SCOPES = ("openid", "profile", "email")
TOO_LATE = "This sign-in was begun in another browser, or too long ago. Begin anew."
CLAIMS = {
    "iss": "The provider calls itself otherwise in what it signs than in what it shows: is OIDC_ISSUER right?",
    "aud": "What the provider sent is meant for another client: is OIDC_CLIENT_ID right?",
    "azp": "What the provider sent is meant for another client: is OIDC_CLIENT_ID right?",
    "nonce": TOO_LATE,
    **dict.fromkeys(
        ("exp", "iat", "nbf"),
        "What the provider sent is too old or not valid yet: do the clocks of both machines agree?",
    ),
}


class SignInError(Exception):
    """Nobody signed in: one sentence that says why, without secrets."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a browser keeps while its person is at the provider."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str
    begun_at: datetime


class OpenIDSignIn:
    """One per app, where it is configured. Asks the network, so never call it inside a transaction."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client = OpenIDClient(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret)

    def begin(self, redirect_uri: str, now: datetime) -> tuple[str, Attempt]:
        """Give the address to go to, and what to remember; raises ClientError."""
        provider = self._client.discover()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        scopes = [*SCOPES, "groups"] if self._settings.admin_group and "groups" in provider.scopes else SCOPES
        client = OAuth2Client(
            None, client_id=self._settings.oidc_client_id, code_challenge_method="S256", scope=" ".join(scopes)
        )
        address, _ = client.create_authorization_url(
            provider.authorization_endpoint, state, verifier, redirect_uri=redirect_uri, nonce=nonce
        )
        return str(address), Attempt(state, nonce, verifier, redirect_uri, now)

    def finish(self, attempt: Attempt | None, answer: Mapping[str, str], now: datetime) -> Identity:
        """Give who came back with an answer of the provider; raises SignInError and ClientError."""
        if attempt is None or not is_same(answer.get("state", ""), attempt.state) or now - attempt.begun_at > PATIENCE:
            raise SignInError(TOO_LATE)
        if answer.get("error") == "access_denied":
            raise SignInError("The provider did not let you in, or you did not agree.")
        if "error" in answer or not answer.get("code"):
            raise SignInError("The provider could not sign you in. Its log says why.")
        provider = self._client.discover()
        if answer.get("iss", provider.issuer) != provider.issuer:
            raise SignInError(CLAIMS["iss"])
        tokens = self._client.exchange(provider, answer["code"], attempt.redirect_uri, attempt.verifier)
        claims = self._verified(provider, tokens, attempt.nonce, now)
        return self._identity(provider, self._all_claims(provider, tokens, claims))

    def _verified(self, provider: Provider, tokens: Tokens, nonce: str, now: datetime) -> dict[str, Any]:
        """Read the ID token once its signature and its claims are proven good."""
        keys: Any = self._client.keys(provider)
        client_id = self._settings.oidc_client_id
        options = {
            "iss": {"essential": True, "value": provider.issuer},
            "aud": {"essential": True, "value": client_id},
            "sub": {"essential": True},
        }
        told = {"nonce": nonce, "client_id": client_id, "access_token": tokens.access_token}
        try:
            registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
            token = jwt.decode(tokens.id_token, KeySet.import_key_set(keys), registry=registry)
            claims = CodeIDToken(token.claims, token.header, options, told)
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
        except ClaimError as error:
            raise SignInError(CLAIMS.get(error.claim, f"The provider's word is not good: {error.claim}.")) from None
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            raise SignInError("The signature of the provider can't be trusted.") from None
        return dict(claims)

    def _all_claims(self, provider: Provider, tokens: Tokens, claims: dict[str, Any]) -> dict[str, Any]:
        if not provider.userinfo_endpoint:
            return claims
        more = self._client.userinfo(provider, tokens.access_token)
        if not isinstance(more, dict) or more.get("sub") != claims["sub"]:
            raise SignInError("The provider speaks of somebody else than who signed in.")
        return more | claims

    def _identity(self, provider: Provider, claims: dict[str, Any]) -> Identity:
        names = (claims.get(name) for name in ("name", "preferred_username", "nickname", "email", "sub"))
        name = next(name for name in names if isinstance(name, str) and name.strip())
        email, groups = claims.get("email"), claims.get("groups")
        is_vouched = isinstance(email, str) and claims.get("email_verified") is True
        admin_group = self._settings.admin_group
        return Identity(
            provider=Vouching.OIDC,
            subject=f"{provider.issuer} {claims['sub']}",
            name=name.strip(),
            email=email if is_vouched else None,
            is_admin=admin_group in (groups if isinstance(groups, list) else [groups]) if admin_group else None,
        )
