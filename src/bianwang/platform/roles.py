"""Role codes, their Chinese names, and where each may be held. What a role may do is in the manifests."""

from __future__ import annotations

DUTY = "duty_officer"
ENFORCEMENT = "enforcement_officer"
HEAD = "department_head"
LEADER = "bureau_leader"
FINANCE = "finance_officer"
DEPARTMENT = "department_staff"
TOWN = "town_staff"
VILLAGE = "village_staff"
SAFETY = "safety_manager"
SYSTEM = "system_admin"
SECURITY = "security_admin"
AUDIT = "audit_admin"

NAMES = {
    DUTY: "值班员",
    ENFORCEMENT: "执法人员",
    HEAD: "科室负责人",
    LEADER: "局领导",
    FINANCE: "办公室/财务",
    DEPARTMENT: "部门与管委会人员",
    TOWN: "镇街人员",
    VILLAGE: "村社人员",
    SAFETY: "企业安全管理员",
    SYSTEM: "系统管理员",
    SECURITY: "安全管理员",
    AUDIT: "审计管理员",
}

# GB/T 22239-2019: the three administrators are separate persons and hold no business role.
ADMINISTRATORS = frozenset({SYSTEM, SECURITY, AUDIT})
BUREAU = frozenset({DUTY, ENFORCEMENT, HEAD, LEADER, FINANCE})
BUSINESS = frozenset(NAMES) - ADMINISTRATORS
EVERYONE = frozenset(NAMES)

ENTERPRISE = "enterprise"
_BUREAU_UNITS = frozenset({"bureau", "office", "subordinate"})

# Levels of `places.Organisation` (or an enterprise) where a role makes sense: they decide how far it sees.
HELD_AT = {
    **dict.fromkeys(BUREAU, _BUREAU_UNITS),
    **dict.fromkeys(ADMINISTRATORS, frozenset({"bureau"})),
    DEPARTMENT: frozenset({"department", "committee"}),
    TOWN: frozenset({"town"}),
    VILLAGE: frozenset({"village"}),
    SAFETY: frozenset({ENTERPRISE}),
}
