"""The list of models."""

from __future__ import annotations

from bianwang.modules.detection.models import DetectionModel
from bianwang.platform.ui.cells import Column, state_column
from bianwang.platform.ui.filters import Choice, Search
from bianwang.platform.ui.lists import Button, ListPage


class ModelList(ListPage):
    """All models, the newest first."""

    model = DetectionModel
    permission = "detection.view"
    title = "检测模型"
    columns = (
        Column("name", "名称", kind="link", sort="name"),
        Column("purpose", "发现什么", sort="purpose"),
        state_column(),
        Column("threshold", "分数阈值", kind="number", sort="threshold"),
        Column("licence", "许可证"),
        Column("imported_by", "导入人", "imported_by.name"),
        Column("imported_at", "导入时间", kind="datetime", sort="imported_at"),
        Column("sha256", "SHA-256", default=False),
    )
    filters = (
        Search(title="名称", fields=("name",)),
        Choice("purpose", "发现什么"),
        Choice("state", "状态", choices=tuple(DetectionModel.workflow.choices())),
    )
    related = ("imported_by",)
    sort = "-imported_at"
    empty = (
        "还没有自备的检测模型。平台自带人员检测；安全帽、反光衣、烟火、吸烟等要用本单位取得的模型："
        "由科室负责人“导入模型”，再用标注样本试用，看过查准率和查全率后启用。识别结果只进待复核，不直接告警。"
    )
    buttons = (Button("导入模型", "detection:new", "detection.import", "file-import"),)
