"""The platform's own menu, permissions and jobs, in the form that modules use."""

from __future__ import annotations

from datetime import timedelta

from bianwang.platform import roles
from bianwang.platform.registry import Job, MenuItem, Module, Permission

module = Module(
    code="platform",
    name="平台",
    menu=(
        MenuItem("企业", "places:enterprise_list", "places.view", "building-factory"),
        MenuItem("地图", "places:map", "places.view", "map"),
        MenuItem("单位与区域", "places:organisation_list", "places.view", "sitemap"),
        MenuItem("账号", "accounts:user_list", "accounts.view", "users"),
        MenuItem("台账", "ledger:entry_list", "ledger.view", "book"),
        MenuItem("工作日历", "calendar:year", "calendar.view", "calendar"),
        MenuItem("运行状态", "ui:system", "platform.operate", "activity"),
    ),
    permissions=(
        Permission("places.view", "查看企业与场所", roles.BUSINESS),
        Permission("places.edit", "登记和修改企业与场所", frozenset({roles.ENFORCEMENT, roles.HEAD, roles.DEPARTMENT, roles.TOWN})),
        Permission("places.import", "批量导入企业与场所", frozenset({roles.ENFORCEMENT, roles.HEAD})),
        Permission("accounts.view", "查看账号与任职", roles.ADMINISTRATORS),
        Permission("accounts.manage", "开设、停用账号和解除锁定", frozenset({roles.SYSTEM})),
        Permission("accounts.grant", "授予和收回角色", frozenset({roles.SECURITY})),
        Permission("ledger.view", "查看全部台账记录", frozenset({roles.AUDIT})),
        Permission("ledger.verify", "校验台账封存链", frozenset({roles.AUDIT})),
        Permission("calendar.view", "查看工作日历", roles.EVERYONE),
        Permission("calendar.edit", "修改工作日历", frozenset({roles.FINANCE, roles.HEAD})),
        Permission("platform.operate", "查看运行状态", frozenset({roles.SYSTEM})),
    ),
    jobs=(
        Job("ledger.seal", "封存台账", timedelta(milliseconds=100), "bianwang.platform.ledger.chain.seal"),
        Job("ledger.react", "台账订阅", timedelta(milliseconds=200), "bianwang.platform.ledger.subscriptions.deliver"),
        Job("ledger.export", "每日导出台账链头", timedelta(hours=24), "bianwang.platform.ledger.chain.export_head"),
        Job(
            "accounts.sessions", "清理过期会话", timedelta(hours=24), "bianwang.platform.accounts.sessions.clear_expired"
        ),
    ),
    verbs={
        "places.create": "登记", "places.change": "修改", "places.import": "批量导入",
        "accounts.create": "开设账号", "accounts.disable": "停用账号", "accounts.enable": "恢复账号",
        "accounts.reset": "重置密码", "accounts.unlock": "解除锁定",
        "accounts.grant": "授予角色", "accounts.revoke": "收回角色", "accounts.password": "修改密码",
        "accounts.login": "登录", "accounts.login_failed": "登录失败", "accounts.logout": "退出",
        "accounts.lock": "账号锁定", "calendar.change": "修改工作日历", "files.add": "上传附件",
        "ledger.start": "台账启动", "ledger.stop": "台账停止",
    },
)
