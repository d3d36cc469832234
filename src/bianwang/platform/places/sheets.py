"""Excel imports of parties and places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from bianwang.platform import access
from bianwang.platform.exchange.sheets import Errors, Row, Sheet, SheetColumn
from bianwang.platform.places import queries, services
from bianwang.platform.places.credit_code import validate_credit_code
from bianwang.platform.places.models import Enterprise, Organisation, Party, Territory, Workshop, Zone

_SEPARATORS = re.compile(r"[、,，;；\s]+")
_PERMISSION = "places.import"
_SEVERAL = "多个用顿号分开"


def _credit_code(text: str) -> str:
    code = text.upper().replace(" ", "")
    validate_credit_code(code)
    return code


def names(text: str | None) -> list[str]:
    """A cell with several names: 青杠街道、璧山高新区."""
    return [name for name in _SEPARATORS.split(text or "") if name]


def party_index(user: Any, texts: Sequence[str]) -> dict[str, Party]:
    """Parties within the user's reach by credit code, organisation code or exact name, a few queries a file."""
    wanted = list(set(texts))
    rows: dict[str, Party] = {}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        for party in access.visible(user, Party, _PERMISSION).filter(name__in=part):
            rows[party.name] = party
        for enterprise in access.visible(user, Enterprise, _PERMISSION).filter(credit_code__in=part):
            rows[enterprise.credit_code] = enterprise
        for body in access.visible(user, Organisation, _PERMISSION).filter(code__in=part):
            rows[body.code] = body
    return rows


def _territories(rows: list[Row], column: str) -> dict[str, Territory]:
    """What a column names: by code, by name where it is unique, villages also by town + name."""
    wanted = {name for row in rows for name in names(row[column])}
    found = _by_name(Territory.objects.filter(Q(code__in=wanted) | Q(name__in=wanted)))
    return found if wanted <= found.keys() else _by_name(Territory.objects.all())


def _by_name(places: QuerySet[Territory]) -> dict[str, Territory]:
    rows = places.select_related("parent").exclude(kind=Territory.Kind.DISTRICT)
    times = Counter(place.name for place in rows)
    found: dict[str, Territory] = {}
    for place in rows:
        found[place.code] = place
        if times[place.name] == 1:
            found[place.name] = place
        if place.kind == Territory.Kind.VILLAGE and place.parent:
            found[place.parent.name + place.name] = place
    return found


def _bodies(rows: list[Row], column: str) -> dict[str, Organisation]:
    """Public bodies that a column names, by code and by name."""
    wanted = {name for row in rows for name in names(row[column])}
    found = {}
    for body in Organisation.objects.filter(Q(code__in=wanted) | Q(name__in=wanted)):
        found[body.code] = found[body.name] = body
    return found


def _check_enterprises(user: Any, rows: list[Row]) -> Errors:
    places, bodies = _territories(rows, "territories"), _bodies(rows, "supervisors")
    grades = _kept_grades(rows)
    errors: dict[int, dict[str, str]] = {}
    for index, row in enumerate(rows):
        faults = {
            "standardisation": _other_grade(row, grades),
            "territories": _unknown(names(row["territories"]), places, "区域"),
            "supervisors": _unknown(names(row["supervisors"]), bodies, "单位"),
        }
        if (row["longitude"] is None) != (row["latitude"] is None):
            faults["longitude"] = "经度和纬度要么都填，要么都不填。"
        faults = {name: text for name, text in faults.items() if text}
        if not faults and not queries.lies_in_scope(
            user,
            _PERMISSION,
            [places[name] for name in names(row["territories"])],
            [bodies[name] for name in names(row["supervisors"])],
        ):
            faults["territories"] = "不在您管辖的区域内，请核对。"
        if faults:
            errors[index] = faults
    return errors


def _kept_grades(rows: list[Row]) -> dict[str, str] | None:
    """The grades of known enterprises by credit code, where certificates keep them; None: the list sets them."""
    if not queries.grades_are_kept():
        return None
    codes = [row["credit_code"] for row in rows if row["credit_code"] and row["standardisation"]]
    found: dict[str, str] = {}
    for start in range(0, len(codes), 500):
        known = Enterprise.objects.filter(credit_code__in=codes[start : start + 500])
        found.update(known.values_list("credit_code", "standardisation"))
    return found


def _other_grade(row: Row, grades: dict[str, str] | None) -> str:
    """What is wrong with a grade that certificates keep: a list that was exported may say it again, not change it."""
    given = row["standardisation"]
    if grades is None or not given:
        return ""
    words, kept = dict(Enterprise.Standardisation.choices), grades.get(row["credit_code"] or "", "0")
    if given == kept:
        return ""
    return f"标准化等级随证书改变，现为“{words[kept]}”，不能改为“{words[given]}”，请清空本格，在“标准化定级”导入证书。"


def _unknown(given: list[str], known: dict[str, Any], what: str) -> str:
    missing = [name for name in given if name not in known]
    return f"没有名为“{missing[0]}”的{what}，请核对或先登记。" if missing else ""


def _apply_enterprises(user: Any, rows: list[Row]) -> None:
    places, bodies = _territories(rows, "territories"), _bodies(rows, "supervisors")
    known = Enterprise.objects.in_bulk([row["credit_code"] for row in rows], field_name="credit_code")
    for row in rows:
        values = {name: value for name, value in row.items() if value is not None}
        if queries.grades_are_kept():
            values.pop("standardisation", None)
        for field in ("longitude", "latitude"):
            if field in values:
                values[field] = float(values[field])
        if "territories" in values:
            values["territories"] = [places[name] for name in names(values["territories"])]
        if "supervisors" in values:
            values["supervisors"] = [bodies[name] for name in names(values["supervisors"])]
        enterprise = known.get(row["credit_code"])
        if enterprise:
            services.change_enterprise(enterprise, values)
        else:
            services.create_enterprise(values)


def _check_owned(user: Any, rows: list[Row]) -> Errors:
    owners = party_index(user, [row["owner"] for row in rows if row["owner"]])
    return {
        index: {"owner": f"没有找到“{row['owner']}”，请先登记企业，或核对信用代码和名称。"}
        for index, row in enumerate(rows)
        if row["owner"] and row["owner"] not in owners
    }


def _apply_workshops(user: Any, rows: list[Row]) -> None:
    owners = party_index(user, [row["owner"] for row in rows])
    for row in rows:
        owner = owners[row["owner"]]
        if not Workshop.objects.filter(owner=owner, name=row["name"]).exists():
            services.save_workshop(Workshop(), {"owner": owner, "name": row["name"]})


def _apply_zones(user: Any, rows: list[Row]) -> None:
    owners = party_index(user, [row["owner"] for row in rows])
    for row in rows:
        owner = owners[row["owner"]]
        zone = Zone.objects.filter(owner=owner, name=row["name"]).first() or Zone(owner=owner)
        values: dict[str, Any] = {"owner": owner, "name": row["name"], "kind": row["kind"]}
        if row["workshop"]:
            values["workshop"] = _workshop(owner, row["workshop"])
        services.save_zone(zone, values)


def _workshop(owner: Party, name: str) -> Workshop:
    found = Workshop.objects.filter(owner=owner, name=name).first()
    return found or services.save_workshop(Workshop(), {"owner": owner, "name": name})


def _check_organisations(user: Any, rows: list[Row]) -> Errors:
    places, bodies = _territories(rows, "territory"), _bodies(rows, "parent")
    inside = {row["code"] for row in rows} | {row["name"] for row in rows}
    errors: dict[int, dict[str, str]] = {}
    for index, row in enumerate(rows):
        faults = {"territory": _unknown([row["territory"]] if row["territory"] else [], places, "区域")}
        if row["parent"] and row["parent"] not in bodies and row["parent"] not in inside:
            faults["parent"] = f"没有名为“{row['parent']}”的单位，请核对或先登记。"
        faults = {name: text for name, text in faults.items() if text}
        if faults:
            errors[index] = faults
    return errors


def _apply_organisations(user: Any, rows: list[Row]) -> None:
    places = _territories(rows, "territory")
    for row in rows:
        values: dict[str, Any] = {name: row[name] for name in ("code", "name", "level")}
        if row["territory"]:
            values["territory"] = places[row["territory"]]
            values["territories"] = [places[row["territory"]]]
        if row["parent"]:
            parent = _bodies([row], "parent").get(row["parent"])
            if parent is None:
                raise ValidationError(f"上级单位“{row['parent']}”还没有登记，请把它放在本行之前。")
            values["parent"] = parent
        found = Organisation.objects.filter(code=row["code"]).first()
        if found:
            services.change_organisation(found, values)
        else:
            services.create_organisation(values)


_OWNER = SheetColumn(
    "owner", "所属企业", required=True, note="统一社会信用代码，或登记的全称", example="91500120MA5U000000"
)

ENTERPRISES = Sheet(
    kind="places.enterprise",
    title="企业",
    permission=_PERMISSION,
    columns=(
        SheetColumn("credit_code", "统一社会信用代码", required=True, clean=_credit_code, note="见营业执照"),
        SheetColumn("name", "名称", required=True, max_length=100, note="营业执照上的全称"),
        SheetColumn("sector", "行业", required=True, kind="choice", choices=Enterprise.Sector.choices),
        SheetColumn("scale", "规模", kind="choice", choices=Enterprise.Scale.choices),
        SheetColumn("risk", "风险等级", kind="choice", choices=Enterprise.Risk.choices),
        SheetColumn(
            "standardisation", "标准化等级", kind="choice", choices=Enterprise.Standardisation.choices,
            note="启用“标准化”模块的空着，随证书改变",
        ),
        SheetColumn("is_direct", "区局直管", kind="flag"),
        SheetColumn("territories", "所在区域", required=True, note=f"镇街、村社或园区，{_SEVERAL}", example="青杠街道"),
        SheetColumn("supervisors", "监管单位", note=f"单位名称，{_SEVERAL}", example="工贸安全监管管理科"),
        SheetColumn("address", "地址"),
        SheetColumn("contact", "安全负责人", max_length=30),
        SheetColumn("contact_phone", "联系电话", max_length=20),
        SheetColumn("longitude", "经度", kind="number", note="WGS 84，十进制度", example="106.2277"),
        SheetColumn("latitude", "纬度", kind="number", note="WGS 84，十进制度", example="29.5936"),
    ),
    key=("credit_code",),
    check=_check_enterprises,
    apply=_apply_enterprises,
)  # fmt: skip

WORKSHOPS = Sheet(
    kind="places.workshop",
    title="车间",
    permission=_PERMISSION,
    columns=(_OWNER, SheetColumn("name", "车间名称", required=True, max_length=60, example="一号车间")),
    key=("owner", "name"),
    check=_check_owned,
    apply=_apply_workshops,
)

ZONES = Sheet(
    kind="places.zone",
    title="重点区域",
    permission=_PERMISSION,
    columns=(
        _OWNER,
        SheetColumn("name", "区域名称", required=True, max_length=60, example="污水池"),
        SheetColumn("kind", "类别", required=True, kind="choice", choices=Zone.Kind.choices),
        SheetColumn("workshop", "车间", max_length=60, note="没有的会自动登记"),
    ),
    key=("owner", "name"),
    check=_check_owned,
    apply=_apply_zones,
)

ORGANISATIONS = Sheet(
    kind="places.organisation",
    title="单位",
    permission="places.organise",
    columns=(
        SheetColumn("code", "代码", required=True, max_length=30, note="登记后不变", example="dept-water"),
        SheetColumn("name", "名称", required=True, max_length=100),
        SheetColumn("level", "层级", required=True, kind="choice", choices=Organisation.Level.choices),
        SheetColumn("parent", "上级单位", note="代码或名称，须排在本行之前"),
        SheetColumn("territory", "管辖区域", note="镇街、村社或园区的名称或代码"),
    ),
    key=("code",),
    check=_check_organisations,
    apply=_apply_organisations,
)  # fmt: skip
