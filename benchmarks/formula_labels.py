"""What a labelled sweep found: the published formulas, blindly, and a list of all others.

    LEMMATA_DATA=… python benchmarks/formula_labels.py SWEEP --out others.csv

Every formula of pcf_formulas.json in the box must carry a label whose closed form has the value
given there; so must twelve formulas from print. A label counts where it holds fifty digits beyond
the relation's cost; one is new where no formula of these lists is in its class under sign, scaling,
inflation and shift.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
from pathlib import Path

from lemmata.engine.formulas.equivalence import canonical
from lemmata.engine.formulas.fraction import PCF
from lemmata.engine.formulas.query import connect

PRINTED = (
    "1|n^2", "2|n^2", "1|n^2+n", "2|n^2+n", "4|4n^2-4n+1", "4|4n^2-2n", "2|4n^2+2n", "1|4n^2-2n",
    "3n+2|-2n^2", "2n+5|3n^2", "3n+1|-2n^2+n", "3n+1|-2n^2+3n",
)  # fmt: skip


def main() -> None:
    """Look up, count, list."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    data = json.loads(Path(os.environ["LEMMATA_DATA"], "pcf_formulas.json").read_text())
    wanted = [(PCF([row["a"]], row["b"]), row["value"]) for row in data]
    wanted += [(PCF.parse(text), None) for text in PRINTED]
    database = connect(options.folder)
    labels = {
        formula: (constant, closed_form, value, delta, margin)
        for formula, constant, closed_form, value, delta, margin in database.execute(
            "SELECT formula, constant, closed_form, value, delta, margin FROM formulas "
            "WHERE constant NOT IN ('rational', 'algebraic')"
        ).fetchall()
    }
    found = 0
    for fraction, value in wanted:
        label = labels.get(fraction.text)
        good = label is not None and (value is None or label[2].startswith(value[:25]))
        found += good
        if not good:
            print(f"not found: {fraction.text} {label}")
    print(f"{found} of {len(wanted)} published formulas labelled")
    classes = {(c.a, c.b) for c in (canonical(f.a, f.b) for f, _ in wanted)}
    sure = {name: row for name, row in labels.items() if row[4] >= 50}
    fractions = {name: PCF.parse(name) for name in sure}
    homes = {name: canonical(f.a, f.b) for name, f in fractions.items()}
    others = [name for name, home in homes.items() if (home.a, home.b) not in classes]
    print(
        f"{len(labels)} formulas are images of a constant, {len(sure)} with 50 digits to spare; "
        f"{len(others)} of these in {len({(homes[n].a, homes[n].b) for n in others})} other classes"
    )
    if options.out is not None:
        with options.out.open("w", newline="") as sink:
            writer = csv.writer(sink)
            writer.writerow(["formula", "constant", "closed_form", "value", "delta", "margin"])
            writer.writerows([name, *sure[name]] for name in sorted(others))


if __name__ == "__main__":
    main()
