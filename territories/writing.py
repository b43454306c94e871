"""Writing in a project: one transaction, one gesture of the journal, one revision more."""

import contextlib
from collections.abc import Iterator

from accounts.models import User
from journal.enums import Source
from journal.models import ChangeSet
from journal.recording import Gesture, gesture
from territories.models import Project


@contextlib.contextmanager
def writing(
    project: Project,
    *,
    by: User | None,
    words: str = "",
    source: Source = Source.PAGE,
    token: str = "",
    undoes: ChangeSet | None = None,
    on_paper: bool = True,
) -> Iterator[Gesture]:
    """What one person does to one project, and nobody else meanwhile.

    The project is locked, so load what is to be changed inside. When something changed, its
    revision is raised and a `ChangeSet` written; otherwise nothing is. `words` say what was done,
    after the name of whoever did; they may be set on the gesture once known. What no paper prints
    is not `on_paper`: « état au » keeps its day. One query, and four more when something changed.
    """
    with gesture(by=by, words=words, source=source, token=token, undoes=undoes) as made:
        project.revision = (
            Project.objects.select_for_update()
            .values_list("revision", flat=True)
            .get(pk=project.pk)
        )
        revise = project.mark_changed if on_paper else project.raise_revision
        made.concerns(project.scope, revise, lightly=not on_paper)
        yield made
