"""What the evaluator promises beyond the formulas: verdicts, order, lateness, restart.

What a formula means is written in ``formula.py``; ``specification.py`` is both pages as a program, and the compiled
evaluator in ``kernel.py`` must agree with it exactly. Time is int64 milliseconds UTC, any clock that does not run
backwards will do.

Verdict of one instance (a rule with its signals and parameters), closed or open (and then maybe interrupted)
    BEGAN        closed, and the formula has been true without a break for ``hold_ms``: at exactly
                 ``t_true + hold_ms``, sample or no sample. False or unknown in between breaks the hold; it
                 then counts from the beginning.
    ENDED        open, and the formula has been false without a break for ``quiet_ms``: at exactly
                 ``t_false + quiet_ms``. True or unknown in between breaks it.
    INTERRUPTED  open, and the formula turns unknown: the verdict stays open. Missing evidence is not safety.
    RESUMED      interrupted, and the formula is true again: no new hold. If it comes back false the verdict
                 stays interrupted until it ENDs (after ``quiet_ms``), RESUMEs, and is not INTERRUPTED twice.

    A formula that is an event (``rise``, ``fall``, and what is made of them) is true for single milliseconds:
    BEGAN at the event, ENDED at exactly the last event + ``quiet_ms``; with 0 an episode of length zero. An event
    at the very instant at which the verdict would end prolongs it. Unknown changes nothing; there is no hold.

One instant
    What the samples at ``t`` say holds at ``t``: they are applied before anything that is due at ``t``. So a hold
    that would be over at ``t`` is broken by a sample at ``t`` that is false. Hence a verdict changes at most once
    an instant, except for an event without quiet time.

Time passing
    ``advance(now)`` says: no sample before ``now`` is outstanding. It decides everything due *before* ``now``;
    what is due at exactly ``now`` may still be contradicted by a sample at ``now``. However samples are cut into
    batches, and however ``advance`` is called between them (with ``now`` not after the next sample), the changes
    are the same.

Order
    An instance of one signal that comes in order is judged as its samples arrive. One of several signals, or
    whose signal may come out of order (``lateness_ms``), waits until ``advance`` says that nothing older is
    outstanding; its samples may arrive in any order until then.

Late samples
    A sample is LATE if it is older than its signal's newest sample that was judged, or not newer than the last
    instant at which its instances were judged without a sample. It changes nothing and is reported, so that the
    caller stores it for later judgement.

Restart
    Restored after an outage, silence (``stale``, and how long a sample is believed) counts from
    ``max(last sample, restart)``: the program's own absence is no silence of a device. What was stale already
    stays so until the next sample; a silence that was not reported yet counts anew.

Memory
    A window remembers at most ``MOST_SAMPLES`` samples: one is remembered if it is at least
    ``ceil(length / MOST_SAMPLES)`` ms after the one before it, so windows of up to 65 s are exact whatever the
    device does, and longer ones for devices that report no faster than that. A sample that is not remembered but is
    bad makes the remembered one before it unknown. DELTA's near end is always exact. A delayed operator
    (``once[a, b]`` with a > 0) and ``count`` remember so many changes; beyond that the oldest are forgotten.

Change
    ``value`` is that of the comparison shown (``Program.shown``; its left side) at the change's time, NaN if unknown;
    ``margin`` how far it lies on the true side of the limit in the unit of the value, negative on the other side,
    hysteresis left out; where there is no comparison but ``stale``: the newest value, and the milliseconds beyond.
"""

from enum import IntEnum

GOOD = 0
"""Quality of a reading that may be believed; any other uint8 makes the signal unknown."""

MOST_VOTES = 64
MOST_SAMPLES = 65_536


class Truth(IntEnum):
    """Kleene's three values, in their order."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2


class Verdict(IntEnum):
    """State of one instance."""

    CLOSED = 0
    OPEN = 1
    INTERRUPTED = 2


class ChangeKind(IntEnum):
    """What happened to a verdict; the last three only for an instance that is traced: its formula's truth."""

    BEGAN = 0
    ENDED = 1
    INTERRUPTED = 2
    RESUMED = 3
    FALSE = 4
    UNKNOWN = 5
    TRUE = 6


class Outcome(IntEnum):
    """What became of a pushed reading."""

    JUDGED = 0
    DUPLICATE = 1
    LATE = 2
    NO_RULE = 3
