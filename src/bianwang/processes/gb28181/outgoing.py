"""Builds the requests that we send."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from bianwang.modules.sensing.signalling import Identity
from bianwang.processes.gb28181.transactions import new_branch
from bianwang.processes.gb28181.transport import Peer, Transport, own_address
from bianwang.protocols import sip
from bianwang.protocols.sip import Request


@dataclass
class Dialog:
    """What the requests of one conversation have in common; `remote_tag` is learnt from the first answer."""

    target: str
    call_id: str
    tag: str
    remote_tag: str = ""
    cseq: int = 1


class Outgoing:
    """Knows who we are and where we can be reached."""

    def __init__(self, identity: Identity, transport: Transport, address: str) -> None:
        self.identity, self._transport, self._address = identity, transport, address

    def address(self, peer: Peer) -> str:
        """Our address as the peer must use it."""
        return self._address or own_address(peer.host)

    def dialog(self, target: str, peer: Peer) -> Dialog:
        """A new conversation with a recorder or a channel."""
        return Dialog(target, f"{secrets.token_hex(8)}@{self.address(peer)}", secrets.token_hex(4))

    def request(
        self, method: str, dialog: Dialog, peer: Peer, *, body: bytes = b"", headers: sip.Headers = (), branch: str = ""
    ) -> Request:
        """A request of a dialog, with a branch of its own unless one is given."""
        own, realm, port = self.identity.code, self.identity.realm, self._transport.port
        here = f"{_bracketed(self.address(peer))}:{port}"
        there = f"{_bracketed(peer.host)}:{peer.port}"
        to = f"<sip:{dialog.target}@{realm}>" + (f";tag={dialog.remote_tag}" if dialog.remote_tag else "")
        head = (
            ("Via", f"SIP/2.0/{peer.transport} {here};rport;branch={branch or new_branch()}"),
            ("From", f"<sip:{own}@{realm}>;tag={dialog.tag}"),
            ("To", to),
            ("Call-ID", dialog.call_id),
            ("CSeq", f"{dialog.cseq} {method}"),
            ("Contact", f"<sip:{own}@{here}>"),
            ("Max-Forwards", "70"),
            ("User-Agent", "bianwang"),
        )
        uri = f"sip:{dialog.target}@{there}"
        return Request(method=method, uri=uri, headers=(*head, *headers), body=body)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
