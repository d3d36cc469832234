"""Two who pay at once never spend more than there is."""

from __future__ import annotations

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from bianwang.modules.budget.models import Payment
from tests.modules.budget import cases
from tests.people import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("limits")]


@pytest.mark.parametrize("with_project", [False, True])
def test_two_payments_that_exceed_a_line_together(world: World, with_project: bool) -> None:
    year = cases.approved(world)
    project = cases.superior(world, year, amount="20000") if with_project else None
    line, amount = (cases.relief(year), "15000") if with_project else (cases.safety(year), "60000")
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def race(voucher: str) -> None:
        barrier.wait()
        try:
            cases.paid(world, line, amount, voucher=voucher, project=project)
            outcomes.append("paid")
        except ValidationError as error:
            outcomes.append("".join(error.messages))
        finally:
            connection.close()

    threads = [threading.Thread(target=race, args=(f"记-{number}",)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "paid" in outcomes
    lack = "10,000.00" if with_project else "20,000.00"
    assert any(f"超出 {lack} 元" in text for text in outcomes)
    assert Payment.objects.count() == 1
