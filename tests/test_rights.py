"""`docs/rights.md` says who may do what: its tables are what the rules say, and answer."""

import importlib
import re
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from documents.kinds import kind_of
from documents.models import Document
from documents.permissions import (
    can_order_paper,
    can_pin_paper,
    can_read_document,
    can_retry_document,
)
from governance.models import Decision, Meeting
from governance.permissions import (
    can_follow_decision,
    can_lead_governance,
    can_manage_people,
    can_read_governance,
    can_read_minutes,
    can_see_people,
    can_take_minutes,
)
from journal.models import Change
from reviews.models import Update
from reviews.permissions import can_answer, can_lead_review, can_read_review
from roadmap.models import Action, ActionComment
from roadmap.permissions import (
    can_comment_sheet,
    can_lead_roadmap,
    can_order_roadmap_papers,
    can_remove_comment,
    can_take_back,
    can_take_back_each,
    can_write_sheet,
    can_write_sheets,
    can_write_which,
)
from territories.enums import ROLES_OF_SCOPE, Role
from territories.models import Project, Territory
from territories.permissions import can_manage_members, can_see_members
from tests.cast import Cast
from tests.doors import Scene, set_scene
from tests.governance.doors import with_governance
from tests.house import ROOMS, ROOT, files_named, public_functions
from tests.reviews.doors import with_review

PAGE = ROOT / "docs" / "rights.md"
# Who plays each column; the sheet, its comment and its last gesture are those of « paul ».
COLUMNS = {
    "pilotage régional": "emile",
    "lecture régionale": "fanny",
    "coordination": "agnes",
    "pilote de la fiche": "paul",
    "pilote d’une autre": "prune",
    "membre": "bruno",
    "invité": "gael",
    "lecture nationale": "denis",
    "sans rôle ici": "chloe",
    "accès suspendu": "suzanne",
    "administration": "racine",
}

Ask = Callable[[User, dict[str, Any]], bool]
ASKED: dict[Callable[..., Any], Ask] = {
    can_see_members: lambda user, it: can_see_members(user, it["territory"]),
    can_manage_members: lambda user, it: can_manage_members(user, it["territory"]),
    can_order_paper: lambda user, it: can_order_paper(user, it["project"], kind_of("livret")),
    can_read_document: lambda user, it: can_read_document(user, it["document"]),
    can_retry_document: lambda user, it: can_retry_document(user, it["document"]),
    can_pin_paper: lambda user, it: can_pin_paper(user, it["project"]),
    can_see_people: lambda user, it: can_see_people(user, it["territory"]),
    can_manage_people: lambda user, it: can_manage_people(user, it["territory"]),
    can_read_governance: lambda user, it: can_read_governance(user, it["project"]),
    can_lead_governance: lambda user, it: can_lead_governance(user, it["project"]),
    can_take_minutes: lambda user, it: can_take_minutes(user, it["meeting"]),
    can_read_minutes: lambda user, it: can_read_minutes(user, it["meeting"]),
    can_follow_decision: lambda user, it: can_follow_decision(user, it["decision"]),
    can_order_roadmap_papers: lambda user, it: can_order_roadmap_papers(user, it["project"]),
    can_lead_roadmap: lambda user, it: can_lead_roadmap(user, it["project"]),
    can_write_sheet: lambda user, it: can_write_sheet(user, it["sheet"]),
    can_write_which: lambda user, it: it["sheet"].pk in can_write_which(user, it["project"]),
    can_write_sheets: lambda user, it: can_write_sheets(user, it["project"]),
    can_take_back: lambda user, it: can_take_back(user, it["project"], it["changes"]),
    can_take_back_each: lambda user, it: all(
        can_take_back_each(user, it["project"], [it["changes"], it["changes"]])
    ),
    can_comment_sheet: lambda user, it: can_comment_sheet(user, it["sheet"]),
    can_remove_comment: lambda user, it: can_remove_comment(user, it["comment"]),
    can_read_review: lambda user, it: can_read_review(user, it["project"]),
    can_lead_review: lambda user, it: can_lead_review(user, it["project"]),
    can_answer: lambda user, it: can_answer(user, it["update"]),
}


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return with_governance(with_review(set_scene(cast)))


def rules() -> list[Callable[..., Any]]:
    """Every question of every `permissions.py`."""
    found = []
    for path in sorted(files_named("permissions"), key=lambda path: ROOMS.index(path.parent.name)):
        module = importlib.import_module(f"{path.parent.name}.permissions")
        found += [getattr(module, function.name) for function in public_functions(path)]
    return found


def rule_in_words(rule: Callable[..., Any]) -> str:
    """Its docstring, but for what it costs."""
    said = re.sub(r"[ \n]+", " ", rule.__doc__ or "").strip()
    sentences = re.split(r"(?<=\.) ", said)
    return " ".join(each for each in sentences if "requête" not in each)


def table(scene: Scene) -> str:
    """What the page must hold: the rules, and what they answer to each role."""
    it = {
        "territory": Territory.objects.get(code=scene.keys["territory"]),
        "project": Project.objects.get(pk=scene.keys["project"]),
        "sheet": Action.objects.select_related("project").get(pk=scene.keys["sheet"]),
        "update": Update.objects.with_place().get(pk=scene.keys["update"]),
        "document": Document.objects.select_related("project").get(pk=scene.keys["document"]),
        "changes": list(Change.objects.filter(pk=scene.keys["change"])),
        "meeting": Meeting.objects.with_place().get(pk=scene.keys["minutes_meeting"]),
        "decision": Decision.objects.with_place().get(pk=scene.keys["decision"]),
        "comment": ActionComment.objects.select_related("action__project").get(
            pk=scene.keys["comment"]
        ),
    }
    lines = [["règle", *COLUMNS], ["---", *[":-:"] * len(COLUMNS)]]
    for rule in rules():
        answers = [ASKED[rule](scene.people[who], it) for who in COLUMNS.values()]  # type: ignore[arg-type]
        name = f"`{rule.__module__.split('.')[0]}.{rule.__name__}`"
        lines.append([name, *("oui" if answer else "–" for answer in answers)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def test_every_rule_is_played() -> None:
    assert set(rules()) == set(ASKED)


def test_page_says_what_the_rules_answer(scene: Scene) -> None:
    expected = table(scene)
    assert expected in PAGE.read_text(encoding="utf-8"), f"docs/rights.md must hold:\n{expected}"


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.__name__)
def test_page_gives_each_rule_in_its_own_words(rule: Callable[..., Any]) -> None:
    name = f"{rule.__module__.split('.')[0]}.{rule.__name__}"
    line = f"| `{name}` | {rule_in_words(rule)} |"
    assert line in PAGE.read_text(encoding="utf-8"), f"docs/rights.md must hold:\n{line}"


def test_page_names_each_role_with_its_scope() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for scope, roles in ROLES_OF_SCOPE.items():
        for role in roles:
            assert f"| {role.label} | `{role.value}` | {scope.label.lower()} |" in page
    named = re.findall(r"^\| [^|]+ \| `[a-z_]+` \| (?:national|région|territoire) \|", page, re.M)
    assert len(named) == len(Role)
