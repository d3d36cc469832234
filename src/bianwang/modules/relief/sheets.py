"""Excel lists: households of villages, and what the bank reports. A file with one wrong row leaves nothing behind."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from bianwang.modules.relief import persons
from bianwang.modules.relief.models import Line, Person, Programme
from bianwang.modules.relief.queries.claims import villages
from bianwang.modules.relief.services import claims, payments, secrets
from bianwang.modules.relief.services.claims import Household
from bianwang.modules.relief.services.writing import last_day, take_numbers
from bianwang.platform import personal
from bianwang.platform.clock import today
from bianwang.platform.exchange.sheets import Errors, Row, Sheet, SheetColumn

_PAID = (("paid", "成功"), ("returned", "退回"))


def _members(text: str) -> str:
    """Refuses what cannot be read; the text itself waits."""
    persons.members(text)
    return text


def _counted(text: str) -> str:
    return f"{len(persons.members(text))} 人"


def _whole(value: Any) -> Any:
    if value != int(value) or not 0 <= value <= 366:
        raise ValidationError("应为 0 至 366 的整数。")
    return value


def check_claims(user: Any, rows: list[Row]) -> Errors:
    """Programmes open, villages in the user's scope, measures filled in, nobody twice: in the file or before."""
    programmes = {row.name: row for row in Programme.objects.filter(is_open=True)}
    places = {row.name: row for row in villages(user)}
    errors: dict[int, dict[str, str]] = {}
    keys: dict[str, int] = {}
    for index, row in enumerate(rows):
        found: dict[str, str] = {}
        programme = programmes.get(row["programme"] or "")
        if row["programme"] and programme is None:
            found["programme"] = f"没有受理中的救助项目“{row['programme']}”，请按平台上的名称填写。"
        if row["village"] and row["village"] not in places:
            found["village"] = f"“{row['village']}”不是您辖区内的村（社），请按平台上的名称填写。"
        if programme and row["id_number"]:
            people = _people(row)
            refusal = claims.measure_error(programme, len(people), int(row["rooms"] or 0), int(row["days"] or 0))
            if refusal:
                found["rooms" if "间数" in refusal else "days"] = refusal
            for key in secrets.once_keys(people, programme.loss):
                earlier = keys.setdefault(key, index)
                if earlier != index:
                    found["id_number"] = f"家庭成员与本表第 {earlier + 1} 户重复，同一损失只能申请一次。"
        if found:
            errors[index] = found
    for key in _taken(list(keys)):
        errors.setdefault(keys[key], {})["id_number"] = claims.TWICE
    return errors


def apply_claims(user: Any, rows: list[Row]) -> None:
    """Write one piece."""
    programmes = {row.name: row for row in Programme.objects.select_related("owner")}
    places = {row.name: row for row in villages(user)}
    numbers, until = take_numbers("claim", len(rows)), last_day("relief.assess", today())
    for row, number in zip(rows, numbers, strict=True):
        household = Household(
            _people(row),
            row["phone"],
            row["account"],
            row["situation"],
            int(row["rooms"] or 0),
            int(row["days"] or 0),
        )
        village = places.get(row["village"])
        if village is None:
            raise ValidationError({"village": "不是您辖区内的村（社）。"})
        claims.enter(programmes[row["programme"]], village, household, by=user, number=number, until=until)


def check_results(user: Any, rows: list[Row]) -> Errors:
    """Lines that exist, and no other result than before."""
    wanted = [row["number"] for row in rows if row["number"]]
    known = {line.number: line for piece in _pieces(wanted) for line in Line.objects.filter(number__in=piece)}
    errors = {}
    for index, row in enumerate(rows):
        if not row["number"]:
            continue
        is_paid = None if row["result"] is None else row["result"] == "paid"
        words = payments.result_error(known.get(row["number"]), is_paid, row["day"])
        if words:
            errors[index] = {"number": words}
    return errors


def apply_results(user: Any, rows: list[Row]) -> None:
    """Write one piece; a result that is known changes nothing."""
    payments.settle(
        user,
        [
            {
                "number": row["number"],
                "is_paid": row["result"] == "paid",
                "day": row["day"],
                "reason": row["reason"],
            }
            for row in rows
        ],
    )


def _people(row: Row) -> list[persons.Person]:
    head = persons.Person((row["head"] or "").strip(), row["id_number"])
    return [head, *persons.members(row["members"] or "")]


def _taken(keys: list[str]) -> list[str]:
    rows = Person.objects.all()
    found = (rows.filter(once__in=piece).values_list("once", flat=True) for piece in _pieces(keys))
    return [key for piece in found for key in piece if key]


def _pieces(values: list[str]) -> list[list[str]]:
    return [values[start : start + 500] for start in range(0, len(values), 500)]


CLAIMS = Sheet(
    kind="relief.claim",
    title="救助申请",
    permission="relief.report",
    columns=(
        SheetColumn("programme", "救助项目", required=True, note="与平台上的名称一致", max_length=100),
        SheetColumn("village", "村（社）", required=True, note="与平台上的单位名称一致", max_length=100),
        SheetColumn("head", "户主姓名", required=True, max_length=40),
        SheetColumn(
            "id_number",
            "户主身份证号码",
            required=True,
            max_length=20,
            clean=personal.id_number,
            mask=personal.masked_id,
        ),
        SheetColumn(
            "phone", "手机号码", required=True, max_length=20, clean=personal.mobile, mask=personal.masked_phone
        ),
        SheetColumn(
            "account", "收款账号", required=True, max_length=40, clean=personal.account, mask=personal.masked_account
        ),
        SheetColumn(
            "members",
            "其他家庭成员",
            max_length=2000,
            note="姓名 身份证号码，多人用分号隔开",
            clean=_members,
            mask=_counted,
        ),
        SheetColumn("rooms", "受损房屋间数", kind="number", clean=_whole),
        SheetColumn("days", "救助天数", kind="number", clean=_whole),
        SheetColumn("situation", "受灾和困难情况", required=True, max_length=500),
    ),
    key=("programme", "id_number"),
    check=check_claims,
    apply=apply_claims,
)

RESULTS = Sheet(
    kind="relief.result",
    title="银行回盘",
    permission="relief.pay",
    columns=(
        SheetColumn("number", "付款编号", required=True, note="银行文件里的付款编号", max_length=50),
        SheetColumn("result", "结果", required=True, kind="choice", choices=_PAID),
        SheetColumn("day", "入账日期", kind="date", note="不填为导入当天"),
        SheetColumn("reason", "退回原因", max_length=200),
    ),
    key=("number",),
    check=check_results,
    apply=apply_results,
)
