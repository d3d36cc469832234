"""What tests of several processes share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from confluent_kafka import Producer


@pytest.fixture(scope="session")
def broker() -> Iterator[str]:
    """Address of a Kafka broker: the one that the client library brings for tests, which speaks the real protocol."""
    host = Producer({"bootstrap.servers": "none", "test.mock.num.brokers": 1, "log_level": 3})
    (found,) = host.list_topics(timeout=30).brokers.values()
    yield f"{found.host}:{found.port}"
    del host  # and with it the broker
