"""Published theories: definition files with a configuration, and lists of theorems."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lemmata.dsl.format import formatted
from lemmata.dsl.load import load, parse_theory
from lemmata.engine.errors import SourceError, SourceErrors
from lemmata.engine.notation import Notation

MAP = "(>[x](in[x,X])!(>[y](in[y,Y])!(in2[x,y,f])))"
ANCHOR = (
    "(&(map[s,N,N])(&(in2[i0,i1,s])(>[a,b](&(in[a,N])(in[b,N]))!(>[c](in[c,N])!(in3[a,b,c,+])))))"
)
LIST = """\
# laws

(>[4](AnchorTest[1,2,3,4,5])(>[7, 8,9](in3[7,8,9,4])(in3[8,7,9,4])))
(>[1](AnchorTest[1,2,3,4,5])(>[7](in[7,1])(!(>[8](in[8,1])!(in2[7,8,3])))))
"""


def publish(folder: Path) -> None:
    """A small published theory in a folder."""
    (folder / "map.txt").write_text(f"  {MAP}\r\n".replace(",", " ,\t"))
    (folder / "AnchorTest.mpl").write_text(ANCHOR.replace(")(", ")\n ("))
    (folder / "theorems.txt").write_text(LIST)
    configuration = {
        "predicates": {
            "map": {
                "full_mpl": "map.txt",
                "short_mpl": "(map[f,X,Y])",
                "arity": 3,
                "definition_sets": {"1": "P(x(1)(1))", "2": "P(1)", "3": "P(1)"},
            },
            "anchor": {
                "full_mpl": "AnchorTest.mpl",
                "short_mpl": "(AnchorTest[N,i0,s,+,i1])",
                "arity": 5,
                "definition_sets": ["P(1)", "(1)", "P(x(1)(1))", "P(x(1)(x(1)(1)))", "(1)"],
            },
            "in": {"full_mpl": "", "short_mpl": "(in[x,X])", "arity": 2},
            "in line": {"full_mpl": "!(in[x,X])", "short_mpl": "(outside[x,X])", "arity": 2},
        }
    }
    (folder / "config.json").write_text(json.dumps(configuration))


def test_a_folder_is_a_theory(tmp_path: Path) -> None:
    publish(tmp_path)
    theory = load(tmp_path)
    notation = Notation.of(theory)
    named = {one.name: notation.formula(one.formula) for one in theory.axioms}
    assert named["map"] == (
        "map(f, X, Y) <-> forall x : `(1)`. in(x, X) -> exists y : `(1)`. in(y, Y) and in2(x, y, f)"
    )
    assert named["outside"] == "outside(x, X) <-> not in(x, X)"
    assert theory.signature.predicate["AnchorTest"].arguments == (
        "P(1)",
        "(1)",
        "P(x(1)(1))",
        "P(x(1)(x(1)(1)))",
        "(1)",
    )
    assert [one.name for one in theory.conjectures] == ["line3", "line4"]
    clause = notation.clause(theory.conjectures[0].clauses[0])
    assert clause == (
        "AnchorTest(`1`, `2`, `3`, `4`, `5`), in3(`7`, `8`, `9`, `4`) -> in3(`8`, `7`, `9`, `4`)"
    )
    kinds = {one.kind for one in theory.axioms}
    assert kinds == {"definition", "auxiliary"}


def test_texts_and_configurations_may_lie_in_folders(tmp_path: Path) -> None:
    publish(tmp_path)
    flat = load(tmp_path)
    for folder, files in (
        ("definitions", ("map.txt", "AnchorTest.mpl")),
        ("configuration", ("config.json",)),
        ("lists", ("theorems.txt",)),
    ):
        (tmp_path / folder).mkdir()
        for name in files:
            (tmp_path / name).rename(tmp_path / folder / name)
    configuration = (tmp_path / "configuration" / "config.json").read_text()
    (tmp_path / "configuration" / "second.json").write_text(configuration)
    theory = load(tmp_path)
    assert theory.axioms == flat.axioms
    assert [one.formula for one in theory.conjectures] == [one.formula for one in flat.conjectures]


def test_its_source_reads_the_same(tmp_path: Path) -> None:
    publish(tmp_path)
    for place in (tmp_path, tmp_path / "config.json", tmp_path / "theorems.txt"):
        theory = load(place)
        again = parse_theory(theory.source)
        assert again.signature.predicate == theory.signature.predicate
        assert [(one.name, one.formula) for one in again.axioms + again.conjectures] == [
            (one.name, one.formula) for one in theory.axioms + theory.conjectures
        ]


def test_texts_are_printed_back_without_spaces_alone(tmp_path: Path) -> None:
    publish(tmp_path)
    printed = {place.name: after for place, _, after in formatted(tmp_path, None)}
    assert printed == {
        "map.txt": MAP + "\n",
        "AnchorTest.mpl": ANCHOR + "\n",
        "theorems.txt": LIST.replace("7, 8", "7,8"),
    }
    ((place, before, after),) = formatted(tmp_path / "theorems.txt", "core")
    assert (place.name, before, after) == ("theorems.txt", LIST, LIST.replace("7, 8", "7,8"))


def test_the_readable_surface_says_the_same(tmp_path: Path) -> None:
    publish(tmp_path)
    ((_, _, readable),) = formatted(tmp_path, "readable")
    theory, again = load(tmp_path), parse_theory(readable)
    assert [(one.name, one.formula) for one in again.axioms + again.conjectures] == [
        (one.name, one.formula) for one in theory.axioms + theory.conjectures
    ]


def test_every_form_of_parentheses_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    text = "(!(=[a,b]))\n!(!(=[a,b]))\n((&(=[1,+])!((=[*,_])))) \n(>[](=[not,#])(!((p[x]))))\n"
    file.write_text(text)
    ((_, _, after),) = formatted(file, None)
    assert after == text.replace(") \n", ")\n")
    assert len(load(file).conjectures) == 4


def test_a_list_alone_leaves_its_anchor_open(tmp_path: Path) -> None:
    file = tmp_path / "theorems.txt"
    file.write_text(LIST)
    theory = load(file)
    arguments = theory.signature.predicate["AnchorTest"].arguments
    assert arguments == ("P(1)", "(1)", "P(x(1)(1))", "P(x(1)(x(1)(1)))", "(1)")
    assert not theory.axioms


def test_a_definition_alone_is_named_like_its_file(tmp_path: Path) -> None:
    for name in ("some.txt", "some.mpl"):
        (tmp_path / name).write_text(MAP.replace("](", "]\n("))
        theory = load(tmp_path / name)
        (definition,) = [one for one in theory.axioms if one.kind == "definition"]
        assert definition.name == "some"
        assert set(theory.signature.predicate["some"].arguments) == {"P(1)", "P(x(1)(1))"}
        (tmp_path / name).unlink()


@pytest.mark.parametrize(
    ("line", "message", "column"),
    [
        ("(&(=[a,b]))", "an operand is missing", 11),
        ("(&(=[a,b])(=[a,b])(=[a,b]))", "an operand too many", 19),
        ("(>[x](=[a,b]))", "an operand is missing", 14),
        ("(=[a,b]) (=[a,b])", "text after the end of the expression", 10),
        ("(=[a,b]))", "')' closes nothing", 9),
        ("(>[x](=[a,b])(=[a,b])", "a parenthesis is not closed", 22),
        ("(=[a])", "'=' takes 2 arguments", 2),
        ("(in2[a,b])", "'in2' takes 3 arguments", 2),
        ("(in[])", "unexpected ']'", 5),
    ],
)
def test_malformed_lines_are_errors_where_they_stand(
    tmp_path: Path, line: str, message: str, column: int
) -> None:
    file = tmp_path / "list.txt"
    file.write_text(f"# list\n(=[a,b])\n{line}\n(=[b,a])\n")
    with pytest.raises(SourceError) as caught:
        load(file)
    assert caught.value.message == message
    assert caught.value.span is not None
    assert (caught.value.span.line, caught.value.span.column) == (3, column)


def test_all_malformed_lines_are_told(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("(=[a,b]\n(=[a,b])\n(&(=[a,b]))\nx\n")
    with pytest.raises(SourceErrors) as caught:
        load(file)
    assert [error.span.line for error in caught.value.errors if error.span] == [1, 3, 4]


def test_types_disagree(tmp_path: Path) -> None:
    publish(tmp_path)
    (tmp_path / "theorems.txt").write_text("(>[](map[f,X,Y])(in[f,X]))\n")
    with pytest.raises(SourceError, match="sorts do not agree"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"arity": 2}, "'map' has another arity"),
        ({"short_mpl": "map"}, "this is no signature"),
        ({"full_mpl": "mpa.txt"}, "there is no file 'mpa.txt'"),
        ({"definition_sets": ["P(1"] * 3}, "this is no type"),
        ({"definition_sets": ["P(1)"]}, "the types of 'map' do not fit"),
    ],
)
def test_configurations_that_are_wrong(
    tmp_path: Path, change: dict[str, object], message: str
) -> None:
    (tmp_path / "map.txt").write_text(MAP)
    entry = {"full_mpl": "map.txt", "short_mpl": "(map[f,X,Y])", "arity": 3, **change}
    (tmp_path / "config.json").write_text(json.dumps([entry], indent=1))
    with pytest.raises(SourceError) as caught:
        load(tmp_path / "config.json")
    assert caught.value.message == message
    assert caught.value.span is not None


def test_broken_json_is_shown_where_it_breaks(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"a": \n nope}')
    with pytest.raises(SourceError) as caught:
        load(tmp_path / "config.json")
    assert caught.value.span is not None
    assert caught.value.span.line == 2
