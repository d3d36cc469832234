"""What `bian report build` does: figures, document and files of a year, and what it says of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from bianwang.modules.reports import building
from bianwang.modules.reports.building import Draft
from bianwang.modules.reports.models import Report
from bianwang.platform.places.models import Organisation
from bianwang.platform.places.queries import bureau
from bianwang.platform.workflow.errors import Refused

FIGURES = "figures.json"
KINDS = ("docx", "pdf", "html")


@dataclass(frozen=True)
class Built:
    """A report that was written, and where its files are."""

    draft: Draft
    files: tuple[Path, ...]

    def as_text(self) -> str:
        """A few lines for people."""
        material = self.draft.material
        lines = [
            f"{material.year}年度自评报告，数据截至 {material.on.isoformat()}：数字 {len(material.quantities)} 个，"
            f"自评总分 {material.quantities['score.total'].text or '—'}，等级 {material.grade or '—'}",
            *(f"  {file}" for file in self.files),
        ]
        faults = self.draft.faults
        lines.append(f"核对：冻结前要改 {len(faults)} 处" if faults else "核对：没有矛盾，没有缺数，满分都有依据")
        return "\n".join([*lines, *(f"  {fault.sentence}" for fault in faults)])

    def as_json(self) -> str:
        """The same for programs."""
        material = self.draft.material
        content = {
            "year": material.year,
            "on": material.on,
            "files": [str(file) for file in self.files],
            "figures": len(material.quantities),
            "total": building.number(material.total),
            "grade": material.grade,
            "faults": [fault.sentence for fault in self.draft.faults],
        }
        return msgspec.json.encode(content).decode()


def build(year: int, out: Path, on: date | None = None) -> Built:
    """Write the report of a year into a folder. Raises Refused in one sentence, OSError."""
    draft = _draft(year, on)
    out.mkdir(parents=True, exist_ok=True)
    files = []
    for kind in KINDS:
        made = building.render(draft.document, draft.material, kind, building.foot(draft.material))
        files.append(_written(out / f"report.{kind}", made))
    files.append(_written(out / FIGURES, building.figures_json(draft.material)))
    return Built(draft, tuple(files))


def _draft(year: int, on: date | None) -> Draft:
    try:
        owner = bureau()
    except Organisation.DoesNotExist as error:
        raise Refused("数据库里还没有应急管理局，请先运行 bian init 或 bian demo。") from error
    report = Report.objects.filter(owner=owner, year=year).select_related("owner").first()
    if report is not None:
        return building.draft(report, on)
    return building.written_draft(owner, year, building.last_day(year, on), {})


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
