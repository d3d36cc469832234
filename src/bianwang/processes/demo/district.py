"""Loads the demo of a district pack: enterprises, people, devices, rules. Loading twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

import bianwang
from bianwang.modules.sensing import services as sensing
from bianwang.modules.sensing.models import Device, Signal
from bianwang.platform import packs, roles
from bianwang.platform.accounts import services as accounts
from bianwang.platform.accounts.models import User
from bianwang.platform.accounts.queries import DEMO_PASSWORD
from bianwang.platform.config import Config
from bianwang.platform.places import services as places
from bianwang.platform.places.credit_code import check_character
from bianwang.platform.places.models import Enterprise, Organisation, Territory, Zone
from bianwang.platform.registry import registry
from bianwang.processes.demo.cast import Cast
from bianwang.processes.demo.rules import apply_templates, bind_places
from bianwang.processes.simulator.feed import Incident, SimulatedDevice

PASSWORD = DEMO_PASSWORD


def show_modules(cast: Cast) -> None:
    """What each module shows: `load` of the file of its name beside this one, where there is one."""
    for code in registry():
        name = f"{__package__}.{code}"
        show = getattr(import_module(name), "load", None) if find_spec(name) else None
        if show is not None:
            show(cast)


def load(options: Config, show: Callable[[Cast], None] = show_modules) -> Path:
    """Load what is missing, and `show` what was done; returns the file that the simulator reads.

    That has mode 0600: it holds tokens.
    """
    pack = read_pack(options.district)
    file = options.path("demo", "devices.json")
    if not file.exists():
        _people(pack)
        owners = {row["key"]: _enterprise(row) for row in pack["enterprises"]}
        cast = Cast(options.district, owners)
        _officers(pack, cast)
        devices = [_device(row, owners[row["enterprise"]], pack["plants"]) for row in pack["devices"]]
        apply_templates(list(Signal.objects.filter(device__key__in=[device.key for device in devices])), devices)
        show(cast)
        bind_places(owners.values())
        file.touch(mode=0o600)
        file.write_bytes(msgspec.json.encode(devices))
    return file


def read_pack(district: str) -> dict[str, Any]:
    """The demo file of a district pack."""
    file = Path(bianwang.__file__).parent / "districts" / district / "demo.yaml"
    pack: dict[str, Any] = packs.parse(file.read_text("utf-8"))
    return pack


def enterprise(name: str, code17: str, **values: Any) -> Enterprise:
    """Register an invented enterprise; `code17` is its credit code without the check character."""
    code = code17 + check_character(code17)
    known = Enterprise.objects.filter(credit_code=code).first()
    if known is not None:
        return known
    return places.create_enterprise({"name": name, "credit_code": code, "is_demo": True, **values})


def add_signals(device: Device, rows: list[list[Any]]) -> list[Signal]:
    """Register a device's signals: [name, title, quantity, unit, low, high, decimals]."""
    made = []
    for name, title, quantity, unit, low, high, decimals in rows:
        signal = Signal(
            owner_id=device.owner_id,
            device=device,
            zone_id=device.zone_id,
            name=name,
            title=title,
            quantity=quantity,
            unit=unit,
            low=low,
            high=high,
            decimals=decimals,
        )
        sensing.register(signal)
        made.append(signal)
    return made


def _enterprise(row: dict[str, Any]) -> Enterprise:
    territories = [Territory.objects.get(code=row["town"])]
    if row["zone"]:
        territories.append(Territory.objects.get(governed_by__code=row["zone"]))
    return enterprise(
        row["name"],
        row["code"],
        sector=row["sector"],
        scale=row["scale"],
        risk=row["risk"],
        is_direct=row["direct"],
        standardisation=row["grade"],
        longitude=row["at"][0],
        latitude=row["at"][1],
        address=f"重庆市璧山区{territories[0].name}",
        contact=row["contact"],
        contact_phone=f"1380000{1000 + int(row['code'][-4:])}",
        territories=territories,
    )


def _people(pack: dict[str, Any]) -> None:
    """The three administrators, who then open and grant the rest."""
    if User.objects.filter(posts__role=roles.SYSTEM).exists():
        return
    bureau = Organisation.objects.get(level=Organisation.Level.BUREAU)
    first = {row[2]: (row[0], row[1], PASSWORD) for row in pack["users"] if row[2] in roles.ADMINISTRATORS}
    accounts.found(first, bureau, is_demo=True)


def _officers(pack: dict[str, Any], cast: Cast) -> None:
    opener = User.objects.get(posts__role=roles.SYSTEM)
    granter = User.objects.get(posts__role=roles.SECURITY)
    for username, name, role, at, certificate in pack["users"]:
        if role in roles.ADMINISTRATORS or User.objects.filter(username=username).exists():
            continue
        user, _ = accounts.create(username, name, by=opener, certificate=certificate, password=PASSWORD, is_demo=True)
        accounts.grant(user, role, cast.owners.get(at) or cast.organisation(at), by=granter)


def _device(row: dict[str, Any], owner: Enterprise, plants: dict[str, Any]) -> SimulatedDevice:
    plant = plants[row["plant"]]
    device = Device.objects.filter(key=row["key"]).first()
    if device is None:
        zone = places.save_zone(Zone(), {"owner": owner, "name": row["zone"], "kind": plant["zone"]})
        period = max(row["period"], 10)
        device = Device(owner=owner, zone=zone, key=row["key"], name=row["name"], period_s=period, is_demo=True)
        sensing.register(device)
        add_signals(device, plant["signals"])
    incidents = tuple(Incident(*values) for values in row["incidents"])
    return SimulatedDevice(row["key"], sensing.issue_token(device), row["plant"], row["seed"], row["period"], incidents)
