"""Lowering is trusted by the checker: clauses and formula must agree in every interpretation."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.engine.clause import Clause, Equal, Holds, Literal, atom_terms
from lemmata.engine.formula import (
    And,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    Truth,
)
from lemmata.engine.lowering import free_variables, lower
from lemmata.engine.term import Var

DOMAIN = (0, 1)
NAMES = [Var(name, "D") for name in ("x", "y", "z")]
Interpretation = dict[str, frozenset[tuple[int, ...]]]


def formulas(depth: int = 3) -> st.SearchStrategy[Formula]:
    """Formulas over p/1, q/2 and equality, quantifiers anywhere, names reused at will."""
    var = st.sampled_from(NAMES)
    atoms: st.SearchStrategy[Formula] = st.one_of(
        st.builds(lambda x: Holds("p", (x,)), var),
        st.builds(lambda x, y: Holds("q", (x, y)), var, var),
        st.builds(Equal, var, var),
        st.builds(Truth, st.booleans()),
    )
    return st.recursive(
        atoms,
        lambda inner: st.one_of(
            st.builds(Not, inner),
            st.builds(And, inner, inner),
            st.builds(Or, inner, inner),
            st.builds(Implies, inner, inner),
            st.builds(Iff, inner, inner),
            st.builds(lambda v, f: Forall((v,), f), var, inner),
            st.builds(lambda v, f: Exists((v,), f), var, inner),
        ),
        max_leaves=depth + 3,
    )


def interpretations() -> st.SearchStrategy[Interpretation]:
    ones = list(product(DOMAIN))
    twos = list(product(DOMAIN, DOMAIN))
    return st.fixed_dictionaries(
        {
            "p": st.frozensets(st.sampled_from(ones)),
            "q": st.frozensets(st.sampled_from(twos)),
        }
    )


def is_true(formula: Formula, where: Interpretation, at: dict[Var, int]) -> bool:
    match formula:
        case Equal(left, right):
            return at[left] == at[right]  # type: ignore[index]  # only variables here
        case Holds(predicate, args):
            return tuple(at[arg] for arg in args) in where[predicate]  # type: ignore[index]
        case Truth(value):
            return value
        case Not(body):
            return not is_true(body, where, at)
        case And(left, right):
            return is_true(left, where, at) and is_true(right, where, at)
        case Or(left, right):
            return is_true(left, where, at) or is_true(right, where, at)
        case Implies(left, right):
            return not is_true(left, where, at) or is_true(right, where, at)
        case Iff(left, right):
            return is_true(left, where, at) == is_true(right, where, at)
        case Forall(names, body):
            return all(
                is_true(body, where, {**at, **dict(zip(names, values, strict=True))})
                for values in product(DOMAIN, repeat=len(names))
            )
        case Exists(names, body):
            return any(
                is_true(body, where, {**at, **dict(zip(names, values, strict=True))})
                for values in product(DOMAIN, repeat=len(names))
            )


def clause_is_true(clause: Clause, where: Interpretation) -> bool:
    def literal(one: Literal, at: dict[Var, int]) -> bool:
        assert all(term in at for term in atom_terms(one.atom))
        return is_true(one.atom, where, at) == one.positive

    for values in product(DOMAIN, repeat=len(clause.variables)):
        at = dict(zip(clause.variables, values, strict=True))
        if not all(literal(premise, at) for premise in clause.premises):
            continue
        if not any(
            all(
                literal(one, {**at, **dict(zip(case.exists, more, strict=True))})
                for one in case.literals
            )
            for case in clause.cases
            for more in product(DOMAIN, repeat=len(case.exists))
        ):
            return False
    return True


@settings(max_examples=400, deadline=None)
@given(formulas(), interpretations())
def test_clauses_hold_exactly_where_the_formula_does(
    formula: Formula, where: Interpretation
) -> None:
    lowered = lower(formula)
    # What an auxiliary predicate means is given by its definition, inner ones first.
    full = dict(where)
    for definition in lowered.definitions:
        assert isinstance(definition.formula, Iff)
        atom = definition.formula.left
        assert isinstance(atom, Holds)
        full[atom.predicate] = frozenset(
            values
            for values in product(DOMAIN, repeat=len(atom.args))
            if is_true(
                definition.formula.right,
                full,
                dict(zip(atom.args, values, strict=True)),  # type: ignore[arg-type]
            )
        )
    closed = Forall(tuple(free_variables(formula)), formula)
    assert is_true(closed, where, {}) == all(clause_is_true(c, full) for c in lowered.clauses)
    for definition in lowered.definitions:
        assert all(clause_is_true(c, full) for c in definition.clauses)
