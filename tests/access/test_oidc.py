"""Whom a provider of OpenID Connect vouches for, and all the ways in which its word is not good."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from flaskapp.access.accounts import Identity
from flaskapp.access.oidc import PATIENCE, Attempt, OpenIDSignIn, SignInError
from flaskapp.clients.http import ClientError
from flaskapp.config import Settings
from flaskapp.domain.provider import Provider
from tests.openid_provider import (
    ADA,
    CLIENT_ID,
    CLIENT_SECRET,
    OTHER_KEY,
    OpenIDProvider,
    came_back,
    openid_provider,
    signed,
    signed_with_the_public_key,
    unsigned,
)

BACK = "https://board.example/sign-in/oidc/callback"


@pytest.fixture
def provider() -> Iterator[OpenIDProvider]:
    with openid_provider() as provider:
        yield provider


@pytest.fixture
def configured(provider: OpenIDProvider) -> Settings:
    return Settings(auth="oidc", oidc_issuer=provider.url, oidc_client_id=CLIENT_ID, oidc_client_secret=CLIENT_SECRET)


def sign_in(provider: OpenIDProvider, settings: Settings, **answer: str) -> Identity:
    """Go to the provider, agree, and come back."""
    now = datetime.now(UTC)
    address, attempt = OpenIDSignIn(settings).begin(BACK, now)
    told = came_back(provider.visit(address)) | answer
    return OpenIDSignIn(settings).finish(attempt, told, now)


def test_whoever_comes_back_is_who_the_provider_says(provider: OpenIDProvider, configured: Settings) -> None:
    assert sign_in(provider, configured) == Identity(
        Provider.OIDC, f"{provider.url} 7", "Ada", "Ada@Example.org", is_admin=None
    )


def test_nothing_is_the_same_twice(provider: OpenIDProvider, configured: Settings) -> None:
    attempts = [OpenIDSignIn(configured).begin(BACK, datetime.now(UTC))[1] for _ in range(2)]

    for name in ("state", "nonce", "verifier"):
        words = {getattr(attempt, name) for attempt in attempts}
        assert len(words) == 2
        assert all(len(word) >= 43 for word in words)


@pytest.mark.parametrize("methods", [None, ["client_secret_basic"], ["client_secret_post"], ["private_key_jwt"]])
def test_the_secret_is_shown_as_the_provider_wants(
    provider: OpenIDProvider, configured: Settings, methods: list[str] | None
) -> None:
    provider.told["token_endpoint_auth_methods_supported"] = methods

    sign_in(provider, configured)

    (token,) = (asked for asked in provider.asked if asked.path == "/token")
    assert ("client_secret" in token.form) == (methods == ["client_secret_post"])


def test_a_provider_may_keep_its_id_token_short(provider: OpenIDProvider, configured: Settings) -> None:
    provider.id_token = ()

    identity = sign_in(provider, replace(configured, admin_group="people"))

    assert (identity.name, identity.email, identity.is_admin) == ("Ada", ADA["email"], True)


def test_a_provider_may_have_no_page_about_people(provider: OpenIDProvider, configured: Settings) -> None:
    provider.told["userinfo_endpoint"] = None

    assert sign_in(provider, configured).name == "Ada"
    assert "/userinfo" not in [asked.path for asked in provider.asked]


def test_an_issuer_may_end_in_a_slash(provider: OpenIDProvider, configured: Settings) -> None:
    provider.told["issuer"] = provider.claims["iss"] = f"{provider.url}/"

    assert sign_in(provider, configured, iss=f"{provider.url}/").subject == f"{provider.url}/ 7"


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_address_that_is_not_verified_is_none(
    provider: OpenIDProvider, configured: Settings, verified: object
) -> None:
    provider.person["email_verified"] = verified

    assert sign_in(provider, configured).email is None


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ({"name": None, "preferred_username": "ada"}, "ada"),
        ({"name": " ", "nickname": "Ad"}, "Ad"),
        ({"name": 5, "email": None}, "7"),
    ],
)
def test_somebody_has_a_name_whatever_the_provider_tells(
    provider: OpenIDProvider, configured: Settings, person: dict[str, Any], name: str
) -> None:
    provider.person |= person

    assert sign_in(provider, configured).name == name


@pytest.mark.parametrize(
    ("groups", "is_admin"),
    [
        (["people", "admins"], True),
        ("admins", True),
        (["Admins"], False),
        ("admins2", False),
        (None, False),
        (5, False),
    ],
)
def test_the_group_makes_admins(provider: OpenIDProvider, configured: Settings, groups: object, is_admin: bool) -> None:
    provider.person["groups"] = groups

    assert sign_in(provider, replace(configured, admin_group="admins")).is_admin is is_admin


@pytest.mark.parametrize(
    ("supported", "group", "asks"),
    [(["openid", "groups"], "admins", True), (["openid", "groups"], "", False), (["openid"], "admins", False)],
)
def test_groups_are_asked_for_where_they_matter(
    provider: OpenIDProvider, configured: Settings, supported: list[str], group: str, asks: bool
) -> None:
    provider.told["scopes_supported"] = supported

    sign_in(provider, replace(configured, admin_group=group))

    (authorize,) = (asked for asked in provider.asked if asked.path == "/authorize")
    assert ("groups" in authorize.query["scope"].split()) == asks


NOW = int(time.time())
BAD_CLAIMS: list[tuple[dict[str, Any], str]] = [
    ({"nonce": "another"}, "another browser"),
    ({"nonce": None}, "another browser"),
    ({"aud": "somebody-else"}, "OIDC_CLIENT_ID"),
    ({"aud": []}, "OIDC_CLIENT_ID"),
    ({"aud": None}, "OIDC_CLIENT_ID"),
    ({"aud": [CLIENT_ID, "somebody-else"], "azp": "somebody-else"}, "OIDC_CLIENT_ID"),
    ({"iss": "https://evil.example"}, "OIDC_ISSUER"),
    ({"iss": None}, "OIDC_ISSUER"),
    ({"exp": NOW - 3600, "iat": NOW - 7200}, "clocks"),
    ({"exp": None}, "clocks"),
    ({"exp": "never"}, "clocks"),
    ({"iat": NOW + 3600, "exp": NOW + 7200}, "clocks"),
    ({"nbf": NOW + 3600}, "clocks"),
    ({"sub": None}, "sub"),
    ({"sub": ""}, "sub"),
    ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "at_hash"),
]


@pytest.mark.parametrize(("claims", "says"), BAD_CLAIMS)
def test_a_claim_that_is_not_good_lets_nobody_in(
    provider: OpenIDProvider, configured: Settings, claims: dict[str, Any], says: str
) -> None:
    provider.claims = claims

    with pytest.raises(SignInError, match=says):
        sign_in(provider, configured)


def test_clocks_may_differ_by_a_minute(provider: OpenIDProvider, configured: Settings) -> None:
    provider.claims = {"iat": int(time.time()) + 60, "nbf": int(time.time()) + 60}

    assert sign_in(provider, configured).name == "Ada"


@pytest.mark.parametrize(
    "sign",
    [
        unsigned,
        signed_with_the_public_key,
        partial(signed, key=OTHER_KEY),
        lambda claims: signed(claims)[:-4] + "AAAA",
        lambda claims: signed(claims).replace(".", ".e30", 1),
        lambda claims: jwt.encode({"alg": "ES256", "kid": "first"}, claims, ECKey.generate_key("P-256")),
        lambda _: "no.token.at-all",
        lambda _: "…",
    ],
)
def test_a_signature_that_is_not_good_lets_nobody_in(provider: OpenIDProvider, configured: Settings, sign: Any) -> None:
    provider.sign = sign

    with pytest.raises(SignInError, match="signature"):
        sign_in(provider, configured)


def test_another_good_algorithm_will_do(provider: OpenIDProvider, configured: Settings) -> None:
    provider.sign = partial(signed, algorithm="PS256")

    assert sign_in(provider, configured).name == "Ada"


@pytest.mark.parametrize("sub", ["8", None])
def test_a_page_about_somebody_else_lets_nobody_in(
    provider: OpenIDProvider, configured: Settings, sub: str | None
) -> None:
    provider.userinfo["sub"] = sub

    with pytest.raises(SignInError, match="somebody else"):
        sign_in(provider, configured)


def test_what_is_signed_counts_more_than_the_page(provider: OpenIDProvider, configured: Settings) -> None:
    provider.userinfo = {"groups": ["admins"], "name": "Eve"}

    identity = sign_in(provider, replace(configured, admin_group="admins"))

    assert (identity.name, identity.is_admin) == ("Ada", False)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"state": "another"}, "another browser"),
        ({"state": ""}, "another browser"),
        ({"error": "access_denied"}, "did not agree"),
        ({"error": "<script>"}, "could not sign you in"),
        ({"code": ""}, "could not sign you in"),
        ({"iss": "https://evil.example"}, "OIDC_ISSUER"),
    ],
)
def test_an_answer_that_is_not_good_lets_nobody_in(
    provider: OpenIDProvider, configured: Settings, answer: dict[str, str], says: str
) -> None:
    with pytest.raises(SignInError, match=says):
        sign_in(provider, configured, **answer)

    assert "/token" not in [asked.path for asked in provider.asked]


def test_without_an_attempt_of_this_browser_nobody_is_let_in(provider: OpenIDProvider, configured: Settings) -> None:
    address, _ = OpenIDSignIn(configured).begin(BACK, datetime.now(UTC))

    with pytest.raises(SignInError, match="another browser"):
        OpenIDSignIn(configured).finish(None, came_back(provider.visit(address)), datetime.now(UTC))


def test_who_takes_too_long_begins_anew(provider: OpenIDProvider, configured: Settings) -> None:
    now = datetime.now(UTC)
    address, attempt = OpenIDSignIn(configured).begin(BACK, now - PATIENCE - timedelta(seconds=1))

    with pytest.raises(SignInError, match="too long ago"):
        OpenIDSignIn(configured).finish(attempt, came_back(provider.visit(address)), now)


@pytest.mark.parametrize("changed", [{"verifier": "a" * 43}, {"redirect_uri": "https://elsewhere.example/"}])
def test_a_code_is_of_use_only_to_who_asked_for_it(
    provider: OpenIDProvider, configured: Settings, changed: dict[str, str]
) -> None:
    now = datetime.now(UTC)
    address, attempt = OpenIDSignIn(configured).begin(BACK, now)
    other: Attempt = replace(attempt, **changed)  # type: ignore[arg-type]

    with pytest.raises(ClientError, match="does not take the code"):
        OpenIDSignIn(configured).finish(other, came_back(provider.visit(address)), now)


def test_a_code_is_good_once(provider: OpenIDProvider, configured: Settings) -> None:
    now = datetime.now(UTC)
    address, attempt = OpenIDSignIn(configured).begin(BACK, now)
    told = came_back(provider.visit(address))
    OpenIDSignIn(configured).finish(attempt, told, now)

    with pytest.raises(ClientError, match="does not take the code"):
        OpenIDSignIn(configured).finish(attempt, told, now)


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys", "/userinfo"])
@pytest.mark.parametrize("status", [302, 404, 500, 503])
def test_a_provider_that_is_not_well_lets_nobody_in(
    provider: OpenIDProvider, configured: Settings, path: str, status: int
) -> None:
    now = datetime.now(UTC)
    address, attempt = OpenIDSignIn(configured).begin(BACK, now)
    told = came_back(provider.visit(address))
    provider.status[path] = status

    with pytest.raises(ClientError) as caught:
        OpenIDSignIn(configured).finish(attempt, told, now)

    assert not any(word in str(caught.value) for word in (CLIENT_SECRET, told["code"], provider.url))


def test_a_wrong_secret_is_told(provider: OpenIDProvider, configured: Settings) -> None:
    with pytest.raises(ClientError, match="refuses OIDC_CLIENT_ID or OIDC_CLIENT_SECRET"):
        sign_in(provider, replace(configured, oidc_client_secret="another"))


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"issuer": "https://evil.example"}, "otherwise than OIDC_ISSUER"),
        ({"issuer": None}, "otherwise than OIDC_ISSUER"),
        ({"authorization_endpoint": None}, "where people sign in"),
        ({"token_endpoint": 5}, "where people sign in"),
        ({"jwks_uri": ""}, "where people sign in"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "no https one"),
    ],
)
def test_a_provider_that_says_nonsense_of_itself_is_not_asked(
    provider: OpenIDProvider, configured: Settings, told: dict[str, Any], says: str
) -> None:
    provider.told = told

    with pytest.raises(ClientError, match=says):
        OpenIDSignIn(configured).begin(BACK, datetime.now(UTC))


@pytest.mark.parametrize("keys", [{}, {"keys": []}, {"keys": [{"kty": "oct", "k": "A" * 43}]}, [], None])
def test_keys_that_are_none_prove_nothing(
    provider: OpenIDProvider, configured: Settings, keys: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flaskapp.clients.openid.OpenIDClient.keys", lambda *_: keys)

    with pytest.raises(SignInError, match="signature"):
        sign_in(provider, configured)
