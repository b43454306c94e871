"""Hands that answer a review: a link opened, a page drawn and sent as a browser does."""

import re
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.test import Client

from accounts.models import User
from core.models import Mail
from reviews.enums import AnsweredFrom
from reviews.models import Respondent, Update
from reviews.services.answering import Answerer
from territories.enums import Role
from tests.factories import MembershipFactory, UserFactory
from tests.reviews.scene import Scene


def link_of(email: str) -> str:
    """The address in the last mail sent to somebody."""
    mail = Mail.objects.filter(to=email).order_by("-pk")[:1].get()
    found = re.search(r"http://testserver(/reponse/\S+)", mail.body)
    assert found is not None, mail.body
    return found[1]


def came_by(client: Client, email: str) -> str:
    """Open the link of the last mail; the address of the respondent's sheets."""
    response = client.get(link_of(email))
    assert response.status_code == 303
    return str(response["Location"])


def by_link(name: str) -> Answerer:
    """Whoever is asked under that name, come by their link."""
    return Answerer(AnsweredFrom.LINK, respondent=Respondent.objects.get(name=name))


def page_of(client: Client, address: str, update: Update) -> str:
    """The address of one answer behind a link."""
    return f"{address}{update.pk}/"


def form_of(text: str) -> Tag:
    """The form of the answer in a page."""
    found = BeautifulSoup(text, "html.parser").select_one("form.answer-form")
    assert found is not None, "no form in the page"
    return found


def drawn(client: Client, address: str) -> dict[str, str]:
    """What a browser would send of the page if nobody touched it."""
    return sent_of(client.get(address).text)


def sent_of(text: str) -> dict[str, str]:
    """The same, from a page that came back."""
    sent: dict[str, str] = {}
    for field in form_of(text).find_all(["input", "textarea", "select"]):
        name, kind = str(field.get("name", "")), str(field.get("type", ""))
        if not name or kind in {"file", "submit"}:
            continue
        if field.name == "textarea":
            sent[name] = field.get_text().removeprefix("\n")
        elif field.name == "select":
            chosen = field.find("option", selected=True)
            sent[name] = str(chosen["value"]) if isinstance(chosen, Tag) else ""
        elif kind not in {"radio", "checkbox"} or field.has_attr("checked"):
            sent[name] = str(field.get("value", ""))
    return sent


def words_of(text: str) -> str:
    """What a page says, without its furniture."""
    read = BeautifulSoup(text, "html.parser")
    return " ".join((read.main or read).get_text(" ").replace("\u00a0", " ").split())


def said_by(response: Any) -> str:
    """What the page answered says."""
    return words_of(response.content.decode())


def objective(hers: Update, name: str) -> str:
    """What a field of the only objective is called."""
    return f"objectif-{hers.objectives.get().pk}-{name}"


def pilot_account(scene: Scene) -> User:
    """Maya, who has an account too."""
    user = UserFactory.create(first_name="Maya", last_name="Legrand")
    MembershipFactory.create(user=user, territory=scene.project.territory, role=Role.PILOT)
    scene.maya.user = user
    scene.maya.save()
    return user


def auto(client: Client, address: str, sent_back: dict[str, str], **typed_now: str) -> Any:
    """What the page saves by itself, and its answer; the page takes note of the revision."""
    sent_back |= typed_now
    response = client.post(address, sent_back | {"do": "auto"})
    if response.status_code == 200:
        sent_back["revision"] = str(response.json()["revision"])
    return response
