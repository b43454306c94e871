"""A roadmap with one of everything, for whoever must go through all of it."""

import json
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.quarters import Quarter
from documents.models import SentWorkbook
from journal.models import Change, ChangeSet
from roadmap.models import (
    Action,
    ActionAttachment,
    ActionComment,
    ActionIndicator,
    ActionRole,
    Axis,
    ColumnMapping,
    FundingLine,
    Objective,
)
from roadmap.services import lifecycle, margins
from territories.models import Project
from territories.writing import writing
from tests.cast import Cast
from tests.factories import (
    ActionFactory,
    ActionIndicatorFactory,
    ActionRoleFactory,
    AxisFactory,
    ColumnMappingFactory,
    FundingLineFactory,
    ObjectiveFactory,
    PlannedQuarterFactory,
    ProjectGroupFactory,
)
from tests.roadmap.foreign_books import BOOKS
from tests.roadmap.sent_workbooks import Sent, exported

QUARTER = Quarter.of(2026, 4).index


@dataclass(frozen=True)
class Scene:
    """A roadmap with one of everything, and Agnès in front of it."""

    client: Client
    agnes: User
    project: Project
    sheet: Action
    retired: Action
    group: Objective
    row: Objective
    axis: Axis
    empty_axis: Axis
    role: ActionRole
    line: FundingLine
    indicator: ActionIndicator
    comment: ActionComment
    pinned: ActionAttachment
    gesture: ChangeSet
    overwritten: Change
    mapping: ColumnMapping

    def send(self, address: str, *keys: int | str, **typed: Any) -> None:
        """Open a form, write in it, send it: what the page holds goes with what is typed."""
        where = reverse(f"roadmap:{address}", args=keys)
        page = BeautifulSoup(self.client.get(where, follow=True).content, "html.parser")
        form = _form_that_goes_to(where, page)
        data = {**(_held_by(form) if form else {}), **typed}
        answer = self.client.post(where, data)
        assert answer.status_code < 400, answer.content[:400]
        said = BeautifulSoup(answer.content, "html.parser").select(
            ".invalid-feedback, .alert-danger"
        )
        assert [word.get_text(" ", strip=True) for word in said] == []

    def send_workbook(self) -> None:
        """A file taken away, one cell of it changed, sent back, looked at, imported."""
        sent = Sent(exported(self.project)).write("Fiches", 2, "Titre", "Un autre titre")
        page = reverse("roadmap:workbook", args=[self.project.pk])
        upload = SimpleUploadedFile("plan.xlsx", sent.contents)
        preview = self.client.post(page, {"upload": upload})
        assert preview.status_code == 302
        assert self.client.post(preview["Location"]).status_code == 302

    def send_foreign(self, until: str, **typed: Any) -> None:
        """A workbook designed elsewhere is read, then that page of it is sent."""
        file = {"upload": SimpleUploadedFile("suivi.xlsx", BOOKS["shifted_column"]())}
        self.client.post(reverse("roadmap:foreign_workbook", args=[self.project.pk]), file)
        self.send(until, self.project.pk, SentWorkbook.objects.latest("pk").pk, **typed)

    def send_json(self, name: str, **sent: Any) -> None:
        """What the grid sends by itself."""
        answer = self.client.post(
            reverse(f"roadmap:{name}", args=[self.project.pk]),
            json.dumps({"token": "", **sent}),
            content_type="application/json",
        )
        assert answer.status_code == 200, answer.content[:400]


def _form_that_goes_to(where: str, page: BeautifulSoup) -> Tag | None:
    forms = page.select("main form[method=post]")
    aimed = [form for form in forms if form.get("action") in {where, None, ""}]
    return next(iter(aimed), None)


def _held_by(form: Tag) -> dict[str, Any]:
    held: dict[str, Any] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        name = str(field["name"])
        if field.name == "select":
            chosen = field.select("option[selected]")
            held[name] = [str(option.get("value", "")) for option in chosen]
        elif field.name == "textarea":
            held[name] = field.get_text().removeprefix("\n")
        elif field.get("type") in {"checkbox", "radio"}:
            if field.has_attr("checked"):
                held[name] = str(field.get("value", "on"))
        elif field.get("type") != "file":
            held[name] = str(field.get("value", ""))
    return held


def one_of_everything(cast: Cast, client: Client) -> Scene:
    """Put it all on stage; the client is signed in as Agnès."""
    project, agnes = cast.project, cast.agnes
    sheet = ActionFactory.create(project=project, number=3, title="Pair-aidance", remarks="Vu")
    retired = ActionFactory.create(project=project, number=8, title="Ancienne fiche")
    lifecycle.retire_sheet(action=retired, reason="Doublon", by=agnes)
    group = ProjectGroupFactory.create(
        action=sheet, label="Projet 1", title="Aller vers", position=1
    )
    ObjectiveFactory.create(action=sheet, parent=group, title="Sous le projet", position=2)
    row = ObjectiveFactory.create(action=sheet, label="1)", title="Créer un groupe", position=3)
    PlannedQuarterFactory.create(objective=row, quarter=QUARTER)
    margins.comment_on_sheet(action=sheet, text="Bonjour", by=agnes)
    margins.pin_to_sheet(
        action=sheet, upload=None, url="https://exemple.fr/", name="Notice", by=agnes
    )
    with writing(project, by=agnes, words="a écrit la fiche 3"):
        sheet.need = "Près"
        sheet.save(update_fields=["need"])
    with writing(project, by=agnes, words="a réécrit la fiche 3") as made:
        sheet.need, sheet.aim = "Loin", "Mieux"
        sheet.save(update_fields=["need", "aim"])
    assert made.changeset is not None
    return Scene(
        client=client,
        agnes=agnes,
        project=project,
        sheet=sheet,
        retired=retired,
        group=group,
        row=row,
        axis=AxisFactory.create(project=project, title="Aller vers", position=1),
        empty_axis=AxisFactory.create(project=project, title="Loger", position=2),
        role=ActionRoleFactory.create(action=sheet),
        line=FundingLineFactory.create(action=sheet),
        indicator=ActionIndicatorFactory.create(action=sheet),
        comment=ActionComment.objects.get(action=sheet),
        pinned=ActionAttachment.objects.get(action=sheet),
        gesture=made.changeset,
        overwritten=Change.objects.filter(field="need").earliest("pk"),
        mapping=ColumnMappingFactory.create(project=project),
    )
