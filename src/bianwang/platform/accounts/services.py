"""Opening and closing accounts, giving and taking posts. Log-in and passwords are in `signin`.

`by` is who asks; None stands for the operator at the machine's console (`bian init`, `bian user`),
who may do what the system administrator may, and never grants a role.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from bianwang.platform import access, roles
from bianwang.platform.accounts.models import Post, User
from bianwang.platform.accounts.passwords import one_time_password
from bianwang.platform.accounts.signin import PASSWORD_FIELDS, set_password
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Organisation, Party

PERSONAL = frozenset({"phone", "certificate"})
"""Fields that leave a digest in the ledger, not their value."""


def create(
    username: str,
    name: str,
    *,
    by: User | None,
    phone: str = "",
    certificate: str = "",
    password: str = "",
    is_demo: bool = False,
) -> tuple[User, str]:
    """Open an account without any role. Returns it with its one-time password.

    A `password` given instead (console, demo) must meet the policy. Either way it has to be changed at
    the first log-in, except for demo accounts. Raises ValidationError by field, PermissionDenied.
    """
    _authorise(by, "accounts.manage")
    user = User(username=username.strip(), name=name.strip(), phone=phone.strip(), is_demo=is_demo)
    user.certificate = certificate.strip()
    if not re.fullmatch(r"[a-z][a-z0-9._-]{1,39}", user.username):
        raise ValidationError({"username": "账号须为 2 至 40 位小写字母、数字或 . _ -，并以字母开头。"})
    if User.objects.filter(username=user.username).exists():
        raise ValidationError({"username": f"账号“{user.username}”已被使用，请换一个。"})
    user.fill_pinyin()
    chosen = password or one_time_password()
    with transaction.atomic():
        set_password(user, chosen, must_change=not is_demo)
        user.full_clean()
        user.save()
        before_after = {
            "username": (None, user.username),
            "name": (None, user.name),
            "phone": (None, user.phone),
            "certificate": (None, user.certificate),
        }
        record("accounts.create", user, owner=None, changes=before_after, secret=PERSONAL)
    return user, chosen


def certify(user: User, certificate: str, until: date | None, *, by: User | None) -> None:
    """Enter, renew or take away (empty) a person's certificate of enforcement. Raises PermissionDenied."""
    _authorise(by, "accounts.manage")
    before = {"certificate": user.certificate, "certificate_until": user.certificate_until}
    user.certificate = certificate.strip()
    user.certificate_until = until if user.certificate else None
    with transaction.atomic():
        user.full_clean()
        user.save(update_fields=list(before))
        changes = {name: (value, getattr(user, name)) for name, value in before.items()}
        record("accounts.certify", user, owner=None, changes=changes, secret=PERSONAL)


def disable(user: User, *, by: User | None, reason: str) -> None:
    """Close an account, which ends its sessions. Raises ValidationError, PermissionDenied."""
    _authorise(by, "accounts.manage")
    if not reason.strip():
        raise ValidationError({"reason": "请写明停用原因，如调离、退休。"})
    if by is not None and by.pk == user.pk:
        raise ValidationError("不能停用自己的账号，请由另一位系统管理员操作。")
    with transaction.atomic():
        for role in user.posts.filter(role__in=roles.ADMINISTRATORS).values_list("role", flat=True):
            _keep_one(role, user)
        _switch(user, active=False, verb="accounts.disable", reason=reason)


def enable(user: User, *, by: User | None, reason: str = "") -> None:
    """Open a closed account again, with the posts it still has. Raises PermissionDenied."""
    _authorise(by, "accounts.manage")
    with transaction.atomic():
        _switch(user, active=True, verb="accounts.enable", reason=reason)


def unlock(user: User, *, by: User | None) -> None:
    """End a lock-out before its time. Raises PermissionDenied."""
    _authorise(by, "accounts.manage")
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        before = (locked.locked_until, locked.failures)
        user.locked_until, user.failures = None, 0
        user.save(update_fields=["locked_until", "failures"])
        changes = {"locked_until": (before[0], None), "failures": (before[1], 0)}
        record("accounts.unlock", user, owner=None, changes=changes)


def reset_password(user: User, *, by: User | None) -> str:
    """Give a new one-time password and end all sessions. Returns the password. Raises PermissionDenied."""
    _authorise(by, "accounts.manage")
    if by is not None and by.pk == user.pk:
        raise ValidationError("不能重置自己的密码，请用“修改密码”。")
    password = one_time_password()
    with transaction.atomic():
        set_password(user, password, must_change=True)
        user.locked_until, user.failures = None, 0
        user.save(update_fields=[*PASSWORD_FIELDS, "locked_until", "failures"])
        record("accounts.reset", user, owner=None, reason="管理员重置，一次性密码")
    return password


def grant(user: User, role: str, party: Party, *, by: User) -> Post:
    """Give somebody a role at a party.

    Raises PermissionDenied unless `by` is a security administrator and somebody else, ValidationError when
    the role does not exist at such a party, or when administrator and other roles would meet in one person.
    """
    access.require(by, "accounts.grant")
    if by.pk == user.pk:
        raise PermissionDenied("不能给自己授予角色，请由另一位安全管理员操作。")
    _check_place(role, party)
    with transaction.atomic():
        # Two grants at once wait here for each other, so that neither overlooks the other's role.
        User.objects.select_for_update().get(pk=user.pk)
        _check_separation(user, role)
        post, created = Post.objects.get_or_create(user=user, role=role, party_id=party.pk)
        if not created:
            raise ValidationError(f"{user.name}已经是 {post}，无需再授予。")
        record("accounts.grant", user, owner=None, changes={"post": (None, str(post))})
    access.forget(user)
    return post


def revoke(post: Post, *, by: User, reason: str = "") -> None:
    """Take a role back. Raises PermissionDenied, ValidationError for the last administrator of a kind."""
    access.require(by, "accounts.grant")
    if by.pk == post.user_id:
        raise PermissionDenied("不能收回自己的角色，请由另一位安全管理员操作。")
    user = post.user
    with transaction.atomic():
        if post.role in roles.ADMINISTRATORS:
            _keep_one(post.role, user)
        record("accounts.revoke", user, owner=None, changes={"post": (str(post), None)}, reason=reason)
        post.delete()
    access.forget(user)


def found(
    people: Mapping[str, tuple[str, str, str]], bureau: Party, *, is_demo: bool = False
) -> list[tuple[str, User, str]]:
    """The three first administrators of a new instance: {role: (username, name, password)}.

    Returns (role, user, password) of each; a one-time password stands in for an empty one. The only
    grant that no administrator makes. Raises ValidationError when there are administrators already, when a
    role is missing, or when two of them are one account.
    """
    if set(people) != roles.ADMINISTRATORS:
        raise ValidationError("须同时开设系统管理员、安全管理员、审计管理员三个账号。")
    if len({username.strip() for username, _, _ in people.values()}) != len(people):
        raise ValidationError("三个管理员须是三个不同的账号。")
    made = []
    with transaction.atomic():
        if Post.objects.filter(role__in=roles.ADMINISTRATORS).exists():
            raise ValidationError("管理员已经开设过，请由现有管理员在网页中增开账号。")
        for role, (username, name, password) in people.items():
            user, secret = create(username, name, by=None, password=password, is_demo=is_demo)
            post = Post.objects.create(user=user, role=role, party_id=bureau.pk)
            record("accounts.grant", user, owner=None, changes={"post": (None, str(post))}, reason="初始化")
            made.append((role, user, secret))
    return made


def _authorise(by: User | None, permission: str) -> None:
    if by is not None:
        access.require(by, permission)


def _switch(user: User, *, active: bool, verb: str, reason: str) -> None:
    if user.is_active == active:
        raise ValidationError(f"{user.name}的账号已经是{'在用' if active else '停用'}状态。")
    user.is_active = active
    user.save(update_fields=["is_active"])
    record(verb, user, owner=None, changes={"is_active": (not active, active)}, reason=reason.strip())


def _check_place(role: str, party: Party) -> None:
    if role not in roles.NAMES:
        raise ValidationError(f"没有“{role}”这个角色。")
    organisation = Organisation.objects.filter(pk=party.pk).first()
    level = organisation.level if organisation else roles.ENTERPRISE
    if level not in roles.HELD_AT[role]:
        names = {**dict(Organisation.Level.choices), roles.ENTERPRISE: "企业"}
        allowed = "、".join(str(names[code]) for code in names if code in roles.HELD_AT[role])
        raise ValidationError(f"“{roles.NAMES[role]}”只能在{allowed}任职，{party.name}属于{names[level]}。")


def _check_separation(user: User, role: str) -> None:
    held = set(user.posts.values_list("role", flat=True))
    administers = held & roles.ADMINISTRATORS
    if (role in roles.ADMINISTRATORS and held) or administers:
        names = "、".join(roles.NAMES[code] for code in sorted(held))
        raise ValidationError(f"{user.name}已是{names}。三个管理员须由不同的人担任，且不兼任业务角色，请先收回原角色。")


def _keep_one(role: str, leaving: User) -> None:
    others = Post.objects.filter(role=role, user__in=User.objects.admitted()).exclude(user=leaving)
    if not others.exists():
        raise ValidationError(f"{leaving.name}是唯一在用的{roles.NAMES[role]}，请先授予另一人，再停用或收回。")
