"""The blanks of a document: what may be written in them, and how it is said in the document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from unicodedata import category

from django.core.exceptions import ValidationError

from bianwang.modules.documents.pack import Field, Kind
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI

LONGEST = 5000
OFFICERS = "officers"
"""The value that names the officers: [{"name", "certificate"}]."""


def clean(kind: Kind, values: Mapping[str, Any], day: date) -> dict[str, Any]:
    """Values as they are kept: text, ISO dates and moments, money with two places, lists of lines.

    `officers` are certificate numbers, or what an earlier call made of them. What is empty is left out; whether
    enough is there is asked when the document is issued. Raises ValidationError that names the field.
    """
    fields = {field.code: field for field in kind.fields}
    unknown = set(values) - set(fields) - {OFFICERS}
    if unknown:
        raise ValidationError(f"“{kind.name}”没有栏目 {'、'.join(sorted(unknown))}。")
    found: dict[str, Any] = {}
    for code, field in fields.items():
        value = _clean(field, values.get(code))
        if value not in (None, "", []):
            found[code] = value
    if values.get(OFFICERS):
        found[OFFICERS] = _officers(values[OFFICERS], day)
    return found


def missing(kind: Kind, values: Mapping[str, Any]) -> str | None:
    """Which blanks are still to be filled in, in words; None: all are."""
    empty = [field.label for field in kind.fields if field.required and field.code not in values]
    if empty:
        return f"请先填写{'、'.join(empty)}。"
    if len(values.get(OFFICERS, ())) < kind.officers:
        return f"“{kind.name}”须有至少 {kind.officers} 名持证执法人员。"
    return None


def said(kind: Kind, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the document says them: 2026年11月23日, 1,000.00元; every blank is there, empty or not."""
    found: dict[str, Any] = {}
    for field in kind.fields:
        value = values.get(field.code)
        found[field.code] = _say(field, value) if value is not None else [] if field.type == "list" else ""
    found[OFFICERS] = "、".join(f"{row['name']}（{row['certificate']}）" for row in values.get(OFFICERS, ()))
    return found


def differences(kind: Kind, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """What was written before and after, by the label of each blank that differs."""
    old, new = said(kind, before), said(kind, after)
    labels = {**{field.code: field.label for field in kind.fields}, OFFICERS: "执法人员"}
    return {
        labels[code]: (_line(old[code]), _line(new[code])) for code in labels if before.get(code) != after.get(code)
    }


def chinese_day(day: date | None) -> str:
    """2026年11月23日; nothing for no day."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _clean(field: Field, value: Any) -> Any:
    if value is None or value == "":
        return None
    if field.type == "date":
        return _day(field, value).isoformat()
    if field.type == "datetime":
        return _moment(field, value).isoformat()
    if field.type == "money":
        return str(_money(field, value))
    if field.type == "list":
        lines = value.splitlines() if isinstance(value, str) else [str(line) for line in value]
        return [_text(field, line.strip()) for line in lines if line.strip()]
    text = _text(field, str(value).strip())
    if field.type == "choice" and text not in field.choices:
        raise ValidationError({field.code: f"“{field.label}”只能是{'、'.join(field.choices)}。"})
    return text


def _text(field: Field, text: str) -> str:
    if len(text) > LONGEST:
        raise ValidationError({field.code: f"“{field.label}”有 {len(text)} 字，最多 {LONGEST} 字。"})
    return writable(text)


def writable(text: str) -> str:
    """Without what no Word file can hold: control characters, halves of pairs, code points that are no characters."""
    return "".join(c for c in text.replace("\r\n", "\n") if c in "\n\t" or category(c) not in {"Cc", "Cs", "Cn"})


def _day(field: Field, value: Any) -> date:
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise ValidationError({field.code: f"“{field.label}”请写成 2026-11-23 这样的日期。"}) from error


def _moment(field: Field, value: Any) -> datetime:
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError as error:
        raise ValidationError({field.code: f"“{field.label}”请写成 2026-11-23T10:30 这样的时间。"}) from error
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def _money(field: Field, value: Any) -> Decimal:
    try:
        found = Decimal(str(value).replace(",", ""))
        if not found.is_finite() or found < 0 or found != found.quantize(Decimal("0.01")):
            raise InvalidOperation
    except InvalidOperation as error:
        raise ValidationError({field.code: f"“{field.label}”请写成以元为单位、最多两位小数的金额。"}) from error
    return found.quantize(Decimal("0.01"))


def _officers(given: Sequence[Any], day: date) -> list[dict[str, str]]:
    numbers = list(dict.fromkeys(row["certificate"] if isinstance(row, Mapping) else str(row) for row in given))
    known = {user.certificate: user for user in User.objects.filter(certificate__in=numbers).exclude(certificate="")}
    for number in numbers:
        if number not in known or not known[number].is_certified(day):
            raise ValidationError({OFFICERS: f"执法证号“{number}”不是本系统在有效期内的执法证，请核对。"})
    return [{"name": known[number].name, "certificate": number} for number in numbers]


def _say(field: Field, value: Any) -> Any:
    if field.type == "date":
        return chinese_day(date.fromisoformat(value))
    if field.type == "datetime":
        moment = datetime.fromisoformat(value).astimezone(SHANGHAI)
        return f"{chinese_day(moment.date())}{moment:%H}时{moment:%M}分"
    return f"{Decimal(value):,.2f}元" if field.type == "money" else value


def _line(told: Any) -> str:
    return "；".join(told) if isinstance(told, list) else str(told)
