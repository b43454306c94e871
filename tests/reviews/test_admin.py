"""The administration reads the reviews and rewrites nothing."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from reviews.models import Campaign, Letter, Respondent, Update
from tests.factories import UserFactory
from tests.reviews.scene import opened, set_scene

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [Campaign, Respondent, Update, Letter])
def test_rows_are_read_one_by_one_and_never_rewritten(
    model: type[Campaign | Respondent | Update | Letter],
    sign_in: Callable[[User | None], Client],
) -> None:
    opened(set_scene())
    client = sign_in(UserFactory.create(is_staff=True, is_superuser=True))
    row = model._default_manager.latest("pk")
    name = f"admin:reviews_{model._meta.model_name}"
    assert client.get(reverse(f"{name}_changelist")).status_code == 200
    shown = client.get(reverse(f"{name}_change", args=[row.pk]))
    assert shown.status_code == 200
    assert "/reponse/" not in shown.content.decode()
    assert client.post(reverse(f"{name}_change", args=[row.pk]), {}).status_code == 403
    assert client.get(reverse(f"{name}_add")).status_code == 403
    assert client.post(reverse(f"{name}_delete", args=[row.pk]), {}).status_code == 403
