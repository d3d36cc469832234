"""Pictures of every page, to look at: `make screenshots`. Not a test of the suite.

Everything goes to build/screenshots; what the documents show goes to docs/img.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from bianwang.platform.places.credit_code import check_character
from tests.browser.scene import morning
from tests.browser.visitor import visiting
from tests.instance import Instance, patience

HERE = Path(__file__).parents[2]
SHOTS = HERE / "build" / "screenshots"
DOCS = HERE / "docs" / "img"

SIZES = {"1920": (1920, 1080), "1366": (1366, 768), "360": (360, 740)}
PHONE = "360"

# Links of rows, by what they say and not by their number: the demo may grow.
FIRST = " > .bian-first a"
FIRE = f"/emergency/?q=后山坡&counted=1{FIRST}"
NIGHTS = f"/emergency/?q=缙云山北坡{FIRST}"
"""The fire that burns in the demo, and the one of four days and nights whose people were moved."""

# Name, who looks, URL; after each `>` the link to follow from there.
PAGES = (
    ("login", "", "/accounts/login/"),
    ("home-duty", "zhiban", "/"),
    ("wall", "zhiban", "/alarms/wall/"),
    ("alarms", "zhiban", "/alarms/"),
    ("alarm", "zhiban", "/alarms/?severity=4 > .bian-first a"),
    ("404", "zhiban", "/nowhere/"),
    ("home-leader", "juzhang", "/"),
    ("board", "juzhang", "/hazards/board/"),
    ("map", "juzhang", "/places/map/"),
    ("home-enterprise", "qiye", "/"),
    ("todo", "qiye", "/todo/"),
    ("permits", "qiye3", "/permits/"),
    ("permit", "qiye3", "/permits/?state=applied > .bian-first a"),
    ("permit-new", "qiye3", "/permits/new/hot_work/"),
    ("permit-board", "juzhang", "/permits/board/"),
    ("hazards", "zhifa", "/hazards/"),
    ("hazard", "zhifa", "/hazards/?state=closed > .bian-first a"),
    ("hazard-new", "zhifa", "/hazards/register/"),
    ("statistics", "zhifa", "/hazards/statistics/"),
    ("licensing", "zhifa", "/licensing/"),
    ("licensing-application", "zhifa", "/licensing/?state=stopped > .bian-first a"),
    ("licensing-new", "qiye", "/licensing/apply/"),
    ("licensing-statistics", "juzhang", "/licensing/statistics/"),
    ("licences", "zhifa", "/licensing/licences/"),
    ("risks", "zhifa", "/risks/"),
    ("risk-new", "qiye", "/risks/new/"),
    ("risk-card", "zhifa", "/risks/1/card/"),
    ("risk-statistics", "juzhang", "/risks/statistics/"),
    ("hazard-sources", "zhifa", "/risks/sources/"),
    ("hazard-source", "qiye", "/risks/sources/ > .bian-first a"),
    ("grades", "kezhang", "/standardisation/"),
    ("grade", "kezhang", "/standardisation/?state=publicity > .bian-first a"),
    ("self-rating", "qiye", "/standardisation/ratings/ > .bian-first a"),
    ("subsidies", "caiwu", "/standardisation/subsidies/"),
    ("agency", "kezhang", "/standardisation/agencies/ > .bian-first a"),
    ("service-contract", "caiwu", "/standardisation/contracts/ > .bian-first a"),
    ("service-visit", "kezhang", "/standardisation/visits/ > .bian-first a"),
    ("standardisation-statistics", "juzhang", "/standardisation/statistics/"),
    ("duty", "zhiban", "/duty/"),
    ("duty-wall", "juzhang", "/duty/wall/"),
    ("duty-handover", "zhiban", "/duty/handovers/ > .bian-first a"),
    ("duty-answers", "kezhang", "/duty/answers/"),
    ("duty-contacts", "zhiban", "/duty/contacts/"),
    ("duty-contact", "zhiban", "/duty/contacts/ > .bian-first a"),
    ("duty-messages", "zhiban", "/duty/messages/"),
    ("duty-message", "zhiban", "/duty/messages/?open=1 > .bian-first a"),
    ("duty-message-new", "zhiban", "/duty/messages/new/?template=standby"),
    ("duty-recipients", "zhiban", "/duty/recipients/"),
    ("duty-inbox", "zhenjie", "/duty/inbox/"),
    ("duty-calls", "zhiban", "/duty/calls/"),
    ("duty-statistics", "juzhang", "/duty/statistics/"),
    ("duty-roster", "kezhang", "/duty/rosters/ > .bian-first a"),
    ("emergency-watch", "zhiban", "/emergency/watch/"),
    ("emergency-opinions", "zhiban", "/emergency/opinions/"),
    ("emergency-review", "juzhang", "/emergency/reviews/ > .bian-first a"),
    ("emergency-measures", "zhenjie", "/emergency/measures/"),
    ("committee", "kezhang", "/committee/"),
    ("committee-matrix", "juzhang", "/committee/matrix/"),
    ("committee-assignment", "zhenjie", "/committee/ > .bian-first a"),
    ("committee-supervision", "juzhang", "/committee/supervisions/ > .bian-first a"),
    ("committee-notice", "kezhang", "/committee/notices/ > .bian-first a"),
    ("committee-receipt", "qiye", "/committee/receipts/ > .bian-first a"),
    ("committee-period", "juzhang", "/committee/periods/ > .bian-first a"),
    ("committee-assessment", "juzhang", "/committee/assessment/"),
    ("committee-version", "juzhang", "/committee/assessment/versions/ > .bian-first a"),
    ("committee-statistics", "juzhang", "/committee/statistics/"),
    ("accidents", "zhiban", "/accidents/"),
    ("accident", "zhifa", "/accidents/?state=closed > .bian-first a"),
    ("accident-new", "zhiban", "/accidents/register/"),
    ("accident-statistics", "juzhang", "/accidents/statistics/"),
    ("weather", "zhiban", "/weather/"),
    ("weather-warning", "zhiban", "/weather/?in_force=1 > .bian-first a"),
    ("weather-receipts", "kezhang", "/weather/receipts/"),
    ("weather-receipt", "qiye", "/weather/receipts/ > .bian-first a"),
    ("weather-rates", "juzhang", "/weather/rates/"),
    ("weather-gauges", "zhiban", "/weather/gauges/"),
    ("weather-gauge", "zhiban", "/weather/gauges/ > .bian-first a"),
    ("events", "zhiban", "/emergency/"),
    ("event", "zhiban", FIRE),
    ("event-record", "zhiban", f"{FIRE} > a[href$='/record/']"),
    ("event-map", "zhiban", f"{FIRE} > a[href$='/map/']"),
    ("fire-judgement", "zhiban", f"/emergency/judgements/{FIRST}"),
    ("fire-arrivals", "zhiban", f"/emergency/judgements/{FIRST} > a[href*='/arrivals/']"),
    ("fire-judgement-new", "zhiban", f"{FIRE} > a[href$='/judgements/new/']"),
    ("settlements", "zhenjie", "/emergency/settlements/"),
    ("evacuation", "zhiban", f"{NIGHTS} > a[href$='/evacuation/']"),
    ("evacuees", "zhiban", "/emergency/evacuees/"),
    ("headquarters", "zhiban", "/emergency/headquarters/forest_fire/"),
    ("plans", "kezhang", "/emergency/plans/"),
    ("drill", "kezhang", "/emergency/drills/ > .bian-first a"),
    ("event-new", "zhiban", "/emergency/register/"),
    ("event-statistics", "juzhang", "/emergency/statistics/"),
    ("resources", "zhiban", "/emergency/resources/"),
    ("resource", "zhiban", "/emergency/resources/?kind=store > .bian-first a"),
    ("resources-nearest", "zhiban", f"{FIRE} > a[href*='/resources/?needed=1']"),
    ("callup", "zhenjie", "/emergency/callups/ > .bian-first a"),
    ("resource-use", "juzhang", "/emergency/resources/use/"),
    ("disasters", "zhiban", "/disasters/"),
    ("disaster", "zhiban", "/disasters/1/"),
    ("disaster-new", "zhiban", "/disasters/register/"),
    ("disaster-report", "zhiban", "/disasters/reports/?state=collecting > .bian-first a"),
    ("disaster-sheet", "zhenjie", "/disasters/sheets/ > .bian-first a"),
    ("disaster-houses", "zhenjie", "/disasters/houses/"),
    ("disaster-statistics", "juzhang", "/disasters/statistics/"),
    ("relief", "juzhang", "/relief/"),
    ("relief-claim", "cunshe", "/relief/ > .bian-first a"),
    ("relief-new", "cunshe", "/relief/new/"),
    ("relief-notice", "cunshe", "/relief/meetings/ > .bian-first a"),
    ("relief-batch", "caiwu", "/relief/batches/ > .bian-first a"),
    ("relief-funds", "caiwu", "/relief/funds/"),
    ("relief-statistics", "juzhang", "/relief/statistics/"),
    ("outreach", "zhiban", "/outreach/"),
    ("outreach-call", "kezhang", "/outreach/?state=closed > .bian-first a"),
    ("outreach-new", "zhiban", "/outreach/register/"),
    ("outreach-statistics", "juzhang", "/outreach/statistics/"),
    ("outreach-events", "kezhang", "/outreach/events/"),
    ("outreach-surveys", "kezhang", "/outreach/surveys/"),
    ("outreach-survey", "kezhang", "/outreach/surveys/ > .bian-first a"),
    ("outreach-petitions", "kezhang", "/outreach/petitions/"),
    ("outreach-broadcast", "kezhang", "/outreach/broadcasts/?state=approved > .bian-first a"),
    ("outreach-publicity", "juzhang", "/outreach/publicity/"),
    ("audits", "caiwu", "/audits/"),
    ("audit", "caiwu", "/audits/ > .bian-first a"),
    ("audit-new", "caiwu", "/audits/new/"),
    ("audit-revise", "caiwu", "/audits/1/revise/"),
    ("enterprises", "zhifa", "/places/enterprises/"),
    ("enterprise", "zhifa", "/places/enterprises/?q=嘉化 > .bian-first a"),
    ("documents", "zhifa", "/documents/"),
    ("document", "zhifa", "/documents/?kind=order > .bian-first a"),
    ("dossier", "zhifa", "/documents/dossiers/1/"),
    ("document-new", "zhifa", "/documents/dossiers/1/draw/recheck/"),
    ("document-templates", "kezhang", "/documents/templates/"),
    ("visits", "kezhang", "/enforcement/"),
    ("inspection-plan", "kezhang", "/enforcement/plans/ > .bian-first a"),
    ("inspection-draw", "kezhang", "/enforcement/draws/1/"),
    ("inspection-statistics", "kezhang", "/enforcement/statistics/"),
    ("inspections", "kezhang", "/inspections/"),
    ("inspection", "zhifa", "/inspections/?state=done > .bian-first a"),
    ("inspection-conflict", "zhenjie", "/inspections/?conflict=1 > .bian-first a"),
    ("inspection-arrange", "zhifa", "/inspections/arrange/"),
    ("inspection-field", "zhifa", "/inspections/field/"),
    ("checklists", "zhifa", "/inspections/checklists/"),
    ("visit-new", "zhenjie", "/enforcement/visits/new/"),
    ("penalties", "kezhang", "/penalties/"),
    ("penalty", "zhifa", "/penalties/?state=told > .bian-first a"),
    ("penalty-decided", "juzhang", "/penalties/?state=served > .bian-first a"),
    ("penalty-new", "zhifa", "/penalties/new/"),
    ("penalty-sources", "kezhang", "/penalties/sources/"),
    ("penalty-publications", "caiwu", "/penalties/publications/"),
    ("penalty-statistics", "juzhang", "/penalties/statistics/"),
    ("devices", "kezhang", "/sensing/devices/"),
    ("device", "kezhang", "/sensing/devices/?q=溶剂库 > .bian-first a"),
    ("cameras", "kezhang", "/sensing/cameras/"),
    ("camera", "kezhang", "/sensing/cameras/ > .bian-first a"),
    ("recorders", "kezhang", "/sensing/recorders/"),
    ("recorder-new", "kezhang", "/sensing/recorders/new/"),
    ("detection", "kezhang", "/detection/"),
    ("video-wall", "zhiban", "/patrol/wall/?grid=4"),
    ("review", "zhiban", "/patrol/review/"),
    ("patrol-rounds", "zhiban", "/patrol/rounds/"),
    ("patrol-look", "kezhang", "/patrol/looks/?result=problem > .bian-first a"),
    ("patrol-statistics", "juzhang", "/patrol/statistics/"),
    ("budget", "caiwu", "/budget/ > .bian-first a"),
    ("indicators", "caiwu", "/indicators/ > .bian-first a"),
    ("rules", "kezhang", "/rules/rules/"),
    ("rule", "kezhang", "/rules/rules/?q=可燃气体 > .bian-first a"),
    ("import-errors", "zhenjie", "/exchange/hazards.hazard/"),
    ("calendar", "caiwu", "/calendar/"),
    ("users", "xitong", "/accounts/users/"),
    ("system", "xitong", "/system/"),
    ("ledger", "shenji", "/ledger/"),
    ("ledger-entry", "shenji", "/ledger/ > .bian-first a"),
)

# Pictures of the documents: the name of a page, its size, how high.
DOCUMENTED = {
    "wall": ("wall", "1920", 1080),
    "hazard": ("hazard", "1366", 1000),
    "board": ("board", "1366", 1000),
    "phone": ("wall", PHONE, 740),
    "event": ("event", "1366", 1000),
    "fire": ("fire-judgement", "1920", 1080),
    "relief": ("relief-claim", "1920", 1080),
    "video": ("video-wall", "1366", 768),
    "review": ("review", "1366", 768),
    "indicators": ("indicators", "1366", 768),
}


_SEEN = """
from bianwang.modules.sensing.models import Camera
print(Camera.objects.exclude(presence="online").count())
"""
"""Script for the instance: how many cameras show nothing yet."""


@pytest.fixture(scope="module")
def busy(instance: Instance) -> Iterator[Instance]:
    """The platform on a busy morning."""
    instance.start("camera")
    with morning(instance):
        for _ in patience("the cameras"):
            if instance.script(_SEEN) == 0:
                break
        yield instance


@pytest.mark.parametrize("size", SIZES)
def test_pictures(busy: Instance, browser: Browser, size: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    DOCS.mkdir(parents=True, exist_ok=True)
    width, height = SIZES[size]
    for person in dict.fromkeys(page[1] for page in PAGES):
        with visiting(browser, busy, person, width=width, height=height, phone=size == PHONE) as visitor:
            for name, who, way in PAGES:
                if who == person:
                    open_page(visitor.page, name, way)
                    visitor.page.screenshot(path=SHOTS / f"{name}-{size}.png", full_page=name != "wall")
                    document(visitor.page, name, size)


def document(page: Page, name: str, size: str) -> None:
    """Take the picture again for the documents, in 256 colours."""
    for title, (shown, at, height) in DOCUMENTED.items():
        if (shown, at) == (name, size):
            page.set_viewport_size({"width": SIZES[size][0], "height": height})
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            picture.quantize(256, kmeans=3, dither=Image.Dither.NONE).save(DOCS / f"{title}.png", optimize=True)
            page.set_viewport_size({"width": SIZES[size][0], "height": SIZES[size][1]})
            assert (DOCS / f"{title}.png").stat().st_size < 200_000


def open_page(page: Page, name: str, way: str) -> None:
    """Go there and wait until everything is drawn."""
    start, *links = way.split(" > ")
    page.goto(start)
    for link in links:
        page.goto(page.locator(link).first.get_attribute("href") or "")
    if name == "import-errors":
        page.get_by_label("填好的表格").set_input_files(wrong_list(page.request.get(f"{start}template/").body()))
        page.get_by_role("button", name="上传并检查").click()
        expect(page.locator("main")).to_contain_text("信用代码")
    if name == "wall":
        expect(page.locator(".wall-strip")).to_contain_text("超期隐患")
    else:
        page.wait_for_load_state("networkidle")
    if name == "alarm" or (name == "wall" and page.locator(".wall-detail").is_visible()):
        expect(page.locator("[data-curve]")).to_have_attribute("data-drawn", "1")


def wrong_list(template: bytes) -> dict[str, object]:
    """The filled template, with mistakes in all rows but the first."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    code = "91500120MADEM0004"
    code += check_character(code)
    office = "青杠街道办事处"
    for row in (
        (
            office,
            "2026-017",
            code,
            "镇街检查",
            "消防通道堆放纸箱",
            "环境因素",
            "一般",
            "",
            "2026-11-02",
            "",
            "2026-11-05",
        ),
        ("青岗街道", "2026-018", code, "镇街检查", "配电房无挡鼠板", "物的因素", "一般", "", "2026-11-03"),
        (office, "2026-019", "9150012", "镇街检查", "气瓶无防倾倒措施", "物的因素", "很严重", "", "2026-11-03"),
        (office, "2026-020", code, "镇街检查", "焊工无证上岗", "人的因素", "一般", "", "2026-11-09", "", "2026-11-01"),
    ):
        book["数据"].append(row)
    data = io.BytesIO()
    book.save(data)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "青杠街道隐患.xlsx", "mimeType": kind, "buffer": data.getvalue()}
