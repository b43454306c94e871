"""The sheets of paper: upright and lying ones, where one begins, what stands at their foot."""

from typing import Any

from documents.word.marks import R, W, add

A4 = (11906, 16838)
# Top, right, bottom, left, in twentieths of a point: those of `paper.css`.
UPRIGHT = (1077, 1021, 1134, 1021)
LYING = (850, 794, 964, 794)


class Sheets:
    """Knows which way the sheet lies, and whether the next words begin a new one.

    Nothing is turned before there is something to write: no sheet stays blank.
    """

    def __init__(self, body: Any) -> None:
        self._body = body
        self._lies = self._will_lie = False
        self._is_to_break = False
        self._is_first = True
        self.has_cover = False

    @property
    def width(self) -> int:
        """Of the text that comes next, in twentieths of a point."""
        return text_width(is_wide=self._will_lie)

    def turn(self, *, is_wide: bool) -> None:
        """What follows is on a sheet that lies so."""
        self._will_lie = is_wide

    def break_before(self) -> None:
        """What follows begins a new sheet, unless nothing was written yet."""
        self._is_to_break = bool(len(self._body))

    def arrive(self) -> bool:
        """Something is about to be written: whether it is to begin a sheet by itself."""
        is_to_break, self._is_to_break = self._is_to_break, False
        if self._will_lie == self._lies:
            return is_to_break
        if len(self._body):
            self._close()
        self._lies = self._will_lie
        return False

    def is_after_table(self) -> bool:
        """Whether the last thing written is a table."""
        return len(self._body) > 0 and self._body[-1].tag == W + "tbl"

    def end(self) -> None:
        """Nothing more is written."""
        if self.is_after_table() or not len(self._body):
            hair_line(self._body)
        self._put_section(self._body)

    def _close(self) -> None:
        last = self._body[-1] if not self.is_after_table() else hair_line(self._body)
        self._put_section(last.find(W + "pPr"))

    def _put_section(self, parent: Any) -> None:
        """In the order that the format wants."""
        section = add(parent, "sectPr")
        foot = add(section, "footerReference", type="default")
        foot.set(R + "id", foot_key(is_wide=self._lies))
        add(section, "type", val="nextPage")
        if self._lies:
            add(section, "pgSz", w=A4[1], h=A4[0], orient="landscape")
        else:
            add(section, "pgSz", w=A4[0], h=A4[1])
        sides = dict(zip(("top", "right", "bottom", "left"), _margins(self._lies), strict=True))
        add(section, "pgMar", **sides, header=500, footer=560, gutter=0)
        if self._is_first and self.has_cover:
            # A cover has no foot.
            add(section, "titlePg")
        self._is_first = False


def text_width(*, is_wide: bool) -> int:
    """Of a sheet between its margins."""
    _, right, _, left = _margins(is_wide)
    return A4[1 if is_wide else 0] - right - left


def foot_key(*, is_wide: bool) -> str:
    """How the file knows the foot of such a sheet."""
    return "piedLarge" if is_wide else "pied"


def hair_line(container: Any) -> Any:
    """A paragraph of no height: between two tables, or after the last one."""
    made = add(container, "p")
    add(add(made, "pPr"), "spacing", before=0, after=0, line=20, lineRule="exact")
    return made


def _margins(lies: bool) -> tuple[int, int, int, int]:  # noqa: FBT001
    return LYING if lies else UPRIGHT
