"""Write the pages of a report; everything they need lies beside them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from markupsafe import Markup

from lemmata.engine.errors import UsageError
from lemmata.engine.formulas.fraction import PCF
from lemmata.engine.formulas.metrics import METRIC_NAMES
from lemmata.engine.formulas.relation import format_mobius, with_positive_lead

from ..template import templates
from .contents import Contents, FormulaPage, collect, page_name


def write_report(
    folder: Path | str, site: Path | str, *, points: int = 60_000, pages: int = 1000
) -> int:
    """Write the report of a sweep's folder into ``site``; the number of pages written."""
    contents = collect(Path(folder), points, pages)
    target = Path(site)
    environment = templates("lemmata.report.formulas")
    known = {page.row["formula"] for page in contents.formulas}
    environment.globals.update(
        title=contents.title,
        link=lambda formula: page_name(formula) if formula in known else "",
    )
    try:
        (target / "assets").mkdir(parents=True, exist_ok=True)
        _write(target / "assets" / "plotly.js", _plotly())
        _write(target / "assets" / "map-data.js", f"const MAP = {_map(contents, known)};\n")
        _write(target / "assets" / "search-data.js", f"const FORMULAS = {_search(contents)};\n")
        for name in ("report.css", "report.js"):
            source = environment.loader.get_source(environment, name)[0]  # type: ignore[union-attr]
            _write(target / "assets" / name, source)
        index = environment.get_template("index.html")
        _write(
            target / "index.html", index.render(contents=contents, shown=len(contents.map_points))
        )
        cluster_page = environment.get_template("cluster.html")
        for item in contents.clusters:
            text = cluster_page.render(
                item=item,
                members=contents.members[item.cluster],
                families=[f for f in contents.families if f.constant in dict(item.constants)],
            )
            _write(target / f"cluster-{item.cluster}.html", text)
        formula_page = environment.get_template("formula.html")
        for page in contents.formulas:
            _write(target / page.file, formula_page.render(**_formula(page)))
    except OSError as error:
        raise UsageError(
            f"cannot write the report to {target}: {error.strerror or error}"
        ) from None
    return 1 + len(contents.clusters) + len(contents.formulas)


def _formula(page: FormulaPage) -> dict[str, Any]:
    exact = asdict(page.fraction.asymptotics())
    metrics = [
        (name, page.row[name], exact.get(name))
        for name in METRIC_NAMES
        if page.row[name] is not None and page.row[name] == page.row[name]
    ]
    return {
        "page": page,
        "row": page.row,
        "mathml": Markup(page.fraction.mathml()),
        "behaviour": page.fraction.behaviour,
        "metrics": metrics,
        "plot": Markup(_curve(page.curve)),
        "equivalents": [
            (
                PCF(list(e.a), list(e.b)).text,
                format_mobius(with_positive_lead(e.mobius), "x"),
                e.how,
            )
            for e in page.fraction.equivalents()
        ],
    }


def _curve(curve: tuple[tuple[int, float], ...]) -> str:
    """The digits gained after n terms as an SVG polyline with labelled axes."""
    if not curve:
        return "<p>The error vanishes or is undefined at these depths.</p>"
    width, height, left, bottom = 640, 260, 56, 36
    digits = [-error for _, error in curve]
    low, high = min(0.0, *digits), max(1.0, *digits)
    last = curve[-1][0]

    def place(n: int, value: float) -> str:
        x = left + (width - left - 12) * n / last
        y = height - bottom - (height - bottom - 12) * (value - low) / (high - low)
        return f"{x:.1f},{y:.1f}"

    line = " ".join(place(n, value) for (n, _), value in zip(curve, digits, strict=True))
    ticks = "".join(
        f'<text x="{left - 8}" y="{height - bottom - (height - bottom - 12) * k / 4 + 4:.0f}" '
        f'text-anchor="end">{low + (high - low) * k / 4:.1f}</text>'
        for k in range(5)
    )
    return (
        f'<svg class="plot" viewBox="0 0 {width} {height}" role="img" aria-label="Certain digits after n terms">'
        f'<path class="axis" d="M{left},8 V{height - bottom} H{width - 8}"/>{ticks}'
        f'<text x="{width - 12}" y="{height - 8}" text-anchor="end">n = {last}</text>'
        f'<text x="{left}" y="{height - 8}">terms n, upwards: digits gained</text>'
        f'<polyline class="curve" points="{line}"/></svg>'
    )


def _map(contents: Contents, known: set[str]) -> str:
    points = contents.map_points
    return _script(
        {
            "x": [p["delta"] for p in points],
            "y": [p["rate_linear"] for p in points],
            "cluster": [p["cluster"] for p in points],
            "text": [
                p["formula"] + (f" — {p['constant']}" if p["constant"] else "") for p in points
            ],
            "page": [page_name(p["formula"]) if p["formula"] in known else "" for p in points],
        }
    )


def _search(contents: Contents) -> str:
    return _script(
        [
            [
                p.row["formula"],
                p.row["constant"] or "",
                p.row["closed_form"] or "",
                p.row["value"][:24],
                p.file,
            ]
            for p in contents.formulas
        ]
    )


def _script(value: Any) -> str:
    # "</" would end the script element were this ever inlined.
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")


def _plotly() -> str:
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs())


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
