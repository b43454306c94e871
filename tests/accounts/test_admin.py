"""The administration: repair only, behind our own door."""

import datetime as dt

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import Client

from accounts.enums import LinkPurpose
from accounts.models import AccessLink, Invitation, User
from accounts.services import invite, make_link
from core.mail import send_on_commit
from core.models import Mail
from tests.cast import Cast
from tests.factories import PASSWORD, OrganisationFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db

ONE_DAY = dt.timedelta(days=1)
ROOMS = {"accounts", "core", "territories", "governance"}
OURS = sorted(
    f"{model._meta.app_label}/{model._meta.model_name}"
    for model in admin.site._registry
    if model._meta.app_label in ROOMS
)


@pytest.fixture
def repairer(client: Client) -> Client:
    user = User.objects.create_superuser("repair@exemple.fr", PASSWORD)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_sign_in_passes_through_our_door(client: Client) -> None:
    User.objects.create_superuser("repair@exemple.fr", PASSWORD)
    page = client.get("/admin/core/mail/", follow=True)
    assert page.redirect_chain[-1][0].startswith("/compte/connexion/?next=")
    fields = {"login": "repair@exemple.fr", "password": PASSWORD, "next": "/admin/core/mail/"}
    assert client.post("/compte/connexion/", fields).headers["Location"] == "/admin/core/mail/"
    assert client.get("/admin/core/mail/").status_code == 200
    assert client.get("/admin/login/").headers["Location"] == "/admin/"
    assert client.get("/admin/password_change/").headers["Location"] == "/compte/mot-de-passe/"


def test_password_never_goes_to_the_administration(client: Client) -> None:
    response = client.post("/admin/login/", {"username": "repair@exemple.fr", "password": "x"})
    assert response.status_code == 405


def test_everybody_else_is_refused(client: Client, cast: Cast) -> None:
    client.force_login(cast.agnes)
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403


@pytest.mark.parametrize("page", OURS)
def test_lists_and_forms_open(repairer: Client, cast: Cast, page: str) -> None:
    OrganisationFactory.create(territory=cast.aubrac)
    PersonFactory.create(territory=cast.aubrac)
    invite(email="zoe@exemple.fr", invited_by=cast.agnes, place="PTSM", role="Membre")
    label, name = page.split("/")
    listed = repairer.get(f"/admin/{page}/", {"q": "a"} if name not in {"accesslink"} else {})
    assert listed.status_code == 200
    model = next(m for m in admin.site._registry if m._meta.label_lower == f"{label}.{name}")
    row = model._default_manager.order_by("pk").first()
    if row is not None:
        assert repairer.get(f"/admin/{page}/{row.pk}/change/").status_code == 200


def test_secrets_are_not_read_there(repairer: Client) -> None:
    link, _ = make_link(purpose=LinkPurpose.INVITATION, valid_for=ONE_DAY)
    mail = send_on_commit(to="zoe@exemple.fr", subject="Objet", body="texte-secret")
    assert link.token_hash not in opened(repairer, f"accounts/accesslink/{link.pk}")
    assert "texte-secret" not in opened(repairer, f"core/mail/{mail.pk}")


def opened(repairer: Client, path: str) -> str:
    return repairer.get(f"/admin/{path}/change/").content.decode()


def test_account_is_made_and_its_address_corrected(repairer: Client) -> None:
    repairer.post(
        "/admin/accounts/user/add/",
        {
            "email": "Zoe@Exemple.fr",
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )
    zoe = User.objects.get(email="zoe@exemple.fr")
    Client().post("/compte/mot-de-passe/oublie/", {"email": "zoe@exemple.fr"})
    repairer.post(
        f"/admin/accounts/user/{zoe.pk}/change/",
        {"email": "Zoe.Martin@Exemple.fr", "first_name": "Zoé", "last_name": "", "is_active": "on"},
    )
    for email, enters in (("zoe@exemple.fr", False), ("zoe.martin@exemple.fr", True)):
        client = Client()
        client.post("/compte/connexion/", {"login": email, "password": PASSWORD})
        assert ("_auth_user_id" in client.session) is enters


def test_same_address_in_other_letters_is_refused(repairer: Client) -> None:
    UserFactory.create(email="zoe@exemple.fr")
    page = repairer.post(
        "/admin/accounts/user/add/",
        {
            "email": "ZOE@exemple.fr",
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )
    assert page.status_code == 200
    assert User.objects.filter(email__iexact="zoe@exemple.fr").count() == 1


def test_link_is_revoked_there(repairer: Client) -> None:
    link, _ = make_link(purpose=LinkPurpose.INVITATION, valid_for=ONE_DAY)
    repairer.post(
        "/admin/accounts/accesslink/", {"action": "revoke", "_selected_action": [link.pk]}
    )
    assert not AccessLink.objects.get().is_usable()


# --- What is deleted, and what is not -----------------------------------------------------------


def test_invited_account_is_deleted_with_its_invitation(repairer: Client) -> None:
    zoe = invite(email="zoe@exemple.fr", invited_by=None, place="PTSM", role="Membre")
    repairer.post(f"/admin/accounts/user/{zoe.pk}/delete/", {"post": "yes"})
    assert not User.objects.filter(pk=zoe.pk).exists()
    assert not Invitation.objects.exists()


def test_invitation_list_offers_no_deletion(repairer: Client) -> None:
    invite(email="zoe@exemple.fr", invited_by=None, place="PTSM", role="Membre")
    page = repairer.get("/admin/accounts/invitation/").content.decode()
    assert "delete_selected" not in page


def test_mail_is_not_deleted(repairer: Client) -> None:
    mail = send_on_commit(to="zoe@exemple.fr", subject="Objet", body="Texte")
    refused = repairer.post(f"/admin/core/mail/{mail.pk}/delete/", {"post": "yes"})
    assert refused.status_code == 403
    assert Mail.objects.filter(pk=mail.pk).exists()


# --- Repairers who are not superusers -----------------------------------------------------------

POWERS = {"is_staff": "on", "is_superuser": "on"}


@pytest.fixture
def clerk(client: Client) -> User:
    """Somebody of the staff who may repair accounts, signed in."""
    user = UserFactory.create(email="clerk@exemple.fr", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return user


def test_clerk_repairs_a_name_and_gives_no_power(client: Client, clerk: User) -> None:
    group = Group.objects.create(name="Tout")
    repaired = {"email": clerk.email, "first_name": "Zoé", "is_active": "on", "groups": [group.pk]}
    client.post(f"/admin/accounts/user/{clerk.pk}/change/", repaired | POWERS)
    clerk.refresh_from_db()
    assert (clerk.first_name, clerk.is_staff, clerk.is_superuser) == ("Zoé", True, False)
    assert not clerk.groups.exists()


def test_clerk_takes_no_superuser_account(client: Client, clerk: User) -> None:
    chief = User.objects.create_superuser("repair@exemple.fr", PASSWORD)
    page = f"/admin/accounts/user/{chief.pk}"
    taken = {"email": "clerk2@exemple.fr", "is_active": "on"}
    assert client.post(f"{page}/change/", taken).status_code == 403
    passwords = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post(f"{page}/password/", passwords).status_code == 403


def test_superuser_gives_powers(repairer: Client) -> None:
    zoe = UserFactory.create(email="zoe@exemple.fr")
    repaired = {"email": zoe.email, "first_name": "Zoé", "is_active": "on"}
    repairer.post(f"/admin/accounts/user/{zoe.pk}/change/", repaired | POWERS)
    zoe.refresh_from_db()
    assert (zoe.is_staff, zoe.is_superuser) == (True, True)
