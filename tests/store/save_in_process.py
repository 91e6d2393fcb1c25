"""A process that saves households without a pause until it is killed, beside the upkeep of its store.

python -m tests.store.save_in_process STORE PASSWORD UNIT ROUND
"""

import sys
from pathlib import Path

from fuyuan_desk.estates.facts.people import HouseholdFields
from fuyuan_desk.estates.service import households
from fuyuan_desk.office.service.sign_in import sign_in
from fuyuan_desk.shell import schema  # noqa: F401 - all tables, as the program has them


def main(folder: Path, password: str, unit: int, turn: int) -> None:
    """Print the phone of each household once it is saved."""
    seat = sign_in(folder, "admin", password)
    number = 0
    while True:
        phone = f"139{turn:03d}{number:05d}"
        households.save_household(seat, unit, HouseholdFields(head="张三丰", phones=(phone,), people=1))
        sys.stdout.write(f"{phone}\n")
        sys.stdout.flush()
        number += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
