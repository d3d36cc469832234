"""What an officer fills in on site, as one document: its shape, what it still lacks, and how two of them differ.

The phone keeps and sends whole documents; the server keeps every one that it accepted. Pure: no Django.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Literal, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from bianwang.modules.inspections.checklists import WORDS, CheckList, Item

Kind = Literal["statutory", "patrol", "self"]
Reason = Literal["", "plan", "complaint", "major", "recheck"]

Moment = Annotated[datetime, Meta(tz=True)]
Name = Annotated[str, Meta(max_length=40)]
Line = Annotated[str, Meta(max_length=120)]
Words = Annotated[str, Meta(max_length=1000)]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]

LEAST_OFFICERS = 2
"""行政处罚法 art. 42: an inspection of law is made by two officers or more."""


class Officer(Struct, frozen=True, forbid_unknown_fields=True):
    """Who inspects; certificate "" for who has none."""

    name: Annotated[str, Meta(min_length=1, max_length=40)]
    certificate: Name = ""


class Answer(Struct, frozen=True, forbid_unknown_fields=True):
    """The answer to one item; `value` is the reading of an item that wants a number."""

    answer: Literal["pass", "fail", "na"]
    value: Annotated[str, Meta(max_length=20)] = ""
    note: Annotated[str, Meta(max_length=300)] = ""


class Finding(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that is not in order; it becomes one hazard of the register."""

    id: UUID
    title: Annotated[str, Meta(min_length=1, max_length=120)]
    item: Name = ""
    """Code of the item that was not in order; "" for what no list asks for."""
    description: Words = ""
    place: Annotated[str, Meta(max_length=100)] = ""
    category: Literal["1", "2", "3", "4"] = "4"
    deadline: date | None = None


class Photo(Struct, frozen=True, forbid_unknown_fields=True):
    """A photo that the phone has; its bytes travel by themselves."""

    id: UUID
    sha256: Sha256
    taken_at: Moment
    finding: UUID | None = None
    longitude: Annotated[float, Meta(ge=-180, le=180)] | None = None
    latitude: Annotated[float, Meta(ge=-90, le=90)] | None = None
    accuracy: Annotated[float, Meta(ge=0)] | None = None


class Signature(Struct, frozen=True, forbid_unknown_fields=True):
    """The party signed on the screen; the image travels by itself."""

    id: UUID
    sha256: Sha256
    signer: Annotated[str, Meta(min_length=1, max_length=40)]
    signed_at: Moment
    position: Name = ""


class Refusal(Struct, frozen=True, forbid_unknown_fields=True):
    """The party would not sign; somebody else saw it."""

    witness: Annotated[str, Meta(min_length=1, max_length=40)]
    reason: Annotated[str, Meta(min_length=1, max_length=200)]
    refused_at: Moment


class Content(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole document."""

    enterprise: int
    unit: int
    kind: Kind
    day: date
    lists: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=20)]
    reason: Reason = ""
    visit: int | None = None
    """The planned visit of enforcement that this is."""
    officers: Annotated[tuple[Officer, ...], Meta(max_length=20)] = ()
    companion: Name = ""
    """Who of the enterprise came along."""
    answers: Annotated[dict[Name, Answer], Meta(max_length=500)] = {}
    findings: Annotated[tuple[Finding, ...], Meta(max_length=200)] = ()
    photos: Annotated[tuple[Photo, ...], Meta(max_length=200)] = ()
    summary: Words = ""
    signature: Signature | None = None
    refusal: Refusal | None = None
    started_at: Moment | None = None
    finished_at: Moment | None = None
    """Set when the officer has finished; without it the document is a draft."""

    @property
    def fixed(self) -> tuple[object, ...]:
        """What never changes once the inspection exists: another enterprise is another inspection."""
        return self.enterprise, self.unit, self.kind, self.day


class Difference(NamedTuple):
    """One thing that two documents say differently."""

    title: str
    mine: str
    theirs: str


def named_pictures(content: Content) -> set[UUID]:
    """Keys of the photos and the signature that belong to the document."""
    found = {photo.id for photo in content.photos}
    return found | {content.signature.id} if content.signature else found


def encode(content: Content) -> bytes:
    """The canonical bytes, which its digest is of."""
    return msgspec.json.encode(content, order="sorted")


def digest(content: Content) -> str:
    """SHA-256 of the canonical bytes: two documents are the same when their digests are."""
    return hashlib.sha256(encode(content)).hexdigest()


def lacks(content: Content, lists: Sequence[CheckList]) -> list[str]:
    """Why the document cannot be finished, in sentences; empty when nothing is missing."""
    found = _lacks_officers(content)
    items = [item for row in lists for item in row.items]
    open_items = [item for item in items if item.code not in content.answers]
    if open_items:
        found.append(f"还有 {len(open_items)} 项没有检查，第一项是“{open_items[0].text}”。")
    found += [text for item in items if (text := _lacks_answer(item, content))]
    findings = {finding.id for finding in content.findings}
    if any(photo.finding is not None and photo.finding not in findings for photo in content.photos):
        found.append("有照片属于已删除的问题，请删除照片或改为总体照片。")
    late = next((row for row in content.findings if row.deadline is not None and row.deadline < content.day), None)
    if late is not None:
        found.append(f"“{late.title}”的整改期限早于检查当日。")
    if content.signature is None and content.refusal is None:
        found.append("被检查单位还没有签字；拒绝签字的请写明原因和见证人。")
    if content.signature is not None and content.refusal is not None:
        found.append("签字和拒绝签字只能有一种。")
    return found


def strangers(content: Content, lists: Iterable[CheckList]) -> list[str]:
    """Codes of answers and findings that no chosen list has."""
    known = {item.code for row in lists for item in row.items}
    return sorted({*content.answers, *(row.item for row in content.findings if row.item)} - known)


def differences(mine: Content, theirs: Content, lists: Iterable[CheckList]) -> list[Difference]:
    """What two documents say differently, in the order of the form, in words."""
    items = {item.code: item for row in lists for item in row.items}
    left, right = _told(mine, items), _told(theirs, items)
    return [
        Difference(title, left.get(title, "（没有）"), right.get(title, "（没有）"))
        for title in dict.fromkeys([*left, *right])
        if left.get(title) != right.get(title)
    ]


def _told(content: Content, items: Mapping[str, Item]) -> dict[str, str]:
    """The document as titles and words."""
    told = {
        "检查表": "、".join(content.lists),
        "检查人员": "；".join(f"{row.name} {row.certificate}".strip() for row in content.officers),
        "陪同人员": content.companion,
        "检查情况": content.summary,
        "照片": f"{len(content.photos)} 张（{'、'.join(sorted(row.sha256[:8] for row in content.photos))}）"
        if content.photos
        else "",
        "签字": content.signature.signer if content.signature else "",
        "拒绝签字": f"{content.refusal.reason}（见证人：{content.refusal.witness}）" if content.refusal else "",
        "完成": "已完成" if content.finished_at else "未完成",
    }
    for code, answer in content.answers.items():
        item = items.get(code)
        words = WORDS[item.answer if item else "compliance"].get(answer.answer, answer.answer)
        title = f"{code} {item.text}" if item else code
        told[title] = "，".join(part for part in (words, answer.value, answer.note) if part)
    for row in content.findings:
        parts = (row.title, row.description, row.place, f"限 {row.deadline}" if row.deadline else "")
        told[f"问题 {row.item or str(row.id)[:8]}"] = "；".join(part for part in parts if part)
    return {title: words for title, words in told.items() if words}


def _lacks_officers(content: Content) -> list[str]:
    if not content.officers:
        return ["还没有写检查人员。"]
    certified = {row.certificate for row in content.officers if row.certificate}
    if content.kind == "statutory" and len(certified) < LEAST_OFFICERS:
        return ["执法检查须有至少两名执法人员，并写明各自的执法证号。"]
    if content.kind == "statutory" and not content.reason:
        return ["执法检查须写明检查事由。"]
    return []


def _lacks_answer(item: Item, content: Content) -> str:
    answer = content.answers.get(item.code)
    if answer is None:
        return ""
    if answer.answer not in WORDS[item.answer]:
        return f"“{item.text}”不能答“{answer.answer}”。"
    if item.answer == "number" and answer.answer != "na":
        try:
            verdict = item.verdict(answer.value)
        except ValueError as error:
            return str(error)
        if verdict != answer.answer:
            return f"“{item.text}”的读数 {answer.value} 与结论不符，应为“{WORDS['number'][verdict]}”。"
    has_finding = any(row.item == item.code for row in content.findings)
    if answer.answer == "fail" and not has_finding:
        return f"“{item.text}”不符合，须写明问题。"
    if answer.answer != "fail" and has_finding:
        return f"“{item.text}”没有答不符合，却写了问题，请删除问题或改答。"
    return ""
