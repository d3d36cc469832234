"""The register of devices and signals: what is written, refused and told to the ledger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.core.exceptions import ValidationError

from bianwang.modules.sensing import queries, services
from bianwang.modules.sensing.credentials import digest
from bianwang.modules.sensing.models import Device, Refusal, Signal
from bianwang.modules.sensing.services import PresenceChange, RefusalCount
from bianwang.platform.clock import from_ms
from bianwang.platform.ledger.models import Entry
from bianwang.platform.places.models import Zone
from tests.people import World

MakeDevice = Callable[..., Device]
NOON = 1_795_579_200_000


def verbs(row: Any) -> list[str]:
    entries = Entry.objects.filter(object_type=row._meta.label_lower, object_id=row.pk)
    return list(entries.order_by("pk").values_list("verb", flat=True))


def test_registering_is_one_ledger_row_of_the_owner_and_moves_the_revision(
    make_device: MakeDevice, world: World
) -> None:
    before = queries.revisions().get("sensing", 0)
    device = make_device()
    entry = Entry.objects.get(object_type="sensing.device", object_id=device.pk)
    assert (entry.verb, entry.owner_id) == ("sensing.device_create", world.plant.pk)
    assert queries.revisions()["sensing"] == before + 1


def test_a_change_names_only_what_changed(device: Device) -> None:
    device.period_s = 5
    assert services.change(device)
    entry = Entry.objects.filter(object_type="sensing.device", object_id=device.pk).latest("pk")
    assert orjson.loads(entry.changes) == {"period_s": [60, 5]}


def test_saving_without_a_change_writes_nothing(device: Device) -> None:
    assert not services.change(device)
    assert verbs(device) == ["sensing.device_create"]


def test_the_owner_and_the_key_of_a_device_never_change(device: Device, world: World) -> None:
    device.owner = world.other
    with pytest.raises(ValidationError, match="登记后不能修改"):
        services.change(device)
    assert Device.objects.get(pk=device.pk).owner_id == world.plant.pk


def test_a_key_is_registered_once(device: Device, make_device: MakeDevice) -> None:
    with pytest.raises(ValidationError) as caught:
        make_device(device.key)
    assert "key" in caught.value.message_dict


@pytest.mark.parametrize("key", ["a/b", "a+b", "设备一", "-a", "x", "a b", "a#"])
def test_keys_that_would_break_a_topic_are_refused(make_device: MakeDevice, key: str) -> None:
    with pytest.raises(ValidationError) as caught:
        make_device(key)
    assert "key" in caught.value.message_dict


def test_a_protocol_without_identity_needs_the_source_address(make_device: MakeDevice) -> None:
    with pytest.raises(ValidationError) as caught:
        make_device("hj", protocol="hj212", settings='{"mn": "A1"}')
    assert "source_address" in caught.value.message_dict


@pytest.mark.parametrize(
    ("protocol", "settings"),
    [
        ("hj212", "{}"),
        ("gb26875", '{"address": "12"}'),
        ("modbus", '{"port": 502}'),
        ("mqtt", '{"x": 1}'),
        ("hj212", "{"),
    ],
)
def test_settings_that_the_protocol_cannot_use_are_refused_with_an_example(
    make_device: MakeDevice, protocol: str, settings: str
) -> None:
    with pytest.raises(ValidationError, match="协议参数") as caught:
        make_device("d2", protocol=protocol, settings=settings, source_address="10.0.0.8")
    assert "settings" in caught.value.message_dict


def test_a_zone_of_another_enterprise_is_refused(make_device: MakeDevice, world: World) -> None:
    zone = Zone.objects.create(owner=world.other, name="泵房", kind=Zone.Kind.PUMP)
    with pytest.raises(ValidationError) as caught:
        make_device("d2", zone=zone)
    assert "zone" in caught.value.message_dict


def test_the_gateway_must_be_one_and_of_the_same_owner(make_device: MakeDevice, device: Device) -> None:
    with pytest.raises(ValidationError, match="没有登记为网关"):
        make_device("child", gateway=device)


def test_the_password_of_a_protocol_leaves_only_a_digest_in_the_ledger(make_device: MakeDevice) -> None:
    device = make_device("hj", protocol="hj212", settings='{"mn": "A1", "pw": "geheim9"}', source_address="10.0.0.8")
    entry = Entry.objects.get(object_type="sensing.device", object_id=device.pk)
    assert "geheim9" not in entry.changes
    assert orjson.loads(entry.changes)["settings"][1].startswith("sm3:")


def test_a_token_is_kept_only_as_its_digest_and_replaces_the_old_one(device: Device) -> None:
    first = services.issue_token(device)
    second = services.issue_token(device)
    stored = Device.objects.get(pk=device.pk).token_digest
    assert first != second
    assert len(first) >= 43
    assert stored == digest(second)
    assert not Entry.objects.filter(changes__contains=second).exists()
    assert verbs(device).count("sensing.token_issue") == 2


def test_the_intake_gets_the_digest_that_its_own_function_computes(device: Device) -> None:
    from bianwang.processes.intake.directory import sm3

    token = services.issue_token(device)
    (config,) = queries.directory()
    assert config.token_sm3 == sm3(token)


def test_a_user_name_belongs_to_one_device(device: Device, make_device: MakeDevice) -> None:
    services.issue_password(device, "pump")
    with pytest.raises(ValidationError, match="已被其他设备使用"):
        services.issue_password(make_device("pump-2"), "pump")


def test_switching_off_needs_a_reason_and_hides_the_device_from_the_intake(device: Device, signal: Signal) -> None:
    with pytest.raises(ValidationError, match="理由"):
        services.switch(device, False, " ")
    services.switch(device, False, "设备报废")
    assert queries.directory() == []
    services.switch(device, False, "再点一次")
    assert verbs(device).count("sensing.device_disable") == 1


def test_the_directory_holds_signals_and_the_children_of_a_gateway(
    make_device: MakeDevice, device: Device, signal: Signal
) -> None:
    gateway = make_device("gw", is_gateway=True)
    child = make_device("meter-1", name="一号表", gateway=gateway)
    found = {config.key: config for config in queries.directory()}
    assert found["pump-1"].signals == {"flow": (signal.pk, 1.0, 0.0)}
    assert found["gw"].children == {"meter-1": child.pk, "一号表": child.pk}


def test_the_directory_takes_two_queries(
    make_device: MakeDevice, device: Device, signal: Signal, django_assert_num_queries: Any
) -> None:
    make_device("pump-2")
    with django_assert_num_queries(2):
        queries.directory()


def test_presence_is_written_in_bulk_without_ledger(device: Device, make_device: MakeDevice) -> None:
    other = make_device("pump-2")
    entries = Entry.objects.count()
    services.record_presence(
        [
            PresenceChange(device.pk, "online", NOON),
            PresenceChange(device.pk, "silent", NOON + 5, "已 70 秒没有上报"),
        ]
    )
    services.record_heard({other.pk: NOON})
    device.refresh_from_db()
    other.refresh_from_db()
    assert (device.presence, device.presence_at, device.presence_detail) == (
        "silent",
        from_ms(NOON + 5),
        "已 70 秒没有上报",
    )
    assert (other.presence, other.last_seen_at) == ("online", from_ms(NOON))
    assert Entry.objects.count() == entries


def test_refusals_add_up_by_device_reason_and_day(device: Device) -> None:
    services.record_refusals([RefusalCount(device.key, "bad_json", 3, NOON, "不是 JSON")])
    services.record_refusals(
        [
            RefusalCount(device.key, "bad_json", 2, NOON + 1),
            RefusalCount("10.0.0.9", "unknown_device", 1, NOON),
        ]
    )
    assert Refusal.objects.get(device=device).count == 5
    assert Refusal.objects.get(key="10.0.0.9").device is None


def test_a_signal_belongs_to_the_owner_of_its_device(device: Device, world: World) -> None:
    signal = Signal(owner=world.other, device=device, name="x", title="x", quantity="other")
    with pytest.raises(ValidationError) as caught:
        services.register(signal)
    assert "device" in caught.value.message_dict


def test_a_range_must_have_a_width(device: Device) -> None:
    signal = Signal(owner=device.owner, device=device, name="x", title="x", quantity="other", low=5, high=5)
    with pytest.raises(ValidationError) as caught:
        services.register(signal)
    assert "high" in caught.value.message_dict
