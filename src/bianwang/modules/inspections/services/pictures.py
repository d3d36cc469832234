"""Photos and signatures: each is sent by itself, once, and is what the document said that it would be."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import Http404

from bianwang.modules.inspections import queries
from bianwang.modules.inspections.content import Content, Photo, Signature
from bianwang.modules.inspections.models import Inspection, Picture
from bianwang.modules.inspections.workflow import OWING
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.files.inspect import IMAGES
from bianwang.platform.files.services import attach, prepare

PERMISSION = "inspections.inspect"


def receive_picture(user: User, key: UUID, picture: UUID, data: bytes) -> Inspection:
    """Take the bytes of a picture that a document has named; what is there already is not written again.

    Raises PermissionDenied or Http404 (access door), ValidationError.
    """
    access.require(user, PERMISSION)
    inspection = access.visible(user, Inspection, PERMISSION).filter(key=key).first()
    if inspection is None:
        raise Http404("没有这次检查，或它不在您的管辖范围内。")
    if not queries.takes_part(user, inspection):
        raise PermissionDenied("这次检查不是您参加的，不能由您上传照片。")
    named = _named(inspection, picture)
    if named is None:
        raise ValidationError("检查记录里没有这张照片，请先上传记录。")
    if hashlib.sha256(data).hexdigest() != named.sha256:
        raise ValidationError("照片与手机登记的校验值不符，可能在传输中损坏，请重新上传。")
    known = Picture.objects.filter(key=picture).first()
    if known is not None:
        _same(known, inspection, named)
        return inspection
    moment = named.taken_at if isinstance(named, Photo) else named.signed_at
    words = "照片" if isinstance(named, Photo) else "签字"
    name = f"{words} {moment.astimezone(SHANGHAI):%Y-%m-%d %H%M%S}"
    stored = prepare(SimpleUploadedFile(name, data), user)
    if stored.media_type not in IMAGES:
        raise ValidationError("收到的不是照片，请重新拍摄后上传。")
    with transaction.atomic():
        inspection = Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
        if inspection.state not in OWING:
            raise ValidationError("被检查单位已经签字，不能再增加照片。")
        kind = Picture.Kind.PHOTO if isinstance(named, Photo) else Picture.Kind.SIGNATURE
        file = attach(inspection, stored, user=user, label=kind)
        place = (named.longitude, named.latitude, named.accuracy) if isinstance(named, Photo) else (None, None, None)
        made, _ = Picture.objects.get_or_create(
            key=picture,
            defaults={
                "inspection": inspection,
                "kind": kind,
                "sha256": named.sha256,
                "file": file,
                "taken_at": moment,
                "longitude": place[0],
                "latitude": place[1],
                "accuracy": place[2],
                "received_at": now(),
            },
        )
        _same(made, inspection, named)
    return inspection


def _named(inspection: Inspection, picture: UUID) -> Photo | Signature | None:
    """The picture as a document of the inspection names it, the latest first."""
    for version in inspection.versions.order_by("-pk"):
        found = _in(version.content, picture)
        if found is not None:
            return found
    return None


def _in(content: Content, picture: UUID) -> Photo | Signature | None:
    if content.signature is not None and content.signature.id == picture:
        return content.signature
    return next((photo for photo in content.photos if photo.id == picture), None)


def _same(known: Picture, inspection: Inspection, named: Photo | Signature) -> None:
    if known.inspection_id != inspection.pk or known.sha256 != named.sha256:
        raise ValidationError("这个识别码已用于另一张照片，请重新拍摄后上传。")
