"""Passing to somebody else the sheets that a person pilots: one role at a time, in one gesture."""

from core.text import NBSP
from governance.models import Person
from roadmap.enums import ANSWERING_ROLES, RoleKind
from roadmap.models import ActionRole


def pass_role_on(role: ActionRole, *, person: Person) -> str:
    """Give a role to somebody else; says so for the journal. Call it inside a writing.

    A printed text that named who leaves goes with them. Whoever pilots that sheet already keeps
    that role alone. Three queries; expects the sheet, the person and the organisation.
    """
    sheet = f"la fiche{NBSP}{role.action.number}"
    theirs = list(
        ActionRole.objects.filter(
            action=role.action_id,
            objective=role.objective_id,
            kind__in=ANSWERING_ROLES,
            person=person,
        ).exclude(pk=role.pk)
    )
    leaving = role.person
    if any(one.kind in (role.kind, RoleKind.PILOT) for one in theirs):
        role.delete()
        return f"a retiré {leaving} de {sheet}, que {person} tient déjà"
    for one in theirs:
        # A copilot who becomes the pilot is no copilot any more.
        one.delete()
    if leaving is not None and role.organisation_id == leaving.organisation_id:
        role.organisation = person.organisation if role.organisation_id else None
    role.person, role.label = person, ""
    role.save()
    return f"a confié {sheet} à {person}"
