"""Models over HTTP: brought, tried, switched on only after a trial; the trial itself with the real detector."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import cv2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bianwang.modules.detection import queries, services
from bianwang.modules.detection.models import DetectionModel, Trial
from bianwang.platform.ledger.models import Entry
from bianwang.vision.model import Model
from tests.modules.detection.things import LICENCE, VALUES, coco, imported, picture, tried, zipped
from tests.people import ClientFor, World
from tests.vision.recordings import pedestrians

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def form(**values: Any) -> dict[str, Any]:
    given = VALUES | {"labels": "helmet\nhead", "findings": "head"} | values
    return given | {
        "graph": SimpleUploadedFile("m.onnx", b"graph"),
        "licence_file": SimpleUploadedFile("LICENSE", LICENCE.encode()),
    }


def test_a_model_is_brought_with_labels_and_licence_and_is_off(world: World, client_for: ClientFor) -> None:
    client = client_for("head")
    answer = client.post(reverse("detection:new"), form())
    model = DetectionModel.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, model.get_absolute_url())
    assert (model.state, model.label_names, model.finding_names) == ("off", ["helmet", "head"], ["head"])
    loaded = Model.load(model.folder)
    assert (loaded.name, loaded.labels, loaded.sha256) == ("安全帽", ("helmet", "head"), model.sha256)
    assert Entry.objects.filter(verb="detection.import", object_id=model.pk).count() == 1
    again = client.post(reverse("detection:new"), form(name="另一个"))
    assert (again.status_code, "已经导入过" in again.content.decode()) == (422, True)
    assert client_for("enforcement").get(model.get_absolute_url()).status_code == 200
    assert client_for("safety").get(model.get_absolute_url()).status_code == 403


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"labels": "head\nhead"}, "不能重复"),
        ({"findings": "hat"}, "“hat”不在类别中"),
        ({"size": 400}, "32 的倍数"),
        ({"licence_file": SimpleUploadedFile("LICENSE", b" ")}, "许可证全文"),
    ],
)
def test_what_is_incomplete_is_refused(world: World, client_for: ClientFor, values: Any, words: str) -> None:
    answer = client_for("head").post(reverse("detection:new"), form() | values)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not DetectionModel.objects.exists()


def test_it_is_switched_on_only_after_a_trial_with_enough_to_find(world: World, client_for: ClientFor) -> None:
    client, model = client_for("head"), imported(world)
    step = reverse("detection:model_step", args=[model.pk, "switch_on"])
    assert "还没有试用结果" in client.post(step, {"threshold": 0.6}).content.decode()
    tried(world, model, objects=19)
    assert "至少要 20 个" in client.post(step, {"threshold": 0.6}).content.decode()
    assert not queries.switched_on().exists()
    trial = tried(world, model)
    page = client.get(trial.get_absolute_url()).content.decode()
    assert "96.6%" in page
    assert "93.3%" in page
    assert client.post(step, {"threshold": 0.6}).status_code == 302
    assert [row.threshold for row in queries.switched_on()] == [0.6]
    off = reverse("detection:model_step", args=[model.pk, "switch_off"])
    assert client.post(off, {"reason": ""}).status_code == 422
    assert client.post(off, {"reason": "误报太多"}).status_code == 302
    assert not queries.switched_on().exists()


def test_a_model_that_does_not_load_fails_its_trial_in_words(world: World, client_for: ClientFor) -> None:
    client, model = client_for("head"), imported(world)
    upload = SimpleUploadedFile("样本.zip", zipped({"1.jpg": picture(), "1.txt": "1 0.5 0.5 0.5 0.5"}))
    answer = client.post(reverse("detection:trial_new", args=[model.pk]), {"samples": upload})
    trial = Trial.objects.get()
    assert (answer.status_code, trial.state, trial.pictures) == (302, "waiting", 1)
    upload.seek(0)
    twice = client.post(reverse("detection:trial_new", args=[model.pk]), {"samples": upload})
    assert "还有一次试用没有完成" in twice.content.decode()
    services.compute_waiting()
    trial.refresh_from_db()
    assert trial.state == "failed"
    assert "安全帽" in trial.failure
    assert trial.failure in client.get(trial.get_absolute_url()).content.decode()


def test_the_platforms_own_detector_is_measured_like_any_other(world: World, tmp_path: Path) -> None:
    """Its own finds of 0.5 and more as labels, but for one: that is wrong, none is missed, and at 0.95 all are."""
    from bianwang.vision.detector import Detector

    default = Model.default()
    detector = Detector(default)
    labels = list(default.labels)
    files: dict[str, Any] = {}
    boxes: dict[str, Any] = {}
    with av.open(str(pedestrians(tmp_path))) as film:
        for number, frame in zip(range(3), film.decode(video=0), strict=False):
            files[f"{number}.png"] = bytes(cv2.imencode(".png", frame.to_ndarray(format="bgr24"))[1])
            found = detector.detect(frame.to_ndarray(format="bgr24"))
            boxes[f"{number}.png"] = [
                ("person", [float(x1), float(y1), float(x2 - x1), float(y2 - y1)])
                for (x1, y1, x2, y2), score, label in zip(found.boxes, found.scores, found.labels, strict=True)
                if label == labels.index("person") and score >= 0.5
            ]
    del boxes["0.png"][0]
    model = imported(world, default.path.read_bytes(), labels=labels, findings=["person"], licence="Apache-2.0")
    upload = SimpleUploadedFile("样本.zip", zipped(files | {"coco.json": coco(boxes, labels)}))
    trial = services.ask_trial(world.who("head"), model, upload)
    services.compute_waiting()
    trial.refresh_from_db()
    assert (trial.state, trial.failure) == ("done", "")
    person = next(row for row in trial.read_result().labels if row.label == "person")
    labelled = sum(len(rows) for rows in boxes.values())
    assert person.objects == trial.objects_found == labelled > 5
    half = person.at(0.5)
    assert (half.right, half.wrong, half.missed) == (labelled, 1, 0)
    assert person.at(0.95).missed == labelled
