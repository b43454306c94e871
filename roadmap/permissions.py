"""Who may do what with a roadmap."""

from collections.abc import Container, Iterable, Sequence

from django.db.models import QuerySet, Value

from accounts.models import User
from journal.enums import ChangeKind
from journal.models import Change
from roadmap.models import Action, ActionComment, RoadmapVersion
from territories.models import Project, Territory

# What a pilot does not write of their sheet, and so does not take back.
LEADS_ONLY_ROWS = {"roadmap.actionrole", "roadmap.secondarypriority", "roadmap.formernumber"}
LEADS_ONLY_FIELDS = {"number", "priority", "project", "retired_at", "retired_reason"}
PROJECT_FIELDS = {"planning_first", "planning_last"}
SHEET = Action._meta.label_lower
# Nobody writes it again, nor takes it back.
VERSION = RoadmapVersion._meta.label_lower


def can_order_roadmap_papers(user: User, project: Project) -> bool:
    """Qui lit l’état courant de la feuille de route, ou une version figée, peut en commander les
    documents. Une ou deux requêtes.
    """
    reads_present = Territory.objects.worked_on_by(user).filter(pk=project.territory_id).exists()
    return reads_present or RoadmapVersion.objects.visible_to(user).of(project).exists()


def can_lead_roadmap(user: User, project: Project) -> bool:
    """La coordination du territoire et le pilotage de sa région composent la feuille de
    route\u00a0: fiches, numéros, priorités, axes, rôles, période du planning, versions
    officielles.
    """
    return Territory.objects.led_by(user).filter(pk=project.territory_id).exists()


class EverySheet:
    """The sheets of whoever leads: all of the project, without asking for each."""

    def __contains__(self, key: object) -> bool:
        return True


def can_write_sheet(user: User, action: Action, *, leads: bool | None = None) -> bool:
    """Qui compose la feuille de route écrit ses fiches\u00a0; qui a le rôle de pilote écrit celles
    qu’il pilote ou copilote en personne, sauf leur numéro, leurs priorités et leurs rôles. Une ou
    deux requêtes, une de moins si l’on sait déjà qui compose.
    """
    if can_lead_roadmap(user, action.project) if leads is None else leads:
        return True
    return _entrusted_to(user).filter(pk=action.pk).exists()


def can_write_which(user: User, project: Project, *, leads: bool | None = None) -> Container[int]:
    """La même règle pour toutes les fiches d’un projet, retirées comprises\u00a0: les clés de
    celles que cette personne écrit. Une ou deux requêtes, une de moins si l’on sait déjà qui
    compose.
    """
    if can_lead_roadmap(user, project) if leads is None else leads:
        return EverySheet()
    sheets = _entrusted_to(user).filter(project=project)
    return frozenset(sheets.values_list("pk", flat=True))


def can_write_sheets(user: User, project: Project) -> bool:
    """Qui écrit au moins une fiche du projet : la coordination, ou qui en pilote une. Une ou
    deux requêtes.
    """
    sheets = _entrusted_to(user).filter(project=project, retired_at=None)
    return can_lead_roadmap(user, project) or sheets.exists()


def _entrusted_to(user: User) -> QuerySet[Action]:
    """The sheets that the user pilots in person, where their role lets a pilot write."""
    theirs = Territory.objects.piloted_by(user)
    return Action.objects.answered_by(user).filter(project__territory__in=theirs)


def can_take_back(user: User, project: Project, changes: Sequence[Change]) -> bool:
    """Qui peut écrire tout ce qu’un geste a touché peut l’annuler\u00a0: la coordination, toute la
    feuille de route\u00a0; qui pilote une fiche, ce qu’il peut y écrire\u00a0; chacun, ses propres
    commentaires. Une requête.
    """
    return can_take_back_each(user, project, [changes])[0]


def can_take_back_each(
    user: User, project: Project, gestures: Iterable[Sequence[Change]]
) -> list[bool]:
    """La même règle pour plusieurs gestes d’un projet. Sans requête de plus."""
    sheets = _entrusted_to(user).filter(project=project)
    led = Territory.objects.led_by(user).filter(pk=project.territory_id)
    # Asked at once: the keys of their sheets, and zero for whoever leads.
    keys = {key for (key,) in led.values_list(Value(0)).union(sheets.values_list("pk"))}
    if 0 in keys:
        return [all(map(_is_of_the_roadmap, changes)) for changes in gestures]
    subjects = {f"{SHEET}:{key}" for key in keys}
    return [
        bool(changes) and all(_is_theirs(change, user, subjects) for change in changes)
        for changes in gestures
    ]


def _is_of_the_roadmap(change: Change) -> bool:
    if change.model == Project._meta.label_lower:
        return change.field in PROJECT_FIELDS
    return change.model.startswith("roadmap.") and change.model != VERSION


def _is_theirs(change: Change, user: User, subjects: set[str]) -> bool:
    """Whether a person who does not lead wrote that, or could have. Expects its gesture."""
    if change.model == "roadmap.actioncomment":
        return change.changeset.by_id == user.pk
    if change.subject not in subjects or change.model in LEADS_ONLY_ROWS:
        return False
    if change.model != SHEET:
        return _is_of_the_roadmap(change)
    return change.kind == ChangeKind.CHANGED and change.field not in LEADS_ONLY_FIELDS


def can_comment_sheet(user: User, action: Action) -> bool:
    """Qui lit une fiche peut la commenter. Une requête."""
    return Action.objects.visible_to(user).filter(pk=action.pk).exists()


def can_remove_comment(user: User, comment: ActionComment, *, leads: bool | None = None) -> bool:
    """Qui a écrit un commentaire le retire\u00a0; qui compose la feuille de route aussi. Au plus
    une requête, aucune si l’on sait déjà qui compose.
    """
    if comment.author_id == user.pk:
        return True
    return can_lead_roadmap(user, comment.action.project) if leads is None else leads
