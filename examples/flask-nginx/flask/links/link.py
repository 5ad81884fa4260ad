"""A link, and what may become one."""

import re
import secrets
import string
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from links.errors import ApiError

MAX_URL_LENGTH = 2048
CODE = re.compile(r"[A-Za-z0-9_-]{3,32}")
ALPHABET = string.ascii_letters + string.digits
CODE_LENGTH = 7


@dataclass(frozen=True)
class Link:
    code: str
    url: str
    created_at: str

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "url": self.url, "createdAt": self.created_at}

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def new_code() -> str:
    """Not guessable in sequence: 62^7 are 3.5 million million codes."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def checked_code(value: object) -> str:
    if not isinstance(value, str) or not CODE.fullmatch(value):
        raise ApiError(422, "bad_code", "`code` must be 3 to 32 letters, digits, hyphens and underscores.")
    return value


def checked_url(value: object) -> str:
    """An absolute http or https address. Others (`javascript:`, `file:`) would turn a redirect into an attack."""
    if not isinstance(value, str) or len(value) > MAX_URL_LENGTH:
        raise ApiError(422, "bad_url", f"`url` must be text of at most {MAX_URL_LENGTH} characters.")
    try:
        parts = urlsplit(value)
        has_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        has_host = False
    if not has_host or parts.scheme not in ("http", "https") or re.search(r"[\x00-\x20\x7f]", value):
        raise ApiError(422, "bad_url", "`url` must be an absolute http or https address.")
    if parts.username is not None:
        raise ApiError(422, "bad_url", "`url` must not carry a user name.")
    return value
