"""Manifest of the rules module."""

from bianwang.platform import roles
from bianwang.platform.registry import MenuItem, Module, Permission

module = Module(
    code="rules",
    name="研判",
    depends=("sensing",),
    icon="gavel",
    menu=(
        MenuItem("规则", "rules:rule_list", "rules.view", "adjustments"),
        MenuItem("规则模板", "rules:template_list", "rules.edit", "template"),
    ),
    permissions=(
        Permission("rules.view", "查看规则", roles.BUSINESS - {roles.FINANCE}),
        Permission("rules.edit", "起草规则和绑定信号", frozenset({roles.DUTY, roles.ENFORCEMENT, roles.HEAD})),
        Permission("rules.activate", "启用和停用规则", frozenset({roles.HEAD})),
    ),
    verbs={
        "rules.create": "新建规则",
        "rules.draft": "起草规则版本",
        "rules.activate": "启用规则版本",
        "rules.retire": "停用规则版本",
        "rules.bind": "绑定信号",
        "rules.unbind": "解除绑定",
    },
)
