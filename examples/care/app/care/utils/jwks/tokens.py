"""Tokens: every task signs and verifies with the key of the secret, so that one knows the tokens of another."""

import base64
import json
import time
from functools import cache

import jwt
from django.conf import settings

ALGORITHM = "RS256"
PUBLIC = ("kty", "kid", "use", "alg", "n", "e")


class BadToken(Exception):
    """The token is missing, was changed, or is too old."""


def issue(subject: str) -> str:
    key = _key()
    payload = {"sub": subject, "exp": int(time.time()) + settings.TOKEN_SECONDS}
    return jwt.encode(payload, jwt.PyJWK(key).key, algorithm=ALGORITHM, headers={"kid": key["kid"]})


def subject_of(token: str) -> str:
    try:
        payload = jwt.decode(token, jwt.PyJWK(_public()).key, algorithms=[ALGORITHM], options={"require": ["exp", "sub"]})
    except jwt.PyJWTError as error:
        raise BadToken(str(error)) from error
    return payload["sub"]


def public_set() -> dict:
    """What others may verify with."""
    return {"keys": [_public()]}


def _public() -> dict:
    return {name: value for name, value in _key().items() if name in PUBLIC}


@cache
def _key() -> dict:
    return json.loads(base64.b64decode(settings.JWKS_BASE64))["keys"][0]
