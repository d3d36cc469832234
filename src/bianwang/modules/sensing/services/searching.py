"""The network is asked for cameras: asked for on a page, done by the loop."""

from __future__ import annotations

import msgspec
from django.db import transaction

from bianwang.modules.sensing import finding
from bianwang.modules.sensing.discovery import EVERYBODY, WAIT_S, discover
from bianwang.modules.sensing.models import CameraSearch
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.services import record
from bianwang.platform.places.queries import bureau

_State = CameraSearch.State


def ask_search(user: User) -> CameraSearch:
    """Have the loop look for cameras; the search of the user that still runs, where there is one."""
    access.require(user, "sensing.edit")
    running = CameraSearch.objects.filter(asked_by=user, state__in=(_State.WAITING, _State.RUNNING)).first()
    if running is not None:
        return running
    scope = access.scope_of(user, "sensing.edit")
    search = CameraSearch(owner_id=bureau().pk if scope.whole else min(scope.parties), asked_by=user, asked_at=now())
    with transaction.atomic():
        search.save(force_insert=True)
        record("sensing.search", search, owner=search.owner_id)
    return search


def search_waiting(wait_s: float = WAIT_S, target: tuple[str, int] = EVERYBODY) -> None:
    """Look for cameras for who asked first; the loop calls this. What a dead process left behind has failed."""
    for left in CameraSearch.objects.filter(state=_State.RUNNING).order_by("pk"):
        _finish(left, failure="查找中断，请再找一次。")
    search = CameraSearch.objects.filter(state=_State.WAITING).order_by("pk").first()
    if search is None:
        return
    rows = CameraSearch.objects.filter(pk=search.pk)
    rows.update(state=_State.RUNNING)

    def tell(count: int) -> None:
        rows.update(progress=count)

    try:
        found = finding.from_matches(discover(wait_s, target, tell))
    except OSError:
        _finish(search, failure="服务器没有连到可以查找的网络，请让系统管理员检查服务器的网卡和路由。")
    else:
        _finish(search, found)


@transaction.atomic
def _finish(search: CameraSearch, found: list[finding.Found] | None = None, failure: str = "") -> None:
    row = CameraSearch.objects.select_for_update().get(pk=search.pk)
    row.state, row.failure, row.done_at = _State.FAILED if failure else _State.DONE, failure, now()
    row.progress = len(found or ())
    row.found = msgspec.json.encode(found or []).decode()
    row.save(update_fields=["state", "failure", "done_at", "progress", "found"])
    verb = "sensing.search_fail" if failure else "sensing.searched"
    record(verb, row, owner=row.owner_id, changes={"progress": (None, row.progress)}, reason=failure)
