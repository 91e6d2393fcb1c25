"""The time of a sign-in: argon2id, which makes every attempt expensive, and the whole way from Enter to the first page.

    python -m tests.bench.bench_signin [ROUNDS]

Measured as in `bench_desk`, in processes of their own at a sample office. The issue asks for at least `DEAR` seconds of
argon2id and at most `LIMIT` seconds for everything.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from fuyuan_desk.store.keys.keyring import Cost
from tests.bench.bench_desk import ROUNDS, measure

DEAR, LIMIT = 0.3, 1.0


def summary(found: list[tuple[float, float]]) -> str:
    """Format the results in one line."""
    whole = statistics.median(total for total, _argon2 in found)
    argon2 = min(argon2 for _total, argon2 in found)
    cost = Cost()
    return (
        f"argon2id ({cost.passes} passes, {cost.memory_kib // 1024} MB, {cost.lanes} lanes) "
        f"fastest {argon2:.2f} s, limit at least {DEAR}: {'met' if argon2 >= DEAR else 'MISSED'}; "
        f"whole sign-in fastest {min(total for total, _argon2 in found):.2f} s, median {whole:.2f} s, "
        f"limit at most {LIMIT}: {'met' if whole <= LIMIT else 'MISSED'}"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(summary(measure(int(sys.argv[1]) if sys.argv[1:] else ROUNDS, Path(folder))))
