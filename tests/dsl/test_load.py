"""What a theory file says, as data: statements, sorts, clauses, files that use each other."""

from __future__ import annotations

from pathlib import Path

import pytest

import lemmata
from lemmata.dsl.load import load, parse_formula, parse_theory
from lemmata.engine.clause import Equal, Holds
from lemmata.engine.errors import SourceError, SourceErrors
from lemmata.engine.formula import Exists, Forall, Iff, Implies, Not, Or
from lemmata.engine.notation import Notation
from lemmata.engine.term import App, Var
from lemmata.engine.theory import Infix, Theory

NAT = "sort N = 0 | s(N)\nop + : N, N -> N\nop * : N, N -> N\n"


def shown(theory: Theory, name: str) -> str:
    return Notation.of(theory).formula(theory.statements[name].formula)


def clauses(theory: Theory, name: str) -> list[str]:
    return [Notation.of(theory).clause(one) for one in theory.statements[name].clauses]


def test_the_example_says_what_is_printed_in_it(examples: Path) -> None:
    theory = lemmata.load(examples / "peano.mpl")
    assert theory.name == "peano"
    assert [one.name for one in theory.axioms] == [
        "N.distinct.0.s",
        "N.injective.s.1",
        "add_zero",
        "add_succ",
        "mul_zero",
        "mul_succ",
        "<=",
    ]
    assert len(theory.conjectures) == 12
    assert shown(theory, "N.distinct.0.s") == "0 != s(a)"
    assert clauses(theory, "N.distinct.0.s") == ["0 = s(a) -> false"]
    assert shown(theory, "N.injective.s.1") == "s(a) = s(b) -> a = b"
    assert clauses(theory, "<=") == ["a <= b -> exists p. a + p = b", "a + p = b -> a <= b"]
    assert clauses(theory, "le_trans") == ["a <= b, b <= c -> a <= c"]
    assert theory.signature.sort["N"].constructors == ("0", "s")


def test_symbols_bind_as_expected_without_any_declaration() -> None:
    theory = parse_theory(
        NAT + "op ^ : N, N -> N\npred < : N, N\naxiom a: a + b * c ^ d ^ e < a * b + c + d\n"
    )
    assert theory.notation["*"].precedence > theory.notation["+"].precedence
    assert parse_formula(theory, "a + (b * (c ^ (d ^ e))) < ((a * b) + c) + d") == (
        theory.statements["a"].formula
    )


def test_declared_precedence_and_side_decide() -> None:
    theory = parse_theory(
        "sort E\nop - : E, E -> E infix 50 left\nop / : E, E -> E infix 50 left\n"
        "op ~> : E, E -> E infix 30 right\nop dot : E, E -> E infix 70\n"
        "axiom a: a - b / c dot d = (a ~> b ~> c)\n"
    )
    assert theory.notation["~>"] == Infix(30, "right")
    same = parse_formula(theory, "(a - b) / (c dot d) = a")
    assert parse_formula(theory, "a - b / c dot d = a") == same
    assert parse_formula(theory, "(a ~> (b ~> c)) = d") == parse_formula(
        theory, "(a ~> b ~> c) = d"
    )


def test_symbols_without_or_with_one_operand() -> None:
    theory = parse_theory("sort E\nconst ∅ : E\nop - : E -> E\nop + : E, E -> E\n")
    formula = parse_formula(theory, "-a + -(- ∅) = ∅")
    empty = App("∅", (), "E")
    minus_a = App("-", (Var("a", "E"),), "E")
    twice = App("-", (App("-", (empty,), "E"),), "E")
    assert formula == Equal(App("+", (minus_a, twice), "E"), empty)
    assert parse_formula(theory, Notation.of(theory).formula(formula)) == formula


def test_quantifiers_connectives_and_sorts_are_read() -> None:
    theory = parse_theory(NAT + "pred even : N\nsort L = nil | cons(N, L)\n")
    formula = parse_formula(
        theory, "forall x, y : N. exists l. cons(x, l) != nil and not even(y) or even(x)"
    )
    match formula:
        case Forall((Var("x", "N"), Var("y", "N")), Exists((Var("l", "L"),), Or(_, Holds()))):
            pass
        case _:
            pytest.fail(str(formula))
    curried = parse_formula(theory, "even(a), even(b) -> even(a) <-> even(b)")
    assert isinstance(curried, Iff)
    assert isinstance(curried.left, Implies)
    assert isinstance(parse_formula(theory, "a = 0 -> b = 0 -> even(a)"), Implies)


def test_constructors_of_every_pair_and_argument() -> None:
    theory = parse_theory("sort T = leaf | node(T, T) | mark(T)")
    assert [one.name for one in theory.axioms] == [
        "T.distinct.leaf.node",
        "T.distinct.leaf.mark",
        "T.distinct.node.mark",
        "T.injective.node.1",
        "T.injective.node.2",
        "T.injective.mark.1",
    ]
    assert shown(theory, "T.injective.node.2") == "node(a, b) = node(c, d) -> b = d"
    assert {one.kind for one in theory.axioms} == {"constructor"}


def test_constructor_axioms_keep_clear_of_constants() -> None:
    theory = parse_theory("const a : N\nsort N = 0 | s(N)")
    assert shown(theory, "N.distinct.0.s") == "0 != s(b)"


def test_numerals_are_successors() -> None:
    theory = parse_theory("sort Nat = zero | succ(Nat)\naxiom a: 2 = x")
    assert theory.statements["a"].formula == Equal(
        App("succ", (App("succ", (App("zero", (), "Nat"),), "Nat"),), "Nat"), Var("x", "Nat")
    )
    assert clauses(theory, "a") == ["2 = x"]


def test_a_numeral_of_two_sorts_takes_the_one_that_fits() -> None:
    theory = parse_theory("sort A = a0 | a1(A)\nsort B = b0 | b1(B)\naxiom x: b1(y) = 3")
    assert shown(theory, "x") == "b1(y) = b1(b1(b1(b0)))"
    with pytest.raises(SourceError, match="sort of the numeral '3' is not determined"):
        parse_theory("sort A = a0 | a1(A)\nsort B = b0 | b1(B)\naxiom x: 3 = 3")


def test_large_numerals_are_read_and_printed() -> None:
    theory = parse_theory(NAT + "axiom a: 5000 + x = 9999")
    assert clauses(theory, "a") == ["5000 + x = 9999"]


def test_definitions_in_any_order() -> None:
    theory = parse_theory(
        NAT + "define even(n): exists k. n = double(k)\ndefine double(n) = n + n\n"
        "define two = s(s(0))\ndefine a divides b: exists c. a * c = b\n"
        "define fact: even(two)\nconjecture c: two divides double(n) and fact\n"
    )
    assert shown(theory, "double") == "double(n) = n + n"
    assert theory.signature.function["two"].arguments == ()
    assert shown(theory, "divides") == "a divides b <-> exists c : N. a * c = b"
    assert shown(theory, "c") == "two divides double(n) and fact"
    assert theory.statements["even"].kind == "definition"


def test_auxiliary_predicates_join_axioms_and_signature() -> None:
    theory = parse_theory(NAT + "conjecture c: exists x. forall y. x + y = y")
    (auxiliary,) = [one for one in theory.axioms if one.kind == "auxiliary"]
    assert auxiliary.name == "c.1"
    assert "c.1" in theory.signature.predicate


def test_quantified_variables_of_one_clause_stay_apart() -> None:
    theory = parse_theory(
        "sort N\npred p : N\npred q : N\naxiom a: (forall x. p(x)) or (forall x. q(x))\n"
        "axiom b: p(x) or forall x. q(x)\naxiom c: exists x. p(x) and (exists x. q(x))\n"
    )
    assert clauses(theory, "a") == ["p(x) or q(x')"]
    assert clauses(theory, "b") == ["p(x) or q(x')"]
    assert clauses(theory, "c") == ["exists x, x'. p(x) and q(x')"]


# Core expressions over declared symbols


def test_core_atoms_mean_terms_and_sorts() -> None:
    theory = parse_theory(
        NAT + "pred <= : N, N\n"
        "axiom a: (>[a,b,c](in3[a,b,c,+])(in3[b,a,c,+]))\n"
        "axiom b: (>[a](in[a,N])(in2[a,b,s]))\n"
        "axiom c: (&(<=[a,b])!(=[a,0]))\n"
        "axiom d: (in2[a,b,<=])\n"
    )
    assert shown(theory, "a") == "forall a : N, b : N, c : N. a + b = c -> b + a = c"
    assert shown(theory, "b") == "forall a : N. s(a) = b"
    assert shown(theory, "c") == "a <= b and a != 0"
    assert shown(theory, "d") == "a <= b"


def test_core_negations_read_as_they_were_meant() -> None:
    theory = parse_theory(NAT + "pred p : N\npred q : N\n")

    def read(text: str) -> str:
        return Notation.of(theory).formula(parse_formula(theory, text))

    assert read("!(>[y](in[y,N])!(p[y]))") == "exists y : N. p(y)"
    assert read("(!(>[y](p[y])!(q[y])))") == "exists y : N. p(y) and q(y)"
    assert read("!(&!(p[y])!(q[y]))") == "p(y) or q(y)"
    assert read("(&(>[](p[y])(q[y]))(>[](q[y])(p[y])))") == "p(y) <-> q(y)"
    assert read("((&(>[](p[y])(q[y]))(>[](q[y])(p[y]))))") == ("(p(y) -> q(y)) and (q(y) -> p(y))")
    assert read("!((>[y](p[y])!(q[y])))") == "not (forall y : N. p(y) -> not q(y))"
    assert read("(!(!(p[y])))") == "not not p(y)"


def test_values_in_core_become_terms_without_capture() -> None:
    theory = parse_theory(NAT)
    formula = parse_formula(theory, "(>[_1](in3[a,b,_1,+])(>[a](in[a,N])(in2[_1,a,s])))")
    assert Notation.of(theory).formula(formula) == "forall a' : N. s(a + b) = a'"


def test_definitions_over_functions_unfold_on_declared_symbols() -> None:
    theory = parse_theory(
        NAT + "(fXY[f,X,Y]) := (>[x](in[x,X])!(>[y](in[y,Y])!(in2[x,y,f])))\n"
        "conjecture a: (fXY[s,N,N])\n"
        "(assoc[op]) := (>[a,b,c,d,e](&(in3[a,b,d,op])(in3[b,c,e,op]))"
        "(>[_1](in3[d,c,_1,+])(in3[a,e,_1,op])))\n"
        "conjecture b: (assoc[*])\n"
    )
    assert shown(theory, "a") == "forall x : N. exists y : N. s(x) = y"
    assert "a * e = d + c" in shown(theory, "b")
    assert not theory.signature.predicates
    assert all(one.kind == "constructor" for one in theory.axioms)


def test_unfolding_does_not_capture() -> None:
    theory = parse_theory(
        NAT + "(below[f,a]) := (>[x](in[x,N])(in2[x,a,f]))\n"
        "conjecture c: (>[x](in[x,N])(below[s,x]))\n"
    )
    assert shown(theory, "c") == "forall x : N. forall x' : N. s(x') = x"


def test_definitions_over_elements_are_predicates() -> None:
    theory = parse_theory(
        NAT + "(<=[a,b]) := !(>[p](in[p,N])!(in3[a,p,b,+]))\nconjecture c: a <= a + b\n"
    )
    assert shown(theory, "<=") == "a <= b <-> exists p : N. a + p = b"
    assert theory.signature.predicate["<="].arguments == ("N", "N")


def test_functions_and_sets_as_variables_have_types() -> None:
    theory = parse_theory(
        "(fXY[f,X,Y]) := (>[x](in[x,X])!(>[y](in[y,Y])!(in2[x,y,f])))\n"
        "conjecture c: (>[f](fXY[f,X,X])(>[a,b](in3[a,b,c,+])(in3[b,a,c,+])))\n"
    )
    assert theory.signature.predicate["fXY"].arguments == ("P(x(1)(1))", "P(1)", "P(1)")
    assert theory.signature.predicate["in3"].arguments[3] == "P(x(1)(x(1)(1)))"
    with pytest.raises(SourceError, match="sorts do not agree"):
        parse_theory("conjecture c: (>[](in[x,X])(in2[x,y,X]))")


def test_readable_and_core_mix_in_one_formula() -> None:
    theory = parse_theory(NAT + "axiom a: (in3[a,b,c,+]) and (>[](a = b)(b = c)) -> c = 0\n")
    assert shown(theory, "a") == "a + b = c and (a = b -> b = c) -> c = 0"


# Files


def test_used_files_are_read_once_and_the_source_reads_the_same(tmp_path: Path) -> None:
    (tmp_path / "base.mpl").write_text("theory base\n" + NAT + "axiom z: a + 0 = a\n")
    (tmp_path / "mid.mpl").write_text('use "base.mpl"\npred p : N\n')
    main = tmp_path / "main.mpl"
    main.write_text('theory main\nuse "mid.mpl"\nuse "base.mpl"\nconjecture c: p(0 + 0)\n(p[0])\n')
    theory = load(main)
    again = parse_theory(theory.source)
    assert theory.name == again.name == "main"
    assert theory.signature == again.signature
    assert [(one.name, one.formula) for one in theory.axioms] == [
        (one.name, one.formula) for one in again.axioms
    ]
    assert [one.name for one in theory.conjectures] == [one.name for one in again.conjectures]


def test_rings_of_files_and_missing_files(tmp_path: Path) -> None:
    (tmp_path / "one.mpl").write_text('use "two.mpl"\n')
    (tmp_path / "two.mpl").write_text('sort N\nuse "one.mpl"\n')
    with pytest.raises(SourceError) as caught:
        load(tmp_path / "one.mpl")
    assert caught.value.message == "files use each other in a ring"
    assert caught.value.hint == "one.mpl → two.mpl → one.mpl"
    (tmp_path / "three.mpl").write_text('use "tow.mpl"\naxiom a: unknown(x)\n')
    with pytest.raises(SourceError) as caught:
        load(tmp_path / "three.mpl")
    assert "did you mean 'two.mpl'?" in str(caught.value)


def test_errors_of_used_files_come_with_their_own_path(tmp_path: Path) -> None:
    (tmp_path / "base.mpl").write_text("sort N\nop f : M -> N\n")
    (tmp_path / "main.mpl").write_text('use "base.mpl"\naxiom a: f(x) = y\naxiom b: g(x) = y\n')
    with pytest.raises(SourceErrors) as caught:
        load(tmp_path / "main.mpl")
    places = [(Path(error.path).name, error.message) for error in caught.value.errors]
    assert sorted(places) == [
        ("base.mpl", "unknown sort 'M'"),
        ("main.mpl", "unknown function 'g'"),
    ]


def test_line_ends_marks_tabs_and_alphabets(tmp_path: Path) -> None:
    file = tmp_path / "win.mpl"
    text = "\ufeffsort ℕ = zéro | σ(ℕ)\r\nop\t+ : ℕ, ℕ -> ℕ\r\naxiom α: x₁ + zéro = x₁\r\n"
    file.write_bytes(text.encode())
    theory = load(file)
    assert shown(theory, "α") == "x₁ + zéro = x₁"
    file.write_bytes(b"sort N\raxiom a: x = x\r")
    assert load(file).statements["a"].formula == Equal(Var("x", "N"), Var("x", "N"))


def test_a_theory_may_be_empty() -> None:
    assert parse_theory("# nothing\n").axioms == ()


def test_formulas_over_a_theory_report_their_errors(examples: Path) -> None:
    theory = load(examples / "peano.mpl")
    assert isinstance(parse_formula(theory, "not a <= b"), Not)
    with pytest.raises(SourceError) as caught:
        parse_formula(theory, "a <= t(b)")
    assert caught.value.message == "unknown function 't'"
