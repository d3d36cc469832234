"""Manifest of the detection module."""

from __future__ import annotations

from datetime import timedelta

from bianwang.platform import roles
from bianwang.platform.registry import Job, MenuItem, Module, Permission

module = Module(
    code="detection",
    name="检测模型",
    depends=("sensing",),
    icon="eye-cog",
    menu=(MenuItem("检测模型", "detection:list", "detection.view", "eye-cog"),),
    permissions=(
        Permission("detection.view", "查看检测模型和试用结果", roles.BUREAU),
        Permission("detection.import", "导入检测模型、用标注样本试用", frozenset({roles.HEAD})),
        Permission("detection.switch", "启用和停用检测模型", frozenset({roles.HEAD})),
    ),
    jobs=(
        Job(
            "detection.try",
            "试用检测模型",
            timedelta(seconds=2),
            "bianwang.modules.detection.services.compute_waiting",
            is_long=True,
        ),
    ),
    verbs={
        "detection.import": "导入检测模型",
        "detection.ask_trial": "用标注样本试用模型",
        "detection.tried": "模型试用完成",
        "detection.trial_fail": "模型试用失败",
        "detection.switch_on": "启用检测模型",
        "detection.switch_off": "停用检测模型",
    },
)
