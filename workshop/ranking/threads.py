"""Work for all of the machine's cores; each part multiplies in its own thread only (see the package `workshop`)."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

CORES = min(os.cpu_count() or 1, 4)  # each holds two tables of its own


def deal(do: Callable, parts: Sequence, *, much: bool) -> None:
    """`do` with all the parts, or with a share of them in each thread where there is `much` to do: numpy lets go of the
    interpreter while it draws and multiplies. The thread that asks takes the first share, or it would wait with memory
    of its own."""
    mine, *others = [parts[core::CORES] for core in range(CORES)] if much else [parts]
    with ThreadPoolExecutor(CORES) as pool:
        theirs = pool.map(do, others)
        do(mine)
        list(theirs)  # what went wrong there goes wrong here
