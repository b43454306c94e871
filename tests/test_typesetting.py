"""Our sentences are set as French asks: typographic apostrophes, unbreakable spaces."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.french import faults, sentences_of_markdown, sentences_of_template
from tests.house import ROOMS, ROOT, named, python_files, templates, tree


def said_in_code(path: Path) -> Iterator[str]:
    """Literal texts of a module, docstrings aside."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and id(node) not in docstrings:
            yield from [node.value] if isinstance(node.value, str) else []


def test_sentences_in_code_are_typeset() -> None:
    # English puts no space before these signs: what has one is French, and wants it unbreakable.
    breakable = re.compile(r"\w [:;?!»]|« \w|[^\W\d_]'[^\W\d_]|\A [;?!»]|« \Z")
    found = {
        f"{named(path)}: {words}"
        for path in python_files(*ROOMS)
        for words in said_in_code(path)
        if breakable.search(words)
    }
    assert found == set()


@pytest.mark.parametrize("path", templates(), ids=named)
def test_template_is_typeset(path: Path) -> None:
    sentences = sentences_of_template(path.read_text(encoding="utf-8"))
    assert [fault for sentence in sentences for fault in faults(sentence)] == []


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "guide").glob("*.md")), ids=named)
def test_guide_is_typeset(path: Path) -> None:
    sentences = sentences_of_markdown(path.read_text(encoding="utf-8"))
    assert [fault for sentence in sentences for fault in faults(sentence)] == []


@pytest.mark.parametrize(
    "wrong",
    ["l'action", "Attention : prudence", "Pourquoi ?", "« mot »", "Fin :", "Quoi?", "Ceci; cela"],
)
def test_proof_reader_sees_faults(wrong: str) -> None:
    assert faults(wrong)


@pytest.mark.parametrize(
    "right",
    [
        "l’action",
        "Attention\u00a0: prudence",
        "Pourquoi\u202f?",
        "«\u00a0mot\u00a0»",
        "à 10:30, voir https://exemple.fr/?q=1",
    ],
)
def test_proof_reader_leaves_good_text_alone(right: str) -> None:
    assert faults(right) == []


def test_proof_reader_reads_text_attributes_and_tags() -> None:
    source = (
        """{% load x %}{# l'ombre #}<p title="l'un">{% y "l'autre mot" %}<b>a</b> : {{ z }}</p>"""
    )
    told = [fault for sentence in sentences_of_template(source) for fault in faults(sentence)]
    assert len(told) == 3
