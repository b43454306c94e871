"""How wide the columns of a table are: as a page lays them out, from the words they hold."""

from collections.abc import Sequence

# A letter is about half as wide as it is high; capitals and figures a little more.
LETTER = 5.8
PADDING = 160
# A longer text turns all the same.
LONGEST_LINE = 60
SHORTEST = 2.5


def widths_of(columns: Sequence[tuple[int, int]], *, size: int, total: int) -> list[int]:
    """The width of each column, whose longest word and longest line are given in letters.

    `size` is that of the letters in half points, `total` in twentieths of a point, as the result,
    which sums to it.
    """
    unit = size * LETTER
    least = [max(word, SHORTEST) * unit + PADDING for word, _ in columns]
    liked = [max(min(line, LONGEST_LINE), word) * unit + PADDING for word, line in columns]
    room = total - sum(least)
    if room <= 0:
        return _settled([one * total / sum(least) for one in least], total)
    wanted = [much - one for one, much in zip(least, liked, strict=True)]
    if sum(wanted) <= room:
        return _settled([one * total / sum(liked) for one in liked], total)
    share = room / sum(wanted)
    return _settled([one + more * share for one, more in zip(least, wanted, strict=True)], total)


def _settled(widths: Sequence[float], total: int) -> list[int]:
    whole = [int(width) for width in widths]
    whole[-1] += total - sum(whole)
    return whole
