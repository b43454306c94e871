"""No write escapes the journal: every form and every service, gone through one by one.

Two tables, from a name to how it is done; an address that serves several forms has as many lines.
What is new in the addresses of the roadmap or in its services fails here until it has its line:
say in it a gesture that really changes something.
"""

import ast
import datetime as dt
import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import get_resolver, reverse

from accounts.models import User
from core.quarters import Quarter
from journal.models import ChangeSet
from roadmap.enums import CellState, ObjectiveState, VersionKind
from roadmap.forms.sections import SECTIONS
from roadmap.imports.workbooks import import_workbook
from roadmap.models import (
    Objective,
)
from roadmap.services import axes, columns, lifecycle, margins, numbering, objectives, shifting
from roadmap.services.attached import KINDS, remove_row
from roadmap.services.bulk import Asked, edit_sheets, plan_bulk
from roadmap.services.cells import SetCell, set_cells
from roadmap.services.drafts import RoadmapDraft
from roadmap.services.history import take_back, take_back_change
from roadmap.services.pasting import read_lines
from roadmap.services.returning import SheetReturn, return_to, way_back
from roadmap.services.versions import freeze, make_official
from roadmap.services.writing import write_roadmap
from roadmap.summaries.outline import Place
from territories.enums import ActKind
from territories.models import Project
from tests.cast import Cast
from tests.french import faults
from tests.house import addresses, files_named, public_functions, views
from tests.roadmap.everything import QUARTER, Scene, one_of_everything
from tests.roadmap.sent_workbooks import Sent, exported

MARCH = dt.date(2026, 3, 3)
# Take an author, and write nothing by themselves: what all the others go through, or answers.
NOT_WRITES = {"writing_sheet", "say_conflict"}
# An English word, a code, a value of Python: nobody should read that in a history.
NOT_FRENCH = re.compile(
    r"\b(the|and|added|changed|removed|updated|created|deleted|moved|set|None|True|False)\b"
    r"|\w_\w|[a-z]\.[a-z]|[{}<>\[\]]"
)


@pytest.fixture
def scene(cast: Cast, sign_in: Callable[[User | None], Client]) -> Scene:
    return one_of_everything(cast, sign_in(cast.agnes))


# --- Every address that answers POST ------------------------------------------------------------

Gesture = Callable[[Scene], object]

ADDRESSES: dict[str, Gesture] = {
    "attached_add roles": lambda s: s.send(
        "attached_add", s.sheet.pk, "roles", who="CH du Val", kind="partenaire"
    ),
    "attached_add financement": lambda s: s.send(
        "attached_add", s.sheet.pk, "financement", who="ARS", amount="24 000,50"
    ),
    "attached_add indicateurs": lambda s: s.send(
        "attached_add", s.sheet.pk, "indicateurs", label="Délai d’accès"
    ),
    "attached_edit roles": lambda s: s.send(
        "attached_edit", s.sheet.pk, "roles", s.role.pk, who="CH du Val"
    ),
    "attached_edit financement": lambda s: s.send(
        "attached_edit", s.sheet.pk, "financement", s.line.pk, amount="12,50", state="acquis"
    ),
    "attached_edit indicateurs": lambda s: s.send(
        "attached_edit", s.sheet.pk, "indicateurs", s.indicator.pk, target="12"
    ),
    "attached_remove roles": lambda s: s.send("attached_remove", s.sheet.pk, "roles", s.role.pk),
    "attached_remove financement": lambda s: s.send(
        "attached_remove", s.sheet.pk, "financement", s.line.pk
    ),
    "attached_remove indicateurs": lambda s: s.send(
        "attached_remove", s.sheet.pk, "indicateurs", s.indicator.pk
    ),
    "attachment_add": lambda s: s.send(
        "attachment_add", s.sheet.pk, url="https://exemple.fr/b", name="Annexe"
    ),
    "attachment_remove": lambda s: s.send("attachment_remove", s.pinned.pk),
    "axis_list": lambda s: s.send("axis_list", s.project.pk, title="Prévenir"),
    "axis_place": lambda s: s.send("axis_place", s.empty_axis.pk, rang="1"),
    "axis_remove": lambda s: s.send("axis_remove", s.empty_axis.pk),
    "axis_rename": lambda s: s.send("axis_rename", s.axis.pk, title="Aller au-devant"),
    "bulk_edit": lambda s: s.send(
        "bulk_edit",
        s.project.pk,
        fiches=str(s.sheet.pk),
        seen=_seen(s, Asked(status="en_cours")),
        status="en_cours",
        etape="confirmer",
    ),
    "comment_add": lambda s: s.send("comment_add", s.sheet.pk, text="Vu en réunion"),
    "comment_remove": lambda s: s.send("comment_remove", s.comment.pk),
    "field_return": lambda s: s.send("field_return", s.overwritten.pk),
    "objective_add": lambda s: s.send("objective_add", s.sheet.pk, title="Former"),
    "objective_edit": lambda s: s.send("objective_edit", s.row.pk, title="Créer deux groupes"),
    "objective_group_add": lambda s: s.send("objective_group_add", s.sheet.pk, title="Loger"),
    "objective_move": lambda s: s.send(
        "objective_move", s.row.pk, place=Place(s.group.pk, 0).code, order=_order_of(s)
    ),
    "objective_paste": lambda s: s.send(
        "objective_paste", s.sheet.pk, lines="1) Un\n2) Deux", step="ajouter"
    ),
    "objective_planning": lambda s: s.send(
        "objective_planning", s.row.pk, **{f"q{QUARTER + 1}": CellState.PLANNED, "text": "Suite"}
    ),
    "objective_remove": lambda s: s.send("objective_remove", s.row.pk),
    "objective_state": lambda s: s.send(
        "objective_state", s.row.pk, state=ObjectiveState.DONE, was=ObjectiveState.TODO
    ),
    "planning_cells": lambda s: s.send_json(
        "planning_cells",
        kind="peindre",
        cells=[{"o": s.row.pk, "q": QUARTER, "to": "fait", "was": "prevu"}],
    ),
    "planning_shift": lambda s: s.send_json(
        "planning_shift", kind="decaler", objective=s.row.pk, by=1
    ),
    "planning_window": lambda s: s.send("planning_window", s.project.pk, last_year="2030"),
    "sheet_new": lambda s: s.send("sheet_new", s.project.pk, number="30", title="Nouvelle fiche"),
    "sheet_renumber": lambda s: s.send("sheet_renumber", s.sheet.pk, number="31"),
    "sheet_restore": lambda s: s.send("sheet_restore", s.retired.pk),
    "sheet_retire": lambda s: s.send("sheet_retire", s.sheet.pk, reason="Reprise ailleurs"),
    "sheet_return": lambda s: s.send("sheet_return", s.sheet.pk, s.gesture.pk),
    "sheet_section identite": lambda s: s.send(
        "sheet_section", s.sheet.pk, "identite", title="Pair-aidance et rétablissement"
    ),
    "sheet_section classement": lambda s: s.send(
        "sheet_section", s.sheet.pk, "classement", new_axis_title="Prévenir"
    ),
    "sheet_section pourquoi": lambda s: s.send(
        "sheet_section", s.sheet.pk, "pourquoi", need="Plus loin", audience="Tous"
    ),
    "sheet_section comment": lambda s: s.send(
        "sheet_section", s.sheet.pk, "comment", method="Réunir"
    ),
    "sheet_section remarques": lambda s: s.send(
        "sheet_section", s.sheet.pk, "remarques", remarks="Revu"
    ),
    "sheet_section avancement": lambda s: s.send(
        "sheet_section",
        s.sheet.pk,
        "avancement",
        status="suspendue",
        status_reason="Faute de moyens",
    ),
    "take_back": lambda s: s.send("take_back", s.gesture.pk),
    "foreign_workbook": lambda s: s.send_foreign("foreign_columns", colonne_D="copilot"),
    "foreign_columns": lambda s: s.send_foreign("foreign_columns", colonne_D="copilot"),
    "foreign_preview": lambda s: s.send_foreign("foreign_preview"),
    "foreign_forget": lambda s: s.send_foreign("foreign_forget"),
    "version_new": lambda s: s.send(
        "version_new", s.project.pk, dated_on="2026-03-03", confirme="oui"
    ),
    "workbook": lambda s: s.send_workbook(),
    "workbook_preview": lambda s: s.send_workbook(),
    "take_back_change": lambda s: s.send(
        "take_back_change", s.gesture.changes.order_by("rank")[0].pk
    ),
}


def _seen(scene: Scene, asked: Asked) -> str:
    """What the page announced of a gesture over several sheets."""
    keys = [scene.sheet.pk]
    return plan_bulk(scene.project, keys=keys, asked=asked, theirs=keys).code


def _order_of(scene: Scene) -> str:
    """The order of the rows as the page knows it."""
    page = scene.client.get(reverse("roadmap:objective_list", args=[scene.sheet.pk])).content
    field = BeautifulSoup(page, "html.parser").select_one("input[name=order]")
    return str(field["value"]) if field else ""


def addresses_that_write() -> set[str]:
    """From the resolver: those whose view says that it writes."""
    write = {
        function.name
        for path, function in views()
        if "roadmap" in path.parts
        and re.search(r"\bwrites\(", " ".join(map(ast.unparse, function.decorator_list)))
    }
    ours = addresses(get_resolver())
    return {
        str(entry.name)
        for _, entry in ours
        if entry.callback.__module__.startswith("roadmap.") and entry.name in write
    }


def test_every_address_that_writes_has_its_line() -> None:
    assert addresses_that_write() == {name.split()[0] for name in ADDRESSES}


def test_every_section_and_kind_of_row_has_its_line() -> None:
    lines = {f"sheet_section {section}" for section in SECTIONS}
    for address in ("attached_add", "attached_edit", "attached_remove"):
        lines |= {f"{address} {kind}" for kind in KINDS}
    assert {name for name in ADDRESSES if " " in name} == lines


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_what_a_page_writes_is_one_gesture(scene: Scene, name: str) -> None:
    _is_one_gesture(scene, ADDRESSES[name], by=scene.agnes)


# --- Every service that takes an author ---------------------------------------------------------

SERVICES: dict[str, Gesture] = {
    "add_axis": lambda s: axes.add_axis(project=s.project, label="", title="Prévenir", by=s.agnes),
    "add_objective": lambda s: objectives.add_objective(
        action=s.sheet, by=s.agnes, row=read_lines("Former").rows[0], spot=objectives.Spot()
    ),
    "add_project_group": lambda s: objectives.add_project_group(
        action=s.sheet, by=s.agnes, label="Projet 2", title="Loger"
    ),
    "comment_on_sheet": lambda s: margins.comment_on_sheet(action=s.sheet, text="Vu", by=s.agnes),
    "edit_sheets": lambda s: edit_sheets(
        project=s.project,
        keys=[s.sheet.pk],
        asked=Asked(quarters=1),
        seen={s.sheet.pk: _seen(s, Asked(quarters=1)).partition(".")[2]},
        by=s.agnes,
    ),
    "forget_columns": lambda s: columns.forget_columns(mapping=s.mapping, by=s.agnes),
    "freeze": lambda s: freeze(
        s.project, kind=VersionKind.REVIEW, label="Revue T4 2026", dated_on=MARCH, by=s.agnes
    ),
    "make_official": lambda s: make_official(
        s.project, act_kind=ActKind.REVISION, dated_on=MARCH, reference="", reason="", by=s.agnes
    ),
    "make_sheet": lambda s: lifecycle.make_sheet(
        project=s.project, number=30, title="Copie", source=s.sheet, by=s.agnes
    ),
    "move_objective": lambda s: objectives.move_objective(
        objective=s.row, by=s.agnes, place=Place(s.group.pk, 0), order=_order_of(s)
    ),
    "paste_lines": lambda s: objectives.paste_lines(
        action=s.sheet, by=s.agnes, rows=read_lines("Un\nDeux").rows, spot=objectives.Spot()
    ),
    "pin_to_sheet": lambda s: margins.pin_to_sheet(
        action=s.sheet, upload=None, url="https://exemple.fr/b", name="Annexe", by=s.agnes
    ),
    "place_axis": lambda s: axes.place_axis(axis=s.empty_axis, rank=1, by=s.agnes),
    "remove_axis": lambda s: axes.remove_axis(axis=s.empty_axis, by=s.agnes),
    "remember_columns": lambda s: columns.remember_columns(
        project=s.project, by=s.agnes, file_name="a.xlsx", titles={}, told={}
    ),
    "remove_comment": lambda s: margins.remove_comment(comment=s.comment, by=s.agnes),
    "remove_objective": lambda s: objectives.remove_objective(objective=s.row, by=s.agnes),
    "remove_row": lambda s: remove_row(
        action=s.sheet, kind=KINDS["roles"], key=s.role.pk, by=s.agnes
    ),
    "renumber_sheet": lambda s: numbering.renumber_sheet(action=s.sheet, number=31, by=s.agnes),
    "restore_sheet": lambda s: lifecycle.restore_sheet(action=s.retired, by=s.agnes),
    "retire_sheet": lambda s: lifecycle.retire_sheet(action=s.sheet, reason="Fini", by=s.agnes),
    "return_to": lambda s: return_to(
        way=SheetReturn(s.sheet, s.gesture),
        seen=way_back(SheetReturn(s.sheet, s.gesture)).code,
        project=s.project,
        by=s.agnes,
    ),
    "set_cells": lambda s: set_cells(
        project=s.project, by=s.agnes, cells=[SetCell(s.row.pk, QUARTER, "fait", "prevu")]
    ),
    "set_note": lambda s: shifting.set_note(
        objective=s.row, by=s.agnes, note=shifting.Note("Suite"), was=shifting.Note()
    ),
    "set_row": lambda s: shifting.set_row(
        objective=s.row,
        by=s.agnes,
        cells=[SetCell(s.row.pk, QUARTER, "fait", "prevu")],
        note=shifting.Note("Suite"),
        was=shifting.Note(),
    ),
    "set_state": lambda s: objectives.set_state(
        objective=s.row, by=s.agnes, state=ObjectiveState.DONE
    ),
    "set_window": lambda s: shifting.set_window(
        project=s.project,
        by=s.agnes,
        first=Quarter.of(2025, 1).index,
        last=Quarter.of(2030, 4).index,
        was=(s.project.planning_first, s.project.planning_last),
    ),
    "shift_objective": lambda s: shifting.shift_objective(objective=s.row, by=s.agnes, quarters=1),
    "shift_sheet": lambda s: shifting.shift_sheet(action=s.sheet, by=s.agnes, quarters=1),
    "take_back": lambda s: take_back(gesture=s.gesture, project=s.project, by=s.agnes),
    "take_back_change": lambda s: take_back_change(
        change=s.gesture.changes.order_by("rank")[0], project=s.project, by=s.agnes
    ),
    "unpin_from_sheet": lambda s: margins.unpin_from_sheet(pinned=s.pinned, by=s.agnes),
    "write_again": lambda s: objectives.write_again(
        action=s.sheet, by=s.agnes, row=Objective(action=s.sheet, title="Encore")
    ),
    "write_import": lambda s: import_workbook(
        s.project,
        by=s.agnes,
        name="plan.xlsx",
        contents=Sent(exported(s.project)).write("Fiches", 2, "Titre", "Autre").contents,
    ),
    "write_roadmap": lambda s: write_roadmap(project=s.project, roadmap=RoadmapDraft(), by=s.agnes),
}


def services_that_write() -> set[str]:
    """Those that take an author; the others are parts of these, or would meet `NoGesture`."""
    return {
        service.name
        for path in files_named("services")
        if "roadmap" in path.parts
        for service in public_functions(path)
        if "by" in {argument.arg for argument in service.args.kwonlyargs}
    } - NOT_WRITES


def test_every_service_that_writes_has_its_line() -> None:
    assert services_that_write() == set(SERVICES)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_what_a_service_writes_is_one_gesture(scene: Scene, name: str) -> None:
    _is_one_gesture(scene, SERVICES[name], by=scene.agnes)


# --- What a gesture must be ---------------------------------------------------------------------


def _is_one_gesture(scene: Scene, act: Gesture, *, by: User) -> None:
    before = ChangeSet.objects.count()
    revision = Project.objects.get(pk=scene.project.pk).revision
    act(scene)
    assert ChangeSet.objects.count() == before + 1, "one gesture, no less and no more"
    made = ChangeSet.objects.latest_first()[0]
    project = Project.objects.get(pk=scene.project.pk)
    assert (made.by, made.by_name) == (by, by.get_full_name())
    assert made.scope == project.scope
    assert made.revision == project.revision == revision + 1
    assert made.changes.exists()
    _is_french(made.words)


def _is_french(words: str) -> None:
    """What people typed stands between guillemets, as they typed it."""
    words = re.sub("«\u00a0.*?\u00a0»", "«\u00a0…\u00a0»", words)
    assert re.match(r"(a|n’a) [a-zéèêà]", words), words
    assert not re.search(r"[.\s]$", words), words
    assert NOT_FRENCH.findall(words) == [], words
    assert faults(words) == [], words
