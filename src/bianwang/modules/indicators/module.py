"""Manifest of the indicators module: figures, targets, weights, scores as of a day."""

from __future__ import annotations

from bianwang.platform import roles
from bianwang.platform.registry import MenuItem, Module, Permission

module = Module(
    code="indicators",
    name="绩效指标",
    depends=(),
    icon="target-arrow",
    menu=(
        MenuItem("绩效指标", "indicators:list", "indicators.view", "target-arrow"),
        MenuItem("数字清单", "indicators:figures", "indicators.view", "list-numbers"),
    ),
    permissions=(
        Permission("indicators.view", "查看绩效指标和数字", roles.BUREAU),
        Permission("indicators.edit", "编制指标、评定、填写偏差原因、上传佐证", frozenset({roles.FINANCE, roles.HEAD})),
        Permission("indicators.adopt", "下达年度指标", frozenset({roles.LEADER})),
    ),
    verbs={
        "indicators.start": "编制年度指标",
        "indicators.add": "增加指标",
        "indicators.change": "修改指标",
        "indicators.remove": "移除指标",
        "indicators.adopt": "下达年度指标",
        "indicators.adjust": "调整目标",
        "indicators.exclude": "不计分",
        "indicators.include": "恢复计分",
        "indicators.judge": "评定",
        "indicators.explain": "填写情况",
    },
)
