"""The served way on paper: compose file, image and page agree with the settings, word by word."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("web", "worker", "beat", "migrate")
DOCKERFILE = (ROOT / "Dockerfile").read_text()
READERS = (
    r"""(?:env\.\w+|required_when_served|os\.environ\.get)\(\s*"([A-Z][A-Z0-9_]+)\""""
    r"""|os\.environ\["([A-Z][A-Z0-9_]+)"\]"""
)
# Read from the compose file alone.
OF_THE_COMPOSE_FILE = {"POSTGRES_PASSWORD", "WEB_PORTS"}
# Read by the official images.
OF_THE_IMAGES = {"POSTGRES_USER", "POSTGRES_DB"}


def read_by_the_code() -> set[str]:
    """Names of variables in the settings and in what runs the web process."""
    sources = "".join(path.read_text() for path in (ROOT / "ptsm").glob("*.py"))
    found = {name for pair in re.findall(READERS, sources) for name in pair if name}
    return found - {"DJANGO_SETTINGS_MODULE"}


def required_by_the_settings() -> set[str]:
    source = (ROOT / "ptsm" / "settings.py").read_text()
    named = set(re.findall(r'required_when_served\(\s*"([A-Z_]+)"', source))
    return named | {"SECRET_KEY"}


def documented() -> dict[str, str]:
    """Variable → its default, from the table of the page."""
    rows = re.findall(
        r"^\| `([A-Z0-9_]+)` \| .+ \| (.+) \|$", (ROOT / "docs/served.md").read_text(), re.MULTILINE
    )
    return dict(rows)


def exemplified() -> dict[str, bool]:
    """Variable → whether the example asks for it (it is not commented out)."""
    lines = re.findall(
        r"^(# )?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE
    )
    return {name: not hidden for hidden, name in lines}


def test_every_variable_that_the_code_reads_has_its_line_on_the_page() -> None:
    assert read_by_the_code() | OF_THE_COMPOSE_FILE == set(documented())


def test_every_variable_of_the_page_is_in_the_example() -> None:
    assert set(exemplified()) == set(documented())


def test_what_is_required_is_said_to_be() -> None:
    said = {name for name, default in documented().items() if default.startswith("required")}
    assert said == (required_by_the_settings() | {"POSTGRES_PASSWORD"})


def test_the_example_asks_for_what_is_required_and_not_set_elsewhere() -> None:
    set_by_the_compose_file = set(SERVICES["web"]["environment"])
    asked = {name for name, is_asked in exemplified().items() if is_asked}
    required = {name for name, default in documented().items() if default.startswith("required")}
    assert asked == required - set_by_the_compose_file


def test_the_compose_file_names_only_known_variables() -> None:
    known = set(documented()) | OF_THE_IMAGES
    given = {name for service in SERVICES.values() for name in service.get("environment", {})}
    borrowed = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert given | borrowed <= known


def test_the_image_sets_only_known_variables() -> None:
    kept = re.search(r"^ENV (.+?)(?<!\\)\n", DOCKERFILE, re.DOTALL | re.MULTILINE)
    assert kept is not None
    names = set(re.findall(r"([A-Z_]+)=", kept[1]))
    assert names - {"PATH", "PYTHONUNBUFFERED", "HOME"} <= set(documented())


def test_the_database_password_has_no_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert set(re.findall(r"\$\{POSTGRES_PASSWORD(.*?)\}", text)) == {":?set it in .env"}


@pytest.mark.parametrize("name", OURS)
def test_our_containers_run_without_root_on_a_read_only_system(name: str) -> None:
    service = SERVICES[name]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])
    assert f"USER {service['user']}" in DOCKERFILE
    assert f"--uid {service['user'].split(':')[0]}" in DOCKERFILE
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_container_runs_as_root(name: str) -> None:
    assert SERVICES[name]["user"] not in {"root", "0", "0:0", ""}


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_every_lasting_service_says_how_it_is_and_comes_back(name: str) -> None:
    service = SERVICES[name]
    assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert service["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_processes_wait_for_the_migrations_and_for_their_services(name: str) -> None:
    awaited = {key: value["condition"] for key, value in SERVICES[name]["depends_on"].items()}
    assert awaited == {
        "migrate": "service_completed_successfully",
        "postgres": "service_healthy",
        "redis": "service_healthy",
    }


def test_files_and_what_redis_holds_outlive_their_containers() -> None:
    volumes = {
        volume.split(":")[0] for service in SERVICES.values() for volume in service["volumes"]
    }
    assert volumes == set(COMPOSE["volumes"])
    assert SERVICES["web"]["volumes"] == SERVICES["worker"]["volumes"] == ["files:/srv/files"]
    assert "MEDIA_ROOT=/srv/files" in DOCKERFILE
    assert "--appendonly yes" in " ".join(SERVICES["redis"]["command"])


def test_several_web_processes_can_be_published() -> None:
    assert SERVICES["web"]["ports"] == ["127.0.0.1:${WEB_PORTS:-8000-8009}:8000"]
    assert "PTSM_BIND=0.0.0.0:8000" in DOCKERFILE


def test_the_image_installs_what_is_locked_and_nothing_of_the_tests() -> None:
    assert "--require-hashes -r requirements.txt" in DOCKERFILE
    left_out = (ROOT / ".dockerignore").read_text().split()
    assert {".env", ".git", ".venv", "var", "tests"} <= set(left_out)
