"""The rule language as a tree, and what each construct means.

Past-time metric temporal logic over sampled-and-held signals. Time is int64 milliseconds; every construct is a
function of time that is defined at every millisecond and changes only now and then. ``language.parse`` makes the
tree, ``check.check`` refuses what has no meaning, ``specification.py`` evaluates it by definition,
``program.compile_formula`` lays it out for the kernel.

Signals
    A sample at ``t`` holds on ``[t, next sample)``. A sample of bad quality, NaN or infinite makes the signal
    *unknown* from ``t``. Before its first sample a signal is unknown, or holds its declared ``initial`` value, in both
    cases for all the past: time has no beginning. Two samples at one time: the first wins. A signal may be *believed*
    for a limited time only: from exactly ``max(last sample, start) + believed_ms`` to its next sample it is unknown.

Truth has Kleene's three values, false < unknown < true: ``and`` is the minimum, ``or`` the maximum, ``not`` turns the
    order round. Temporal operators are maxima and minima over time of the same order.

Numbers are intervals ``[low, high]`` of what is possible: a known number has ``low == high``, an unknown one is
    everything. A comparison is true (false) if it is true (false) of every number that is possible, else unknown.
    Sums and differences follow interval arithmetic; a product, quotient or absolute value of something not exactly
    known is unknown, and so is what is no finite number (division by zero).

Instants. A number is *evaluated* at instants and holds its value between them: a signal at its samples (and where it
    is believed no more); an expression at the instants of its parts; a window also where a segment leaves it, that is
    at ``e + length`` for every instant ``e`` of what it looks at. Only the time-weighted mean shows the difference.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class ParameterRef:
    """A number or a duration that each instance of the rule brings along."""

    name: str
    at: int = field(default=0, compare=False, kw_only=True)
    """Offset in the text, for messages; every node has it."""


Duration: TypeAlias = "int | ParameterRef"
"""Milliseconds."""


@dataclass(frozen=True, slots=True)
class Interval:
    """``[low, high]`` before now; ``high`` None: without bound."""

    low: Duration = 0
    high: Duration | None = None


# Numbers


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, with its unit if one is written."""

    value: float
    unit: str = ""
    at: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Signal:
    """The held value of a signal."""

    name: str
    at: int = field(default=0, compare=False, kw_only=True)


class ArithmeticOp(IntEnum):
    """Written + - * /."""

    ADD = 0
    SUBTRACT = 1
    MULTIPLY = 2
    DIVIDE = 3


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two numbers into one."""

    op: ArithmeticOp
    left: NumberNode
    right: NumberNode
    at: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Negative:
    """``-x``."""

    of: NumberNode
    at: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Absolute:
    """``abs(x)``."""

    of: NumberNode
    at: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class PreviousNumber:
    """``prev(x)``: the number one millisecond earlier, so that ``x - prev(x)`` is the jump where a sample arrives."""

    of: NumberNode
    at: int = field(default=0, compare=False, kw_only=True)


class WindowKind(IntEnum):
    """What a window over a number gives."""

    MEAN = 0
    MAX = 1
    MIN = 2
    DELTA = 3
    SLOPE = 4


@dataclass(frozen=True, slots=True)
class Window:
    """A number over ``[t - length, t]``, length > 0, of the held number ``x``; written ``mean[0, 5min](x)``.

    MEAN   time-weighted: the integral of x over the window, divided by its length
    MAX, MIN   of the values that x has at some instant of the closed window
    DELTA  x(t) - x(t - length)
    SLOPE  per second, the least-squares line through the samples (time, value) with t - length <= time <= t (of a
           signal only); unknown with fewer than two

    Where x is unknown somewhere in the window the result is unknown, but MAX (MIN) is at least (at most) what is
    known of it: ``[largest known, infinity)``. DELTA needs x at both ends only.
    """

    kind: WindowKind
    of: NumberNode
    length: Duration
    at: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Count:
    """``count[0, 10min](p)``: at how many milliseconds of ``[t - length, t]`` p rises (``rise(p)`` is true).

    Where ``rise(p)`` is unknown somewhere in the window: ``[that many, infinity)``. Exact at every millisecond.
    """

    of: TruthNode
    length: Duration
    at: int = field(default=0, compare=False, kw_only=True)


class SmoothedKind(IntEnum):
    """What exponential smoothing gives."""

    EWMA = 0
    ZSCORE = 1


@dataclass(frozen=True, slots=True)
class Smoothed:
    """``ewma(x, 10min)``, ``zscore(x, 10min)`` of a signal, with the half-life ``half_life``; evaluated at samples.

    With m, v = first good value, 0 at the first good sample (or the initial value); at each further good sample x at
    time t, the good sample before it being y at time s, and w = 2^(-(t - s) / half_life):
        d = y - m;  m' = m + (1 - w) d;  v' = w (v + (1 - w) d^2)
    so both are those of the held signal up to, not including, the new value. EWMA is m'; ZSCORE is
    (x - m') / sqrt(v'), unknown while v' = 0. Unknown before the first good sample and while the signal is unknown;
    samples that are bad are passed over (y held meanwhile).
    """

    kind: SmoothedKind
    of: Signal
    half_life: Duration
    at: int = field(default=0, compare=False, kw_only=True)


NumberNode: TypeAlias = (
    "Literal | ParameterRef | Signal | Arithmetic | Negative | Absolute | PreviousNumber | Window | Count | Smoothed"
)

# Truth


@dataclass(frozen=True, slots=True)
class Constant:
    """``true`` or ``false``."""

    value: bool
    at: int = field(default=0, compare=False, kw_only=True)


class ComparisonOp(IntEnum):
    """Written > >= < <= == !=."""

    GT = 0
    GE = 1
    LT = 2
    LE = 3
    EQ = 4
    NE = 5


@dataclass(frozen=True, slots=True)
class Comparison:
    """``left op right``; with ``band`` written ``hysteresis(left op right, band)`` (not for == and !=, band >= 0).

    Hysteresis: once true, it stays true until the value has come back past the limit by ``band``: ``x > L`` stays true
    while ``x > L - band``, ``x <= L`` while ``x <= L + band``. At the beginning it has not been true, so a first
    value inside the band is false. Unknown neither sets nor clears this memory. A number that is not exactly known
    (an interval) is compared with both limits in turn as any other: definitely beyond sets, definitely back clears.
    """

    op: ComparisonOp
    left: NumberNode
    right: NumberNode
    band: Literal | ParameterRef | None = None
    at: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Outside:
    """``outside(x, low, high)``: x < low or x > high, as one comparison with one hysteresis (inwards by ``band``)."""

    of: NumberNode
    low: Literal | ParameterRef
    high: Literal | ParameterRef
    band: Literal | ParameterRef | None = None
    at: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Votes:
    """``votes(n, m, p)``: p was true at n or more of the last m samples of p's signal (1 <= n <= m <= 64).

    p is a comparison on one signal or one window of a signal. Evaluated at samples only, good or bad: true with n or
    more trues, false with so many falses that n cannot be reached whatever the unknown ones were, else unknown.
    Fewer than m samples so far: the missing ones count as false. Unknown while the newest sample is bad, or no longer
    believed, or where there is none yet (with ``initial``: false).
    """

    n: Literal | ParameterRef
    m: Literal | ParameterRef
    of: Comparison | Outside
    at: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Stale:
    """``stale(x, 5min)``: true from exactly ``max(last sample, start) + length`` to the next sample, else false.

    Never unknown. A sample of any quality ends it; a sample at exactly that instant prevents it. ``start`` is when the
    evaluator began to listen.
    """

    of: Signal
    length: Duration
    at: int = field(default=0, compare=False, kw_only=True)


class CalendarKind(IntEnum):
    """What a calendar predicate asks."""

    REST_DAY = 0
    WITHIN = 1


@dataclass(frozen=True, slots=True)
class Calendar:
    """Asia/Shanghai. ``holiday``: a day off (rest day or statutory holiday) by the calendar given to the evaluator.

    ``within("08:00-18:00")``: begin included, end not; an end not after the begin runs past midnight ("00:00-24:00":
    always). ``night`` is ``within("22:00-06:00")``. Minutes of the day in ``begin`` and ``end``.
    """

    kind: CalendarKind
    begin: int = 0
    end: int = 0
    at: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Not:
    """``not p``."""

    of: TruthNode
    at: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class And:
    """``p and q``."""

    left: TruthNode
    right: TruthNode
    at: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Or:
    """``p or q``."""

    left: TruthNode
    right: TruthNode
    at: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Implies:
    """``p implies q``: ``not p or q``; to the right of itself first."""

    left: TruthNode
    right: TruthNode
    at: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class PreviousTruth:
    """``prev(p)``: p one millisecond earlier."""

    of: TruthNode
    at: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Rise:
    """``rise(p)`` = ``p and not prev(p)``: an event, true for one millisecond."""

    of: TruthNode
    at: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Fall:
    """``fall(p)`` = ``not p and prev(p)``."""

    of: TruthNode
    at: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Once:
    """``once[a, b] p``: the maximum of p over the milliseconds of ``[t - b, t - a]``; ``once p``: over all the past.

    p on ``[t1, t2)`` gives it on ``[t1 + a, t2 + b)``.
    """

    of: TruthNode
    interval: Interval
    at: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Historically:
    """``historically[a, b] p`` = ``not once[a, b] not p``."""

    of: TruthNode
    interval: Interval
    at: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Since:
    """``p since[a, b] q``: q at some millisecond u of ``[t - b, t - a]`` and p at every one of ``u + 1 ... t``.

    In three values: the maximum over u of the minimum of q(u) and those p. To the left of itself first.
    """

    left: TruthNode
    right: TruthNode
    interval: Interval
    at: int = field(default=0, compare=False, kw_only=True)


TruthNode: TypeAlias = (
    "Constant | Comparison | Outside | Votes | Stale | Calendar | Not | And | Or | Implies"
    " | PreviousTruth | Rise | Fall | Once | Historically | Since"
)
Node: TypeAlias = "NumberNode | TruthNode"


# What a formula is read against


@dataclass(frozen=True, slots=True)
class SignalSpec:
    """A signal as a rule declares it.

    ``unit`` "" is none; ``initial``: what it holds before its first sample; ``believed``: for how long a sample is
    believed, 0: for ever; ``watched``: its silence is reported by other means (its device promises a period).
    """

    unit: str = ""
    initial: float | None = None
    believed: Duration = 0
    watched: bool = False


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """A parameter: a number in ``unit``, or a duration that instances give in milliseconds."""

    unit: str = ""
    is_duration: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """The names that a formula may use."""

    signals: dict[str, SignalSpec]
    parameters: dict[str, ParameterSpec] = field(default_factory=dict)


class FormulaError(ValueError):
    """A formula that has no meaning. ``str()``: one Chinese sentence with line and column (both from 1)."""

    def __init__(self, message: str, text: str, at: int) -> None:
        before = text[:at]
        self.line = before.count("\n") + 1
        self.column = at - (before.rfind("\n") + 1) + 1
        self.reason = message
        super().__init__(f"公式第 {self.line} 行第 {self.column} 列：{message}")
