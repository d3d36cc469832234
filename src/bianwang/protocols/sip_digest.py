"""Digest authentication (RFC 2617, RFC 7616), by which recorders of GB/T 28181 register.

MD5 is what the standard asks and what is challenged; SHA-256 is understood from those that use it. The password never
travels, but the digest and a nonce that lives for a minute are all that protects it: see THREAT_MODEL.md.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Final

import msgspec

from bianwang.protocols.errors import FrameError

_PAIR: Final = re.compile(r'([A-Za-z]+)\s*=\s*(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([^\s,"]+))\s*(?:,\s*|$)')
_QUOTED: Final = ("username", "realm", "nonce", "uri", "response", "opaque", "cnonce")
_DIGITS: Final = {"MD5": 32, "SHA-256": 64}
"""What is understood, and how long its responses are."""


class Challenge(msgspec.Struct, frozen=True):
    """What a 401 asks (WWW-Authenticate). `qop` is "" or "auth"."""

    realm: str
    nonce: str
    qop: str = ""
    opaque: str = ""
    stale: bool = False
    algorithm: str = "MD5"


class Credentials(msgspec.Struct, frozen=True):
    """What a request answers (Authorization)."""

    username: str
    realm: str
    nonce: str
    uri: str
    response: str
    qop: str = ""
    nc: str = ""
    cnonce: str = ""
    opaque: str = ""
    algorithm: str = "MD5"


def response(
    username: str, realm: str, password: str, method: str, uri: str, nonce: str,
    qop: str = "", nc: str = "", cnonce: str = "", algorithm: str = "MD5",
) -> str:  # fmt: skip
    """The hexadecimal digits of RFC 7616 section 3.4.1: 32 of MD5, 64 of SHA-256.

    H(H(user:realm:password):nonce:[nc:cnonce:qop:]H(method:uri)), H being the algorithm.
    """
    secret = _hash(f"{username}:{realm}:{password}", algorithm)
    asked = _hash(f"{method}:{uri}", algorithm)
    middle = f"{nonce}:{nc}:{cnonce}:{qop}" if qop else nonce
    return _hash(f"{secret}:{middle}:{asked}", algorithm)


def is_right(credentials: Credentials, password: str, method: str) -> bool:
    """Whether the credentials were made with this password; takes the same time for every wrong answer."""
    right = response(
        credentials.username, credentials.realm, password, method, credentials.uri, credentials.nonce,
        credentials.qop, credentials.nc, credentials.cnonce, credentials.algorithm,
    )  # fmt: skip
    return hmac.compare_digest(right.encode(), credentials.response.lower().encode())


def answer(challenge: Challenge, username: str, password: str, method: str, uri: str, cnonce: str) -> Credentials:
    """What a client answers to a challenge."""
    qop, nc = ("auth", "00000001") if "auth" in re.split(r"[,\s]+", challenge.qop) else ("", "")
    cnonce = cnonce if qop else ""
    realm, nonce, algorithm = challenge.realm, challenge.nonce, challenge.algorithm
    right = response(username, realm, password, method, uri, nonce, qop, nc, cnonce, algorithm)
    return Credentials(username, realm, nonce, uri, right, qop, nc, cnonce, challenge.opaque, algorithm)


def write_challenge(challenge: Challenge) -> str:
    """The value of WWW-Authenticate."""
    parts = [f'realm="{challenge.realm}"', f'nonce="{challenge.nonce}"', f"algorithm={challenge.algorithm}"]
    parts += [f'qop="{challenge.qop}"'] if challenge.qop else []
    parts += [f'opaque="{challenge.opaque}"'] if challenge.opaque else []
    return "Digest " + ", ".join([*parts, *(["stale=true"] if challenge.stale else [])])


def read_challenge(text: str) -> Challenge:
    """The value of WWW-Authenticate. FrameError("field")."""
    found = _read(text, ("realm", "nonce"))
    stale = found.get("stale", "").lower() == "true"
    qop, opaque = found.get("qop", ""), found.get("opaque", "")
    return Challenge(found["realm"], found["nonce"], qop, opaque, stale, found["algorithm"])


def write_credentials(credentials: Credentials) -> str:
    """The value of Authorization."""
    pairs = msgspec.structs.asdict(credentials)
    told = [f'{name}="{value}"' if name in _QUOTED else f"{name}={value}" for name, value in pairs.items() if value]
    return "Digest " + ", ".join(told)


def read_credentials(text: str) -> Credentials:
    """The value of Authorization. FrameError("field")."""
    found = _read(text, ("username", "realm", "nonce", "uri", "response"))
    digits = _DIGITS[found["algorithm"]]
    if not re.fullmatch(rf"[0-9A-Fa-f]{{{digits}}}", found["response"]):
        raise FrameError("field", f"摘要认证的 response 应为 {digits} 位十六进制数")
    names = Credentials.__struct_fields__
    return Credentials(**{name: value for name, value in found.items() if name in names})


def _read(text: str, needed: tuple[str, ...]) -> dict[str, str]:
    scheme, _, rest = text.strip().partition(" ")
    if scheme.lower() != "digest":
        raise FrameError("field", "只支持摘要认证（Digest）")
    found: dict[str, str] = {}
    at, rest = 0, rest.strip()
    while at < len(rest):
        pair = _PAIR.match(rest, at)
        if pair is None:
            raise FrameError("field", f"摘要认证的参数“{rest[at : at + 40]}”看不懂")
        quoted, bare = pair[2], pair[3]
        found.setdefault(pair[1].lower(), bare if quoted is None else re.sub(r"\\(.)", r"\1", quoted))
        at = pair.end()
    found["algorithm"] = found.get("algorithm", "MD5").upper()
    if found["algorithm"] not in _DIGITS:
        raise FrameError("field", "摘要认证只支持 MD5 和 SHA-256 算法")
    for name in needed:
        if name not in found:
            raise FrameError("field", f"摘要认证缺少 {name}")
    return found


def _hash(text: str, algorithm: str) -> str:
    if algorithm == "SHA-256":
        return hashlib.sha256(text.encode()).hexdigest()
    # The standard's digest, not our choice.
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
