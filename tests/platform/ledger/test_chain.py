"""The seal of the ledger: gap-free numbers, one sealer, and any tampering found at its place."""

from __future__ import annotations

import threading
from datetime import timedelta

import orjson
import pytest
import time_machine
from django.db import connection, transaction

from bianwang.platform.clock import now
from bianwang.platform.config import config
from bianwang.platform.ledger import chain
from bianwang.platform.ledger.context import acting
from bianwang.platform.ledger.models import AppendOnlyError, Entry, SealLease
from bianwang.platform.ledger.services import draft, record

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_exported_heads():
    chain._heads_file().unlink(missing_ok=True)


def write(subject, count=1, verb="places.change", **kwargs):
    Entry.objects.bulk_create(
        draft(verb, subject, owner=subject, changes={"name": (str(n), str(n + 1))}, **kwargs) for n in range(count)
    )


def execute(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_sealing_numbers_rows_without_gaps_in_the_order_of_writing(world):
    write(world.plant, 450)

    assert chain.seal() == 450
    assert chain.seal() == 0
    rows = list(Entry.objects.order_by("seq").values_list("seq", "id"))
    assert [seq for seq, _ in rows] == list(range(1, 451))
    assert [pk for _, pk in rows] == sorted(pk for _, pk in rows)
    assert chain.verify() == chain.Verification(450)


def test_a_row_that_committed_late_is_sealed_after_those_that_were_there_before(world):
    write(world.plant, 2)
    early = Entry.objects.order_by("id").first()
    execute("UPDATE ledger_entry SET seq = 99 WHERE id = %s", early.pk)
    chain.seal()
    execute("UPDATE ledger_entry SET seq = NULL WHERE id = %s", early.pk)

    chain.seal()

    assert list(Entry.objects.order_by("seq").values_list("id", flat=True)) == [early.pk + 1, early.pk]
    assert chain.verify().ok


def test_an_empty_ledger_is_whole():
    assert chain.verify() == chain.Verification(0)


def test_only_the_holder_of_the_lease_seals(world):
    write(world.plant)
    SealLease.objects.create(pk=1, holder="other:1", until=now() + timedelta(seconds=8))

    assert chain.seal() == 0
    with time_machine.travel(now() + timedelta(seconds=9)):
        assert chain.seal() == 1
    assert SealLease.objects.get().holder == chain.HOLDER


def test_a_sealer_that_lost_the_lease_in_the_middle_writes_nothing(world):
    write(world.plant)
    head = chain._take_lease()
    rows = list(Entry.objects.values(*chain.SEALED))
    SealLease.objects.filter(pk=1).update(holder="other:1")

    assert chain._seal(head, rows) is False
    assert Entry.objects.filter(seq__isnull=False).count() == 0


@pytest.mark.django_db(transaction=True)
def test_sealers_that_run_at_once_make_one_chain(world):
    write(world.plant, 1000)
    barrier = threading.Barrier(4)

    def work():
        barrier.wait()
        try:
            for _ in range(3):
                chain.seal()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    chain.seal()
    assert chain.verify() == chain.Verification(1000)


def _change(seq):
    execute("UPDATE ledger_entry SET actor_name = %s WHERE seq = %s", "某人", seq)
    return seq


def _change_time(seq):
    execute("UPDATE ledger_entry SET at = %s WHERE seq = %s", now() - timedelta(days=3), seq)
    return seq


def _delete(seq):
    execute("DELETE FROM ledger_entry WHERE seq = %s", seq)
    return seq


def _reorder(seq):
    first, second = (seq, seq + 1) if seq < 1000 else (seq - 1, seq)
    execute("UPDATE ledger_entry SET seq = NULL WHERE seq = %s", first)
    execute("UPDATE ledger_entry SET seq = %s WHERE seq = %s", first, second)
    execute("UPDATE ledger_entry SET seq = %s WHERE seq IS NULL", second)
    return first


def _insert(seq):
    execute("UPDATE ledger_entry SET seq = -seq - 1 WHERE seq >= %s", seq)
    execute("UPDATE ledger_entry SET seq = -seq WHERE seq < 0")
    forged = Entry.objects.get(seq=seq + 1)
    forged.pk, forged.seq, forged.actor_name = None, seq, "某人"
    super(Entry, forged).save(force_insert=True)
    return seq


TAMPERINGS = (_change, _delete, _reorder, _insert, _change_time)


def test_any_one_of_a_thousand_rows_changed_deleted_reordered_or_inserted_is_named(world):
    write(world.plant, 1000)
    chain.seal()
    found = 0
    for seq in range(1, 1001):
        with transaction.atomic():
            place = TAMPERINGS[seq % len(TAMPERINGS)](seq)
            result = chain.verify()
            assert (result.ok, result.position) == (False, place), (seq, result)
            assert f"第 {place} 号" in result.problem
            transaction.set_rollback(True)
        found += 1

    assert found == 1000
    assert chain.verify().ok


@pytest.mark.parametrize(
    ("tamper", "words"),
    [(_change, "记录已被改动"), (_delete, "记录已被删除"), (_reorder, "插入、调换"), (_insert, "插入、调换")],
)
def test_the_sentence_says_what_happened_and_to_which_row(world, tamper, words):
    with acting(world.who("duty"), "10.0.0.7"):
        write(world.plant, 20)
    chain.seal()
    tamper(7)

    problem = chain.verify().problem
    assert words in problem
    assert "places.change“青杠机械厂”" in problem
    assert problem.endswith("。")


def test_rows_cut_off_the_end_are_missed(world):
    write(world.plant, 10)
    chain.seal()
    execute("DELETE FROM ledger_entry WHERE seq > 8")

    result = chain.verify()
    assert (result.position, "末尾的记录已被删除" in result.problem) == (9, True)


def test_rows_cut_off_together_with_the_head_show_against_the_exported_head(world):
    write(world.plant, 10)
    chain.seal()
    chain.export_head()
    execute("DELETE FROM ledger_entry WHERE seq > 8")
    SealLease.objects.update(seq=8, mac=Entry.objects.get(seq=8).mac)

    result = chain.verify()
    assert (result.position, "导出的链头已到第 10 号" in result.problem) == (9, True)


def test_a_row_put_beyond_the_head_is_named(world):
    write(world.plant, 3)
    chain.seal()
    forged = Entry.objects.get(seq=3)
    forged.pk, forged.seq = None, 4
    super(Entry, forged).save(force_insert=True)

    assert chain.verify().position == 4


def test_a_chain_made_with_another_key_does_not_verify(world, monkeypatch):
    write(world.plant, 3)
    monkeypatch.setattr(chain, "ledger_key", lambda: b"x" * 32)
    chain.seal()
    monkeypatch.undo()

    assert chain.verify().position == 1


def test_a_chain_rewritten_as_a_whole_shows_against_the_exported_head(world):
    write(world.plant, 5)
    chain.seal()
    chain.export_head()
    execute("UPDATE ledger_entry SET reason = %s WHERE seq = 2", "另一个理由")
    execute("UPDATE ledger_entry SET seq = NULL")
    SealLease.objects.update(seq=0, mac="0" * 64)
    chain.seal()

    result = chain.verify()
    assert (result.position, "导出的链头不一致" in result.problem) == (5, True)


def test_every_export_appends_one_line(world):
    write(world.plant, 2)
    chain.seal()
    chain.export_head()
    write(world.plant, 1)
    chain.seal()
    chain.export_head()

    heads = [orjson.loads(line) for line in config().path("ledger", "heads.jsonl").read_bytes().splitlines()]
    assert [(head["seq"], head["mac"]) for head in heads] == [(seq, Entry.objects.get(seq=seq).mac) for seq in (2, 3)]


def test_rows_that_nobody_seals_are_noticed(world):
    with time_machine.travel(now() - timedelta(minutes=5)):
        write(world.plant, 2)

    result = chain.verify()
    assert result.ok
    assert "2 条记录超过一分钟未封存" in result.notice


def test_rows_cannot_be_changed_or_deleted_through_the_models(world):
    with transaction.atomic():
        entry = record("places.change", world.plant, owner=world.plant)
    for act in (
        entry.save,
        entry.delete,
        Entry.objects.all().delete,
        lambda: Entry.objects.update(reason="x"),
        lambda: Entry.objects.bulk_update([entry], ["reason"]),
    ):
        with pytest.raises(AppendOnlyError):
            act()


def test_personal_values_leave_a_digest_only(world):
    with transaction.atomic():
        entry = record(
            "places.change", world.plant, owner=world.plant,
            changes={"phone": ("13800000000", None)}, secret=frozenset({"phone"}),
        )  # fmt: skip
    assert "13800000000" not in entry.changes
    before, after = orjson.loads(entry.changes)["phone"]
    assert (before[:4], after) == ("sm3:", None)
