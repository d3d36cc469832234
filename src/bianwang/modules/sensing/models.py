"""Devices, cameras and signals: who tells us what."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinLengthValidator, RegexValidator
from django.db import models
from django.urls import reverse

from bianwang.modules.sensing.quantities import QUANTITY_CHOICES
from bianwang.platform.places.models import Party, Zone
from bianwang.platform.sealing.fields import SealedField

key_validator = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9_.-]{1,63}\Z",
    "设备标识须为 2 至 64 位字母、数字、点、下划线或连字符，且以字母或数字开头。",
)
gb_code_validator = RegexValidator(r"^\d{20}\Z", "国标编码须为 20 位数字（GB/T 28181）。")


class Device(models.Model):
    """A device, a gateway or a child of a gateway. Never deleted: switched off instead.

    The presence columns are written in bulk by the intake and are not business state: no ledger.
    """

    class Protocol(models.TextChoices):
        MQTT = "mqtt", "MQTT"
        HTTP = "http", "HTTP"
        HJ212 = "hj212", "HJ 212"
        GB26875 = "gb26875", "GB/T 26875.3"
        SL651 = "sl651", "SL 651"
        MODBUS = "modbus", "Modbus TCP"
        BRIDGE = "bridge", "MQTT 桥接"

    class Presence(models.TextChoices):
        NEVER = "never", "从未上线"
        ONLINE = "online", "在线"
        OFFLINE = "offline", "离线"
        SILENT = "silent", "沉默"
        CLOCK_FAULT = "clock_fault", "时钟异常"

    owner = models.ForeignKey(Party, models.PROTECT, related_name="devices", verbose_name="所属单位")
    zone = models.ForeignKey(Zone, models.PROTECT, null=True, blank=True, related_name="devices", verbose_name="区域")
    key = models.CharField("设备标识", max_length=64, unique=True, validators=[key_validator])
    name = models.CharField("名称", max_length=60)
    protocol = models.CharField("接入协议", max_length=10, choices=Protocol.choices, default=Protocol.MQTT)
    token_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)
    """SM3 (hex) of the 256-bit token; NULL: no token."""
    username = models.CharField("账号", max_length=64, null=True, blank=True, unique=True)
    password_digest = models.CharField(max_length=64, blank=True, editable=False)
    is_gateway = models.BooleanField("网关", default=False)
    gateway = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="经由网关"
    )
    period_s = models.PositiveIntegerField("上报周期（秒）", default=60)
    """The period it promises to report in; 0: no promise. Silence is period + 60 s without a reading."""
    lateness_ms = models.PositiveIntegerField("允许迟到（毫秒）", default=0)
    source_address = models.GenericIPAddressField("来源地址", null=True, blank=True)
    """Required for protocols without identity: HJ 212, GB/T 26875.3, SL 651."""
    settings = models.TextField("协议参数", default="{}")
    """JSON object: hj212 {mn, pw}; gb26875 {address}; sl651 {station, password}; modbus {host, port, unit, tags}."""
    is_enabled = models.BooleanField("启用", default=True)
    is_demo = models.BooleanField("演示数据", default=False, editable=False)
    presence = models.CharField(
        "状态", max_length=12, choices=Presence.choices, default=Presence.NEVER, db_index=True, editable=False
    )
    presence_at = models.DateTimeField("状态时间", null=True, editable=False)
    presence_detail = models.CharField("状态说明", max_length=120, blank=True, editable=False)
    last_seen_at = models.DateTimeField("最近上报", null=True, editable=False)

    access_path = "owner"

    class Meta:
        verbose_name = "设备"
        db_table = "sensing_device"
        ordering = ["owner_id", "key"]

    def __str__(self) -> str:
        return f"{self.name}（{self.key}）"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("sensing:device", args=[self.pk])


class Recorder(models.Model):
    """A recorder or video platform that registers with us by GB/T 28181 and brings its cameras (channels).

    The presence columns are written by the signalling server and are not business state: no ledger.
    """

    class Edition(models.TextChoices):
        Y2016 = "2016", "GB/T 28181-2016（GB2312）"
        Y2022 = "2022", "GB/T 28181-2022（GB18030）"

    class Presence(models.TextChoices):
        NEVER = "never", "从未注册"
        ONLINE = "online", "在线"
        OFFLINE = "offline", "离线"

    owner = models.ForeignKey(Party, models.PROTECT, related_name="recorders", verbose_name="所属单位")
    name = models.CharField("名称", max_length=60)
    code = models.CharField("国标编码", max_length=20, unique=True, validators=[gb_code_validator])
    edition = models.CharField("标准版本", max_length=4, choices=Edition.choices, default=Edition.Y2016)
    secret = SealedField(null=True, editable=False)
    """The registration password, which digest authentication needs in clear; NULL: it cannot register."""
    is_enabled = models.BooleanField("启用", default=True)
    presence = models.CharField(
        "状态", max_length=12, choices=Presence.choices, default=Presence.NEVER, db_index=True, editable=False
    )
    presence_at = models.DateTimeField("状态时间", null=True, editable=False)
    last_seen_at = models.DateTimeField("最近心跳", null=True, editable=False)
    address = models.CharField("来源地址", max_length=64, blank=True, editable=False)

    access_path = "owner"

    class Meta:
        verbose_name = "国标录像机"
        db_table = "sensing_recorder"
        ordering = ["owner_id", "code"]

    def __str__(self) -> str:
        return f"{self.name}（{self.code}）"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("sensing:recorder", args=[self.pk])


class Camera(models.Model):
    """A registered camera: where its picture comes from, and whether it is analysed.

    The presence columns are written by the camera processes and are not business state: no ledger.
    """

    class Presence(models.TextChoices):
        NEVER = "never", "从未取流"
        ONLINE = "online", "正常"
        OFFLINE = "offline", "断流"
        FROZEN = "frozen", "画面冻结"
        BLACK = "black", "黑屏"
        BLURRED = "blurred", "画面模糊"
        MOVED = "moved", "镜头移位"
        IDLE = "idle", "未打开"

    owner = models.ForeignKey(Party, models.PROTECT, related_name="cameras", verbose_name="所属单位")
    zone = models.ForeignKey(Zone, models.PROTECT, null=True, blank=True, related_name="cameras", verbose_name="区域")

    class Suspect(models.TextChoices):
        """What can be looked for beside people; it goes to a person, never into an alarm."""

        FLAME = "flame", "疑似明火"
        SMOKE = "smoke", "疑似烟雾"
        FALLEN = "fallen", "疑似人员倒地"
        NO_VEST = "no_vest", "疑似未穿反光衣"
        NO_HARD_HAT = "no_hard_hat", "疑似未戴安全帽"
        SMOKING = "smoking", "疑似吸烟"

    name = models.CharField("名称", max_length=60)
    stream = models.CharField("取流地址", max_length=300, blank=True)
    substream = models.CharField("子码流地址", max_length=300, blank=True)
    """Analysed and shown instead of the main stream where there is one."""
    gb_code = models.CharField("国标编码", max_length=20, blank=True, validators=[gb_code_validator])
    recorder = models.ForeignKey(
        Recorder, models.PROTECT, null=True, blank=True, related_name="cameras", verbose_name="国标录像机"
    )
    is_analysed = models.BooleanField("视频分析", default=False)
    suspects = models.CharField("疑似情形", max_length=60, blank=True)
    """Kinds of `Suspect` that are looked for, with commas."""
    sample_fps = models.FloatField("采样帧率（帧/秒）", default=2.0)
    is_enabled = models.BooleanField("启用", default=True)
    presence = models.CharField(
        "状态", max_length=12, choices=Presence.choices, default=Presence.NEVER, db_index=True, editable=False
    )
    presence_at = models.DateTimeField("状态时间", null=True, editable=False)
    presence_detail = models.CharField("状态说明", max_length=120, blank=True, editable=False)
    last_picture_at = models.DateTimeField("最近画面", null=True, editable=False)

    access_path = "owner"

    class Meta:
        verbose_name = "摄像机"
        db_table = "sensing_camera"
        ordering = ["owner_id", "name"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="camera_name_unique")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("sensing:camera", args=[self.pk])


class CameraSearch(models.Model):
    """The network asked for cameras, by a job: pages do not talk to the network of cameras.

    State, progress and what was found are written by the job; asking and the outcome are in the ledger.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "等待查找"
        RUNNING = "running", "正在查找"
        DONE = "done", "完成"
        FAILED = "failed", "失败"

    owner = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name="单位")
    """Of who asked."""
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.WAITING, db_index=True)
    progress = models.PositiveIntegerField("已找到", default=0)
    found = models.TextField("找到的设备", default="[]")
    """JSON list of `finding.Found`."""
    failure = models.CharField("失败原因", max_length=300, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="查找人")
    asked_at = models.DateTimeField("提交时间")
    done_at = models.DateTimeField("完成时间", null=True)

    access_path = "owner"

    class Meta:
        verbose_name = "摄像机查找"
        db_table = "sensing_camera_search"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"摄像机查找 {self.pk}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("sensing:search", args=[self.pk])

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state in (self.State.DONE, self.State.FAILED)


class Region(models.Model):
    """A part of a camera's picture that is watched: an area in which people are counted, or a line that they cross."""

    class Kind(models.TextChoices):
        AREA = "area", "区域"
        LINE = "line", "界线"

    class Use(models.TextChoices):
        """Which quantity the number of people in an area is."""

        HEADS = "head_count", "人数"
        DANGER = "danger_count", "危险区人数"
        POST = "post_count", "岗位人数"
        INTRUDERS = "intruder_count", "禁入区人数"

    camera = models.ForeignKey(Camera, models.CASCADE, related_name="regions", verbose_name="摄像机")
    zone = models.ForeignKey(Zone, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="对应区域")
    """Whose rules its signals serve, where that is not the camera's zone."""
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("形状", max_length=4, choices=Kind.choices, default=Kind.AREA)
    use = models.CharField("人数用作", max_length=24, choices=Use.choices, default=Use.HEADS)
    points = models.TextField("坐标")
    """JSON [[x, y], …] in parts of width and height (0–1): three points or more of an area, two of a line."""

    access_path = "camera__owner"

    class Meta:
        verbose_name = "监视区域"
        db_table = "sensing_region"
        ordering = ["camera_id", "pk"]
        constraints = [models.UniqueConstraint(fields=["camera", "name"], name="region_name_unique")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of its camera."""
        return self.camera.get_absolute_url()


class Signal(models.Model):
    """One number over time. Its id names it in the telemetry store for ever: never deleted, never reused."""

    id = models.AutoField(primary_key=True)
    """32 bits: fits the store's uint32; both databases count on after a deletion."""
    owner = models.ForeignKey(Party, models.PROTECT, related_name="signals", verbose_name="所属单位")
    device = models.ForeignKey(
        Device, models.PROTECT, null=True, blank=True, related_name="signals", verbose_name="设备"
    )
    zone = models.ForeignKey(Zone, models.PROTECT, null=True, blank=True, related_name="signals", verbose_name="区域")
    name = models.CharField("信号标识", max_length=64, validators=[MinLengthValidator(1)])
    """As the device sends it."""
    title = models.CharField("名称", max_length=60)
    quantity = models.CharField("监测量", max_length=24, choices=QUANTITY_CHOICES)
    unit = models.CharField("单位", max_length=16, blank=True)
    scale = models.FloatField("系数", default=1.0)
    offset = models.FloatField("偏移", default=0.0)
    """Value in `unit` = raw value x scale + offset."""
    low = models.FloatField("量程下限", null=True, blank=True)
    high = models.FloatField("量程上限", null=True, blank=True)
    decimals = models.PositiveSmallIntegerField("小数位", default=2)
    is_enabled = models.BooleanField("启用", default=True)

    access_path = "owner"

    class Meta:
        verbose_name = "信号"
        db_table = "sensing_signal"
        ordering = ["owner_id", "device_id", "name"]
        constraints = [models.UniqueConstraint(fields=["device", "name"], name="signal_name_unique")]
        indexes = [models.Index(fields=["owner", "quantity"], name="signal_owner_quantity")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("sensing:signal", args=[self.pk])


class SignalEvent(models.Model):
    """A reading that the platform itself makes (a permit, a step of work), on its way to the telemetry store.

    Written with the change that it tells of, in one transaction; delivered afterwards. No ledger.
    """

    signal = models.ForeignKey(Signal, models.CASCADE, related_name="events", verbose_name="信号")
    time_ms = models.BigIntegerField("时间（毫秒）")
    value = models.FloatField("值")
    delivered_at = models.DateTimeField("送达时间", null=True)

    access_path = "signal__owner"

    class Meta:
        verbose_name = "信号事件"
        db_table = "sensing_signal_event"
        ordering = ["signal_id", "time_ms"]
        constraints = [models.UniqueConstraint(fields=["signal", "time_ms"], name="signal_event_unique")]
        indexes = [models.Index(fields=["delivered_at", "time_ms"], name="signal_event_waiting")]

    def __str__(self) -> str:
        return f"{self.signal} {self.value:g}"


class Refusal(models.Model):
    """How often the intake refused something of a device (or of a stranger) on one day. No ledger."""

    key = models.CharField("设备标识或地址", max_length=64)
    device = models.ForeignKey(Device, models.CASCADE, null=True, related_name="refusals", verbose_name="设备")
    day = models.DateField("日期")
    reason = models.CharField("原因代码", max_length=40)
    count = models.PositiveBigIntegerField("次数", default=0)
    example = models.CharField("最近一次的说明", max_length=300, blank=True)
    last_at = models.DateTimeField("最近一次")

    access_path = "device__owner"

    class Meta:
        verbose_name = "拒收"
        db_table = "sensing_refusal"
        ordering = ["-last_at"]
        constraints = [models.UniqueConstraint(fields=["key", "reason", "day"], name="refusal_unique")]

    def __str__(self) -> str:
        return f"{self.key} {self.reason}"


class Revision(models.Model):
    """Counts the changes of a part of the configuration, so that the intake knows when to reload it."""

    code = models.CharField(max_length=20, primary_key=True)
    """`sensing` (devices and signals) or `rules`."""
    number = models.BigIntegerField(default=0)

    class Meta:
        db_table = "sensing_revision"

    def __str__(self) -> str:
        return f"{self.code} {self.number}"
