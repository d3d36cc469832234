"""Things of `world.plant` that the permission table names. Each function makes one and returns its key."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from bianwang.modules.hazards.models import Hazard
from bianwang.modules.rules.models import Binding, RuleVersion
from bianwang.modules.sensing.models import Camera, CameraSearch, Device, Recorder, Region, Signal
from bianwang.modules.sensing.services import save_region
from bianwang.platform.calendar.services import change_day
from bianwang.platform.clock import now
from bianwang.platform.exchange.models import Import
from bianwang.platform.files import services as files
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Workshop, Zone
from bianwang.platform.workflow import services as workflow
from tests.modules.accidents.cases import entered as happened
from tests.modules.alarms.plant import bound, raised
from tests.modules.audits.reports import entered as reported
from tests.modules.enforcement import things as inspections
from tests.modules.outreach import calls
from tests.modules.permits.jobs import entered
from tests.people import World
from tests.platform.files import samples


def person(world: World) -> int:
    """The duty officer's account."""
    return world.who("duty").pk


def post(world: World) -> int:
    """The duty officer's post."""
    return world.who("duty").posts.get().pk


def plant(world: World) -> int:
    """The plant itself."""
    return world.plant.pk


def workshop(world: World) -> int:
    """A workshop of the plant."""
    return Workshop.objects.create(owner=world.plant, name="一车间").pk


def zone(world: World) -> int:
    """A zone of the plant."""
    return Zone.objects.create(owner=world.plant, name="泵房", kind=Zone.Kind.PUMP).pk


def photo(world: World) -> int:
    """A photo of the plant's workshop."""
    shop = Workshop.objects.create(owner=world.plant, name="二车间")
    return files.attach(
        shop, samples.upload("整改前.jpg", samples.photo()), user=world.who("safety"), label="before"
    ).pk


def town(world: World) -> int:
    """The first town's office."""
    return world.town.pk


def batch(world: World) -> int:
    """An import that the head of the enforcement office has uploaded."""
    return Import.objects.create(
        kind="places.enterprise",
        name="企业.xlsx",
        state=Import.State.CHECKED,
        user=world.who("head"),
        created_at=now(),
        rows=0,
        errors=0,
    ).pk


def device(world: World) -> int:
    """A device of the plant."""
    return Device.objects.create(owner=world.plant, key="pump-1", name="1号泵").pk


def signal(world: World) -> int:
    """A signal of the plant."""
    return Signal.objects.create(owner=world.plant, name="flow", title="出口流量", quantity="flow", unit="m³/h").pk


def camera(world: World) -> int:
    """A camera of the plant."""
    return Camera.objects.create(owner=world.plant, name="泵房").pk


def camera_search(world: World) -> int:
    """The network was asked for cameras for the plant."""
    search = CameraSearch(owner=world.plant, asked_by=world.who("safety"), asked_at=now(), state="done")
    search.found = '[{"host": "192.168.1.64"}]'
    search.save()
    return search.pk


def recorder(world: World) -> int:
    """A recorder of the plant."""
    return Recorder.objects.create(owner=world.plant, name="门卫录像机", code="50012000001180000001").pk


def region(world: World) -> int:
    """An area in the picture of a camera of the plant."""
    drawn = Region(
        camera_id=camera(world), name="泵区", use=Region.Use.DANGER, points="[[0.1, 0.1], [0.6, 0.1], [0.6, 0.7]]"
    )
    save_region(drawn)
    return drawn.pk


def permit(world: World) -> int:
    """A job at the plant that was entered and not yet analysed."""
    return entered(world).pk


def binding(world: World) -> int:
    """A rule bound to a signal of the plant."""
    return bound(world.plant).pk


def version(world: World) -> int:
    """The active version of a rule that is bound at the plant."""
    return Binding.objects.get(pk=binding(world)).version_id


def rule(world: World) -> int:
    """That rule, made from a template of the district pack."""
    made = Binding.objects.get(pk=binding(world)).version
    RuleVersion.objects.filter(pk=made.pk).update(template="combustible-gas")
    return made.rule_id


def alarm(world: World) -> int:
    """An alarm of the plant that nobody has acknowledged."""
    return raised(bound(world.plant)).pk


def hazard(world: World) -> int:
    """A hazard of the plant that waits to be graded."""
    found = Hazard(
        number="YH-1",
        owner=world.plant,
        source=Hazard.Source.DEPARTMENT,
        track=Hazard.Track.UNIT,
        title="防护罩缺失",
        category=Hazard.Category.THING,
        found_at=now(),
    )
    workflow.start(found, by=world.who("town"))
    return found.pk


def accident(world: World) -> int:
    """An accident at the plant that waits to be investigated."""
    return happened(world).pk


def call(world: World) -> int:
    """A report of the plant that the first town verifies."""
    return calls.dispatched(world, calls.PERSON).pk


def reward(world: World) -> int:
    """A reward that waits for approval."""
    return calls.rewarded(world).pk


def plan(world: World) -> int:
    """A draft of the bureau's annual plan of inspections, with the plant in it."""
    return inspections.draft(world).pk


def plan_item(world: World) -> int:
    """The plant in that draft."""
    return inspections.draft(world).items.get().pk


def approved_plan(world: World) -> int:
    """An annual plan in force."""
    return inspections.approved(world).pk


def inspection_draw(world: World) -> int:
    """The published record of a draw."""
    return inspections.drawn(world).pk


def campaign(world: World) -> int:
    """A campaign of the district."""
    return inspections.campaign(world).pk


def visit(world: World) -> int:
    """A visit of the first town to the plant."""
    return inspections.visited(world).pk


def over_visit(world: World) -> int:
    """A visit of the first town beyond the plant's ceiling."""
    return inspections.visited_too_often(world).pk


def audit(world: World) -> int:
    """A report of the general office."""
    return reported(world).pk


def entry(world: World) -> int:
    """A ledger entry about the plant."""
    with transaction.atomic():
        return record("places.change", world.plant, owner=world.plant).pk


def changed_day(world: World) -> int:
    """A day that the office has changed."""
    return change_day(date(2031, 10, 1), is_working=False, name="国庆节", source="通知").pk
