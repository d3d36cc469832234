"""What a golden year's file holds; which of it is the report's and which is invented, the file says."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec


class Enterprises(msgspec.Struct, frozen=True):
    """The register; `sectors` is how many of the directly supervised ones are of which sector."""

    total: int
    direct: int
    sectors: dict[str, int]


class Named(msgspec.Struct, frozen=True):
    """A campaign."""

    name: str
    first_day: date
    last_day: date


class Inspections(msgspec.Struct, frozen=True):
    """Visits of all units, of these to enterprises under direct supervision, and shares by level of unit."""

    visits: int
    direct: int
    people: int
    times: int
    shares: dict[str, int]
    campaigns: tuple[Named, ...]


class Hazards(msgspec.Struct, frozen=True):
    """Found in the year, of these by the bureau's officers, rectified by the year's end.

    `titles` are (category, title), `criteria` codes by sector.
    """

    found: int
    direct: int
    rectified: int
    overdue: int
    major: int
    major_open: int
    titles: tuple[tuple[str, str], ...]
    criteria: dict[str, str]


class Accident(msgspec.Struct, frozen=True):
    """One accident of this year or the one before."""

    day: date
    kind: str
    deaths: int


class Gdp(msgspec.Struct, frozen=True):
    """GDP by year in 亿元, on one price basis."""

    basis: str
    source: str
    values: dict[int, Decimal]


class Season(msgspec.Struct, frozen=True):
    """How many fires there were in a month beside the named ones."""

    month: int
    count: int


class Emergency(msgspec.Struct, frozen=True, kw_only=True):
    """One event; `at` in Shanghai, `hours` until its response ended, no town: the whole district."""

    name: str
    kind: str
    subtype: str
    town: str
    at: datetime
    hours: float
    area: Decimal
    level: int = 0
    outside: bool = False
    mother: str = ""


class Events(msgspec.Struct, frozen=True):
    """Fires, of these in forests, and people evacuated and days watched in the longest."""

    fires: int
    forest: int
    evacuated: int
    watched: int
    seasons: tuple[Season, ...]
    named: tuple[Emergency, ...]


class Damaged(msgspec.Struct, frozen=True):
    """A household whose dwelling was damaged."""

    kind: str
    rooms: int
    people: int


class Relief(msgspec.Struct, frozen=True):
    """Winter aid by household, damaged dwellings, and the money that came for both, in 元."""

    households: tuple[int, ...]
    houses: tuple[Damaged, ...]
    winter_received: Decimal
    houses_received: Decimal


class Standardisation(msgspec.Struct, frozen=True):
    """Enterprises with a valid certificate at the end of the year, of these of the second level."""

    certified: int
    second: int


class Sample(msgspec.Struct, frozen=True):
    """How many answered a survey, and how many of them count."""

    asked: int
    counted: int


class Outreach(msgspec.Struct, frozen=True):
    """Publicity by channel, calls by category, cases that were filed, two surveys."""

    news: int
    screens: int
    messages: int
    pilot: str
    calls: dict[str, int]
    filed: int
    awareness: Sample
    satisfaction: Sample


class BudgetLine(msgspec.Struct, frozen=True):
    """A functional subject as the report has it, in 万元."""

    subject: str
    opening: Decimal
    adjusted: Decimal
    executed: Decimal
    reason: str
    low_reason: str = ""


class BudgetProject(msgspec.Struct, frozen=True):
    """A project inside a line, in 万元."""

    code: str
    name: str
    subject: str
    opening: Decimal
    executed: Decimal
    office: str
    low_reason: str


class SuperiorMoney(msgspec.Struct, frozen=True):
    """What was passed down, in 万元, and rests."""

    source: str
    purpose: str
    amount: Decimal
    day: date


class Printed(msgspec.Struct, frozen=True):
    """A total as the report prints it, in 万元."""

    kind: str
    amount: str
    explanation: str = ""


class Staff(msgspec.Struct, frozen=True):
    """People of one kind."""

    posts: int
    staff: int
    retired: int


class Budget(msgspec.Struct, frozen=True):
    """The bureau's money and people of the year."""

    lines: tuple[BudgetLine, ...]
    projects: tuple[BudgetProject, ...]
    receipts: tuple[SuperiorMoney, ...]
    printed: tuple[Printed, ...]
    people: dict[str, Staff]


class Missed(msgspec.Struct, frozen=True):
    """Why an indicator missed its target, and what is done about it."""

    reason: str
    measures: str


class Year(msgspec.Struct, frozen=True):
    """The whole file."""

    year: int
    seed: int
    enterprises: Enterprises
    inspections: Inspections
    hazards: Hazards
    accidents: tuple[Accident, ...]
    gdp: Gdp
    events: Events
    relief: Relief
    standardisation: Standardisation
    outreach: Outreach
    budget: Budget
    missed: dict[str, Missed]
