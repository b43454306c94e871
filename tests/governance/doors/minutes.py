"""Attendance, minutes and decisions: who writes them, and who reads them."""

from accounts.models import User
from territories.models import Project
from tests.doors import Door, Scene, form, gesture, lead, page, read
from tests.governance.held import add_point, convene, decide, hold, meet, proposed

DOORS: dict[str, Door] = {
    # What a meeting says is read by whoever reads the project; a draft is only announced to them.
    "governance:attendance": Door(read(), lead(302), ("minutes_meeting",)),
    "governance:attendee_add": gesture(lead, "minutes_meeting", name="Zoé Martin"),
    "governance:attendance_rest": gesture(lead, "minutes_meeting", presence="absent"),
    "governance:attendance_held": gesture(lead, "minutes_meeting"),
    "governance:meeting_papers": page("minutes_meeting"),
    "governance:minutes_detail": page("minutes_meeting"),
    "governance:minutes_since": page("minutes_meeting", get=lead()),
    "governance:item_add": gesture(lead, "minutes_meeting", title="Point ajouté"),
    "governance:item_notes": gesture(lead, "minutes_meeting", "minutes_item", notes="Dit"),
    "governance:item_ties": form(lead, "minutes_meeting", "minutes_item"),
    "governance:meeting_decide": gesture(lead, "minutes_meeting", text="Former"),
    "governance:minutes_propose": form(lead, "minutes_meeting"),
    "governance:minutes_take_back": gesture(lead, "minutes_before"),
    "governance:minutes_validate": form(lead, "minutes_meeting", "minutes_before"),
    # The register: read by all who read the project, kept by whoever leads.
    "governance:decision_list": page("project"),
    "governance:decision_export": page("project"),
    "governance:decision_add": form(lead, "project", text="Par courriel", decided_on="2026-01-05"),
    "governance:decision_detail": page("decision"),
    "governance:decision_edit": form(lead, "decision", text="Mieux dit"),
    "governance:decision_close": form(lead, "decision", back=200),
    "governance:decision_reopen": form(lead, "decision", reason="Reprise"),
}


def furnish(scene: Scene) -> dict[str, int | str]:
    """A meeting under way, the proposed minutes of the one before, a decision."""
    project = Project.objects.with_place().get(pk=scene.keys["project"])
    agnes = scene.people["agnes"]
    assert isinstance(agnes, User)
    held = hold(project)
    convene(held.last, "Nina Roy")
    decision = decide(held, "Former les équipes", agnes, item=held.item)
    before = proposed(held, agnes)
    now = meet(held.body, -1)
    convene(now, "Nina Roy")
    return {
        "minutes_before": before.pk,
        "minutes_meeting": now.pk,
        "minutes_item": add_point(now, "Suivi", 1).pk,
        "decision": decision.pk,
    }
