"""Invitations, from the mail to the first sign-in, and every way in which a link can be dead."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from accounts.enums import InvitationState, LinkPurpose
from accounts.models import AccessLink, Invitation, User
from accounts.services import (
    AccountClosed,
    InvitationUnusable,
    accept_invitation,
    correct_address,
    find_link,
    invite,
    make_link,
    revoke_link,
    withdraw_invitation,
)
from core.enums import MailState
from core.models import Mail
from tests.accounts.conftest import Posting, path_in, text_of
from tests.core.post_office import PostOffice
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

INVITATION = "/invitation/"
NEW_PASSWORD = "lampe océan brouette 7"
TYPED = {
    "first_name": "Zoé",
    "last_name": "L’Hôte",
    "password1": NEW_PASSWORD,
    "password2": NEW_PASSWORD,
}


@pytest.fixture
def agnes(db: None) -> User:
    return UserFactory.create(
        email="agnes@exemple.fr", first_name="Agnès", last_name="D’Aubrac & Cie"
    )


def invited(by: User | None, email: str = "zoe@exemple.fr", place: str = "PTSM – L’Aubrac") -> str:
    """The path of the link that was sent."""
    invite(email=email, invited_by=by, place=place, role="Membre")
    body = Mail.objects.latest("pk").body
    return body.split("http://testserver")[1].split()[0]


# --- Links --------------------------------------------------------------------------------------


def test_link_is_known_by_its_secret_alone() -> None:
    link, token = make_link(purpose=LinkPurpose.INVITATION, valid_for=dt.timedelta(days=1))
    assert find_link(token=token, purpose=LinkPurpose.INVITATION) == link
    assert find_link(token=token + "x", purpose=LinkPurpose.INVITATION) is None
    assert token not in str(AccessLink.objects.values().get())


def test_link_dies_by_time_and_by_decision() -> None:
    link, token = make_link(purpose=LinkPurpose.INVITATION, valid_for=dt.timedelta(days=1))
    assert link.is_usable(at=timezone.now() + dt.timedelta(hours=23))
    assert not link.is_usable(at=timezone.now() + dt.timedelta(hours=25))
    revoke_link(link=link)
    assert find_link(token=token, purpose=LinkPurpose.INVITATION) is None


# --- From the mail to the account ---------------------------------------------------------------


def test_invited_person_opens_the_account_from_the_mail(
    client: Client, agnes: User, post_office: PostOffice, posting: Posting
) -> None:
    posting(lambda: invited(agnes, email="Zoe@exemple.fr"))
    [received] = post_office.received
    assert received["To"] == "zoe@exemple.fr"
    assert received["Reply-To"] == "agnes@exemple.fr"
    assert received["Subject"] == "Invitation : PTSM – L’Aubrac"
    words = text_of(post_office)
    assert "Agnès D’Aubrac & Cie vous invite à rejoindre «\u00a0PTSM – L’Aubrac\u00a0»" in words
    deadline = timezone.localtime(Invitation.objects.get().link.expires_at)
    assert f" {deadline.year} à {deadline.hour}\u00a0h\u00a0{deadline:%M} (heure de Paris)" in words

    page = client.get(path_in(post_office), follow=True)
    assert "Agnès D’Aubrac &amp; Cie" in page.content.decode()
    assert "zoe@exemple.fr" in page.content.decode()
    response = client.post(INVITATION, TYPED)
    assert response.headers["Location"] == "/"
    zoe = User.objects.get(email="zoe@exemple.fr")
    assert client.session["_auth_user_id"] == str(zoe.pk)
    assert (zoe.first_name, zoe.last_name, zoe.is_active) == ("Zoé", "L’Hôte", True)
    again = Client()
    again.post("/compte/connexion/", {"login": "zoe@exemple.fr", "password": NEW_PASSWORD})
    assert "_auth_user_id" in again.session
    invitation = Invitation.objects.get()
    assert invitation.state() == InvitationState.ACCEPTED
    assert (invitation.link.uses, invitation.link.revoked_at is None) == (1, False)


def test_scanner_uses_nothing_up(client: Client, agnes: User) -> None:
    path = invited(agnes)
    for _ in range(3):
        scanner = Client()
        assert scanner.get(path, follow=True).status_code == 200
        assert scanner.head(path).status_code == 303
    assert AccessLink.objects.get().uses == 0
    client.get(path)
    assert client.post(INVITATION, TYPED).status_code == 302
    assert User.objects.get(email="zoe@exemple.fr").is_active


def test_secret_leaves_the_address_and_stays_in_no_trace(client: Client, agnes: User) -> None:
    path = invited(agnes)
    response = client.get(path)
    assert response.status_code == 303
    assert response.headers["Location"] == INVITATION
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response.headers["Cache-Control"]
    cookie = response.cookies["invitation"]
    assert path.split("/")[2] not in cookie.value
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", INVITATION)
    # With « no-referrer » here too, browsers would send « Origin: null » and forms would fail.
    assert client.get(INVITATION).headers["Referrer-Policy"] == "same-origin"


def test_cookie_is_secure_when_served(client: Client, agnes: User) -> None:
    response = client.get(invited(agnes), secure=True)
    assert response.cookies["invitation"]["secure"] is True


def test_forged_cookie_opens_nothing(client: Client, agnes: User) -> None:
    invited(agnes)
    client.cookies["invitation"] = str(AccessLink.objects.get().pk)
    assert client.post(INVITATION, TYPED).status_code == 410
    assert not User.objects.get(email="zoe@exemple.fr").is_active


def test_form_sent_twice_opens_one_account_and_goes_home(client: Client, agnes: User) -> None:
    client.get(invited(agnes))
    kept = client.cookies["invitation"].value
    client.post(INVITATION, TYPED)
    client.cookies["invitation"] = kept
    again = client.post(INVITATION, TYPED | {"first_name": "Autre"})
    assert (again.status_code, again.headers["Location"]) == (302, "/")
    assert User.objects.get(email="zoe@exemple.fr").first_name == "Zoé"


def test_second_acceptance_is_refused(agnes: User) -> None:
    invited(agnes)
    link_pk = AccessLink.objects.get().pk
    typed = {"first_name": "Zoé", "last_name": "X", "password": NEW_PASSWORD}
    accept_invitation(link_pk=link_pk, **typed)
    with pytest.raises(InvitationUnusable) as refusal:
        accept_invitation(link_pk=link_pk, **typed)
    assert refusal.value.state == InvitationState.ACCEPTED


def test_other_account_is_warned_then_left(client: Client, agnes: User) -> None:
    client.force_login(agnes)
    client.get(invited(agnes))
    page = client.get(INVITATION).content.decode()
    assert "la session en cours se fermera" in page
    client.post(INVITATION, TYPED)
    assert client.session["_auth_user_id"] == str(User.objects.get(email="zoe@exemple.fr").pk)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"password2": "autre chose 12345"}, "Les deux mots de passe sont différents"),
        ({"password1": "court", "password2": "court"}, "trop court"),
        ({"password1": "zoe@exemple.fr", "password2": "zoe@exemple.fr"}, "trop semblable"),
        ({"first_name": "Zoé\x00"}, "caractère nul"),
        ({"last_name": "x" * 81}, "au plus 80"),
        ({"first_name": "   "}, "Ce champ est obligatoire"),
        ({"password1": "\x00" * 14, "password2": "\x00" * 14}, "caractère nul"),
    ],
)
def test_wrong_answers_get_a_french_sentence(
    client: Client, agnes: User, changes: dict[str, str], sentence: str
) -> None:
    client.get(invited(agnes))
    response = client.post(INVITATION, TYPED | changes)
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not User.objects.get(email="zoe@exemple.fr").is_active


@pytest.mark.parametrize("name", ["😀 Zoé", "\u202eéoZ", "O'Neil <b>", "ضياء"])
def test_any_name_is_a_name(client: Client, agnes: User, name: str) -> None:
    client.get(invited(agnes))
    client.post(INVITATION, TYPED | {"first_name": name})
    assert User.objects.get(email="zoe@exemple.fr").first_name == name
    assert escape(name) in client.get("/compte/mot-de-passe/").content.decode()


# --- Dead links ---------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["inconnu", "%00", "😀", "x" * 3000])
def test_unknown_link_says_what_to_do(client: Client, agnes: User, token: str) -> None:
    client.get(invited(agnes))  # an earlier link must not answer in its place
    page = client.get(f"{INVITATION}{token}/", follow=True)
    assert page.status_code == 410
    assert "n’est pas reconnu" in page.content.decode()


def test_expired_link_names_whom_to_ask(client: Client, agnes: User) -> None:
    path = invited(agnes)
    with time_machine.travel(timezone.now() + dt.timedelta(days=15), tick=False):
        page = client.get(path, follow=True)
        assert "a expiré" in page.content.decode()
        assert "Agnès D’Aubrac &amp; Cie peut vous la renvoyer" in page.content.decode()
        assert client.post(INVITATION, TYPED).status_code == 410
    assert not User.objects.get(email="zoe@exemple.fr").is_active


def test_used_link_leads_to_the_password(client: Client, agnes: User) -> None:
    path = invited(agnes)
    client.get(path)
    client.post(INVITATION, TYPED)
    page = Client().get(path, follow=True)
    assert page.status_code == 410
    assert "Votre compte est déjà ouvert" in page.content.decode()
    assert "/compte/mot-de-passe/oublie/" in page.content.decode()


def test_new_invitation_replaces_the_former_link(client: Client, agnes: User) -> None:
    former, latest = invited(agnes), invited(None)
    page = Client().get(former, follow=True)
    assert "retiré ou remplacé" in page.content.decode()
    client.get(latest)
    assert client.post(INVITATION, TYPED).status_code == 302
    assert User.objects.filter(email="zoe@exemple.fr").count() == 1


def test_withdrawn_invitation_opens_nothing(client: Client, agnes: User) -> None:
    path = invited(agnes)
    client.get(path)
    withdraw_invitation(user=User.objects.get(email="zoe@exemple.fr"))
    response = client.post(INVITATION, TYPED)
    assert "retiré ou remplacé" in response.content.decode()
    assert not User.objects.get(email="zoe@exemple.fr").is_active


def test_corrected_address_kills_the_link_sent_to_the_wrong_one(agnes: User) -> None:
    path = invited(agnes)
    zoe = User.objects.get(email="zoe@exemple.fr")
    zoe.email = "zoe.martin@exemple.fr"
    zoe.save()
    correct_address(user=zoe)
    assert Client().get(path, follow=True).status_code == 410


# --- Whom one invites ---------------------------------------------------------------------------


def test_open_account_is_told_and_receives_no_link(agnes: User) -> None:
    zoe = UserFactory.create(email="zoe@exemple.fr")
    assert invite(email="ZOE@exemple.fr", invited_by=agnes, place="PTSM – X", role="Pilote") == zoe
    mail = Mail.objects.get()
    assert mail.subject == "Vous avez accès à : PTSM – X"
    assert mail.reply_to == agnes.email
    assert "/invitation/" not in mail.body
    assert not AccessLink.objects.exists()


def test_closed_account_stays_closed(agnes: User) -> None:
    UserFactory.create(email="zoe@exemple.fr", is_active=False)
    with pytest.raises(AccountClosed, match="a été fermé"):
        invited(agnes)
    assert not Mail.objects.exists()


def test_invitation_knows_what_became_of_its_mail(
    agnes: User, post_office: PostOffice, posting: Posting
) -> None:
    post_office.answers_to["zoe@exemple.fr"] = "550 Inconnue"
    posting(lambda: invited(agnes))
    mail = Invitation.objects.get().mail
    assert mail is not None
    assert mail.state == MailState.REFUSED


# --- Throttling ---------------------------------------------------------------------------------


def test_guessing_links_is_answered_429_in_french(client: Client) -> None:
    for number in range(30):
        assert client.get(f"{INVITATION}guess{number}/").status_code == 303
    refused = client.get(f"{INVITATION}guess30/")
    assert refused.status_code == 429
    assert "Trop d’essais" in refused.content.decode()


def test_flood_of_acceptances_is_answered_429(client: Client, agnes: User) -> None:
    client.get(invited(agnes))
    for _ in range(29):
        assert client.post(INVITATION, {}).status_code == 200
    assert client.post(INVITATION, TYPED).status_code == 429
    assert client.get(INVITATION).status_code == 200
