"""The people of a territory: who works there, invitations, leaving."""

from allauth.decorators import rate_limit
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.services import AccountClosed
from core.http import SignedInRequest, readonly_view, require, writes
from territories.enums import Role
from territories.forms import ROLES_IN_WORDS, ChangeRoleForm, InviteMemberForm
from territories.models import Membership, Project, Territory
from territories.permissions import can_manage_members, can_see_members
from territories.services import (
    MembershipRefused,
    change_role,
    invite_member,
    reinstate_member,
    remove_member,
    resend_invitation,
    suspend_member,
)
from territories.summaries import member_rows


@readonly_view
def member_list(request: SignedInRequest, code: str) -> HttpResponse:
    """Who works on the territory; addresses and invitations for whoever manages the accounts."""
    territory = get_object_or_404(Territory.objects.visible_to(request.user), code=code)
    require(can_see_members(request.user, territory))
    can_manage = can_manage_members(request.user, territory)
    memberships = Membership.objects.working_in(territory).for_list()
    # Who works there: a suspended member does not, whoever manages the accounts knows of them.
    shown = memberships if can_manage else memberships.in_force()
    context = _page(territory) | {
        "rows": member_rows(shown, reader=request.user),
        "can_manage": can_manage,
        "roles": [(role.value, role.label) for role in ROLES_IN_WORDS],
    }
    return render(request, "territories/member_list.html", context)


@rate_limit(action="invite")  # type: ignore[untyped-decorator]
@writes("POST")
def member_invite(request: SignedInRequest, code: str) -> HttpResponse:
    """Invite somebody into the territory."""
    territory = get_object_or_404(Territory.objects.visible_to(request.user), code=code)
    require(can_manage_members(request.user, territory))
    form = InviteMemberForm(request.POST or None)
    if form.is_valid() and (email := _invited(form, territory, request)):
        messages.success(request, f"Un courriel part vers {email}.")
        return redirect("territories:member_list", code=territory.code)
    return render(request, "territories/member_invite.html", _page(territory) | {"form": form})


def _invited(form: InviteMemberForm, territory: Territory, request: SignedInRequest) -> str:
    """The address invited; nothing, and a sentence on the form, when it cannot be."""
    try:
        membership = invite_member(territory=territory, by=request.user, **form.cleaned_data)
    except (MembershipRefused, AccountClosed) as refusal:
        form.add_error("email", str(refusal))
        return ""
    return membership.user.email


@rate_limit(action="invite")  # type: ignore[untyped-decorator]
@writes("POST")
def member_resend(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Send the invitation of a member again; a reading goes back to the list."""
    territory, membership = _member(request, code, pk)
    require(can_manage_members(request.user, territory))
    if request.method == "POST":
        try:
            resend_invitation(membership=membership, by=request.user)
            messages.success(request, f"Une nouvelle invitation part vers {membership.user.email}.")
        except (MembershipRefused, AccountClosed) as refusal:
            messages.error(request, str(refusal))
    return redirect("territories:member_list", code=territory.code)


@writes("POST")
def member_role(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Give a member another role; a reading goes back to the list."""
    territory, membership = _member(request, code, pk)
    require(can_manage_members(request.user, territory))
    form = ChangeRoleForm(request.POST or None)
    if form.is_valid():
        try:
            changed = change_role(membership=membership, by=request.user, **form.cleaned_data)
            messages.success(request, _role_words(changed))
        except MembershipRefused as refusal:
            messages.error(request, str(refusal))
    elif request.method == "POST":
        messages.error(request, "Choisissez un rôle dans la liste : rien n’a été changé.")
    return redirect("territories:member_list", code=territory.code)


def _role_words(membership: Membership) -> str:
    role = Role(membership.role)
    who = membership.user.get_full_name()
    return f"{who} a maintenant le rôle « {role.label} » : {ROLES_IN_WORDS[role]}."


@writes("POST")
def member_suspend(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Suspend the access of a member, once confirmed; one's own leads home."""
    territory, membership = _member(request, code, pk)
    require(can_manage_members(request.user, territory))
    is_self = membership.user == request.user
    if request.method != "POST":
        context = _page(territory) | {"membership": membership, "is_self": is_self}
        return render(request, "territories/member_suspend.html", context)
    try:
        suspend_member(membership=membership, by=request.user)
    except MembershipRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("territories:member_list", code=territory.code)
    if is_self:
        messages.success(request, f"Votre accès à « {territory.name} » est suspendu.")
        return redirect("overview:home")
    messages.success(
        request,
        f"L’accès de {membership.user.get_full_name()} est suspendu. Vous pouvez le rétablir"
        " depuis cette liste.",
    )
    return redirect("territories:member_list", code=territory.code)


@writes("POST")
def member_reinstate(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Give back an access that was suspended; a reading goes back to the list."""
    territory, membership = _member(request, code, pk)
    require(can_manage_members(request.user, territory))
    if request.method == "POST":
        try:
            reinstate_member(membership=membership, by=request.user)
            messages.success(request, _reinstated_words(membership))
        except MembershipRefused as refusal:
            messages.error(request, str(refusal))
    return redirect("territories:member_list", code=territory.code)


def _reinstated_words(membership: Membership) -> str:
    user, role = membership.user, membership.get_role_display()
    if user.is_active:
        return f"L’accès de {user.get_full_name()} est rétabli, avec le rôle « {role} »."
    return f"L’accès de {user.email} est rétabli : renvoyez-lui maintenant son invitation."


@writes("POST")
def member_remove(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Take back the access of a member, once confirmed."""
    territory, membership = _member(request, code, pk)
    require(can_manage_members(request.user, territory))
    if request.method != "POST":
        context = _page(territory) | {"membership": membership}
        return render(request, "territories/member_remove.html", context)
    try:
        remove_member(membership=membership, by=request.user)
        messages.success(
            request, f"{membership.user.get_full_name()} n’a plus accès au territoire."
        )
    except MembershipRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("territories:member_list", code=territory.code)


def _member(request: SignedInRequest, code: str, pk: int) -> tuple[Territory, Membership]:
    """A membership of a territory that the reader sees; 404 otherwise."""
    territory = get_object_or_404(Territory.objects.visible_to(request.user), code=code)
    members = Membership.objects.of_territory(territory).select_related("user", "territory")
    return territory, get_object_or_404(members, pk=pk)


def _page(territory: Territory) -> dict[str, object]:
    """What the navigation shows around these pages; one query."""
    project = Project.objects.of(territory).first()
    return {"territory": territory, "project": project, "section": "members"}
