"""What the pages of an inspection show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from bianwang.modules.documents.models import Document
from bianwang.modules.inspections.checklists import WORDS, CheckList, Item
from bianwang.modules.inspections.content import Answer, Content
from bianwang.modules.inspections.models import Inspection, Picture, Version
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.ui.cells import Column, fact, state_column
from bianwang.platform.ui.objects import Facts, Related

COLOURS = {"pass": "green", "fail": "red", "na": "secondary"}
FATES = {"accepted": "green", "waiting": "red", "rejected": "secondary"}


@dataclass(frozen=True)
class Line:
    """One item with its answer."""

    item: Item
    answer: Answer | None

    @property
    def words(self) -> str:
        """The answer as people read it."""
        return WORDS[self.item.answer].get(self.answer.answer, "") if self.answer else "未查"

    @property
    def colour(self) -> str:
        """The badge's colour."""
        return COLOURS[self.answer.answer] if self.answer else "orange"

    @property
    def remark(self) -> str:
        """The reading and the note."""
        parts = (f"{self.answer.value} {self.item.unit}".strip(), self.answer.note) if self.answer else ()
        return "；".join(part for part in parts if part and part != self.item.unit)


@dataclass(frozen=True)
class Fault:
    """A finding, and the hazard that it became."""

    title: str
    place: str
    deadline: Any
    basis: str
    hazard: Any


_ITEMS = (
    Column("text", "检查内容", "item.text"),
    Column("words", "结论", kind="badge", colour=lambda row: row.colour),
    Column("remark", "读数与说明"),
    Column("basis", "依据", "item.basis"),
)
_FAULTS = (
    Column("title", "问题"),
    Column("place", "位置"),
    Column("deadline", "整改期限", kind="date"),
    Column("basis", "依据"),
    Column(
        "hazard",
        "隐患",
        lambda row: row.hazard.number if row.hazard else "办结后登记",
        link=lambda row: row.hazard.get_absolute_url() if row.hazard else "",
    ),
)
_PICTURES = (
    Column("kind", "类别", link=lambda row: reverse("files:download", args=[row.file_id])),
    Column("taken_at", "设备时间", kind="datetime"),
    Column("received_at", "服务器收到", kind="datetime"),
    Column("place", "位置", lambda row: place_of(row)),
    Column("sha256", "SHA-256", lambda row: f"{row.sha256[:16]}…"),
)
_DOCUMENTS = (
    Column("name", "文书", str, kind="link"),
    state_column(),
    Column("issued_at", "制发时间", kind="datetime"),
)
_VERSIONS = (
    Column("name", "版本", str, link=lambda row: reverse("inspections:version", args=[row.inspection_id, row.pk])),
    Column("fate", "处理", kind="badge", colour=lambda row: FATES[row.fate]),
    Column("base", "依据的版本", lambda row: f"第{row.base}版" if row.base else "新建"),
    Column("sent_by", "上传人", "sent_by.name"),
    Column("device", "设备", lambda row: device_words(row.device)),
    Column("received_at", "收到时间", kind="datetime"),
)


def facts(inspection: Inspection, content: Content) -> list[Facts]:
    """What was inspected, and how it ended."""
    signed = content.signature
    refused = content.refusal
    visit = inspection.visit
    return [
        Facts(
            "检查",
            [
                fact("企业", inspection.enterprise.name, href=inspection.enterprise.get_absolute_url()),
                fact("检查日期", inspection.day, "date"),
                fact("类别", inspection.get_kind_display()),
                fact("检查事由", inspection.get_reason_display() if inspection.reason else ""),
                fact("检查单位", inspection.unit.name),
                fact("检查人员", inspection.people),
                fact("陪同人员", content.companion),
                fact("检查情况", content.summary),
                fact("检查登记", visit, href=visit.get_absolute_url() if visit else ""),
            ],
        ),
        Facts(
            "签字",
            [
                fact("签字人", f"{signed.signer} {signed.position}".strip() if signed else ""),
                fact("拒绝签字", f"{refused.reason}（见证人：{refused.witness}）" if refused else ""),
                fact("签字时间", inspection.signed_at, "datetime"),
                fact("办结时间", inspection.done_at, "datetime"),
            ],
        ),
    ]


def related(inspection: Inspection, content: Content, lists: Sequence[CheckList], user: User) -> list[Related]:
    """Faults with their hazards, the papers, answers by list, pictures, versions."""
    found = [
        Related(
            f"{row.name}（{row.version}）", _ITEMS, [Line(item, content.answers.get(item.code)) for item in row.items]
        )
        for row in lists
    ]
    known = {item.code for row in lists for item in row.items}
    lost = [Line(Item(code=code, text=code, law=""), row) for code, row in content.answers.items() if code not in known]
    if lost:
        found.append(Related("地区包中已没有的条目", _ITEMS, lost))
    faults = Related("发现的问题", _FAULTS, _faults(inspection, content, lists), empty="没有发现问题。")
    pictures = inspection.pictures.all()
    versions = inspection.versions.select_related("sent_by").order_by("-pk")
    return [
        faults,
        *_papers(inspection, user),
        *found,
        Related("照片与签字", _PICTURES, pictures, empty="没有照片。"),
        Related("内容版本", _VERSIONS, versions),
    ]


def place_of(picture: Picture) -> str:
    """Where the device was."""
    if picture.kind == Picture.Kind.SIGNATURE:
        return ""
    if picture.longitude is None or picture.latitude is None:
        return "设备没有给出位置"
    near = f"（±{picture.accuracy:.0f} 米）" if picture.accuracy is not None else ""
    return f"{picture.longitude:.5f}, {picture.latitude:.5f}{near}"


def device_words(device: str) -> str:
    """The device in words: a phone has a number of its own."""
    return "办公室" if device == "office" else f"手机 {device[:8]}"


def version_title(version: Version) -> str:
    """A version, whose and when."""
    return f"{version}（{version.sent_by.name}，{device_words(version.device)}）"


def _papers(inspection: Inspection, user: User) -> list[Related]:
    if inspection.dossier is None or not access.can(user, "documents.view"):
        return []
    rows = access.visible(user, Document, "documents.view").filter(dossier=inspection.dossier).order_by("pk")
    return [Related("执法文书", _DOCUMENTS, rows, more=inspection.dossier.get_absolute_url())]


def _faults(inspection: Inspection, content: Content, lists: Sequence[CheckList]) -> list[Fault]:
    items = {item.code: item for row in lists for item in row.items}
    hazards = {row.key: row.hazard for row in inspection.findings.select_related("hazard")}
    return [
        Fault(
            row.title,
            row.place,
            row.deadline,
            items[row.item].basis if row.item in items else "",
            hazards.get(row.id),
        )
        for row in content.findings
    ]
