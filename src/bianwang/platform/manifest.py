"""The platform's own menu, permissions and jobs, in the form that modules use."""

from __future__ import annotations

from datetime import timedelta

from bianwang.platform import roles
from bianwang.platform.registry import Job, MenuItem, Module, Permission, Tile

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
        Permission(
            "places.edit",
            "登记和修改企业与场所",
            frozenset({roles.ENFORCEMENT, roles.HEAD, roles.DEPARTMENT, roles.TOWN}),
        ),
        Permission("places.import", "批量导入企业与场所、导入边界", frozenset({roles.ENFORCEMENT, roles.HEAD})),
        Permission("places.organise", "登记和修改单位", frozenset({roles.HEAD})),
        Permission("accounts.view", "查看账号与任职", roles.ADMINISTRATORS),
        Permission("accounts.manage", "开设、停用账号和解除锁定", frozenset({roles.SYSTEM})),
        Permission("accounts.grant", "授予和收回角色", frozenset({roles.SECURITY})),
        Permission("ledger.view", "查看全部台账记录", frozenset({roles.AUDIT})),
        Permission("ledger.verify", "校验台账封存链", frozenset({roles.AUDIT})),
        Permission("calendar.view", "查看工作日历", roles.EVERYONE),
        Permission("calendar.edit", "修改工作日历", frozenset({roles.FINANCE, roles.HEAD})),
        Permission(
            "todo.remind",
            "催办",
            frozenset(
                {roles.DUTY, roles.ENFORCEMENT, roles.HEAD, roles.LEADER, roles.FINANCE, roles.DEPARTMENT, roles.TOWN}
            ),
        ),
        Permission("todo.hand_over", "交接他人的待办", frozenset({roles.HEAD, roles.LEADER})),
        Permission("platform.operate", "查看运行状态", frozenset({roles.SYSTEM})),
        Permission("platform.watch", "看到平台异常的提示", frozenset({roles.DUTY, roles.LEADER, roles.SYSTEM})),
    ),
    tiles=(
        Tile(
            "企业",
            "places:enterprise_list",
            "places.view",
            "bianwang.platform.places.queries.count_enterprises",
            "building-factory-2",
        ),
        Tile(
            "红色风险企业",
            "places:enterprise_list",
            "places.view",
            "bianwang.platform.places.queries.count_red",
            "alert-triangle",
            "red",
            query="risk=red",
        ),
    ),
    jobs=(
        Job("ledger.seal", "封存台账", timedelta(milliseconds=100), "bianwang.platform.ledger.chain.seal"),
        Job("ledger.react", "台账订阅", timedelta(milliseconds=200), "bianwang.platform.ledger.subscriptions.deliver"),
        Job("ledger.retry", "台账订阅重试", timedelta(seconds=1), "bianwang.platform.ledger.subscriptions.retry"),
        Job(
            "exchange.apply",
            "写入已确认的导入",
            timedelta(seconds=1),
            "bianwang.platform.exchange.services.apply_confirmed",
        ),
        Job("ledger.export", "每日导出台账链头", timedelta(hours=24), "bianwang.platform.ledger.chain.export_head"),
        Job(
            "accounts.sessions",
            "清理过期会话",
            timedelta(hours=24),
            "bianwang.platform.accounts.sessions.clear_expired",
        ),
    ),
    search="bianwang.platform.places.queries.search",
    sheets=(
        "bianwang.platform.places.sheets.ENTERPRISES",
        "bianwang.platform.places.sheets.WORKSHOPS",
        "bianwang.platform.places.sheets.ZONES",
        "bianwang.platform.places.sheets.ORGANISATIONS",
    ),
    verbs={
        "exchange.export": "导出",
        "places.create": "登记",
        "places.change": "修改",
        "places.load": "载入地区资料",
        "places.outline": "导入边界",
        "accounts.create": "开设账号",
        "accounts.certify": "登记执法证",
        "accounts.disable": "停用账号",
        "accounts.enable": "恢复账号",
        "accounts.reset": "重置密码",
        "accounts.unlock": "解除锁定",
        "accounts.grant": "授予角色",
        "accounts.revoke": "收回角色",
        "accounts.password": "修改密码",
        "accounts.login": "登录",
        "accounts.login_failed": "登录失败",
        "accounts.logout": "退出",
        "accounts.lock": "账号锁定",
        "calendar.change": "修改工作日历",
        "files.add": "上传附件",
        "calendar.restore": "恢复公布的工作日历",
        "workflow.limit": "载入时限",
        "todo.remind": "催办",
        "todo.hand_over": "交接待办",
        "ledger.start": "台账启动",
        "ledger.stop": "台账停止",
    },
)
