"""What was said of one sheet, and how much it is worth, in the words of the report."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.quarters import Quarter
from core.text import NBSP, day_in_words
from reviews.enums import Outcome
from reviews.summaries.answers import TEXTS, label_of
from reviews.summaries.frozen import FrozenAnswer, FrozenObjective, FrozenSheet


@dataclass(frozen=True)
class SaidSheet:
    """One sheet that the review asked about."""

    number: int
    title: str
    priority: int | None
    pilots: str
    # The roadmap's own, at the closing.
    status: str
    status_label: str
    # « objectifs atteignables », « 2 objectifs faits sur 5 », « en retard d’un trimestre ».
    facts: tuple[str, ...]
    outcome: str
    # « Réponse de Maya Legrand, reçue le 3 décembre 2026, validée le 5 décembre 2026. »
    standing: str
    # « Rien n’avait changé. », « Avancement dit : réalisée. »
    remarks: str
    reason: str
    objectives: tuple[tuple[str, str], ...]
    texts: tuple[tuple[str, str], ...]
    evidence: tuple[str, ...]

    @property
    def is_short(self) -> bool:
        """Nothing but its head: it stays on one page."""
        return not (self.objectives or self.texts or self.evidence)


def said_of(sheet: FrozenSheet) -> SaidSheet:
    """No query."""
    answer = sheet.answer
    return SaidSheet(
        number=sheet.number,
        title=sheet.title,
        priority=sheet.priority,
        pilots=", ".join(sheet.pilots),
        status=sheet.status,
        status_label=sheet.status_label,
        facts=tuple(_facts(sheet)),
        outcome=sheet.outcome,
        standing=_standing(sheet),
        remarks=" ".join(_remarks(sheet)),
        reason=sheet.status_reason,
        objectives=tuple(_objectives(answer)) if answer else (),
        texts=tuple(_texts(answer)) if answer else (),
        evidence=tuple(piece.name for piece in answer.evidence) if answer else (),
    )


def _facts(sheet: FrozenSheet) -> Iterator[str]:
    if sheet.weather_label:
        yield sheet.weather_label.lower()
    if sheet.objectives_total:
        done = "objectifs faits" if sheet.objectives_done > 1 else "objectif fait"
        yield f"{sheet.objectives_done}{NBSP}{done} sur {sheet.objectives_total}"
    if sheet.lateness:
        yield sheet.lateness_label


def _standing(sheet: FrozenSheet) -> str:
    """How much what is told is worth, in one sentence."""
    answer = sheet.answer
    if answer is None:
        return f"Sans réponse{NBSP}: l’état ci-dessus est le dernier connu."
    words = [f"Réponse de {answer.answered_name}" if answer.answered_name else "Réponse"]
    if answer.submitted_on:
        words.append(f"reçue le {day_in_words(answer.submitted_on)}")
    if sheet.outcome == Outcome.RECEIVED:
        words.append("non validée")
    elif answer.validated_on:
        words.append(f"validée le {day_in_words(answer.validated_on)}")
    return f"{', '.join(words)}."


def _remarks(sheet: FrozenSheet) -> Iterator[str]:
    if sheet.is_retired:
        yield "Fiche sortie de la feuille de route pendant la revue."
    if sheet.answer is not None:
        yield from _differences(sheet, sheet.answer)


def _differences(sheet: FrozenSheet, answer: FrozenAnswer) -> Iterator[str]:
    """What the answer said that the roadmap does not say."""
    if answer.is_unchanged:
        yield "Rien n’avait changé."
    if answer.is_set_aside:
        yield "La fiche a été gardée telle quelle."
    if answer.status != sheet.status:
        reason = f" ({answer.status_reason})" if answer.status_reason else ""
        yield f"Avancement dit{NBSP}: {answer.status_label.lower()}{reason}."
    if answer.weather and answer.weather != sheet.weather:
        yield f"Météo dite{NBSP}: {answer.weather_label.lower()}."


def _objectives(answer: FrozenAnswer) -> Iterator[tuple[str, str]]:
    for line in answer.objectives:
        yield line.printed, _words(line)


def _words(line: FrozenObjective) -> str:
    """« décalé à T2 2027 : recrutement en cours »."""
    to = f" à {Quarter(line.slipped_to)}" if line.slipped_to is not None else ""
    why = f"{NBSP}: {line.slip_reason}" if line.slip_reason else ""
    return f"{line.answer_label.lower()}{to}{why}"


def _texts(answer: FrozenAnswer) -> Iterator[tuple[str, str]]:
    for name in TEXTS:
        if text := getattr(answer, name):
            yield label_of(name), text
