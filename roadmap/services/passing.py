"""Passing to somebody else the sheets that a person pilots: one role at a time, in one gesture."""

from core.text import NBSP
from governance.models import Person
from roadmap.models import ActionRole


def pass_role_on(role: ActionRole, *, person: Person) -> str:
    """Give a role to somebody else; says so for the journal. Call it inside a writing.

    A printed text that named who leaves goes with them. Whoever holds the same role on that sheet
    already keeps theirs alone. Three queries; expects the sheet, the person and the organisation.
    """
    sheet = f"la fiche{NBSP}{role.action.number}"
    twins = ActionRole.objects.filter(
        action=role.action_id, objective=role.objective_id, kind=role.kind, person=person
    )
    leaving = role.person
    if twins.exclude(pk=role.pk).exists():
        role.delete()
        return f"a retiré {leaving} de {sheet}, que {person} tient déjà"
    if leaving is not None and role.organisation_id == leaving.organisation_id:
        role.organisation = person.organisation if role.organisation_id else None
    role.person, role.label = person, ""
    role.save()
    return f"a confié {sheet} à {person}"
