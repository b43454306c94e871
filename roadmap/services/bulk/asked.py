"""What somebody asks of several sheets at once."""

from dataclasses import dataclass

from roadmap.enums import STATUSES_WITH_REASON
from roadmap.models import Action, ActionRole, Axis


@dataclass(frozen=True)
class PilotAsked:
    """A pilot to name: an entry of the directory, or a free text in `label`."""

    printed: str
    label: str = ""
    organisation: int | None = None
    person: int | None = None
    replaces: bool = False

    def is_held_by(self, role: ActionRole) -> bool:
        """Whether that role names the same one already, whatever text is printed."""
        if self.person is not None:
            return role.person_id == self.person
        if self.organisation is not None:
            return role.person_id is None and role.organisation_id == self.organisation
        return not role.names_somebody and role.label == self.label


@dataclass(frozen=True)
class AxisAsked:
    """An axis to go under; none takes the sheets out of theirs."""

    axis: Axis | None


@dataclass(frozen=True)
class Asked:
    """One or several things to change; what is left blank stays as it is on each sheet."""

    status: str = ""
    reason: str = ""
    pilot: PilotAsked | None = None
    axis: AxisAsked | None = None
    # Later when above zero, earlier when below.
    quarters: int = 0

    @property
    def is_for_leads(self) -> bool:
        """Whether it writes what a pilot does not write."""
        return self.pilot is not None or self.axis is not None

    @property
    def code(self) -> str:
        """The same for the same thing asked twice."""
        axis = "" if self.axis is None else str(self.axis.axis and self.axis.axis.pk)
        return repr((self.status, self.reason, self.pilot, axis, self.quarters))

    def reason_for(self, action: Action) -> str:
        """The reason that a sheet would have: a stop that ends takes its reason with it."""
        if self.reason:
            return self.reason
        starts_again = (
            action.status in STATUSES_WITH_REASON and self.status not in STATUSES_WITH_REASON
        )
        return "" if starts_again else action.status_reason
