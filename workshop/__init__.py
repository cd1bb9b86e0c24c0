"""The workshop itself, with no user interface.

A product of two tables stays in the thread that asks for it: the second thread that numpy wakes spins on for a tenth of
a second, on the core that the phones need. Large work is dealt to threads of our own (`ranking.threads`).
"""

import numpy  # noqa: F401  only what is loaded can be told
from threadpoolctl import threadpool_limits

threadpool_limits(1, user_api="blas")
