"""What the defence costs: cells published under the rule beside those under a plain threshold.

`python -m tests.attacks.differencing_cost [partnerships]`: the populations of the attack.
"""

import sys
from collections import Counter

from tests.attacks.differencing_controls import threshold_only
from tests.attacks.differencing_copy import Copy
from tests.attacks.populations import populations

SIZES = ((12, 39), (40, 99), (100, 300))
TABLES = ("organisation", "role", "organisation × role")


def cells(report):
    """How many cells each table of each domain shows, and how many domains and overalls."""
    found = Counter(whole="suppressed" not in report["overall"])
    for part in report["domains"]:
        found["whole"] += "suppressed" not in part
        for table, shown in part.get("cuts", {}).items():
            found[table] += sum("suppressed" not in cell for cell in shown)
            found[f"{table}, pooled"] += sum(len(cell["groups"]) > 1 for cell in shown)
            found[f"{table}, groups"] += sum(
                len(cell["groups"]) for cell in shown if "suppressed" not in cell
            )
    return found


def main(count):
    """Print a row for each size of partnership and each table."""
    rule, plain, number = {}, {}, Counter()
    for of in populations(count):
        size = next(size for size in SIZES if size[0] <= len(of.people) <= size[1])
        number[size] += 1
        rule.setdefault(size, Counter()).update(cells(Copy(of).publishes()))
        plain.setdefault(size, Counter()).update(cells(Copy(of, threshold_only()).publishes()))
    print("| people | partnerships | table | threshold | rule | groups in them | kept |")  # noqa: T201
    print("|---|---|---|---|---|---|---|")  # noqa: T201
    for size in sorted(number):
        for table in ("whole", *TABLES):
            few, all_of = rule[size][table], plain[size][table]
            groups = rule[size][f"{table}, groups"] or few
            kept = f"{100 * few / all_of:.0f} %" if all_of else "-"
            row = (f"{size[0]}-{size[1]}", number[size], table, all_of, few, groups, kept)
            print("| " + " | ".join(map(str, row)) + " |")  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
