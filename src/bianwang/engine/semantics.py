"""What a rule means: the vocabulary of the engine and every corner of its semantics.

The plain-Python evaluator in ``reference.py`` is this page as a program; the compiled one in ``kernel.py``
must agree with it exactly. Time is int64 milliseconds UTC, any clock that does not run backwards will do.

Signal
    A sample at ``t`` holds on ``[t, next sample)``. A sample whose quality is not ``GOOD`` or whose value is
    NaN makes the signal *unknown* from ``t``; it is unknown before its first sample too. Infinities are
    values. Two samples of one signal at one time: the first wins, the second is a DUPLICATE and changes
    nothing.

Condition of one instance, at each instant true, false or unknown
    THRESHOLD  compares the held value with the limit. Unknown while the signal is unknown.
    RATE       compares the change over the window, ``x(t) - x(t - window_ms)``, both held values. It is
               evaluated at samples and wherever an old sample passes the far end of the window, so a verdict
               may begin or end between samples. Unknown until there is a sample at ``t - window_ms`` or
               before (the horizon is full), and while either end is unknown (``inf - inf`` is unknown).
               The far end reads a thinned history: a sample is remembered if it is at least
               ``ceil(window_ms / 63)`` ms after the one remembered before it, so memory is bounded by
               ``HISTORY`` samples whatever the device does; the far end is exact for signals that report no
               faster than that and at most one such step old otherwise. A sample that is not remembered but
               is bad makes the remembered one before it unknown. The near end is always exact.
    SILENCE    true from exactly ``max(last sample, start) + window_ms`` to the next sample, false otherwise,
               never unknown. A sample of any quality ends it: the device speaks. A sample at exactly that
               instant prevents it.

    Hysteresis (THRESHOLD, RATE): once true, the condition stays true until the value has come back past the
    limit by ``hysteresis``: ``x > L`` stays true while ``x > L - h``; ``x <= L`` while ``x <= L + h``;
    outside ``[low, high]`` while outside ``[low + h, high - h]``. At the start the condition has not been
    true, so a first value inside the band is false. Unknown neither sets nor clears this memory: a value in
    the band after a gap gives what held before the gap.

    Staleness (THRESHOLD, RATE; ``stale_ms > 0``): a sample is believed for ``stale_ms``; from exactly
    ``max(last sample, start) + stale_ms`` to the next sample the condition is unknown. It concerns the
    present only: the far end of a RATE window still reads the held value.

N of M (``m > 1``; THRESHOLD, RATE)
    Judged at samples only. Over the last M samples, good or bad: true if the condition was true at N or more
    of them, false if it was false at so many that N cannot be reached whatever the unknown ones were, else
    unknown. Fewer than M samples so far: the missing ones count as false. While the newest sample is bad or
    stale, unknown.

Verdict, closed or open (and then maybe interrupted)
    BEGAN        closed, and the condition has been true without a break for ``hold_ms``: at exactly
                 ``t_true + hold_ms``, sample or no sample. False or unknown in between breaks the hold; it
                 then counts from the beginning.
    ENDED        open, and the condition has been false without a break for ``quiet_ms``: at exactly
                 ``t_false + quiet_ms``. True or unknown in between breaks it.
    INTERRUPTED  open, and the condition turns unknown (bad data, staleness): the verdict stays open. Missing
                 evidence is not safety.
    RESUMED      interrupted, and the condition is true again: no new hold. If it comes back false the verdict
                 stays interrupted until it ENDs (after ``quiet_ms``), RESUMEs, and is not INTERRUPTED twice.

One instant
    What a sample at ``t`` says holds at ``t``: it is applied before anything that is due at ``t``. So a hold
    that would be over at ``t`` is broken by a sample at ``t`` that is false. Likewise staleness and the far
    end of a window before hold and quiet. Hence a verdict changes at most once an instant, and the changes of
    one instance are strictly ordered in time.

Time passing
    ``advance(now)`` says: no sample before ``now`` is outstanding. It decides everything due *before*
    ``now``; what is due at exactly ``now`` may still be contradicted by a sample at ``now``. However samples
    are cut into batches, and however ``advance`` is called between them (with ``now`` not after the next
    sample), the changes are the same.

Late samples
    A sample is LATE if it is older than its signal's newest sample, or not newer than something that has
    already been decided for its signal by ``advance`` (a condition changed, or a verdict). It changes nothing
    and is reported, so that the caller stores it for later judgement. Time passing without a decision makes
    nothing late.

Restart
    Restored after an outage, silence and staleness count from ``max(last sample, restart)``: the program's
    own absence is no silence of a device. A silence not yet reported counts anew; what was reported, or was
    already stale, stays so until the next sample. Hold and quiet go on: their samples are read back from the
    store.

Change
    ``value`` is what was compared with the limit (RATE: the change over the window; SILENCE: the newest
    value), at the change's time; NaN if unknown. ``margin`` is how far it lies on the bad side of ``limit``
    in the unit of the value, negative on the good side, hysteresis left out; SILENCE: milliseconds beyond
    the window.
"""

from enum import IntEnum

GOOD = 0
"""Quality of a reading that may be believed; any other uint8 makes the signal unknown."""

HISTORY = 64
"""Samples remembered for the far end of a RATE window; also the largest M of N-of-M."""


class Kind(IntEnum):
    """What an instance looks at."""

    THRESHOLD = 0
    RATE = 1
    SILENCE = 2


class Op(IntEnum):
    """How a value is compared with the limit (OUTSIDE: with both limits)."""

    GT = 0
    GE = 1
    LT = 2
    LE = 3
    OUTSIDE = 4


class Truth(IntEnum):
    """Kleene's three values."""

    UNKNOWN = 0
    FALSE = 1
    TRUE = 2


class Verdict(IntEnum):
    """State of one instance."""

    CLOSED = 0
    OPEN = 1
    INTERRUPTED = 2


class ChangeKind(IntEnum):
    """What happened to a verdict."""

    BEGAN = 0
    ENDED = 1
    INTERRUPTED = 2
    RESUMED = 3


class Outcome(IntEnum):
    """What became of a pushed reading."""

    JUDGED = 0
    DUPLICATE = 1
    LATE = 2
    NO_RULE = 3
