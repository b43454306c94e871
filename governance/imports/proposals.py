"""The bodies that the application proposes: sentences of our own, that each project rewrites."""

import functools
import json
from dataclasses import dataclass
from pathlib import Path

from governance.enums import BodyKind

SOURCE = Path(__file__).resolve().parent.parent / "data" / "body_proposals.json"


@dataclass(frozen=True)
class Proposal:
    """What a new body may start from; `purpose` says which one to choose."""

    code: str
    kind: BodyKind
    name: str
    purpose: str
    mission: str
    rhythm: str

    @property
    def label(self) -> str:
        return self.name or str(self.kind.label)


@functools.cache
def body_proposals() -> tuple[Proposal, ...]:
    """Every proposal, in the order in which a project needs them."""
    rows = json.loads(SOURCE.read_text(encoding="utf-8"))
    return tuple(Proposal(**{**row, "kind": BodyKind(row["kind"])}) for row in rows)


def proposal_of(code: str) -> Proposal:
    """The one of that code; for another code, one where all is to be written."""
    found = {proposal.code: proposal for proposal in body_proposals()}
    return found.get(code, found[BodyKind.OTHER])
