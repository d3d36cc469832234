"""Workflows as tables: states, and transitions with role, reason and deadline.

A table belongs to one model that has the columns of `WorkflowMixin`. The engine (`services.advance`)
is the only way a state changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True)
class State:
    """A state, the word people read, its colour (UX.md), and who has to act in it."""

    code: str
    name: str
    colour: str = "secondary"
    todo: str = ""
    """Permission whose holders (in scope of the object's owner) get a to-do while the object is here."""
    final: bool = False


@dataclass(frozen=True)
class Deadline:
    """How long the next state may last. `rule` names a row of the policy table, so that limits are data."""

    rule: str


@dataclass(frozen=True)
class Transition:
    """One allowed step. "*" in `sources` is every state that is not final; as `target`, the same state."""

    code: str
    name: str
    sources: tuple[str, ...]
    target: str
    permission: str
    """Empty: only the platform itself (a job, a subscription) may do it."""
    verb: str = ""
    reason: bool = False
    """Whether a reason must be given."""
    deadline: Deadline | timedelta | None = None
    """None keeps the object's deadline."""
    clears_deadline: bool = False
    guard: Callable[[Any, Any], str | None] | None = None
    """(object, user) -> a Chinese sentence why not, or None."""
    primary: bool = False
    """Whether it is the one button that stands out."""


@dataclass(frozen=True)
class Workflow:
    """A table of states and transitions for one model."""

    code: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]

    def __post_init__(self) -> None:
        known = {state.code for state in self.states}
        for step in self.transitions:
            wrong = {*step.sources, step.target} - known - {"*"}
            if wrong:
                raise ValueError(f"workflow {self.code}: transition {step.code} names unknown states {sorted(wrong)}")

    def state(self, code: str) -> State:
        """The state with this code. Raises KeyError."""
        for state in self.states:
            if state.code == code:
                return state
        raise KeyError(code)

    def transition(self, code: str) -> Transition:
        """The transition with this code. Raises KeyError."""
        for step in self.transitions:
            if step.code == code:
                return step
        raise KeyError(code)

    def choices(self) -> list[tuple[str, str]]:
        """(code, name) pairs for the model field."""
        return [(state.code, state.name) for state in self.states]
