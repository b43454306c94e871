"""How the processes that serve and print hold memory."""

import ctypes
import gc

# `mallopt(3)`.
TRIM_THRESHOLD, ARENAS = -1, -8
KEPT_FREE = 128 * 1024


def hold_little() -> None:
    """Give back to the system what is freed; where the C library is not glibc, nothing is done.

    By default each thread frees into an arena of its own, which is given back only from its end:
    what the largest pages once took in four threads stayed taken. Python runs one thread at a time:
    one arena slows nothing.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(ARENAS, 1)
        libc.mallopt(TRIM_THRESHOLD, KEPT_FREE)


def look_for_cycles_seldom() -> None:
    """What is loaded stays for good; of what comes next, cycles are looked for every few pages.

    A page of a grid makes thousands of rows, which die together: looking among them every few
    hundred, as Python does by default, took up to half of its time. Rows read with their parent
    are cycles: left too long, those of eight pages at once held 100 MB.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 2, 5)
