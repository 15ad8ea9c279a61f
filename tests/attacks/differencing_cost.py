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
    """How many cells each table of each domain shows, alone and pooled, and of how many groups."""
    found = Counter()
    for part in [report["overall"], *report["domains"]]:
        found["whole", "alone"] += "suppressed" not in part
        for table, shown in part.get("cuts", {}).items():
            for cell in shown:
                if "suppressed" not in cell:
                    how = "alone" if len(cell["groups"]) == 1 else "pooled"
                    found[table, how] += 1
                    found[table, f"groups {how}"] += len(cell["groups"])
    return found


def main(count):
    """Print a row for each size of partnership and each table."""
    rule, plain, number = {}, {}, Counter()
    for of in populations(count):
        size = next(size for size in SIZES if size[0] <= len(of.people) <= size[1])
        number[size] += 1
        rule.setdefault(size, Counter()).update(cells(Copy(of).publishes()))
        plain.setdefault(size, Counter()).update(cells(Copy(of, threshold_only()).publishes()))
    print("| people | partnerships | table | threshold | rule, alone | kept | pooled, of groups |")  # noqa: T201
    print("|---|---|---|---|---|---|---|")  # noqa: T201
    for size in sorted(number):
        for table in ("whole", *TABLES):
            all_of, few = plain[size][table, "alone"], rule[size][table, "alone"]
            pooled, groups = rule[size][table, "pooled"], rule[size][table, "groups pooled"]
            kept = f"{100 * few / all_of:.0f} %" if all_of else "-"
            both = f"{pooled}, {groups}" if pooled else "-"
            row = (f"{size[0]}-{size[1]}", number[size], table, all_of, few, kept, both)
            print("| " + " | ".join(map(str, row)) + " |")  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
