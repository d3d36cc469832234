"""Patrols of the demo district: cameras, a plan, a finished round with one problem, and one open suspicion.

Pictures and films are drawn: nothing is filmed and nobody is shown.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from bianwang.modules.patrol import pack, services
from bianwang.modules.patrol.models import Plan, Round
from bianwang.modules.patrol.shapes import Box
from bianwang.modules.sensing import services as sensing, streams
from bianwang.modules.sensing.models import Camera
from bianwang.platform import clock
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.files.storage import Stored, store
from bianwang.platform.ledger.context import acting
from bianwang.platform.places.models import Zone
from bianwang.platform.places.queries import bureau
from bianwang.processes.demo import films
from bianwang.processes.demo.cast import Cast

_CAMERAS = (("jiahua", "溶剂库门口", "溶剂库"), ("jiahua", "调漆间", "调漆间"), ("ruifeng", "热处理车间", "热处理炉"))
_SIZE = (960, 540)


def load(cast: Cast) -> None:
    """Enter them; once."""
    if Plan.objects.exists():
        return
    officer = cast.user("zhiban")
    with acting(officer, "本机"):
        cameras = [_camera(cast, *row) for row in _CAMERAS]
        plan = _plan(cast, officer)
        _walk(plan, officer, now() - timedelta(hours=20))
    services.suspect(
        cameras[1],
        "fallen",
        region="",
        score=0.64,
        at=now() - timedelta(minutes=6),
        box=(0.54, 0.7, 0.8, 0.86),
        picture=_scene("fallen"),
        hidden=_scene("fallen"),
        is_demo=True,
    )


def _camera(cast: Cast, key: str, name: str, place: str) -> Camera:
    owner = cast.owners[key]
    zone = Zone.objects.filter(owner=owner, name=place).first()
    film = f"演示-{name}.mp4"
    films.write(streams.media(film), _scene("empty"))
    camera = Camera(owner=owner, zone=zone, name=name, stream=f"{streams.FILE}{film}", is_enabled=True)
    sensing.register(camera)
    return camera


def _plan(cast: Cast, officer: User) -> Plan:
    values = {
        "name": "演示重点企业视频巡检",
        "unit": bureau(),
        "town": None,
        "enterprises": [cast.owners["jiahua"], cast.owners["ruifeng"]],
        "zones": [],
        "people": [],
        "share": 100,
        "every": Plan.Every.DAY,
        "weekdays": "1234567",
        "windows": "08:00-20:00\n20:00-08:00",
        "role": "duty_officer",
        "valid_from": today(),
        "valid_to": None,
    }
    return services.save_plan(officer, Plan(is_demo=True), values)


def _walk(plan: Plan, officer: User, begin: datetime) -> None:
    """Yesterday's round: a blocked exit, the rest normal."""
    with clock.at(begin):
        made = services.make_round(plan, begin, begin + timedelta(hours=4), seed="演示种子")
        assert made is not None  # noqa: S101
        services.start(made, officer)
    _look(made, officer, begin)
    with clock.at(begin + timedelta(minutes=18)):
        services.finish(made, officer)


def _look(made: Round, officer: User, begin: datetime) -> None:
    blocked = next(item for item in pack.pack() if item.code == "exit_blocked")
    problem = services.Seen("problem", blocked, "演示：纸箱堆在安全出口前", Box(0.06, 0.42, 0.3, 0.92))
    for number, row in enumerate(made.looks.select_related("camera__zone", "round").order_by("position")):
        with clock.at(begin + timedelta(minutes=5 * number + 4)):
            seen, what = (problem, "blocked") if number == 0 else (services.Seen("normal"), "empty")
            services.look(row, officer, seen, [_picture(what)])


def _picture(what: str) -> Stored:
    return store(SimpleUploadedFile(f"演示-{what}.jpg", _scene(what), "image/jpeg"))


def _scene(what: str) -> bytes:
    """A drawn workshop: empty, with boxes before the door, or with somebody on the floor."""
    image = Image.new("RGB", _SIZE, "#b9c0c8")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 340, 960, 540), fill="#8a9099")
    draw.polygon([(0, 540), (300, 340), (660, 340), (960, 540)], fill="#979da6")
    draw.rectangle((70, 170, 230, 350), fill="#41525f", outline="#2c3942", width=4)
    draw.rectangle((100, 130, 200, 160), fill="#2e7d32")
    draw.rectangle((420, 180, 620, 345), fill="#5d6b78", outline="#3d4852", width=4)
    draw.ellipse((470, 210, 570, 310), fill="#c7ced6", outline="#3d4852", width=4)
    draw.rectangle((760, 120, 900, 350), fill="#6b7884", outline="#3d4852", width=4)
    if what == "blocked":
        for left, top in ((70, 330), (160, 330), (70, 410), (170, 410), (110, 250)):
            draw.rectangle((left, top, left + 90, top + 80), fill="#b98a55", outline="#7d5a32", width=3)
            draw.line((left, top + 40, left + 90, top + 40), fill="#d9b98c", width=5)
    if what == "fallen":
        draw.ellipse((535, 400, 580, 445), fill="#e0b48c")
        draw.rounded_rectangle((575, 395, 690, 450), 20, fill="#2f5d8a")
        draw.rounded_rectangle((680, 400, 765, 425), 12, fill="#2a2f36")
        draw.rounded_rectangle((680, 428, 760, 452), 12, fill="#2a2f36")
    target = BytesIO()
    image.save(target, "JPEG", quality=88)
    return target.getvalue()
