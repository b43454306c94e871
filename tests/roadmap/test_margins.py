"""In the margins of a sheet: comments, files and links. Doors, words, cost, bad luck."""

import uuid
from collections.abc import Callable
from http import HTTPStatus

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from documents.models import Attachment
from journal.models import ChangeSet
from journal.undoing import undo
from roadmap.models import Action, ActionAttachment, ActionComment
from roadmap.services.lifecycle import retire_sheet
from roadmap.services.margins import comment_on_sheet, pin_to_sheet
from territories.enums import Role
from territories.models import Project
from territories.writing import writing
from tests.cast import Cast
from tests.factories import ActionFactory, ActionRoleFactory, MembershipFactory, PersonFactory

SignIn = Callable[[User | None], Client]
Queries = Callable[[Callable[[], object]], int]

OK, FOUND, FORBIDDEN, NOT_FOUND = (
    HTTPStatus.OK,
    HTTPStatus.FOUND,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
)
STRANGERS = [
    ("gael", NOT_FOUND), ("chloe", NOT_FOUND), ("denis", NOT_FOUND), ("personne", FOUND),
]  # fmt: skip
READERS = [("agnes", OK), ("emile", OK), ("bruno", OK), ("pilot", OK), *STRANGERS]
WRITERS = [("agnes", OK), ("emile", OK), ("bruno", FORBIDDEN), ("pilot", OK), *STRANGERS]
LEADS = [("agnes", OK), ("emile", OK), ("bruno", OK), ("pilot", FORBIDDEN), *STRANGERS]
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _own_files(settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


@pytest.fixture
def sheet(cast: Cast) -> Action:
    return ActionFactory.create(project=cast.project, number=7, title="Développer la pair-aidance")


@pytest.fixture
def pilot(cast: Cast, sheet: Action) -> User:
    user = MembershipFactory.create(territory=cast.aubrac, role=Role.PILOT).user
    person = PersonFactory.create(territory=cast.aubrac, user=user)
    ActionRoleFactory.create(action=sheet, person=person, label="")
    return user


@pytest.fixture
def comment(cast: Cast, sheet: Action) -> ActionComment:
    """A remark of Bruno's."""
    comment_on_sheet(action=sheet, text="À revoir.", by=cast.bruno)
    return ActionComment.objects.get()


@pytest.fixture
def pinned(cast: Cast, sheet: Action) -> ActionAttachment:
    upload = SimpleUploadedFile("Compte rendu.pdf", PDF)
    pin_to_sheet(action=sheet, upload=upload, url="", name="", by=cast.agnes)
    return ActionAttachment.objects.get()


def whom(cast: Cast, pilot: User, name: str) -> User | None:
    return pilot if name == "pilot" else cast.named(name)


def at(page: str, row: Action | ActionComment | ActionAttachment) -> str:
    return reverse(f"roadmap:{page}", args=[row.pk])


def words(response: object) -> str:
    soup = BeautifulSoup(response.content, "html.parser")  # type: ignore[attr-defined]
    return " ".join(soup.get_text(" ").replace("\u00a0", " ").split())


# --- Doors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "status"), READERS)
def test_whoever_reads_the_sheet_comments_it(
    cast: Cast, sign_in: SignIn, sheet: Action, pilot: User, name: str, status: HTTPStatus
) -> None:
    client = sign_in(whom(cast, pilot, name))
    assert client.get(at("comment_add", sheet)).status_code == status
    response = client.post(at("comment_add", sheet), {"text": "Oui."})
    assert response.status_code == (FOUND if status == OK else status)
    assert ActionComment.objects.count() == (status == OK)


@pytest.mark.parametrize(("name", "status"), LEADS)
def test_its_author_or_whoever_leads_takes_a_comment_away(
    cast: Cast,
    sign_in: SignIn,
    pilot: User,
    comment: ActionComment,
    name: str,
    status: HTTPStatus,
) -> None:
    client = sign_in(whom(cast, pilot, name))
    page = client.get(at("comment_remove", comment))
    assert page.status_code == status
    response = client.post(at("comment_remove", comment))
    assert response.status_code == (FOUND if status == OK else status)
    assert ActionComment.objects.exists() == (status != OK)


@pytest.mark.parametrize(("name", "status"), WRITERS)
def test_whoever_writes_the_sheet_pins_to_it(
    cast: Cast, sign_in: SignIn, sheet: Action, pilot: User, name: str, status: HTTPStatus
) -> None:
    client = sign_in(whom(cast, pilot, name))
    assert client.get(at("attachment_add", sheet)).status_code == status
    typed = {"url": "https://sante.gouv.fr/", "name": "Le guide"}
    response = client.post(at("attachment_add", sheet), typed)
    assert response.status_code == (FOUND if status == OK else status)
    assert ActionAttachment.objects.count() == (status == OK)


@pytest.mark.parametrize(("name", "status"), WRITERS)
def test_whoever_writes_the_sheet_takes_down_what_is_pinned(
    cast: Cast,
    sign_in: SignIn,
    pilot: User,
    pinned: ActionAttachment,
    name: str,
    status: HTTPStatus,
) -> None:
    client = sign_in(whom(cast, pilot, name))
    assert client.get(at("attachment_remove", pinned)).status_code == status
    response = client.post(at("attachment_remove", pinned))
    assert response.status_code == (FOUND if status == OK else status)
    assert ActionAttachment.objects.exists() == (status != OK)


@pytest.mark.parametrize(("name", "status"), READERS)
def test_a_file_is_served_to_whoever_reads_the_sheet(
    cast: Cast,
    sign_in: SignIn,
    pilot: User,
    pinned: ActionAttachment,
    name: str,
    status: HTTPStatus,
) -> None:
    response = sign_in(whom(cast, pilot, name)).get(at("attachment_file", pinned))
    assert response.status_code == status
    if status == OK:
        assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Disposition"].startswith("inline")


# --- Comments -----------------------------------------------------------------------------------


def test_a_comment_is_dated_signed_and_read_on_the_sheet(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    client = sign_in(cast.bruno)
    said = "Vu\x00 avec <b>l’UNAFAM</b> 🙂\r\nשלום"
    response = client.post(at("comment_add", sheet), {"text": said}, follow=True)
    assert response.redirect_chain[-1][0] == f"{at('action_detail', sheet)}#commentaires"
    assert "Votre commentaire est ajouté." in words(response)
    comment = ActionComment.objects.get()
    assert comment.text == "Vu avec <b>l’UNAFAM</b> 🙂\nשלום"
    assert "&lt;b&gt;l’UNAFAM" in response.text
    assert "Bruno Durand" in words(response)
    kept = ChangeSet.objects.latest("pk")
    assert (kept.by, kept.words) == (cast.bruno, "a commenté la fiche\u00a07")


def test_a_double_click_comments_once(cast: Cast, sign_in: SignIn, sheet: Action) -> None:
    client = sign_in(cast.bruno)
    typed = {"text": "Oui.", "token": uuid.uuid4().hex}
    for _ in range(2):
        assert client.post(at("comment_add", sheet), typed).status_code == FOUND
    assert ActionComment.objects.count() == 1


def test_another_remark_typed_after_going_back_is_written_too(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    """The page that « back » brings has the token of the remark that it already sent."""
    client = sign_in(cast.bruno)
    token = uuid.uuid4().hex
    for text in ("Oui.", "Oui.", "Non."):
        client.post(at("comment_add", sheet), {"text": text, "token": token})
    assert list(ActionComment.objects.values_list("text", flat=True)) == ["Oui.", "Non."]


@pytest.mark.parametrize("name", ["comment_remove", "attachment_remove"])
def test_what_was_taken_away_already_is_told(
    cast: Cast,
    sign_in: SignIn,
    sheet: Action,
    comment: ActionComment,
    pinned: ActionAttachment,
    name: str,
) -> None:
    address = at(name, comment if name == "comment_remove" else pinned)
    client = sign_in(cast.agnes)
    client.post(address)
    count = ChangeSet.objects.count()
    for again in (client.post(address, follow=True), client.get(address, follow=True)):
        assert again.redirect_chain[-1][0].startswith(at("action_detail", sheet))
        assert "a déjà été retiré" in words(again)
    assert ChangeSet.objects.count() == count
    client.logout()
    assert sign_in(cast.chloe).post(address).status_code == NOT_FOUND


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "Écrivez votre commentaire."), (" \x00 ", "Écrivez"), ("x" * 4001, "4000")],
)
def test_a_comment_that_cannot_be_is_told_with_its_text(
    cast: Cast, sign_in: SignIn, sheet: Action, text: str, said: str
) -> None:
    client = sign_in(cast.bruno)
    for headers in ({}, HTMX):
        response = client.post(at("comment_add", sheet), {"text": text}, headers=headers)
        assert response.status_code == OK
        assert said in words(response)
        assert text.strip(" \x00") in response.text
    assert not ActionComment.objects.exists()


def test_a_comment_sent_in_place_brings_the_list_and_forgets_the_draft(
    cast: Cast, sign_in: SignIn, sheet: Action, comment: ActionComment
) -> None:
    client = sign_in(cast.bruno)
    response = client.post(at("comment_add", sheet), {"text": "Bien."}, headers=HTMX)
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.select_one("html") is None
    assert [p.get_text() for p in soup.select(".comments .said")] == ["À revoir.", "Bien."]
    assert f"commentaire-{sheet.pk}" in response["HX-Trigger"]


def test_a_retired_sheet_is_not_commented_and_the_text_is_kept(
    cast: Cast, sign_in: SignIn, sheet: Action, comment: ActionComment
) -> None:
    retire_sheet(action=sheet, reason="x", by=cast.agnes)
    client = sign_in(cast.bruno)
    for headers in ({}, HTMX):
        response = client.post(at("comment_add", sheet), {"text": "Gardé"}, headers=headers)
        assert "a été retirée de la feuille de route" in words(response)
        assert "Gardé" in response.text
    assert "a été retirée" in words(client.post(at("comment_remove", comment)))
    assert ActionComment.objects.count() == 1
    assert "Écrire un commentaire" not in client.get(at("action_detail", sheet)).text


def test_a_comment_taken_away_can_come_back(
    cast: Cast, sign_in: SignIn, comment: ActionComment
) -> None:
    sign_in(cast.agnes).post(at("comment_remove", comment))
    removal = ChangeSet.objects.latest("pk")
    assert removal.words == "a retiré le commentaire signé Bruno Durand sur la fiche\u00a07"
    with writing(cast.project, by=cast.agnes, undoes=removal):
        undo(list(removal.changes.order_by("rank")))
    assert ActionComment.objects.get().text == "À revoir."


def test_who_may_not_take_a_comment_away_is_not_offered_to(
    cast: Cast, sign_in: SignIn, sheet: Action, pilot: User, comment: ActionComment
) -> None:
    offered = at("comment_remove", comment)
    assert offered not in sign_in(pilot).get(at("action_detail", sheet)).text
    assert offered in sign_in(cast.bruno).get(at("action_detail", sheet)).text


# --- Files and links ----------------------------------------------------------------------------


def test_a_file_is_pinned_and_read_with_its_size_and_author(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    client = sign_in(cast.agnes)
    upload = SimpleUploadedFile("../Compte rendu é.pdf", PDF)
    response = client.post(at("attachment_add", sheet), {"upload": upload}, follow=True)
    assert response.redirect_chain[-1][0] == f"{at('action_detail', sheet)}#pieces"
    said = words(response)
    assert "La pièce est jointe à la fiche." in said
    assert "Compte rendu é.pdf" in said
    assert "ajouté par Agnes Durand" in said
    kept = ChangeSet.objects.latest("pk")
    assert kept.words == ("a joint le fichier «\u00a0Compte rendu é.pdf\u00a0» à la fiche\u00a07")


def test_a_link_leads_out_without_telling_from_where(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    client = sign_in(cast.agnes)
    typed = {"url": "https://sante.gouv.fr/guide", "name": "Le guide"}
    response = client.post(at("attachment_add", sheet), typed, headers=HTMX)
    link = BeautifulSoup(response.content, "html.parser").select_one("#pieces li a")
    assert link is not None
    assert (link["href"], link["rel"]) == (typed["url"], ["noopener", "noreferrer", "nofollow"])
    pinned = ActionAttachment.objects.get()
    assert client.get(at("attachment_file", pinned)).status_code == NOT_FOUND


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_refused_file_keeps_what_else_was_typed(
    cast: Cast, sign_in: SignIn, sheet: Action, headers: dict[str, str]
) -> None:
    upload = SimpleUploadedFile("page.pdf", b"<html><script>alert(1)</script></html>")
    typed = {"upload": upload, "name": "Le compte rendu"}
    response = sign_in(cast.agnes).post(at("attachment_add", sheet), typed, headers=headers)
    assert response.status_code == OK
    said = words(response)
    assert "n’est pas un PDF, malgré son nom" in said
    assert "choisissez-le de nouveau" in said
    assert "Le compte rendu" in response.text
    assert not Attachment.objects.exists()


def test_another_file_typed_after_going_back_is_pinned_too(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    client = sign_in(cast.agnes)
    token = uuid.uuid4().hex
    for url in ("https://sante.gouv.fr/", "https://sante.gouv.fr/", "https://anap.fr/"):
        client.post(at("attachment_add", sheet), {"url": url, "token": token})
    for name in ("un.pdf", "un.pdf", "deux.pdf"):
        upload = SimpleUploadedFile(name, PDF)
        client.post(at("attachment_add", sheet), {"upload": upload, "token": token})
    kept = Attachment.objects.order_by("pk").values_list("name", flat=True)
    assert list(kept) == ["sante.gouv.fr", "anap.fr", "un.pdf", "deux.pdf"]


def test_a_file_that_the_server_lost_is_told_on_the_sheet(
    cast: Cast, sign_in: SignIn, sheet: Action, pinned: ActionAttachment
) -> None:
    kept = pinned.attachment.file
    kept.storage.delete(kept.name or "")
    response = sign_in(cast.bruno).get(at("attachment_file", pinned), follow=True)
    assert response.redirect_chain[-1][0] == f"{at('action_detail', sheet)}#pieces"
    said = words(response)
    assert "Le fichier « Compte rendu.pdf » n’est plus sur le serveur." in said
    assert "Demandez à Agnes Durand" in said


def test_a_double_click_pins_once(cast: Cast, sign_in: SignIn, sheet: Action) -> None:
    client = sign_in(cast.agnes)
    typed = {"url": "https://sante.gouv.fr/", "token": uuid.uuid4().hex}
    for _ in range(2):
        assert client.post(at("attachment_add", sheet), typed).status_code == FOUND
    assert Attachment.objects.count() == 1


def test_what_is_taken_down_is_not_served_and_can_come_back(
    cast: Cast, sign_in: SignIn, pinned: ActionAttachment
) -> None:
    client = sign_in(cast.agnes)
    client.post(at("attachment_remove", pinned))
    assert client.get(at("attachment_file", pinned)).status_code == NOT_FOUND
    removal = ChangeSet.objects.latest("pk")
    with writing(cast.project, by=cast.agnes, undoes=removal):
        undo(list(removal.changes.order_by("rank")))
    assert client.get(at("attachment_file", pinned)).status_code == OK


def test_nothing_is_pinned_to_a_retired_sheet_whose_files_are_still_read(
    cast: Cast, sign_in: SignIn, sheet: Action, pinned: ActionAttachment
) -> None:
    retire_sheet(action=sheet, reason="x", by=cast.agnes)
    client = sign_in(cast.agnes)
    response = client.post(at("attachment_add", sheet), {"url": "https://sante.gouv.fr/"})
    assert "La fiche 7 a été retirée de la feuille de route" in words(response)
    assert "https://sante.gouv.fr/" in response.text
    assert "a été retirée" in words(client.post(at("attachment_remove", pinned)))
    page = client.get(at("action_detail", sheet)).text
    assert at("attachment_file", pinned) in page
    assert at("attachment_remove", pinned) not in page
    assert client.get(at("attachment_file", pinned)).status_code == OK


# --- On paper -----------------------------------------------------------------------------------


def test_what_no_paper_prints_leaves_them_of_their_day(
    cast: Cast, sign_in: SignIn, sheet: Action, comment: ActionComment, pinned: ActionAttachment
) -> None:
    """« État au » stays; the revision is raised, by which other screens know."""
    client, before = sign_in(cast.agnes), Project.objects.get(pk=cast.project.pk)
    typed = {"url": "https://sante.gouv.fr/"}
    client.post(at("comment_add", sheet), {"text": "Oui."})
    client.post(at("comment_remove", comment))
    client.post(at("attachment_add", sheet), typed)
    client.post(at("attachment_remove", pinned))
    removal, addition = ChangeSet.objects.order_by("-pk")[:2]
    for gesture in (removal, addition):
        client.post(reverse("roadmap:take_back", args=[gesture.pk]))
    client.post(reverse("roadmap:take_back", args=[ChangeSet.objects.latest("pk").pk]))
    after = Project.objects.get(pk=cast.project.pk)
    assert after.revision == before.revision + 7
    assert after.changed_at == before.changed_at
    retire_sheet(action=sheet, reason="x", by=cast.agnes)
    client.post(reverse("roadmap:take_back", args=[ChangeSet.objects.latest("pk").pk]))
    assert Project.objects.get(pk=cast.project.pk).changed_at > before.changed_at


def test_the_margins_cost_the_same_whatever_they_hold(
    cast: Cast, sign_in: SignIn, sheet: Action, queries: Queries
) -> None:
    client = sign_in(cast.agnes)
    page = at("action_detail", sheet)
    client.get(page)
    empty = queries(lambda: client.get(page))
    for rank in range(8):
        comment_on_sheet(action=sheet, text=f"n° {rank}", by=cast.bruno)
        url = f"https://sante.gouv.fr/{rank}"
        pin_to_sheet(action=sheet, upload=None, url=url, name="", by=cast.agnes)
    assert queries(lambda: client.get(page)) == empty <= 15
