"""What the intake must know of devices: an immutable snapshot that can be swapped while devices are connected.

The intake does not read the business database on the device path. Whoever composes the process builds a `Directory`
from the device register, and calls `LiveDirectory.swap` after every change of it.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from bianwang.platform import crypto


def sm3(secret: str | bytes) -> bytes:
    """SM3 digest of a 256-bit token or generated password, as the register keeps it.

    Not for passwords that people choose: those secrets are random, so a fast hash is enough and a storm of
    reconnecting devices stays cheap.
    """
    return crypto.sm3(secret.encode() if isinstance(secret, str) else secret)


@dataclass(frozen=True, slots=True)
class SignalRef:
    """A signal as the intake needs it: value in the signal's unit = raw value x scale + offset."""

    id: int
    scale: float = 1.0
    offset: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Device:
    """One device, gateway or child of a gateway.

    `key` names it in topics and to its gateway; `owner` is the enterprise or organisation that its signals belong
    to; `period_s` how often it promises to report (0: no promise); `lateness_ms` how late its readings may arrive
    and still count as in order. `children` of a gateway: the name the gateway uses -> id of the child device.
    `token_sm3`, or `username` with `password_sm3`, are digests by `sm3`; a device without either cannot connect.
    """

    id: int
    key: str
    owner: int
    signals: Mapping[str, SignalRef] = field(default_factory=dict)
    period_s: float = 0.0
    lateness_ms: int = 0
    token_sm3: bytes | None = None
    username: str | None = None
    password_sm3: bytes | None = None
    children: Mapping[str, int] = field(default_factory=dict)


class Directory:
    """All devices at one moment."""

    def __init__(self, devices: Iterable[Device] = ()) -> None:
        self.devices: Mapping[int, Device] = MappingProxyType({device.id: device for device in devices})
        self.by_key: Mapping[str, Device] = {device.key: device for device in self.devices.values()}
        self._by_token = {d.token_sm3: d for d in self.devices.values() if d.token_sm3}
        self._by_user = {d.username: d for d in self.devices.values() if d.username}
        self.lateness: NDArray[np.int64] = self._lateness()

    def authenticate(self, username: str | None, password: bytes | None) -> Device | None:
        """The device that these credentials belong to: username and password, or a token as the username.

        The token may also come as the password beside any username that is not registered. None if unknown.
        """
        named = self._by_user.get(username) if username else None
        if named is not None:
            expected = named.password_sm3
            if expected and password is not None and hmac.compare_digest(expected, sm3(password)):
                return named
            return None
        # Looking a digest up leaks nothing of use: whoever times it learns about SM3 of his own guess.
        for token in (password, username):
            if token and (device := self._by_token.get(sm3(token))) is not None:
                return device
        return None

    def child(self, gateway: Device, name: str) -> Device | None:
        """The child device that a gateway calls `name`, None if the gateway has no such child."""
        child = gateway.children.get(name)
        return None if child is None else self.devices.get(child)

    def _lateness(self) -> NDArray[np.int64]:
        """Lateness in ms by signal id, for whole columns at once."""
        late = {ref.id: d.lateness_ms for d in self.devices.values() for ref in d.signals.values() if d.lateness_ms}
        table = np.zeros(max(late, default=-1) + 1, np.int64)
        for signal, lateness in late.items():
            table[signal] = lateness
        return table


class LiveDirectory:
    """The directory in force. Swap from the thread of the intake's event loop."""

    def __init__(self, directory: Directory | None = None) -> None:
        self.current = directory or Directory()
        self._listeners: list[Callable[[Directory], None]] = []

    def swap(self, directory: Directory) -> None:
        """Put a new snapshot in force; connections of devices that vanished or changed secrets are closed."""
        self.current = directory
        for listener in self._listeners:
            listener(directory)

    def on_swap(self, listener: Callable[[Directory], None]) -> None:
        """Call `listener` after each swap."""
        self._listeners.append(listener)
