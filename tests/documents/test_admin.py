"""The papers in the administration: read, and sent back to the press."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from documents.enums import DocumentState
from documents.models import Document, PrintedFile
from tests.documents.conftest import FakePress
from tests.press.orders import ordered, taken


@pytest.fixture
def repairer(db: None, sign_in: Callable[[User | None], Client]) -> Client:
    """Somebody who repairs."""
    return sign_in(User.objects.create_superuser("repare@exemple.fr", "x"))


def test_orders_and_files_are_read_and_never_typed(repairer: Client, fake_press: FakePress) -> None:
    document = ordered()
    printed = PrintedFile.objects.create(fingerprint="7f3a91c204be" + "0" * 52, size=3)
    for thing in (document, printed):
        name = f"admin:documents_{thing._meta.model_name}"
        listed = repairer.get(reverse(f"{name}_changelist"))
        assert str(thing) in listed.content.decode()
        assert repairer.get(reverse(f"{name}_change", args=[thing.pk])).status_code == 200
        assert repairer.post(reverse(f"{name}_change", args=[thing.pk])).status_code == 403
        assert repairer.get(reverse(f"{name}_add")).status_code == 403


def test_failed_orders_are_sent_back_to_the_press(repairer: Client, fake_press: FakePress) -> None:
    failed, running = taken(), taken()
    failed.fail("Une raison.")
    response = repairer.post(
        reverse("admin:documents_document_changelist"),
        {"action": "print_again", "_selected_action": [failed.pk, running.pk]},
        follow=True,
    )
    assert "1 document remis en file d’impression." in response.content.decode().replace(
        "\u00a0", " "
    )
    states = dict(Document.objects.values_list("pk", "state"))
    assert states == {failed.pk: DocumentState.ORDERED, running.pk: DocumentState.RUNNING}


def test_project_is_deleted_with_its_papers(repairer: Client, fake_press: FakePress) -> None:
    document = ordered()
    address = reverse("admin:territories_project_delete", args=[document.project_id])
    repairer.post(address, {"post": "yes"})
    assert not Document.objects.exists()
