"""The booklet of the PTSM of Mayenne, from its transcription to a roadmap.

Nothing is corrected and nothing is invented: mistakes, gaps in the numbering and differences
between the two parts are the booklet's; the quarters and nearly all the pilots are unknown.
"""

from dataclasses import dataclass
from pathlib import Path

from core.quarters import Quarter
from roadmap.enums import ObjectiveKind, RoleKind
from roadmap.imports.prepared import PreparedProject
from roadmap.imports.reading import Node, read_json
from roadmap.services import (
    Attached,
    HeadingDraft,
    ObjectiveDraft,
    RoadmapDraft,
    RoleDraft,
    SheetDraft,
)
from territories.enums import Stage
from territories.imports import ProjectDraft, TerritoryDraft

SOURCE = Path(__file__).resolve().parent.parent / "data" / "ptsm53.json"
MAYENNE = TerritoryDraft(code="53", name="Mayenne", region="52", departments=("53",))

# The columns of the PILOTAGE group, as the booklet heads them.
ROLE_OF_COLUMN = {
    "Pilotes": RoleKind.PILOT,
    "Groupe pilotes": RoleKind.PILOT_GROUP,
    "Partenaires": RoleKind.PARTNER,
    "Acteurs partenaires": RoleKind.PARTNER,
    "Acteurs partenaire": RoleKind.PARTNER,
    "Financeurs": RoleKind.FUNDER,
}


@dataclass(frozen=True)
class Row:
    """One row of one part: an objective, or a « Projet N »."""

    node: Node
    text: str
    label: str
    is_project: bool = False
    under: str = ""


@dataclass(frozen=True)
class Pair:
    """The same row in the recapitulative table and in the planning; one may lack it."""

    summary: Row | None
    planning: Row | None

    @property
    def either(self) -> Row:
        """The planning's when both have it."""
        row = self.planning or self.summary
        assert row is not None  # noqa: S101 (a pair holds one row at least)
        return row


@dataclass(frozen=True)
class Differences:
    """What the file says of the wordings of one sheet from part 1 to part 2."""

    wordings: dict[str, str]
    only_in_summary: frozenset[str]
    only_in_planning: frozenset[str]


SAME_WORDINGS = Differences({}, frozenset(), frozenset())


def read_booklet(path: Path = SOURCE) -> PreparedProject:
    """The whole booklet, checked; `RoadmapRefused` names the place of what is wrong."""
    booklet = read_json(path)
    return PreparedProject(
        territory=MAYENNE,
        project=_project(booklet),
        roadmap=RoadmapDraft(sheets=_sheets(booklet), headings=_headings(booklet)),
    )


def _project(booklet: Node) -> ProjectDraft:
    document = booklet["document"]
    years = [year.number for year in booklet["planning"]["years"]]
    title, edition, author = (document[key].text for key in ("title", "date", "author"))
    return ProjectDraft(
        title=title,
        author=author,
        edition=edition,
        source=(
            f"«\u00a0{title} – {document['subtitle'].text}\u00a0», {edition}, {author}. "
            "Textes repris tels quels, fautes comprises. Les cases coloriées des plannings "
            "n’ont pas été conservées dans le texte du livret\u00a0: aucun trimestre n’est connu."
        ),
        stage=Stage.RUNNING,
        planning_first=Quarter.of(min(years), 1).index,
        planning_last=Quarter.of(max(years), 4).index,
    )


def _headings(booklet: Node) -> tuple[HeadingDraft, ...]:
    notes = {
        note["objective"].number: note["text"].text for note in booklet["planning"].each("notes")
    }
    return tuple(
        HeadingDraft(
            priority=node["number"].number,
            title=node["title"].text,
            planning_note=notes.get(node["number"].number, ""),
        )
        for node in booklet["decree_objectives"]
    )


def _sheets(booklet: Node) -> tuple[SheetDraft, ...]:
    planning = booklet["planning"]
    plannings = {node["action_number"].number: node for node in planning["plannings"]}
    differences = {
        node["action_number"].number: _differences(node)
        for node in planning["differences_with_part1"]
    }
    sheets = tuple(
        _sheet(
            node,
            plannings.get(node["number"].number),
            differences.get(node["number"].number, SAME_WORDINGS),
        )
        for node in booklet["actions"]
    )
    _check_counts(booklet["decree_objectives"], sheets)
    return sheets


def _check_counts(priorities: Node, sheets: tuple[SheetDraft, ...]) -> None:
    """Each sheet under a priority of the booklet, as many as the booklet announces."""
    announced = {node["number"].number: node["stated_action_count"].number for node in priorities}
    for sheet in sheets:
        if sheet.priority not in announced:
            raise priorities.refused(f"la fiche {sheet.number} relève d’une priorité inconnue")
    for number, count in announced.items():
        found = sum(sheet.priority == number for sheet in sheets)
        if found != count:
            raise priorities.refused(
                f"l’objectif {number} du décret annonce {count} fiches, le fichier en porte {found}"
            )


def _sheet(node: Node, planning: Node | None, differences: Differences) -> SheetDraft:
    title = node["title"].text
    planning_title = planning["title_in_planning"].text if planning else title
    summary_rows = _summary_rows(node)
    planning_rows = _planning_rows(planning) if planning else []
    if planning:
        pairs = _paired(summary_rows, planning_rows, differences)
    else:
        pairs = [Pair(row, None) for row in summary_rows]
    return SheetDraft(
        number=node["number"].number,
        title=title,
        planning_title="" if planning_title == title else planning_title,
        priority=node["decree_objective"].number,
        remarks="\n".join(note.text for note in node["notes"]),
        objectives=_tree(node, pairs, planning),
    )


# --- Rows of each part --------------------------------------------------------------------------


def _summary_rows(action: Node) -> list[Row]:
    """Those of the recapitulative table: rows of no Projet first, then each Projet with its own."""
    objectives = [
        Row(
            node=node,
            text=node["text"].text,
            label=_printed_number(node),
            under=node.optional_text("parent"),
        )
        for node in action["operational_objectives"]
    ]
    rows = [row for row in objectives if not row.under]
    for node in action["projects"]:
        label = node["label"].text
        rows.append(Row(node=node, text=node["text"].text, label=label, is_project=True))
        rows.extend(row for row in objectives if row.under == label)
    if len(rows) != len(objectives) + len(list(action["projects"])):
        raise action.refused("un objectif est rangé sous un projet qui n’existe pas")
    return rows


def _planning_rows(planning: Node) -> list[Row]:
    return [
        Row(
            node=node,
            text=node["text"].text,
            label=node.optional_text("project") or _printed_number(node),
            is_project=node.optional("project") is not None,
            under=node.optional_text("parent"),
        )
        for node in planning["rows"]
    ]


def _printed_number(node: Node) -> str:
    number = node.optional_number("source_number")
    return "" if number is None else f"{number})"


# --- From two parts to one sheet ----------------------------------------------------------------


def _differences(node: Node) -> Differences:
    rows = list(node["rows"])

    def texts(kind: str, part: str) -> list[str]:
        return [row[part].text for row in rows if row["kind"].text == kind]

    return Differences(
        wordings=dict(zip(texts("wording", "part1"), texts("wording", "part2"), strict=True)),
        only_in_summary=frozenset(texts("only_in_part1", "part1")),
        only_in_planning=frozenset(texts("only_in_part2", "part2")),
    )


def _paired(summary: list[Row], planning: list[Row], differences: Differences) -> list[Pair]:
    """The planning's order; what part 1 alone has comes after the row that it follows there."""
    summary_of = _matches(summary, planning, differences)
    pairs = [Pair(summary_of.get(row.text), row) for row in planning]
    for before, row in zip([None, *summary], summary, strict=False):
        if row.text in differences.only_in_summary:
            rank = [pair.summary for pair in pairs].index(before) + 1 if before else 0
            pairs.insert(rank, Pair(row, None))
    return pairs


def _matches(summary: list[Row], planning: list[Row], differences: Differences) -> dict[str, Row]:
    """The part 1 row of each planning text; what the file does not announce is refused."""
    known = {row.text for row in planning}
    found: dict[str, Row] = {}
    for row in summary:
        text = differences.wordings.get(row.text, row.text)
        if text in known:
            found[text] = row
        elif row.text not in differences.only_in_summary:
            raise row.node.refused("cette ligne n’a pas sa pareille au planning")
    for row in planning:
        if row.text not in found and row.text not in differences.only_in_planning:
            raise row.node.refused("cette ligne n’a pas sa pareille au récapitulatif")
    return found


def _tree(action: Node, pairs: list[Pair], planning: Node | None) -> tuple[ObjectiveDraft, ...]:
    """Rows of no Projet first, as in the source, then each Projet with the rows under it."""
    span = _span(planning) if planning else None
    tops = [pair for pair in pairs if not pair.either.under]
    drafts = tuple(
        _row(
            pair,
            span,
            tuple(
                _row(child, span, ())
                for child in pairs
                if pair.either.is_project and child.either.under == pair.either.label
            ),
        )
        for pair in sorted(tops, key=lambda pair: pair.either.is_project)
    )
    if sum(1 + len(draft.children) for draft in drafts) != len(pairs):
        raise action.refused("un objectif est rangé sous un projet qui n’existe pas")
    return drafts


def _span(planning: Node) -> tuple[int, int]:
    quarters = [quarter.quarter for quarter in planning["quarters_normalised"]]
    return min(quarters), max(quarters)


def _row(
    pair: Pair, span: tuple[int, int] | None, children: tuple[ObjectiveDraft, ...]
) -> ObjectiveDraft:
    row, summary = pair.either, pair.summary or pair.either
    note = _planning_note(pair.planning) if pair.planning else None
    return ObjectiveDraft(
        title=row.text,
        label=row.label,
        kind=ObjectiveKind.PROJECT if row.is_project else ObjectiveKind.OBJECTIVE,
        summary_title="" if summary.text == row.text else summary.text,
        summary_label="" if summary.label == row.label else summary.label,
        in_summary=pair.summary is not None,
        in_planning=pair.planning is not None,
        planning_note=note["text"].text if note else "",
        note_first=note["quarter"].quarter if note else None,
        note_last=span[1] if note and span else None,
        attached=Attached(roles=_roles(pair.planning) if pair.planning else ()),
        children=children,
    )


def _planning_note(row: Row) -> Node | None:
    """The text typed on the quarters; the booklet merges the cells from the first to the last."""
    return next((cell for cell in row.node.each("cells") if _zone(cell) == "planning"), None)


def _roles(row: Row) -> tuple[RoleDraft, ...]:
    """What the PILOTAGE columns say of the row."""
    return tuple(
        RoleDraft(kind=_role_of(cell["column"]), label=cell["text"].text)
        for cell in row.node.each("cells")
        if _zone(cell) == "pilotage"
    )


def _zone(cell: Node) -> str:
    zone = cell["zone"].text
    if zone not in {"planning", "pilotage"}:
        raise cell.refused(f"la zone «\u00a0{zone}\u00a0» est inconnue")
    return zone


def _role_of(column: Node) -> RoleKind:
    if column.text not in ROLE_OF_COLUMN:
        raise column.refused(f"la colonne «\u00a0{column.text}\u00a0» est inconnue")
    return ROLE_OF_COLUMN[column.text]
