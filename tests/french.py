"""Reads our sentences as a proof-reader would: apostrophes, and the spaces that French asks for."""

import re
from html.parser import HTMLParser

NOT_SENTENCES = {"code", "pre", "script", "style"}
SAID_ATTRIBUTES = {"alt", "aria-label", "placeholder", "title"}
COMMENT = re.compile(r"{% comment %}.*?{% endcomment %}|{#.*?#}", re.DOTALL)
VARIABLE = re.compile(r"{{.*?}}")
TAG = re.compile(r"{%.*?%}", re.DOTALL)
QUOTED_IN_TAG = re.compile(r'"([^"]*)"')

STRAIGHT_APOSTROPHE = re.compile(r"[^\W\d_]'[^\W\d_]")
# A high sign at the end of a word, and what stands before it: 10:30 and https:// are not concerned.
HIGH_SIGN = re.compile(r"([^\u00a0\u202f])[:;?!»](?=[\s.,)]|$)")
OPENING_QUOTE = re.compile(r"«(?![\u00a0\u202f])")


def faults(sentence: str) -> list[str]:
    """Each passage that a French typographer would correct."""
    found = [*STRAIGHT_APOSTROPHE.finditer(sentence), *OPENING_QUOTE.finditer(sentence)]
    found += [match for match in HIGH_SIGN.finditer(sentence) if match[1] not in "?!(…"]
    return [sentence[max(0, match.start() - 20) : match.end() + 10].strip() for match in found]


class _Sentences(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in NOT_SENTENCES:
            self._inside.append(tag)
        self.found += [words for name, words in attrs if name in SAID_ATTRIBUTES and words]

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.found.append(data)


def sentences_of_template(source: str) -> list[str]:
    """What a template says by itself: text, spoken attributes, words given to its tags."""
    source = COMMENT.sub("", source)
    given = [words for tag in TAG.findall(source) for words in QUOTED_IN_TAG.findall(tag)]
    reader = _Sentences()
    reader.feed(VARIABLE.sub("x", TAG.sub("", source)))
    reader.close()
    return reader.found + [words for words in given if " " in words]


def sentences_of_markdown(source: str) -> list[str]:
    """The prose of a page: no code, no address."""
    source = re.sub(r"```.*?```|`[^`]*`", "x", source, flags=re.DOTALL)
    source = re.sub(r"\]\([^)]*\)", "]", source)
    return source.splitlines()
