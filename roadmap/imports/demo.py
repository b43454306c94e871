"""The roadmap of « Territoire de démonstration »: fictional, and always of its time.

The file counts quarters and years from the day of loading (0 is the current quarter), so that
what is done lies in the past and what is late is late today, whenever the demonstration is run.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.db import models, transaction

from core.quarters import Quarter
from governance.enums import OrganisationCategory
from roadmap.enums import (
    CellState,
    FundingState,
    IndicatorKind,
    ObjectiveKind,
    ObjectiveState,
    RoleKind,
    Status,
)
from roadmap.imports.directory import DirectoryDraft, OrganisationDraft, PersonDraft
from roadmap.imports.prepared import Loaded, PreparedProject, load
from roadmap.imports.reading import Node, read_json
from roadmap.services import (
    Attached,
    AxisDraft,
    CellDraft,
    FundingDraft,
    IndicatorDraft,
    ObjectiveDraft,
    RoadmapDraft,
    RoleDraft,
    SheetDraft,
)
from territories.enums import ActKind, Stage
from territories.imports import ActDraft, ProjectDraft, TerritoryDraft
from territories.models import Region

SOURCE = Path(__file__).resolve().parent.parent / "data" / "demo.json"
YEARS_ALREADY_RUN = 2
# States that the file gave at other dates may be renewed: nobody wrote them.
OTHER_QUARTERS = 20


def read_demo(*, on: dt.date, path: Path = SOURCE) -> PreparedProject:
    """The demonstration as it looks on that day; `RoadmapRefused` names what is wrong."""
    return _Demo(read_json(path), Quarter.on(on)).prepared()


@transaction.atomic
def load_demo_roadmap(*, on: dt.date, force: bool = False, path: Path = SOURCE) -> Loaded:
    """Put the fictional territory and its roadmap into the base, or bring them up to date.

    What the file gave at another date is renewed; what somebody changed is refused
    (`RoadmapRefused`) unless `force`.
    """
    source, today = read_json(path), Quarter.on(on)
    region = source["territory"]["region"]
    Region.objects.get_or_create(
        code=region["code"].text,
        defaults={"name": region["name"].text, "ars_name": region["ars_name"].text},
    )
    return load(
        _Demo(source, today).prepared(), earlier=_at_other_quarters(source, today), force=force
    )


def _at_other_quarters(source: Node, today: Quarter) -> Iterator[PreparedProject]:
    for distance in range(1, OTHER_QUARTERS + 1):
        yield _Demo(source, Quarter(today.index - distance)).prepared()
        yield _Demo(source, Quarter(today.index + distance)).prepared()


class _Demo:
    """The file, read from one current quarter."""

    def __init__(self, source: Node, today: Quarter) -> None:
        self.source = source
        self.today = today
        self.first_year = today.year - YEARS_ALREADY_RUN

    def prepared(self) -> PreparedProject:
        territory = self.source["territory"]
        return PreparedProject(
            territory=TerritoryDraft(
                code=territory["code"].text,
                name=territory["name"].text,
                region=territory["region"]["code"].text,
                is_fictional=True,
            ),
            project=self.project(self.source["project"]),
            roadmap=RoadmapDraft(
                sheets=tuple(self.sheet(node) for node in self.source["sheets"]),
                axes=tuple(
                    AxisDraft(title=node["title"].text, label=node.optional_text("label"))
                    for node in self.source["axes"]
                ),
            ),
            directory=DirectoryDraft(
                organisations=tuple(_organisation(node) for node in self.source["organisations"]),
                people=tuple(_person(node) for node in self.source["people"]),
            ),
        )

    def project(self, node: Node) -> ProjectDraft:
        """Five years from March: a planning of 21 quarters."""
        first, last = self.first_year, self.first_year + 5
        act = node["act"]
        return ProjectDraft(
            title=f"{node['title'].text} {first}-{last}",
            author=node["author"].text,
            source=node["source"].text,
            stage=_choice(node["stage"], Stage),
            starts_on=dt.date(first, 3, 1),
            ends_on=dt.date(last, 3, 1) - dt.timedelta(days=1),
            planning_first=Quarter.of(first, 1).index,
            planning_last=Quarter.of(last, 1).index,
            acts=(
                ActDraft(
                    kind=_choice(act["kind"], ActKind),
                    dated_on=dt.date(first, 3, 12),
                    reference=act["reference"].text,
                ),
            ),
        )

    def sheet(self, node: Node) -> SheetDraft:
        return SheetDraft(
            number=node["number"].number,
            title=node["title"].text,
            priority=node.optional_number("priority"),
            secondary_priorities=tuple(sorted(item.number for item in node.each("secondary"))),
            axis=node.optional_text("axis"),
            themes=tuple(sorted(item.number for item in node.each("themes"))),
            need=node.optional_text("need"),
            aim=node.optional_text("aim"),
            audience=node.optional_text("audience"),
            area=node.optional_text("area"),
            method=node.optional_text("method"),
            means=node.optional_text("means"),
            remarks=node.optional_text("remarks"),
            status=_choice(node["status"], Status),
            status_reason=node.optional_text("reason"),
            objectives=tuple(self.row(item) for item in node["objectives"]),
            attached=Attached(
                roles=tuple(_role(item) for item in node.each("roles")),
                funding=tuple(self.funding(item) for item in node.each("funding")),
                indicators=tuple(self.indicator(item) for item in node.each("indicators")),
            ),
        )

    def row(self, node: Node) -> ObjectiveDraft:
        note, kind = node.optional("note"), node.optional("kind")
        return ObjectiveDraft(
            title=node["title"].text,
            label=node.optional_text("label"),
            kind=_choice(kind, ObjectiveKind) if kind else ObjectiveKind.OBJECTIVE,
            state=_choice(node["state"], ObjectiveState),
            planning_note=note["text"].text if note else "",
            note_first=self.quarter(note["from"]) if note else None,
            note_last=self.quarter(note["to"]) if note else None,
            cells=self.cells(node),
            children=tuple(self.row(child) for child in node.each("children")),
        )

    def cells(self, node: Node) -> tuple[CellDraft, ...]:
        """Of the three states, in the order of the quarters."""
        by_state = node.optional("cells")
        if by_state is None:
            return ()
        cells = (
            CellDraft(quarter=self.quarter(offset), state=state)
            for state in CellState
            for offset in by_state.each(state.value)
        )
        return tuple(sorted(cells, key=lambda cell: cell.quarter))

    def funding(self, node: Node) -> FundingDraft:
        amount = node.optional("amount")
        return FundingDraft(
            state=_choice(node["state"], FundingState),
            organisation=node["organisation"].text,
            source=node.optional_text("source"),
            year=self.today.year + node["year"].number,
            amount=_amount(amount) if amount else None,
        )

    def indicator(self, node: Node) -> IndicatorDraft:
        quarter = node.optional("quarter")
        return IndicatorDraft(
            label=node["label"].text,
            kind=_choice(node["kind"], IndicatorKind),
            value=node.optional_text("value"),
            target=node.optional_text("target"),
            target_quarter=self.quarter(quarter) if quarter else None,
        )

    def quarter(self, offset: Node) -> int:
        return self.today.index + offset.number


def _choice(node: Node, choices: type[models.TextChoices]) -> str:
    if node.text not in choices.values:
        raise node.refused(f"«\u00a0{node.text}\u00a0» n’est pas un choix connu")
    return str(choices(node.text))


def _amount(node: Node) -> Decimal:
    try:
        return Decimal(node.text)
    except InvalidOperation as error:
        raise node.refused("un montant est attendu") from error


def _role(node: Node) -> RoleDraft:
    return RoleDraft(
        kind=_choice(node["kind"], RoleKind),
        label=node.optional_text("label"),
        organisation=node.optional_text("organisation"),
        person=node.optional_text("person"),
    )


def _organisation(node: Node) -> OrganisationDraft:
    return OrganisationDraft(
        name=node["name"].text,
        short_name=node.optional_text("short_name"),
        category=_choice(node["category"], OrganisationCategory),
    )


def _person(node: Node) -> PersonDraft:
    return PersonDraft(
        first_name=node["first_name"].text,
        last_name=node["last_name"].text,
        organisation=node.optional_text("organisation"),
        function=node.optional_text("function"),
        email=node.optional_text("email"),
        telephone=node.optional_text("telephone"),
    )
