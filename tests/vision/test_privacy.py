"""What is hidden in pictures in which somebody was missed."""

from __future__ import annotations

import numpy as np

from bianwang.vision.privacy import Boxes, covering, without_faces

NOBODY: Boxes = np.zeros((0, 4), np.float32)


def at(*lefts: float) -> Boxes:
    return np.array([[left, 100, left + 40, 200] for left in lefts], np.float32)


def covered(boxes: Boxes, left: float) -> bool:
    """Whether somebody there is hidden in his whole width."""
    return any(x1 <= left and left + 40 <= x2 and y1 <= 100 and y2 >= 200 for x1, y1, x2, y2 in boxes.tolist())


def test_somebody_missed_on_his_way_is_hidden_where_he_must_have_been() -> None:
    seen = [(0.0, at(100)), (0.2, at(108)), (0.4, NOBODY), (0.6, NOBODY), (0.8, at(132)), (1.0, at(140))]
    assert [covered(boxes, left) for boxes, left in zip(covering(seen), range(100, 141, 8), strict=True)] == [True] * 6


def test_somebody_is_hidden_at_his_place_for_a_second_before_and_after() -> None:
    times = [moment / 5 for moment in range(20)]
    seen = [(moment, at(100) if moment == 2.0 else NOBODY) for moment in times]
    hidden = [moment for moment, boxes in zip(times, covering(seen), strict=True) if covered(boxes, 100)]
    assert (hidden[0], hidden[-1], len(hidden)) == (1.0, 3.0, 11)


def test_two_who_pass_each_other_are_both_hidden_all_the_time() -> None:
    seen = [(step / 5, at(100 + 10 * step, 200 - 10 * step)) for step in range(11)]
    for step, boxes in enumerate(covering(seen)):
        assert covered(boxes, 100 + 10 * step)
        assert covered(boxes, 200 - 10 * step)


def test_nobody_is_nowhere() -> None:
    assert [len(boxes) for boxes in covering([(0.0, NOBODY), (0.2, NOBODY)])] == [0, 0]
    picture = np.random.default_rng(1).integers(0, 255, (90, 160, 3), np.uint8)
    assert np.array_equal(without_faces(picture, NOBODY), picture)
