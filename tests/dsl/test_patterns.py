"""Claims of one shape are read once; nothing tells that from reading each of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lemmata.dsl import outline, parser, pattern
from lemmata.dsl.diagnostics import Source
from lemmata.dsl.load import load, parse_theory
from lemmata.dsl.segment import Segment
from lemmata.engine.errors import SourceError, SourceErrors
from lemmata.engine.theory import Theory

SIGNATURE = """sort N = 0 | s(N)
sort T
const c, d, e2 : N
const t, u, 7 : T
const ∅ : T
op + : N, N -> N
op mod : N, N -> N infix 60 left
op f : N, T -> N
pred p : N
pred <= : N, N
pred `not` : N
define one = s(0)
define low(a): a <= one
"""

BODIES = (
    "{} + {} = {}",
    "f({}, {}) = {}",
    "{} mod {} = {} mod ({})",
    "p({}) and {} <= {} -> p({} + {})",
    "forall {}. p({}) or {} = {}",
    "exists {} : N. {} + {} != {}",
    "not p({}), low({}) <-> {}({})",
    "{} {} {}",
    "(({}) + {}) = s({})",
    "{} = # {}\n  {}",
    "(>[{}](p[{}])(=[{},{}]))",
    "!({} = {})",
    "{} <= {}& ({})",
    "{}",
)

WORDS = (
    *(
        "a",
        "b",
        "a'",
        "c",
        "d",
        "e2",
        "t",
        "u",
        "7",
        "0",
        "1",
        "2",
        "007",
        "10001",
        "٣",
        "∅",
        "one",
    ),
    *(
        "not",
        "true",
        "mod",
        "forall",
        "s",
        "p",
        "N",
        "`c`",
        "`not`",
        "+",
        "2a",
        "a.",
        "::",
        "#",
        "nil",
    ),
)


def outcome(text: str) -> Theory | str:
    """The theory that a text states, or all that is wrong with it."""
    try:
        return parse_theory(text)
    except (SourceError, SourceErrors) as error:
        return str(error)


@st.composite
def bodies(draw: st.DrawFn) -> list[str]:
    body = draw(st.sampled_from(BODIES))
    plain = st.sampled_from(("a", "b", "c", "d", "e2", "0", "1", "2"))
    word = st.one_of(plain, st.sampled_from(WORDS))
    count = body.count("{}")
    first = draw(st.lists(plain, min_size=count, max_size=count))
    found = [body.format(*first)]
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, count - 1))
        found.append(body.format(*first[:place], draw(word), *first[place + 1 :]))
    return found


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(bodies())
def test_shapes_read_once_mean_what_each_claim_means(found: list[str]) -> None:
    text = SIGNATURE + "\n".join(f"axiom law{n}: {one}" for n, one in enumerate(found))
    fast = outcome(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outline, "MOST_OUTLINES", 0)
        patch.setattr(pattern, "MOST_PATTERNS", 0)
        assert outcome(text) == fast


def test_claims_of_one_shape_are_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    read = parser._parse

    def spy(source: Source, segment: Segment, *rest: object) -> object:
        parsed.append(source.text[segment.start : segment.end])
        return read(source, segment, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(parser, "_parse", spy)
    claims = "\n".join(f"axiom law{n}: c + s({n}) = a + d" for n in range(8, 58))
    theory = parse_theory(SIGNATURE + claims)
    assert len(parsed) == len(SIGNATURE.splitlines()) + 1
    assert theory.axioms[-1].name == "law57"


def test_an_error_among_claims_of_one_shape_is_shown_at_its_place(tmp_path: Path) -> None:
    lines = [f"axiom law{n}: c + s({n}) = a + d" for n in range(8, 308)]
    lines[100] = "axiom law108: c + s(t) = a + d"
    lines[200] = "axiom law208: c + s(77777) = a + d"
    lines[250] = "axiom law258: c + s(3 = a + d"
    path = tmp_path / "many.mpl"
    path.write_text(SIGNATURE + "\n".join(lines))
    with pytest.raises(SourceErrors) as caught:
        load(path)
    first = len(SIGNATURE.splitlines()) + 1
    places = [(one.span.line, one.span.column) for one in caught.value.errors if one.span]
    assert places == [(first + 100, 21), (first + 200, 21), (first + 250, 30)]
