"""What is written about the house is true: commands, links, words, states."""

import importlib
import re
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.db import models

from tests.house import ROOMS, ROOT, named, our_models, packages, python_files

GUIDE = ROOT / "docs" / "guide"
FRONT_DOORS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")
PAGES = [*(ROOT / name for name in FRONT_DOORS), *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
ROW = re.compile(r"^\|(.+)\|\s*$", re.MULTILINE)


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def rows(source: str) -> list[list[str]]:
    """The cells of every row of every table, heads and rules aside."""
    cells = [[cell.strip() for cell in row.split("|")] for row in ROW.findall(source)]
    return [row for row in cells if "`" in "".join(row)]


def enums() -> list[type[models.TextChoices]]:
    """Every enumeration of the rooms."""
    modules = [
        importlib.import_module(f"{room}.enums")
        for room in ROOMS
        if (ROOT / room / "enums.py").exists()
    ]
    return [
        thing
        for module in modules
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, models.TextChoices)
        if thing.__module__ == module.__name__
    ]


def room_of(thing: type) -> str:
    return thing.__module__.split(".")[0]


# --- Commands and links -------------------------------------------------------------------------


def targets() -> set[str]:
    makefile = text(ROOT / "Makefile")
    return set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_commands_named_in_a_page_exist(path: Path) -> None:
    known = targets()
    code = "\n".join(re.findall(r"`[^`]+`|```.*?```", text(path), re.DOTALL))
    assert [name for name in re.findall(r"\bmake ([a-z][a-z-]+)", code) if name not in known] == []
    commands = re.findall(r"manage\.py ([a-z_0-9]+)", text(path))
    assert [name for name in commands if name not in get_commands()] == []


def test_every_command_of_ours_is_in_the_readme() -> None:
    ours = [name for name, app in get_commands().items() if app in ROOMS]
    assert [name for name in ours if f"manage.py {name}" not in text(ROOT / "README.md")] == []


def anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text(path), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_links_lead_somewhere(path: Path) -> None:
    lost = []
    for link in LINK.findall(text(path)):
        target, _, anchor = link.partition("#")
        aimed = (path.parent / target).resolve() if target else path
        if link.startswith(("https://", "mailto:")):
            continue
        if not aimed.exists() or (anchor and anchor not in anchors(aimed)):
            lost.append(link)
    assert lost == []


def test_every_picture_of_the_guide_is_shown() -> None:
    shown = {link for page in PAGES for link in LINK.findall(text(page)) if "images/" in link}
    names = {Path(link).name for link in shown}
    assert {path.name for path in (GUIDE / "images").glob("*")} <= names


def test_every_page_of_the_guide_is_in_its_contents() -> None:
    pages = {path.name for path in GUIDE.glob("*.md")} - {"index.md"}
    assert pages <= set(LINK.findall(text(GUIDE / "index.md")))


def test_pictures_of_the_guide_say_what_they_show() -> None:
    pictures = [alt for path in GUIDE.glob("*.md") for alt in re.findall(r"!\[(.*?)\]", text(path))]
    assert pictures
    assert all(len(alt) > 10 for alt in pictures)


# --- Words --------------------------------------------------------------------------------------


def glossary() -> dict[tuple[str, str], str]:
    """French word by room and code name; a room stands under its own name."""
    entries = {}
    for word, code, room, *_ in rows(text(ROOT / "docs" / "glossaire.md")):
        name = code.strip("`")
        is_room = re.fullmatch(r"`[a-z]+`", room)
        entries[(room.strip("`") if is_room else name, name)] = word
    return entries


def test_glossary_has_every_room() -> None:
    entries = glossary()
    assert [room for room in packages() if (room, room) not in entries] == []


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_glossary_gives_the_french_name_of_each_model(model: type[models.Model]) -> None:
    word = glossary()[room_of(model), model.__name__]
    assert word == str(model._meta.verbose_name)


@pytest.mark.parametrize("enum", enums(), ids=lambda enum: enum.__qualname__)
def test_glossary_has_each_enumeration(enum: type[models.TextChoices]) -> None:
    assert (room_of(enum), enum.__name__) in glossary()


def test_glossary_names_nothing_that_is_gone() -> None:
    code = "\n".join(text(path) for path in python_files(*packages()))
    known = {(room_of(thing), thing.__name__) for thing in [*our_models(), *enums()]}
    known |= {(room, room) for room in packages()}
    stale = [
        entry
        for entry in glossary()
        if entry not in known and not (entry[0] == entry[1] and re.search(rf"\b{entry[1]}\b", code))
    ]
    assert stale == []


# --- States -------------------------------------------------------------------------------------


def states() -> dict[str, list[tuple[str, str]]]:
    """Codes and labels of each table of `states.md`, by the enumeration above it."""
    sections = re.split(r"^## `([\w.]+)`$", text(ROOT / "docs" / "states.md"), flags=re.MULTILINE)
    return {
        name: [(row[0].strip("`"), row[1]) for row in rows(section)]
        for name, section in zip(sections[1::2], sections[2::2], strict=True)
    }


def test_states_are_those_of_the_code() -> None:
    of_code = {
        f"{room_of(enum)}.{enum.__name__}": [(code, str(label)) for code, label in enum.choices]
        for enum in enums()
        if enum.__name__.endswith(("State", "Status", "Stage"))
    }
    assert of_code
    assert states() == of_code


# --- Decisions ----------------------------------------------------------------------------------


def test_decisions_are_numbered_and_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    pages = sorted(path.name for path in folder.glob("0*.md"))
    assert [name[:4] for name in pages] == [f"{n:04}" for n in range(1, len(pages) + 1)]
    listed = LINK.findall(text(folder / "README.md"))
    assert [name for name in pages if name not in listed] == []


def test_founding_decisions_cited_in_code_exist() -> None:
    settled = set(re.findall(r"^(\d+)\. ", text(ROOT / "docs" / "decisions.md"), re.MULTILINE))
    cited = {
        number
        for path in python_files(*packages(), "tests")
        for numbers in re.findall(r"`decisions\.md` ([\d, ]*\d)", text(path))
        for number in numbers.split(", ")
    }
    assert cited
    assert cited - settled == set()
