"""Manifest of the permits module."""

from __future__ import annotations

from datetime import timedelta

from bianwang.platform import roles
from bianwang.platform.registry import Job, MenuItem, Module, Permission, Tile

_ENTERPRISE = frozenset({roles.SAFETY})
_SUPERVISORS = frozenset({roles.DUTY, roles.ENFORCEMENT, roles.HEAD, roles.TOWN, roles.DEPARTMENT})

module = Module(
    code="permits",
    name="作业票",
    depends=("sensing",),
    icon="clipboard-check",
    menu=(
        MenuItem("作业票", "permits:list", "permits.view", "clipboard-check"),
        MenuItem("在票作业", "permits:board", "permits.view", "flame"),
    ),
    permissions=(
        Permission("permits.view", "查看作业票", roles.BUSINESS),
        Permission("permits.apply", "申请、取消和关闭作业票", _ENTERPRISE),
        Permission("permits.handle", "检测、交底、监护和作业过程记录", _ENTERPRISE),
        Permission("permits.approve", "审批作业票", _ENTERPRISE),
        Permission("permits.accept", "验收作业", _ENTERPRISE),
        Permission("permits.supervise", "暂停作业和解除暂停", _SUPERVISORS),
    ),
    jobs=(
        Job("permits.clock", "作业票生效与到期", timedelta(seconds=1), "bianwang.modules.permits.services.run"),
        Job("permits.levels", "作业票等级核对", timedelta(minutes=1), "bianwang.modules.permits.services.watch_levels"),
    ),
    tiles=(
        Tile(
            "作业中的作业票",
            "permits:list",
            "permits.view",
            "bianwang.modules.permits.queries.active_count",
            icon="flame",
            query="state=active",
        ),
    ),
    search="bianwang.modules.permits.queries.search",
    verbs={
        "permits.register": "登记作业",
        "permits.change": "修改作业",
        "permits.analyse": "作业危害分析",
        "permits.apply": "提交申请",
        "permits.test": "记录气体检测",
        "permits.brief": "安全交底",
        "permits.isolate": "确认隔离到位",
        "permits.lock": "上锁挂牌",
        "permits.unlock": "解锁摘牌",
        "permits.approve": "批准作业票",
        "permits.reject": "退回作业票",
        "permits.sign_in": "监护人签到",
        "permits.start": "开始作业",
        "permits.interrupt": "中断作业",
        "permits.resume": "恢复作业",
        "permits.stop": "作业结束",
        "permits.accept": "验收作业",
        "permits.close": "关闭作业票",
        "permits.cancel": "取消作业票",
        "permits.suspend": "暂停作业",
        "permits.release": "解除暂停",
        "permits.begin": "作业票生效",
        "permits.expire": "作业票到期",
    },
)
