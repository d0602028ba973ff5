"""Print the table of attacks for the threat model; with the name of a file, put it between that file's two marks."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from hostile.build import HONEST, STILL, attacks
from hostile.files import ATTACKS

START, END = "<!-- attacks -->", "<!-- /attacks -->"


def table() -> str:
    """Return the table in Markdown: each attack, what it tries, what it earns, what is still true."""
    lines = ["| attack | tries to | earns | still true |", "|---|---|---|---|"]
    for attack in sorted([*attacks(), *ATTACKS], key=lambda attack: attack.name):
        honest = set(attack.earns) == set(HONEST)
        earned = "its honest part" if honest else ", ".join(attack.earns) or "nothing"
        tries = attack.tries[0].lower() + attack.tries[1:].rstrip(".")
        lines.append(
            f"| {attack.name} | {tries.replace('|', '/')} | {earned} | {'; '.join(STILL[each] for each in attack.still)} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        path = Path(sys.argv[1])
        before, _, rest = path.read_text(encoding="utf-8").partition(START)
        path.write_text(f"{before}{START}\n{table()}{END}{rest.partition(END)[2]}", encoding="utf-8")
    else:
        print(table(), end="")
