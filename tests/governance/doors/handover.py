"""Who leaves, and who takes on what they held: screens of `overview`."""

from tests.doors import Door, form, manage, page, people

DOORS: dict[str, Door] = {
    "overview:handover": form(manage, "territory", "person", back=200),
    "overview:handover_summary": page("territory", "person", get=people()),
}
