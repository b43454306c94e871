"""A person whose browser runs no JavaScript: links followed, forms sent as they stand."""

import re
from http import HTTPStatus
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.test import Client


def soup_of(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def words_of(part: Tag) -> str:
    """Its text on one line, unbreakable spaces as they are."""
    return re.sub(r"[ \n\t]+", " ", part.get_text()).strip()


def fields_of(form: Tag) -> dict[str, str]:
    """What the form would send as it stands."""
    fields = {
        str(field["name"]): str(field.get("value", "")) for field in form.select("input[name]")
    }
    for box in form.select("input[type=checkbox][name]"):
        fields.pop(str(box["name"]), None)
        if "checked" in box.attrs:
            fields[str(box["name"])] = str(box.get("value", "on"))
    for area in form.select("textarea[name]"):
        fields[str(area["name"])] = area.get_text().removeprefix("\n")
    for select in form.select("select[name]"):
        chosen = select.select_one("option[selected]") or select.select_one("option")
        fields[str(select["name"])] = str(chosen["value"]) if chosen else ""
    return fields


class PlainReader:
    """Somebody without JavaScript: follows links, fills forms, presses buttons."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.page = BeautifulSoup("", "html.parser")

    def go(self, address: str) -> None:
        self.response = self.client.get(address, follow=True)
        assert self.response.status_code == HTTPStatus.OK
        self.page = soup_of(self.response)

    def follow(self, label: str) -> None:
        link = next(
            link
            for link in self.page.select("main a[href]")
            if label in {link.get("aria-label"), words_of(link)}
        )
        self.go(str(link["href"]))

    def press(self, label: str, **typed: str) -> None:
        button = next(
            button
            for button in self.page.select("main form button")
            if label in {button.get("aria-label"), words_of(button)}
        )
        assert "disabled" not in button.attrs
        form = button.find_parent("form")
        assert form is not None
        pressed = {str(button["name"]): str(button["value"])} if "name" in button.attrs else {}
        address = str(button.get("formaction") or form["action"])
        data = {**fields_of(form), **pressed, **typed}
        self.response = self.client.post(address, data, follow=True)
        assert self.response.status_code == HTTPStatus.OK
        self.page = soup_of(self.response)

    @property
    def said(self) -> str:
        return " ".join(words_of(alert) for alert in self.page.select(".alert"))
