"""Manifest of the sensing module."""

from datetime import timedelta

from bianwang.platform import roles
from bianwang.platform.registry import Job, MenuItem, Module, Permission, Tile

_EDITORS = frozenset({roles.DUTY, roles.ENFORCEMENT, roles.HEAD, roles.SAFETY})

module = Module(
    code="sensing",
    name="感知",
    icon="antenna",
    menu=(
        MenuItem("设备", "sensing:device_list", "sensing.view", "cpu"),
        MenuItem("信号", "sensing:signal_list", "sensing.view", "wave-sine"),
        MenuItem("摄像机", "sensing:camera_list", "sensing.view", "camera"),
        MenuItem("国标录像机", "sensing:recorder_list", "sensing.view", "server"),
    ),
    permissions=(
        Permission("sensing.view", "查看设备、信号与曲线", roles.BUSINESS - {roles.FINANCE}),
        Permission(
            "sensing.faces",
            "查看未打码的画面和录像",
            frozenset({roles.DUTY, roles.ENFORCEMENT, roles.HEAD, roles.LEADER, roles.SAFETY}),
        ),
        Permission("sensing.edit", "登记和修改设备、摄像机与信号", _EDITORS),
        Permission("sensing.credential", "签发和吊销设备令牌", frozenset({roles.DUTY, roles.ENFORCEMENT, roles.HEAD})),
        Permission(
            "sensing.import",
            "批量导入设备、摄像机与信号",
            frozenset({roles.DUTY, roles.ENFORCEMENT, roles.HEAD}),
        ),
    ),
    jobs=(
        # Frequent, because a reading that comes later than the intake's slack is judged only afterwards.
        Job(
            "sensing.deliver",
            "送出平台产生的读数",
            timedelta(milliseconds=100),
            "bianwang.modules.sensing.outbox.deliver",
        ),
        Job("sensing.search", "查找摄像机", timedelta(seconds=1), "bianwang.modules.sensing.services.search_waiting"),
        Job("sensing.forget", "清理已送达的读数", timedelta(hours=24), "bianwang.modules.sensing.outbox.forget"),
    ),
    search="bianwang.modules.sensing.queries.search",
    sheets=(
        "bianwang.modules.sensing.sheets.DEVICES",
        "bianwang.modules.sensing.sheets.SIGNALS",
        "bianwang.modules.sensing.sheets.CAMERAS",
    ),
    tiles=(
        Tile(
            "沉默、离线或时钟异常的设备",
            "sensing:device_list",
            "sensing.view",
            "bianwang.modules.sensing.queries.count_unwell",
            icon="plug-connected-x",
            colour="orange",
            query="presence=offline&presence=silent&presence=clock_fault&is_enabled=True",
        ),
        Tile(
            "断流或画面异常的摄像机",
            "sensing:camera_list",
            "sensing.view",
            "bianwang.modules.sensing.queries.count_unwell_cameras",
            icon="camera-off",
            colour="orange",
            query="presence=offline&presence=frozen&presence=black&presence=blurred&presence=moved&is_enabled=True",
        ),
    ),
    verbs={
        "sensing.device_create": "登记设备",
        "sensing.device_change": "修改设备",
        "sensing.device_enable": "启用设备",
        "sensing.device_disable": "停用设备",
        "sensing.recorder_create": "登记国标录像机",
        "sensing.recorder_change": "修改国标录像机",
        "sensing.recorder_enable": "启用国标录像机",
        "sensing.recorder_disable": "停用国标录像机",
        "sensing.recorder_password": "设定国标录像机密码",
        "sensing.camera_create": "登记摄像机",
        "sensing.camera_change": "修改摄像机",
        "sensing.camera_enable": "启用摄像机",
        "sensing.camera_disable": "停用摄像机",
        "sensing.camera_view": "认定镜头方向正确",
        "sensing.search": "查找摄像机",
        "sensing.searched": "摄像机查找完成",
        "sensing.search_fail": "摄像机查找失败",
        "sensing.region_create": "绘制监视区域",
        "sensing.region_change": "修改监视区域",
        "sensing.region_remove": "删除监视区域",
        "sensing.signal_create": "登记信号",
        "sensing.signal_change": "修改信号",
        "sensing.signal_enable": "启用信号",
        "sensing.signal_disable": "停用信号",
        "sensing.token_issue": "签发设备令牌",
        "sensing.token_revoke": "吊销设备令牌",
        "sensing.password_issue": "签发设备密码",
    },
)
