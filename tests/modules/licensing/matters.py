"""Applications and licences that tests start from."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bianwang.modules.licensing import services
from bianwang.modules.licensing.models import Application, Licence
from bianwang.platform.clock import today
from tests.people import World


def applied(world: World, who: str = "enforcement", **values: Any) -> Application:
    """The plant asks for a licence for trading dangerous chemicals."""
    given = {"kind": "hazchem_trade", "action": "new", "scope": "二甲苯，不带储存", **values}
    return services.submit(world.who(who), given.pop("owner", world.plant), given)


def accepted(world: World, **values: Any) -> Application:
    """Taken on today."""
    application = applied(world, **values)
    services.accept(application, world.who("enforcement"))
    return application


def visited(world: World, **values: Any) -> Application:
    """With a visit of two officers."""
    application = accepted(world, **values)
    look(world, application)
    return application


def look(world: World, application: Application, *people: str) -> None:
    """Somebody looks on site and finds everything in order."""
    officers = [world.who(key) for key in people or ("enforcement", "enforcement2")]
    services.visit(
        application, world.who("enforcement"), on=today(), officers=officers, findings="符合要求", passed=True
    )


def granted(world: World, number: str = "渝璧危经1号", **values: Any) -> Application:
    """Granted today by the head."""
    application = visited(world, **values)
    services.decide(application, world.who("head"), granted=True, reason="", paper={"number": number})
    return application


def held(world: World, valid_to: date | None = None, number: str = "旧1号", **values: Any) -> Licence:
    """A licence of the plant from before the platform."""
    last = valid_to or today() + timedelta(days=400)
    row = {
        "owner": world.plant,
        "kind": "hazchem_trade",
        "number": number,
        "scope": "二甲苯",
        "issued_by": "区应急管理局",
        "issued_on": last - timedelta(days=1095),
        "valid_from": last - timedelta(days=1095),
        "valid_to": last,
        **values,
    }
    services.import_licences(world.who("enforcement"), [row])
    return Licence.objects.get(kind=row["kind"], number=number)
