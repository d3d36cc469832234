"""What people did in the weeks before the scene opens. Runs inside the instance, as `Instance.script`."""

import io
import json
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from bianwang.modules.alarms import services as alarms
from bianwang.modules.alarms.models import Alarm
from bianwang.modules.hazards import services
from bianwang.modules.hazards.models import Criterion, Hazard
from bianwang.modules.hazards.services.register import end_of_day_in
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.context import acting
from bianwang.platform.places.models import Enterprise

PEOPLE = {user.username: user for user in User.objects.all()}


def photo(name: str) -> SimpleUploadedFile:
    """A plain drawing of a machine."""
    image = Image.new("RGB", (640, 480), "#6f7f8f")
    draw = ImageDraw.Draw(image)
    draw.rectangle((80, 120, 560, 420), fill="#9aa7b3", outline="#33404d", width=6)
    draw.ellipse((260, 200, 380, 320), fill="#c9a13b", outline="#33404d", width=6)
    data = io.BytesIO()
    image.save(data, "JPEG")
    return SimpleUploadedFile(f"{name}.jpg", data.getvalue(), "image/jpeg")


def find(who: str, where: str, title: str, days: int, source: str, category: str = "2", **more: Any) -> Hazard:
    """Somebody found a hazard so many days ago."""
    user, owner = PEOPLE[who], Enterprise.objects.get(name__contains=where)
    values = {"title": title, "source": source, "category": category, "found_at": now() - timedelta(days=days), **more}
    with acting(user, "本机"):
        return services.register(user, owner, values, [photo("隐患照片")])


def step(who: str, name: str, hazard: Hazard, *arguments: Any, **named: Any) -> None:
    """Somebody took the next step."""
    hazard.refresh_from_db()
    with acting(PEOPLE[who], "本机"):
        getattr(services, name)(hazard, PEOPLE[who], *arguments, **named)


def order(who: str, hazard: Hazard) -> None:
    """Graded as general, twenty days to rectify."""
    demand = "按要求整改，提交整改前后对比照片。"
    step(who, "grade", hazard, {"grade": "general", "rectify_by": end_of_day_in(20), "suggestion": demand})


def hazards() -> None:
    """Some in every state, one major, one overdue, one closed."""
    booth = find("zhenjie", "顺达", "喷房排风机与喷枪未连锁", 40, "town")
    fan = find(
        "zhifa",
        "嘉化",
        "溶剂库通风机故障未停用",
        33,
        "enforcement",
        place="溶剂库",
        clause="《安全生产法》第三十六条",
        description="溶剂库北侧防爆风机轴承异响、时转时停，未挂牌停用，库内仍在收发溶剂。",
    )
    phone = find("zhifa", "嘉化", "防爆区使用非防爆手机", 20, "enforcement", "1")
    oven = find("zhenjie", "顺达", "烘干室可燃气体探测器未标定", 12, "town")
    pit = find("zhiban", "绿岛", "调节池作业未办理受限空间作业票", 6, "patrol", "1")
    dike = find("zhifa", "安燃", "储罐区防火堤排水阀常开", 4, "enforcement")
    crane = find("zhifa", "瑞丰", "熔融金属吊运使用不符合要求的起重机", 3, "enforcement")
    find("zhiban", "恒通", "一号泵房配电箱门缺失", 2, "hotline")
    find("zhifa", "瑞丰", "熔炼炉坑周边积水", 1, "enforcement", "3")
    for who, hazard in (("zhenjie", booth), ("zhenjie", oven), *(("zhifa", one) for one in (fan, phone, pit, dike))):
        order(who, hazard)
    for hazard in (fan, phone):
        step("qiye", "submit", hazard, "已更换防爆风机并完成连锁试验，现场张贴禁用标识。", [photo("整改后照片")])
    step("zhifa2", "recheck", fan, passed=True, opinion="风机运行正常，连锁有效。", second=PEOPLE["zhifa"])
    step("zhifa2", "close", fan)
    five = {
        "responsible": "陈师傅",
        "measures": "停用现有起重机，更换冶金起重机。",
        "funds": 180000,
        "rectify_by": end_of_day_in(25),
        "plan": "吊运区设警戒，备用冷却水源。",
    }
    step("zhifa", "grade", crane, {"grade": "major", "criterion": Criterion.objects.earliest("pk"), **five})
    # Time cannot be sent back through the services.
    past = now() - timedelta(days=2)
    Hazard.objects.filter(pk=oven.pk).update(rectify_by=past, due_at=past)


def handled() -> None:
    """The duty officer has dealt with the older alarms."""
    duty = PEOPLE["zhiban"]
    with acting(duty, "本机"):
        for alarm in Alarm.objects.filter(is_open=True, root__isnull=True).select_related("owner"):
            if "顺达" in alarm.owner.name:
                alarms.verify(alarm, duty, "genuine", "视频确认")
            elif "农园" in alarm.owner.name or ("绿岛" in alarm.owner.name and alarm.peak == 4):
                alarms.acknowledge(alarm, duty)


hazards()
handled()
print(json.dumps(Hazard.objects.count()))
