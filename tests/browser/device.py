"""A device that says what the test wants, when the test wants it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from tests.faults.publisher import TOPIC
from tests.instance import WAIT_S, Instance, patience


def publish(instance: Instance, key: str, values: Mapping[str, Sequence[float]], *, step_ms: int = 1000) -> None:
    """Send columns of readings whose last one is of this moment; returns when they are acknowledged."""
    count = len(next(iter(values.values())))
    end = round(time.time() * 1000)
    times = [end - (count - 1 - number) * step_ms for number in range(count)]
    client = connected(instance, key)
    client.publish(TOPIC, json.dumps({"ts": times, "values": values}), qos=1).wait_for_publish(WAIT_S)
    client.disconnect()
    client.loop_stop()


def connected(instance: Instance, key: str) -> Client:
    """An MQTT client that is logged in as the demo device `key`."""
    client = Client(CallbackAPIVersion.VERSION2, client_id=key)
    client.username_pw_set(key, token(instance, key))
    client.connect("127.0.0.1", instance.mqtt_port)
    client.loop_start()
    for _ in patience(f"the connection of {key}"):
        if client.is_connected():
            break
    return client


def token(instance: Instance, key: str) -> str:
    """The demo device's token."""
    rows = json.loads((instance.home / "demo" / "devices.json").read_bytes())
    return str(next(row["token"] for row in rows if row["key"] == key))
