"""What every file of the kernel stands on: how functions are compiled, where they are kept, and plain numbers.

Numba keeps compiled code by file, and does not notice a change in another one; so the folder it is kept in bears a
digest of all sources that the kernel is made of.
"""

# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar, cast

from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit, types
from numba.core import config as numba_config
from numba.extending import intrinsic

from bianwang.engine import layout, semantics
from bianwang.engine.formula import SmoothedKind, WindowKind
from bianwang.engine.program import LAST_LEAF as _LAST, Op


def _keep_compiled_code() -> None:
    """In NUMBA_CACHE_DIR or beside the sources, or where that cannot be written in the user's cache folder."""
    here = Path(__file__).parent
    sources = [
        *sorted(here.glob("*.py")),
        *(here.parent / f"{name}.py" for name in ("formula", "layout", "program", "semantics")),
    ]
    digest = blake2b(b"".join(source.read_bytes() for source in sources), digest_size=8).hexdigest()
    settings: Any = numba_config
    chosen = [Path(settings.CACHE_DIR)] if settings.CACHE_DIR else []
    for place in chosen or [here / "__pycache__", Path.home() / ".cache" / "bianwang"]:
        try:
            (place / digest).mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        settings.CACHE_DIR = str(place / digest)
        return


_keep_compiled_code()

# Numba freezes plain integers into the compiled code.
NEVER, LONG_AGO = int(layout.NEVER), int(layout.LONG_AGO)
FALSE, UNKNOWN, TRUE = (int(truth) for truth in semantics.Truth)
CLOSED, OPEN, INTERRUPTED = (int(verdict) for verdict in semantics.Verdict)
BEGAN, ENDED, WAS_INTERRUPTED, RESUMED, TRACE, _, _ = (int(kind) for kind in semantics.ChangeKind)
JUDGED, DUPLICATE, LATE, NO_RULE = (int(outcome) for outcome in semantics.Outcome)
MOST_SAMPLES = int(semantics.MOST_SAMPLES)
(
    COMPARE,
    COMPARE_WINDOW,
    STALE,
    SIGNAL,
    WINDOW_OF_SIGNAL,
    SMOOTHED,
    NUMBER,
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    NEGATIVE,
    ABSOLUTE,
    PREVIOUS_NUMBER,
    WINDOW,
    COUNT,
    CONSTANT,
    COMPARE_NUMBER,
    NOT,
    AND,
    OR,
    PREVIOUS,
    RISE,
    ONCE,
    ONCE_DELAYED,
    SINCE,
    SINCE_DELAYED,
    REST_DAY,
    WITHIN,
) = (int(op) for op in Op)
LAST_LEAF = int(_LAST)
MEAN, MAX, MIN, DELTA, SLOPE = (int(kind) for kind in WindowKind)
ZSCORE = int(SmoothedKind.ZSCORE)
INVERTED, VOTED = int(layout.INVERTED), int(layout.VOTED)
TICKED, EXPIRED, SOLE = int(layout.TICKED), int(layout.EXPIRED), int(layout.SOLE)
USED, LARGEST, FREE = int(layout.USED), int(layout.LARGEST), int(layout.FREE)
DAY, ZONE = 86_400_000, 8 * 3_600_000
"""Asia/Shanghai has no daylight saving time."""
F = TypeVar("F", bound=Callable[..., Any])

_njit: Any = njit


def compiled(function: F) -> F:
    """Without numba's reference counts: nothing here allocates, and they cost five times the work itself."""
    return cast(F, _njit(cache=True, nogil=True, _nrt=False)(function))


def inlined(function: F) -> F:
    """For what every reading runs through."""
    return cast(F, _njit(cache=True, nogil=True, _nrt=False, forceinline=True)(function))


def _prefetch_code(typing: Any, array: Any, index: Any) -> Any:
    """Ask for the cache line of array[index]; any index will do."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        struct = context.make_array(array)(context, builder, args[0])
        position = context.cast(builder, args[1], index, types.intp)
        address = builder.ptrtoint(struct.data, position.type)
        address = builder.add(address, builder.mul(position, struct.itemsize))
        byte, flag = ir.IntType(8).as_pointer(), ir.IntType(32)
        function = builder.module.declare_intrinsic(
            "llvm.prefetch", [byte], ir.FunctionType(ir.VoidType(), [byte, flag, flag, flag])
        )
        # To read and write, to be kept in all caches, data.
        builder.call(function, [builder.inttoptr(address, byte), flag(1), flag(3), flag(1)])
        return context.get_dummy_value()

    return types.void(array, index), generate


prefetch: Any = intrinsic(_prefetch_code)
