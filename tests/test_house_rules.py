"""The rules of the house that no linter knows (`docs/where-to-put-it.md`)."""

import ast
import re
from pathlib import Path

import pytest
from django.db import models
from django.template.utils import get_app_template_dirs
from django.urls import get_resolver

from journal.tracing import TracedModel, TracedQuerySet
from tests.french import faults
from tests.house import (
    CONTRACT,
    ROOMS,
    ROOT,
    TEMPLATES,
    addresses,
    committed_files,
    files_named,
    imported,
    named,
    our_models,
    packages,
    public_functions,
    python_files,
    rule_modules,
    templates,
    tree,
    views,
)

# Given by Django and allauth when things go wrong: no view of ours names them.
ERROR_PAGES = {f"{code}.html" for code in (400, 403, 404, 429, 500, 503)}
OFFICIAL_SITES = ("www.cnil.fr", "www.defenseurdesdroits.fr", "formulaire.defenseurdesdroits.fr")
TOO_LONG = 400
# A file of tests is a list: it is read by its names.
TOO_LONG_TESTS = 500
# One file of settings, whatever its length: `docs/decisions/0003-settings-one-file.md`.
ALLOWED_TO_BE_LONG = {"ptsm/settings.py"}


# --- Rooms and files ----------------------------------------------------------------------------


def test_contract_lists_the_rooms_that_exist() -> None:
    assert sorted(CONTRACT["root_packages"]) == packages()
    layers = " | ".join(CONTRACT["contracts"][0]["layers"])
    listed = set(re.findall(r"[a-z]+", layers))
    assert set(packages()) <= listed


@pytest.mark.parametrize("room", packages())
def test_room_says_what_it_is_for(room: str) -> None:
    said = ast.get_docstring(tree(ROOT / room / "__init__.py"))
    assert said
    assert len(said) > 60


def test_no_file_is_a_drawer_for_everything() -> None:
    forbidden = {"utils", "helpers", "common", "misc", "mixins", "signals", "tools", "managers"}
    files = [*python_files(*packages(), "tests"), *templates()]
    assert [named(path) for path in files if forbidden & {Path(p).stem for p in path.parts}] == []


def test_files_stay_short() -> None:
    code = [*python_files(*packages()), *templates()]
    limits = {
        **dict.fromkeys(code, TOO_LONG),
        **dict.fromkeys(python_files("tests"), TOO_LONG_TESTS),
    }
    long = [
        named(path)
        for path, limit in limits.items()
        if len(path.read_text(encoding="utf-8").splitlines()) > limit
    ]
    assert set(long) - ALLOWED_TO_BE_LONG == set()


def test_no_committed_file_names_a_machine_or_a_registry() -> None:
    paths = "|".join(("wo" + "rk", "ro" + "ot", "ho" + "me/[a-z]+"))
    hosts = "|".join((r"py" + r"pi\.org", r"python" + r"hosted\.org", r"npm" + r"js\.org"))
    forbidden = re.compile(rf"(?<![\w./>}}-])/({paths})/|{hosts}".encode())
    found = {
        named(path): match[0].decode()
        for path in committed_files()
        if (match := forbidden.search(path.read_bytes()))
    }
    assert found == {}


# --- Code ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", rule_modules(), ids=named)
def test_rules_never_see_a_request(path: Path) -> None:
    screens = ("django.http", "django.shortcuts", "django.views", "django.contrib.messages")
    assert [name for name in imported(tree(path)) if name.startswith(screens)] == []


def test_rooms_send_each_other_no_signal() -> None:
    signals = ("django.dispatch", "django.db.models.signals", "django.core.signals")
    found = {
        named(path): name
        for path in python_files(*ROOMS)
        for name in imported(tree(path))
        if name.startswith(signals)
    }
    assert found == {}


def test_nothing_is_printed_from_code() -> None:
    found = [
        named(path)
        for path in python_files(*packages())
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]
    assert found == []


def test_every_view_says_which_methods_it_answers() -> None:
    undecided = [
        f"{named(path)}:{function.name}"
        for path, function in views()
        if not re.search(
            r"\b(readonly_view|writes)\b", " ".join(map(ast.unparse, function.decorator_list))
        )
    ]
    assert undecided == []


def test_every_view_says_what_it_shows() -> None:
    silent = [f"{named(p)}:{view.name}" for p, view in views() if not ast.get_docstring(view)]
    assert silent == []


def test_services_are_called_by_keyword_and_say_why() -> None:
    # What a service is about may come first, alone: describe(roadmap).
    wrong = [
        f"{named(path)}:{service.name}"
        for path in files_named("services")
        for service in public_functions(path)
        if len(service.args.args) > 1 or not ast.get_docstring(service)
    ]
    assert wrong == []


def test_permissions_are_questions_with_their_rule() -> None:
    wrong = [
        f"{named(path)}:{permission.name}"
        for path in files_named("permissions")
        for permission in public_functions(path)
        if not re.match(r"(can|may|is)_[a-z_]+$", permission.name)
        or not ast.get_docstring(permission)
        or "request" in {argument.arg for argument in permission.args.args}
    ]
    assert wrong == []


# --- Tables -------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_model_is_described_and_named_in_french(model: type[models.Model]) -> None:
    # Django writes « Model(field, field) » where nothing was said.
    assert model.__doc__
    assert not model.__doc__.startswith(f"{model.__name__}(")
    for name in ("verbose_name", "verbose_name_plural"):
        assert name in model._meta.original_attrs, f"{model._meta.label} has no {name}"
        assert str(model._meta.original_attrs[name])[0].islower()


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_fields_are_named_for_their_reader(model: type[models.Model]) -> None:
    fields = [*model._meta.local_fields, *model._meta.local_many_to_many]
    unnamed = [
        field.name
        for field in fields
        if not field.auto_created and getattr(field, "_verbose_name", None) is None
    ]
    assert unnamed == []
    assert [field.name for field in fields if faults(str(field.verbose_name))] == []


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_order_is_said_by_querysets(model: type[models.Model]) -> None:
    assert not model._meta.ordering


def test_foreign_keys_point_down() -> None:
    floors = [set(re.findall(r"[a-z]+", layer)) for layer in CONTRACT["contracts"][0]["layers"]]
    floor = {room: height for height, rooms in enumerate(reversed(floors)) for room in rooms}
    upward = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]
        if field.related_model is not None
        and (target := field.related_model._meta.app_label) in ROOMS
        and target != model._meta.app_label
        and floor[target] >= floor[model._meta.app_label]
    ]
    assert upward == []


def test_migrations_are_named_by_hand() -> None:
    names = [path.stem for room in ROOMS for path in (ROOT / room / "migrations").glob("0*.py")]
    assert names
    assert [name for name in names if re.search(r"_auto_|_and_more|_alter_.*_and_", name)] == []


# --- The journal --------------------------------------------------------------------------------

# The law and the method, the same for everybody: loaded, never written from a page.
REFERENCE = {"roadmap.Priority", "roadmap.Theme"}
# Asks the base whether it answers.
BARE_CURSORS = {"core/views.py"}
PAST_THE_JOURNAL = re.compile(
    r"\._raw_delete\(|\.raw\(|\.cursor\(|\bRunSQL\b|\bsave_base\(|QuerySet\.(update|delete)\("
)
WRITING = {"update", "delete", "create", "bulk_create", "bulk_update", "get_or_create"}
WRITING |= {"update_or_create", "_update", "_insert"}
# What the removal of an untraced row does to a traced one, which nobody notes. Reference rows are
# never removed; the name of who wrote is kept beside the account, that of who answers beside the
# person.
UNNOTED_REMOVALS = {
    "roadmap.SecondaryPriority.priority",
    "roadmap.ActionTheme.theme",
    "roadmap.ActionComment.author",
    "reviews.Campaign.led_by",
    "reviews.Respondent.person",
    "roadmap.RoadmapVersion.made_by",
    # Their names are kept beside them.
    "governance.Seat.person",
    "governance.Seat.organisation",
    "governance.Seat.substitute",
    "governance.Attendee.person",
    "governance.Decision.responsible",
    # Not edited, so not traced.
    "governance.Attendee.link",
    "governance.Attendee.mail",
    # Their names are kept beside them; the mail is not edited.
    "governance.EngagementLetter.organisation",
    "governance.EngagementLetter.contact",
    "governance.EngagementLetter.mail",
    "governance.FollowedLine.responsible",
}


def traced_models() -> list[type[TracedModel]]:
    return [model for model in our_models() if issubclass(model, TracedModel)]


def test_no_write_goes_past_the_journal() -> None:
    found = {
        named(path): match[0]
        for path in python_files(*(set(packages()) - {"journal"}))
        if named(path) not in BARE_CURSORS
        and (match := PAST_THE_JOURNAL.search(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_base_managers_only_read() -> None:
    found = [
        f"{named(path)}:{node.lineno}"
        for path in python_files(*(set(packages()) - {"journal"}))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITING
        and "_base_manager" in ast.unparse(node.func)
    ]
    assert found == []


def test_rows_are_not_moved_by_the_other_end_of_their_link() -> None:
    # Django writes « sheet.roles.add(role) » by the base manager, which notes nothing.
    ends = {
        str(relation.get_accessor_name())
        for model in our_models()
        for relation in model._meta.related_objects
        if relation.one_to_many and issubclass(relation.related_model, TracedModel)
    }
    moved = re.compile(rf"\.({'|'.join(sorted(ends))})\.(add|set|remove|clear)\(")
    found = {
        named(path): match[0]
        for path in python_files(*packages())
        if (match := moved.search(path.read_text(encoding="utf-8")))
    }
    assert ends
    assert found == {}


def test_all_of_the_roadmap_is_traced() -> None:
    traced = {model._meta.label for model in traced_models()}
    roadmap = {model._meta.label for model in our_models() if model._meta.app_label == "roadmap"}
    assert roadmap - traced == REFERENCE
    assert "territories.Project" in traced


def test_a_traced_row_keeps_its_own_subject() -> None:
    # A column of that name would be what the journal files the row under.
    assert [m for m in traced_models() if not isinstance(m.subject, property)] == []


def test_managers_of_traced_rows_trace() -> None:
    silent = [
        f"{model._meta.label}.{manager.name}"
        for model in traced_models()
        for manager in {model._default_manager, *model._meta.managers}
        if not issubclass(type(manager.all()), TracedQuerySet)
    ]
    assert silent == []


def test_removing_an_untraced_row_never_changes_a_traced_one() -> None:
    unnoted = {
        f"{model._meta.label}.{field.name}"
        for model in traced_models()
        for field in model._meta.concrete_fields
        if field.related_model is not None
        and not issubclass(field.related_model, TracedModel)
        and getattr(field.remote_field, "on_delete", None) is not models.PROTECT
    }
    assert unnoted == UNNOTED_REMOVALS


# --- Addresses ----------------------------------------------------------------------------------


def test_every_address_has_a_name_and_ends_with_a_slash() -> None:
    ours = list(addresses(get_resolver()))
    assert ours
    assert [route for route, entry in ours if not entry.name] == []
    wrong = [route for route, _ in ours if route and not route.endswith(("/", ".txt"))]
    assert wrong == []


def test_view_and_address_have_one_name() -> None:
    differing = {
        route: f"{entry.name} ≠ {entry.callback.__name__}"
        for route, entry in addresses(get_resolver())
        # allauth looks for its own pages under its own names; the help has a first page.
        if entry.name not in {entry.callback.__name__, "help"}
        and not str(entry.name).startswith("account_")
    }
    assert differing == {}


# --- Templates ----------------------------------------------------------------------------------


def test_every_template_is_used() -> None:
    said = [path.read_text(encoding="utf-8") for path in [*python_files(*packages()), *templates()]]
    everything = "\n".join(said)
    shipped = [Path(folder) for folder in get_app_template_dirs("templates")]
    unused = []
    for path in templates():
        name = str(path.relative_to(TEMPLATES))
        replaces_a_library = any((folder / name).exists() for folder in shipped)
        is_named = re.search(rf"[\"']{re.escape(name)}[\"'#]", everything)
        if not (name in ERROR_PAGES or replaces_a_library or is_named):
            unused.append(name)
    assert unused == []


@pytest.mark.parametrize("path", templates(), ids=named)
def test_template_keeps_to_the_content_policy(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    inline = re.findall(r"\sstyle=|<style\b|\son[a-z]+=|hx-on|javascript:", source)
    inline += re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", source)
    assert inline == []


@pytest.mark.parametrize("path", templates(), ids=named)
def test_template_loads_nothing_from_outside(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    links = re.compile(r"<a\s[^>]*href=\"https://([^/\"]+)[^\"]*\"")
    assert [host for host in links.findall(source) if host not in OFFICIAL_SITES] == []
    elsewhere = links.sub("", source).replace("http://www.w3.org/", "")
    assert re.findall(r"(?:https?:)?//[\w-]+\.[\w.-]+", elsewhere) == []


def test_stylesheets_load_nothing_from_outside() -> None:
    sheets = [*(ROOT / "static").rglob("*.css"), *(ROOT / "static").rglob("*.svg")]
    found = {
        named(path): match[0]
        for path in sheets
        if (
            match := re.search(
                r"https?://(?!www\.w3\.org/)[^\s\"')]+|@import", path.read_text(encoding="utf-8")
            )
        )
    }
    assert found == {}
