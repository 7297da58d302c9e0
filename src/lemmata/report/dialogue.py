"""A CodeARC run as one HTML page: the counts, and each problem's dialogue."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lemmata.provers.oracle.codearc import Result

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;
color:#1a1a1a;background:#fff}
pre{background:#f4f4f1;padding:.6rem;overflow-x:auto}table{border-collapse:collapse}
td,th{padding:.15rem .8rem .15rem 0;text-align:left}summary{cursor:pointer}
.solved{color:#1b6e3c}.wrong,.failed{color:#a11}.none{color:#555}
@media (prefers-color-scheme:dark){body{color:#ddd;background:#181818}pre{background:#242424}
.solved{color:#6fcf97}.wrong,.failed{color:#ff8a80}.none{color:#aaa}}
"""


def page(results: list[Result], counts: dict[str, Any]) -> str:
    """The whole page; it needs no other file."""
    rows = "".join(
        f"<tr><td>{escape(signature)}</td><td>{solved} of {total}</td></tr>"
        for signature, (solved, total) in counts["by signature"].items()
    )
    body = "\n".join(_problem(result) for result in sorted(results, key=lambda r: r.id))
    refuted = ", ".join(map(str, counts["wrong"])) or "none"
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>CodeARC run</title><style>{_STYLE}</style></head><body><h1>CodeARC run</h1>"
        f"<p>{counts['solved']} of {counts['problems']} problems solved "
        f"({100 * counts['share']:.1f} %), {counts['cpu seconds']} CPU seconds, "
        f"{counts['mean queries']} queries a problem.</p>"
        f"<p>Accepted by the oracle and refuted by the judge: {refuted}.</p>"
        f"<details><summary>By signature</summary><table>{rows}</table></details>"
        f"{body}</body></html>\n"
    )


def _problem(result: Result) -> str:
    kind = result.status if result.status in ("solved", "wrong", "failed") else "none"
    steps = "".join(
        f"<tr><td>{event['at']:.2f}</td><td>{escape(event['kind'])}</td>"
        f"<td>{event['rivals'] or ''}</td><td>{escape(event['text'])}</td></tr>"
        for event in result.trace
    )
    program = f"<h3>Program</h3><pre>{escape(result.program)}</pre>" if result.program else ""
    return (
        f'<details id="p{result.id}"><summary>Problem {result.id}: '
        f'<span class="{kind}">{escape(result.status)}</span> {escape(result.signature)}, '
        f"{result.queries} queries, {result.cpu_seconds:.1f} s</summary>"
        f"<p>{escape(result.detail)}</p>{program}"
        "<h3>Dialogue</h3><table><tr><th>CPU s</th><th>step</th><th>candidates</th>"
        f"<th></th></tr>{steps}</table>"
        f"<h3>Hidden function</h3><pre>{escape(result.hidden)}</pre></details>"
    )
