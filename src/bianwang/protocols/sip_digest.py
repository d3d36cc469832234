"""Digest authentication with MD5 (RFC 2617), by which recorders of GB/T 28181 register.

The password never travels, but MD5 and a nonce that lives for a minute are all that protects it: see THREAT_MODEL.md.
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


class Challenge(msgspec.Struct, frozen=True):
    """What a 401 asks (WWW-Authenticate). `qop` is "" or "auth"."""

    realm: str
    nonce: str
    qop: str = ""
    opaque: str = ""
    stale: bool = False


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


def response(
    username: str, realm: str, password: str, method: str, uri: str, nonce: str,
    qop: str = "", nc: str = "", cnonce: str = "",
) -> str:  # fmt: skip
    """The 32 hexadecimal digits of RFC 2617 section 3.2.2.

    H(H(user:realm:password):nonce:[nc:cnonce:qop:]H(method:uri)), H being MD5.
    """
    secret = _md5(f"{username}:{realm}:{password}")
    asked = _md5(f"{method}:{uri}")
    middle = f"{nonce}:{nc}:{cnonce}:{qop}" if qop else nonce
    return _md5(f"{secret}:{middle}:{asked}")


def is_right(credentials: Credentials, password: str, method: str) -> bool:
    """Whether the credentials were made with this password; takes the same time for every wrong answer."""
    right = response(
        credentials.username, credentials.realm, password, method, credentials.uri, credentials.nonce,
        credentials.qop, credentials.nc, credentials.cnonce,
    )  # fmt: skip
    return hmac.compare_digest(right.encode(), credentials.response.lower().encode())


def answer(challenge: Challenge, username: str, password: str, method: str, uri: str, cnonce: str) -> Credentials:
    """What a client answers to a challenge."""
    qop, nc = ("auth", "00000001") if "auth" in re.split(r"[,\s]+", challenge.qop) else ("", "")
    cnonce = cnonce if qop else ""
    right = response(username, challenge.realm, password, method, uri, challenge.nonce, qop, nc, cnonce)
    return Credentials(username, challenge.realm, challenge.nonce, uri, right, qop, nc, cnonce, challenge.opaque)


def write_challenge(challenge: Challenge) -> str:
    """The value of WWW-Authenticate."""
    parts = [f'realm="{challenge.realm}"', f'nonce="{challenge.nonce}"', "algorithm=MD5"]
    parts += [f'qop="{challenge.qop}"'] if challenge.qop else []
    parts += [f'opaque="{challenge.opaque}"'] if challenge.opaque else []
    return "Digest " + ", ".join([*parts, *(["stale=true"] if challenge.stale else [])])


def read_challenge(text: str) -> Challenge:
    """The value of WWW-Authenticate. FrameError("field")."""
    found = _read(text, ("realm", "nonce"))
    stale = found.get("stale", "").lower() == "true"
    return Challenge(found["realm"], found["nonce"], found.get("qop", ""), found.get("opaque", ""), stale)


def write_credentials(credentials: Credentials) -> str:
    """The value of Authorization."""
    pairs = msgspec.structs.asdict(credentials)
    told = [f'{name}="{value}"' if name in _QUOTED else f"{name}={value}" for name, value in pairs.items() if value]
    return "Digest " + ", ".join([*told, "algorithm=MD5"])


def read_credentials(text: str) -> Credentials:
    """The value of Authorization. FrameError("field")."""
    found = _read(text, ("username", "realm", "nonce", "uri", "response"))
    if not re.fullmatch(r"[0-9A-Fa-f]{32}", found["response"]):
        raise FrameError("field", "摘要认证的 response 应为 32 位十六进制数")
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
    if found.get("algorithm", "MD5").upper() != "MD5":
        raise FrameError("field", "摘要认证只支持 MD5 算法")
    for name in needed:
        if name not in found:
            raise FrameError("field", f"摘要认证缺少 {name}")
    return found


def _md5(text: str) -> str:
    # The standard's digest, not our choice.
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
