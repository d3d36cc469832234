"""The figures of a year counted a second time: plain Python over all rows, sharing nothing with the measures.

Each function says what a figure means; it reads whole tables and knows neither their queries nor their conditions.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps

Row = dict[str, Any]
Value = Decimal | int | None
SHANGHAI = ZoneInfo("Asia/Shanghai")
WAN = Decimal(10_000)


def table(label: str, *columns: str) -> list[Row]:
    """All rows of a model."""
    return list(apps.get_model(label)._default_manager.order_by("pk").values(*columns))


def day(moment: datetime | None) -> date | None:
    """The day in Shanghai."""
    return moment.astimezone(SHANGHAI).date() if moment else None


def percent(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """A share; none of nothing."""
    return Decimal(100 * part) / whole if whole else None


class Recount:
    """One year until a day."""

    def __init__(self, on: date) -> None:
        self.first, self.on = date(on.year, 1, 1), on

    def within(self, value: date | datetime | None) -> bool:
        """Whether a day or moment lies in the year, on or before the day."""
        found = day(value) if isinstance(value, datetime) else value
        return found is not None and self.first <= found <= self.on

    def all(self) -> dict[str, Value]:
        """Every figure that can be counted from rows, by id."""
        return {
            **self.inspections(),
            **self.hazards(),
            **self.accidents(),
            **self.emergencies(),
            **self.relief(),
            **self.outreach(),
            **self.budget(),
            **self.people(),
            **self.money_at_rest(),
            "evacuated": self.evacuated(),
            "certified": self.certified(),
        }

    def inspections(self) -> dict[str, Value]:
        done = [
            row
            for row in table("enforcement.Visit", "state", "scope", "date", "enterprise_id", "unit_id", "is_statutory")
            if row["state"] == "done" and self.within(row["date"])
        ]
        plans = [
            row
            for row in table("enforcement.Plan", "pk", "year", "approved_at", "owner_id")
            if row["year"] == self.on.year and row["approved_at"] and day(row["approved_at"]) <= self.on  # type: ignore[operator]
        ]
        plan = max(plans, key=lambda row: (row["approved_at"], row["pk"]), default={"pk": None, "owner_id": None})
        planned = {
            row["enterprise_id"]
            for row in table("enforcement.PlanItem", "plan_id", "enterprise_id")
            if row["plan_id"] == plan["pk"]
        }
        seen = {row["enterprise_id"] for row in done if row["is_statutory"] and row["unit_id"] == plan["owner_id"]}
        return {
            "visits": len(done),
            "direct_visits": sum(row["scope"] == "direct" for row in done),
            "planned_enterprises": len(planned) or None,
            "plan_completion": percent(len(planned & seen), len(planned)),
        }

    def hazards(self) -> dict[str, Value]:
        rows = table("hazards.Hazard", "state", "found_at", "rectified_at", "rectify_by")
        found = [row for row in rows if row["state"] != "revoked" and self.within(row["found_at"])]
        good = [
            row
            for row in found
            if row["state"] in {"passed", "closed"} and row["rectified_at"] and self.reached(row["rectified_at"])
        ]
        late = [
            row
            for row in found
            if row["rectify_by"]
            and self.reached(row["rectify_by"])
            and not (row["rectified_at"] and self.reached(row["rectified_at"]))
        ]
        return {
            "hazards_found": len(found),
            "hazards_rectified": len(good),
            "hazards_left": len(found) - len(good),
            "hazards_overdue": len(late),
            "rectification_rate": percent(len(good), len(found)),
        }

    def reached(self, moment: datetime) -> bool:
        """Whether a moment has come by the end of the day."""
        return day(moment) <= self.on  # type: ignore[operator]

    def certified(self) -> int:
        rows = table("standardisation.Grade", "owner_id", "graded_on", "valid_until", "ended_on")
        return len(
            {
                row["owner_id"]
                for row in rows
                if row["graded_on"]
                and row["graded_on"] <= self.on <= row["valid_until"]
                and not (row["ended_on"] and row["ended_on"] <= self.on)
            }
        )

    def accidents(self) -> dict[str, Value]:
        rows = [
            row
            for row in table(
                "accidents.Accident", "state", "occurred_at", "deaths", "grade", "is_exercise", "is_work_safety"
            )
            if row["state"] != "revoked" and not row["is_exercise"] and row["is_work_safety"]
        ]
        before = Recount(self.on.replace(year=self.on.year - 1))
        this = [row for row in rows if self.within(row["occurred_at"])]
        last = [row for row in rows if before.within(row["occurred_at"])]
        dead, dead_before = (sum(row["deaths"] for row in part) for part in (this, last))
        gdp = {row["year"]: row["value"] for row in table("accidents.Gdp", "year", "value")}
        now, then = gdp[self.on.year], gdp[self.on.year - 1]
        decline = 100 - 100 * (Decimal(dead) / now) / (Decimal(dead_before) / then) if dead_before else None
        return {
            "accidents": len(this),
            "deaths": dead,
            "accidents_before": len(last),
            "deaths_before": dead_before,
            "accidents_fewer": len(last) - len(this),
            "deaths_fewer": dead_before - dead,
            "large_accidents": sum(int(row["grade"]) <= 3 for row in this),
            "gdp": now,
            "gdp_before": then,
            "death_rate_decline": decline,
        }

    def emergencies(self) -> dict[str, Value]:
        rows = table(
            "emergency.Event",
            "pk",
            "state",
            "kind",
            "received_at",
            "ended_at",
            "is_exercise",
            "merged_into_id",
            "level",
        )
        told = [
            row
            for row in rows
            if not row["is_exercise"] and row["state"] not in {"merged", "revoked"} and self.within(row["received_at"])
        ]
        heads = {row["pk"]: row["merged_into_id"] or row["pk"] for row in rows}
        first: dict[int, Row] = {}
        for task in sorted(
            table("emergency.Task", "pk", "event_id", "sent_at", "signed_at", "sign_by"),
            key=lambda row: (row["sent_at"], row["pk"]),
        ):
            first.setdefault(heads[task["event_id"]], task)
        answered = [
            row
            for row in told
            if (task := first.get(row["pk"]))
            and task["signed_at"]
            and task["signed_at"] <= task["sign_by"]
            and self.reached(task["signed_at"])
        ]
        kinds = {kind: sum(row["kind"] == kind for row in told) for kind in ("forest_fire", "flood", "hail")}
        fought = [row for row in told if row["level"] > 0]
        ends = [None if row["state"] == "responding" else day(row["ended_at"]) for row in fought]
        begins = [row["received_at"].astimezone(SHANGHAI).date() for row in fought]
        days = [(min(end or self.on, self.on) - begin).days + 1 for begin, end in zip(begins, ends, strict=True)]
        return {
            "events": len(told),
            "fires": kinds["forest_fire"],
            "floods": kinds["flood"],
            "hailstorms": kinds["hail"],
            "fires_and_floods": kinds["forest_fire"] + kinds["flood"],
            "response_rate": percent(len(answered), len(told)),
            "longest_fight": max(days, default=None),
        }

    def evacuated(self) -> int:
        rows = table(
            "emergency.Evacuee",
            "state",
            "state_at",
            "batch__ordered_at",
            "batch__event__state",
            "batch__event__is_exercise",
        )
        return sum(
            row["state"] in {"safe", "returned"}
            and self.reached(row["state_at"])
            and self.within(row["batch__ordered_at"])
            and not row["batch__event__is_exercise"]
            and row["batch__event__state"] != "revoked"
            for row in rows
        )

    def relief(self) -> dict[str, Value]:
        claims = table(
            "relief.Claim",
            "state",
            "programme__kind",
            "programme__year",
            "amount",
            "persons",
            "rooms",
            "paid_on",
            "pay_by",
        )
        paid = [row for row in claims if self.within(row["paid_on"])]
        granted = {"approved", "paid", "confirmed"}
        due = [
            row
            for row in claims
            if row["programme__year"] == self.on.year
            and row["state"] in granted
            and row["pay_by"]
            and (row["pay_by"] <= self.on or (row["paid_on"] and row["paid_on"] <= self.on))
        ]
        timely = [row for row in due if row["paid_on"] and row["paid_on"] <= min(self.on, row["pay_by"])]

        def total(kind: str, column: str = "") -> Any:
            rows = [row for row in paid if row["programme__kind"] == kind]
            return sum((row[column] for row in rows), Decimal(0)) if column else len(rows)

        return {
            "relief_timeliness": percent(len(timely), len(due)),
            "winter_paid": total("winter", "amount"),
            "winter_households": total("winter"),
            "winter_persons": total("winter", "persons"),
            "severe_paid": total("repair_severe", "amount"),
            "severe_households": total("repair_severe"),
            "severe_rooms": total("repair_severe", "rooms"),
            "light_paid": total("repair_light", "amount"),
            "light_households": total("repair_light"),
            "light_rooms": total("repair_light", "rooms"),
            "houses_paid": total("repair_severe", "amount") + total("repair_light", "amount"),
        }

    def outreach(self) -> dict[str, Value]:
        calls = [
            row
            for row in table("outreach.Call", "state", "category", "received_at", "is_filed", "is_exercise")
            if row["state"] != "revoked" and not row["is_exercise"] and self.within(row["received_at"])
        ]
        channels = [
            row for row in table("outreach.ChannelCount", "channel", "month", "count") if self.within(row["month"])
        ]
        pilots = [
            row
            for row in table("outreach.Pilot", "started_on", "ended_on")
            if row["started_on"] <= self.on and not (row["ended_on"] and row["ended_on"] <= self.on)
        ]
        return {
            "calls": len(calls),
            "reports": sum(row["category"] == "report" for row in calls),
            "consultations": sum(row["category"] == "consult" for row in calls),
            "calls_other": sum(row["category"] not in {"report", "consult"} for row in calls),
            "cases_filed": sum(row["is_filed"] for row in calls),
            "pilots": len(pilots),
            **{
                name: sum(row["count"] for row in channels if row["channel"] == code)
                for name, code in (("news", "news"), ("screens", "screen"), ("messages", "sms"))
            },
            "awareness": self.surveyed("knows"),
            "satisfaction": self.surveyed("satisfied"),
        }

    def surveyed(self, column: str) -> Decimal | None:
        """The rate of the last survey that asked for it, over the answers that say something."""
        answers = table("outreach.Answer", "survey_id", "survey__closes_on", "survey__state", column)
        told = [row for row in answers if row[column] is not None and self.within(row["survey__closes_on"])]
        if not told:
            return None
        last = max(told, key=lambda row: (row["survey__closes_on"], row["survey_id"]))["survey_id"]
        mine = [row[column] for row in told if row["survey_id"] == last]
        return percent(sum(mine), len(mine))

    def budget(self) -> dict[str, Value]:
        lines = {
            row["pk"]: row
            for row in table("budget.Line", "pk", "subject", "opening", "carried_in", "year__year")
            if row["year__year"] == self.on.year
        }
        moved = {
            name: [
                row
                for row in table(f"budget.{name}", "line_id", "day", "amount")
                if row["line_id"] in lines and row["day"] <= self.on
            ]
            for name in ("Adjustment", "Payment")
        }

        def sums(subject: str) -> tuple[Decimal, Decimal, Decimal]:
            mine = {pk for pk, row in lines.items() if row["subject"].startswith(subject)}
            opening = sum((lines[pk]["opening"] for pk in mine), Decimal(0))
            carried = sum((lines[pk]["carried_in"] for pk in mine), Decimal(0))
            added, spent = (
                sum((row["amount"] for row in rows if row["line_id"] in mine), Decimal(0)) for rows in moved.values()
            )
            return opening / WAN, (opening + carried + added) / WAN, spent / WAN

        found: dict[str, Value] = {}
        for suffix, subject in (
            ("", ""),
            ("_social", "208"),
            ("_health", "210"),
            ("_housing", "221"),
            ("_disaster", "224"),
        ):
            opening, adjusted, executed = sums(subject)
            found |= {f"opening{suffix}": opening, f"adjusted{suffix}": adjusted, f"executed{suffix}": executed}
            found[f"carry_over{suffix}"] = adjusted - executed
            found[f"execution{suffix or '_rate'}"] = percent(executed, adjusted)
        due = [row for row in table("budget.Publication", "due_on", "published_on") if self.within(row["due_on"])]
        timely = [row for row in due if row["published_on"] and row["published_on"] <= row["due_on"]]
        return {
            **found,
            "publication_rate": percent(len(timely), len(due)),
        }

    def money_at_rest(self) -> dict[str, Value]:
        """Receipts of a project are spent oldest first; behind is below 80 % of what the plan expects by the day."""
        projects = table(
            "budget.Project", "pk", "code", "opening", "line__year__year", "share_q1", "share_q2", "share_q3"
        )
        codes = {row["pk"]: row["code"] for row in projects}
        payments = [row for row in table("budget.Payment", "project_id", "day", "amount") if row["day"] <= self.on]
        adjustments = [
            row for row in table("budget.Adjustment", "project_id", "day", "amount") if row["day"] <= self.on
        ]
        spent: dict[str, Decimal] = {}
        for row in payments:
            if row["project_id"]:
                code = codes[row["project_id"]]
                spent[code] = spent.get(code, Decimal(0)) + row["amount"]
        resting = Decimal(0)
        receipts = table("budget.Receipt", "pk", "project_id", "received_on", "amount")
        for row in sorted(receipts, key=lambda row: (row["received_on"], row["pk"])):
            if row["received_on"] > self.on:
                continue
            code = codes.get(row["project_id"], "")
            used = min(row["amount"], max(spent.get(code, Decimal(0)), Decimal(0))) if code else Decimal(0)
            if code:
                spent[code] = spent.get(code, Decimal(0)) - used
            if self.on - row["received_on"] >= timedelta(days=30):
                resting += row["amount"] - used
        behind = 0
        for row in projects:
            if row["line__year__year"] != self.on.year:
                continue
            have = row["opening"] + sum(part["amount"] for part in adjustments if part["project_id"] == row["pk"])
            paid = sum(part["amount"] for part in payments if part["project_id"] == row["pk"])
            ends = [0, row["share_q1"], row["share_q2"], row["share_q3"], 100]
            quarter = (self.on.month - 1) // 3
            first = date(self.on.year, 3 * quarter + 1, 1)
            after = date(self.on.year + quarter // 3, (3 * quarter + 3) % 12 + 1, 1)
            passed = Decimal((self.on - first).days + 1) / (after - first).days
            wanted = ends[quarter] + (ends[quarter + 1] - ends[quarter]) * passed
            behind += bool(have) and 100 * paid / have < Decimal("0.8") * wanted
        return {"undisbursed": resting / WAN, "low_projects": behind, "printed_gaps": self._printed_gaps()}

    def _printed_gaps(self) -> Value:
        """Printed totals that differ from the lines by more than half a printed digit for each line and the total."""
        lines = [
            row
            for row in table("budget.Line", "pk", "opening", "carried_in", "year__year", "year__state")
            if row["year__year"] == self.on.year and row["year__state"] != "draft"
        ]
        keys = {row["pk"] for row in lines}
        moved, paid = (
            sum(
                row["amount"]
                for row in table(name, "line_id", "day", "amount")
                if row["line_id"] in keys and row["day"] <= self.on
            )
            for name in ("budget.Adjustment", "budget.Payment")
        )
        opening = sum(row["opening"] for row in lines)
        whole = opening + sum(row["carried_in"] for row in lines) + moved
        sums = {"opening": opening, "adjusted": whole, "final": paid, "carry_over": whole - paid}
        gaps = 0
        for row in table("budget.Statement", "kind", "printed", "unit", "year__year"):
            if row["year__year"] == self.on.year:
                factor = {"wan": WAN, "yuan": 1}[row["unit"]]
                printed = Decimal(row["printed"].replace(",", ""))
                digit = Decimal(1).scaleb(int(printed.as_tuple().exponent)) * factor
                gaps += abs(printed * factor - sums[row["kind"]]) > (len(lines) + 1) * digit / 2
        return gaps

    def people(self) -> dict[str, Value]:
        rows = [
            row
            for row in table("budget.Establishment", "as_of", "kind", "posts", "staff", "retired")
            if row["as_of"] <= self.on
        ]
        latest = max((row["as_of"] for row in rows), default=None)
        now = [row for row in rows if row["as_of"] == latest]
        kinds = {"administrative": "administrative", "managed": "civil_service_managed", "institution": "institution"}
        found: dict[str, Value] = {
            name: sum(row[name] for row in now) if now else None for name in ("posts", "staff", "retired")
        }
        for short, kind in kinds.items():
            for name in ("posts", "staff"):
                found[f"{name}_{short}"] = sum(row[name] for row in now if row["kind"] == kind) if now else None
        return found
