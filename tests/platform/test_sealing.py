"""What is sealed: SM4-GCM by the published vectors, bound to its key, and given another key in resumable pieces."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from cryptography.exceptions import InvalidTag
from hypothesis import given, settings, strategies as st

from bianwang.modules.relief.models import Secret
from bianwang.modules.relief.services import secrets
from bianwang.platform import crypto
from bianwang.platform.config import ConfigError, config
from bianwang.platform.ledger.models import Entry
from bianwang.platform.sealing.services import columns, reseal
from bianwang.processes.commands.reseal import command
from tests.modules.relief import things
from tests.people import World

KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")


@pytest.fixture
def keys() -> Iterator[None]:
    """The keys are as before when the test is over."""
    crypto.unseal(crypto.seal(b""))
    file = config().path("secrets", "identity_key")
    before = file.read_text()
    yield
    file.write_text(before)
    crypto.forget_keys()


def test_sm4_gcm_is_that_of_rfc_8998() -> None:
    nonce = bytes.fromhex("00001234567800000000ABCD")
    bound = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    plain = b"".join(bytes([value]) * 8 for value in (0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA))
    expected = bytes.fromhex(
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
        "83DE3541E4C2B58177E065A9BF7B62EC"
    )
    assert crypto.sm4_gcm(KEY, nonce, plain, bound) == expected
    assert crypto.sm4_gcm_open(KEY, nonce, expected, bound) == plain
    with pytest.raises(InvalidTag):
        crypto.sm4_gcm_open(KEY, nonce, expected, bound[:-1])


@settings(max_examples=30)
@given(st.binary(max_size=200), st.integers(0, 10_000))
def test_a_changed_byte_is_noticed_wherever_it_is(data: bytes, place: int) -> None:
    token = crypto.seal(data)
    assert crypto.unseal(token) == data
    assert crypto.seal(data) != token
    torn = bytearray(token)
    torn[place % len(token)] ^= 1
    for wrong in (bytes(torn), token[:-1], b""):
        with pytest.raises(ConfigError, match="BIAN_IDENTITY_KEY"):
            crypto.unseal(wrong)


@pytest.mark.usefixtures("keys")
@pytest.mark.parametrize("text", ["", "00" * 31, "zz" * 32, f"{'00' * 32},12"])
def test_a_wrong_key_is_refused_in_one_sentence(text: str) -> None:
    config().path("secrets", "identity_key").write_text(text)
    crypto.forget_keys()
    with pytest.raises(ConfigError, match="BIAN_IDENTITY_KEY"):
        crypto.seal(b"x")


@pytest.mark.django_db
@pytest.mark.usefixtures("limits", "keys")
def test_a_new_key_seals_every_row_once_and_old_ones_still_open(world: World) -> None:
    rows = [things.reported(world) for _ in range(3)]
    old = {row.pk: bytes(row.sealed) for row in Secret.objects.all()}
    loose = crypto.seal(b"waits in an import")
    config().add_identity_key("ab" * 32)
    assert crypto.unseal(loose) == b"waits in an import"
    crypto.forget_keys()
    # Broken off after one row: the others are done when it is started again.
    one = Secret.objects.order_by("pk")[0]
    Secret.objects.filter(pk=one.pk).update(sealed=crypto.seal(crypto.unseal(old[one.pk])))
    assert (Secret, "sealed") in set(columns())
    told = CliRunner().invoke(command)
    assert (told.exit_code, "共换过 2 条" in told.output) == (0, True), told.output
    assert all(crypto.is_current(bytes(row.sealed)) for row in Secret.objects.all())
    assert [secrets.opened(row).account for row in rows] == [things.ACCOUNT] * 3
    assert Entry.objects.filter(verb="sealing.renew").count() == 1
    assert reseal(Secret, "sealed") == 0
