"""The people of a territory, as its list shows them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.enums import InvitationState
from accounts.models import Invitation, User
from core.enums import MailState
from core.text import fold
from territories.enums import Role, Scope
from territories.models import Membership

RANKS = {role: rank for rank, role in enumerate(Role)}


@dataclass(frozen=True)
class MemberRow:
    """One person; addresses and dates are for whoever manages the accounts."""

    pk: int
    name: str
    role: str
    role_label: str
    is_regional: bool
    is_waiting: bool
    is_self: bool
    email: str
    state: str
    # When the invitation that waits was sent.
    invited_at: dt.datetime | None
    mail_trouble: str
    last_login: dt.datetime | None
    suspended_at: dt.datetime | None
    suspended_by: str


def member_rows(
    memberships: Iterable[Membership], *, reader: User, at: dt.datetime | None = None
) -> list[MemberRow]:
    """By role, then by name. Expects `.for_list()`; no query."""
    rows = [(_rank(one), _row(one, reader=reader, at=at)) for one in memberships]
    return [
        row for _, row in sorted(rows, key=lambda pair: (pair[0], fold(pair[1].name), pair[1].pk))
    ]


def _rank(membership: Membership) -> int:
    return RANKS[Role(membership.role)]


def _row(membership: Membership, *, reader: User, at: dt.datetime | None) -> MemberRow:
    user = membership.user
    invitation: Invitation | None = getattr(user, "invitation", None)
    return MemberRow(
        pk=membership.pk,
        name=user.get_full_name(),
        role=membership.role,
        role_label=membership.get_role_display(),
        is_regional=membership.scope == Scope.REGION,
        is_waiting=_is_waiting(user, invitation),
        is_self=user.pk == reader.pk,
        email=user.email,
        state=_state(user, invitation, at=at),
        invited_at=invitation.sent_at if invitation and _is_waiting(user, invitation) else None,
        mail_trouble=_mail_trouble(user, invitation),
        last_login=user.last_login,
        suspended_at=membership.suspended_at,
        suspended_by=membership.suspended_by.get_full_name() if membership.suspended_by else "",
    )


def _is_waiting(user: User, invitation: Invitation | None) -> bool:
    return not user.is_active and invitation is not None and invitation.accepted_at is None


def _state(user: User, invitation: Invitation | None, *, at: dt.datetime | None) -> str:
    """« Compte ouvert », « Compte fermé », or where the invitation stands."""
    if user.is_active:
        return "Compte ouvert"
    if invitation is None or invitation.accepted_at is not None:
        return "Compte fermé"
    state = invitation.state(at=at)
    if state == InvitationState.OPEN:
        return "Invitation en attente"
    return f"Invitation {state.label.lower()}"


def _mail_trouble(user: User, invitation: Invitation | None) -> str:
    """What the lead must know of the invitation's mail; nothing while all goes well."""
    mail = None if user.is_active or invitation is None else invitation.mail
    if mail is None or not mail.refusal or mail.state == MailState.SENT:
        return ""
    return f"Courriel : {mail.get_state_display().lower()}. {mail.refusal}"
