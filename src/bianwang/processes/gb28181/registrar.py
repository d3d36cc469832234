"""REGISTER: who is there. A recorder is online from its registration on, until it leaves or falls silent."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Mapping
from datetime import datetime

from bianwang.modules.sensing.models import Recorder
from bianwang.modules.sensing.services import RecorderChange
from bianwang.modules.sensing.signalling import Identity, RecorderConfig
from bianwang.platform.clock import SHANGHAI, now, now_ms
from bianwang.processes.gb28181.nonces import Nonces
from bianwang.processes.gb28181.parts import Office, Registration, Times
from bianwang.processes.gb28181.transport import Peer
from bianwang.processes.intake.sources.attempts import Attempts
from bianwang.protocols import sip, sip_digest
from bianwang.protocols.errors import FrameError
from bianwang.protocols.manscdp import VERSIONS
from bianwang.protocols.sip import Request, Response
from bianwang.protocols.sip_digest import Challenge, Credentials

SHORTEST_S, LONGEST_S, USUAL_S = 60, 86_400, 3_600
"""Bounds of a registration's life, and what it is where the recorder names none."""
TOLD_MS = 30_000
"""Not every keepalive is a write in the database."""


class Registrar:
    """All recorders we know and those that are there."""

    def __init__(self, identity: Identity, office: Office, times: Times) -> None:
        self._identity, self._office, self._times = identity, office, times
        self._nonces = Nonces(times.nonce)
        self._attempts = Attempts()
        self._known: Mapping[str, RecorderConfig] = {}
        self.present: dict[str, Registration] = {}
        """Registrations by code."""
        self.on_arrival: Callable[[Registration], None] = lambda registration: None

    def follow(self, recorders: list[RecorderConfig]) -> None:
        """Take the register as it is now; who was changed or switched off must register again."""
        self._known = {recorder.code: recorder for recorder in recorders}
        for code, registration in list(self.present.items()):
            if self._known.get(code) != registration.recorder:
                self._leave(code)

    def is_present(self, host: str) -> bool:
        """Whether a recorder is registered from an address."""
        return any(each.peer.host == host for each in self.present.values())

    def is_here(self, registration: Registration) -> bool:
        """Whether a registration is still the one that counts."""
        return self.present.get(registration.recorder.code) is registration

    def by_id(self, recorder: int) -> Registration | None:
        """The registration of a recorder by its number."""
        return next((each for each in self.present.values() if each.recorder.id == recorder), None)

    def register(self, request: Request, peer: Peer) -> Response | None:
        """The answer to a REGISTER; None for an address that has failed too often of late."""
        code = sip.uri(request.get("To")).user
        recorder = self._known.get(code)
        if recorder is None:
            told = f"国标编码“{code[:40]}”没有登记、没有密码或已停用"
            return self._refuse(request, peer, peer.host, "identity", told)
        if not request.get("Authorization"):
            return self._challenge(request, peer)
        credentials = sip_digest.read_credentials(request.get("Authorization"))
        if credentials.realm != self._identity.realm:
            return self._refuse(request, peer, code, "realm", f"信令域应为 {self._identity.realm}，请改正录像机的设置")
        if not self._nonces.is_fresh(credentials.nonce, peer.host):
            return self._challenge(request, peer, stale=True)
        if not self._is_right(credentials, recorder):
            return self._refuse(request, peer, code, "password", f"来自 {peer.host} 的注册密码或认证用户名不对")
        return self._accept(request, peer, recorder)

    def heard(self, request: Request, peer: Peer) -> Registration | None:
        """The registered recorder that sent a request, from where it registered; None for everybody else."""
        registration = self.present.get(sip.uri(request.get("From")).user)
        if registration is None or registration.peer.host != peer.host:
            return None
        # Behind address translation the port may change, and a TCP connection may be a new one.
        registration.peer, registration.heard = peer, time.monotonic()
        self._tell(registration)
        return registration

    def sweep(self) -> None:
        """Notice who has missed his keepalives or let his registration expire."""
        now_s, silence = time.monotonic(), self._times.keepalive * self._times.misses
        for code, registration in list(self.present.items()):
            if now_s - registration.heard > silence or now_s > registration.expires:
                self._leave(code)

    def _is_right(self, credentials: Credentials, recorder: RecorderConfig) -> bool:
        named = credentials.username == recorder.code
        return sip_digest.is_right(credentials, recorder.password, "REGISTER") and named

    def _accept(self, request: Request, peer: Peer, recorder: RecorderConfig) -> Response:
        life = _expires(request)
        if life:
            known = self.present.get(recorder.code)
            registration = Registration(recorder, peer, time.monotonic() + life)
            if known is not None and known.peer.host == peer.host:
                registration.since_ms, registration.catalog_ms = known.since_ms, known.catalog_ms
            self.present[recorder.code] = registration
            self._tell(registration)
            self.on_arrival(registration)
        else:
            self._leave(recorder.code)
        headers = (
            ("Contact", request.get("Contact")),
            ("Expires", str(life)),
            # Recorders set their clocks by it (the standard's time calibration): local time, to the millisecond.
            ("Date", _date(now())),
            ("X-GB-Ver", VERSIONS[recorder.edition]),
        )
        return self._answer(request, 200, tuple(pair for pair in headers if pair[1]))

    def _challenge(self, request: Request, peer: Peer, *, stale: bool = False) -> Response:
        challenge = Challenge(self._identity.realm, self._nonces.make(peer.host), "auth", stale=stale)
        return self._answer(request, 401, (("WWW-Authenticate", sip_digest.write_challenge(challenge)),))

    def _refuse(self, request: Request, peer: Peer, key: str, reason: str, example: str) -> Response | None:
        self._office.refused(key, reason, example)
        return self._answer(request, 403) if self._attempts.failed(peer.host) else None

    def _answer(self, request: Request, status: int, headers: sip.Headers = ()) -> Response:
        return sip.answer(request, status, headers, tag=secrets.token_hex(4))

    def _leave(self, code: str) -> None:
        registration = self.present.pop(code, None)
        if registration is not None:
            at = now_ms()
            heard_ms = at - round((time.monotonic() - registration.heard) * 1000)
            self._office.present(_change(registration, Recorder.Presence.OFFLINE, at, heard_ms))

    def _tell(self, registration: Registration) -> None:
        at = now_ms()
        if at - registration.told_ms >= TOLD_MS:
            registration.told_ms = at
            self._office.present(_change(registration, Recorder.Presence.ONLINE, registration.since_ms, at))


def _change(registration: Registration, presence: str, at_ms: int, heard_ms: int) -> RecorderChange:
    return RecorderChange(registration.recorder.id, presence, at_ms, heard_ms, registration.peer.host)


def _expires(request: Request) -> int:
    """How long a registration shall live, in seconds; 0 ends it. FrameError("field")."""
    asked = re.search(r"[;]\s*expires\s*=\s*(\w+)", request.get("Contact"), re.IGNORECASE)
    text = request.get("Expires") or (asked[1] if asked else str(USUAL_S))
    if not re.fullmatch(r"[0-9]{1,10}", text):
        raise FrameError("field", f"注册有效期 Expires“{text[:20]}”应为整数")
    seconds = int(text)
    return min(max(seconds, SHORTEST_S), LONGEST_S) if seconds else 0


def _date(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}"
