"""A theory and its goal as SMT-LIB 2.6, for peers that do not read functions with type variables.

Type variables are sorts without constructors here, as they are for Lemmata, so that both are asked
the same. Names get a prefix: many of them mean something else in SMT-LIB.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lemmata.engine.clause import Case, Clause, Equal, Literal
from lemmata.engine.term import Term, Var
from lemmata.engine.theory import Sort, Theory


def problem(theory: Theory) -> str:
    """The axioms, then the first conjecture denied."""
    (goal, *_) = theory.conjectures
    return "\n".join(
        [
            *_sorts(theory),
            *_symbols(theory),
            *(
                f"(assert {_clause(clause)})"
                for axiom in theory.axioms
                if axiom.kind != "constructor"  # datatypes bring these along
                for clause in axiom.clauses
            ),
            f"(assert (not {_joined('and', [_clause(clause) for clause in goal.clauses], 'true')}))",
            "(check-sat)\n",
        ]
    )


def _sorts(theory: Theory) -> Iterator[str]:
    signature = theory.signature
    inductive = [sort for sort in signature.sorts if sort.is_inductive]
    for sort in signature.sorts:
        if sort not in inductive:
            yield f"(declare-sort {_name(sort.name)} 0)"
    if inductive:
        names = " ".join(f"({_name(sort.name)} 0)" for sort in inductive)
        made = " ".join(_constructors(theory, sort) for sort in inductive)
        yield f"(declare-datatypes ({names}) ({made}))"


def _constructors(theory: Theory, sort: Sort) -> str:
    def constructor(name: str) -> str:
        parts = [
            f"({_name(f'{name}.{place}')} {_name(argument)})"
            for place, argument in enumerate(theory.signature.function[name].arguments)
        ]
        return f"({' '.join([_name(name), *parts])})"

    return f"({' '.join(map(constructor, sort.constructors))})"


def _symbols(theory: Theory) -> Iterator[str]:
    signature = theory.signature
    for function in signature.functions:
        if function.name not in signature.constructors:
            arguments = " ".join(map(_name, function.arguments))
            yield f"(declare-fun {_name(function.name)} ({arguments}) {_name(function.result)})"
    for predicate in signature.predicates:
        arguments = " ".join(map(_name, predicate.arguments))
        yield f"(declare-fun {_name(predicate.name)} ({arguments}) Bool)"


def _clause(clause: Clause) -> str:
    premises = _joined("and", [_literal(premise) for premise in clause.premises], "true")
    head = _joined("or", [_case(case) for case in clause.cases], "false")
    body = f"(=> {premises} {head})" if clause.premises else head
    return _bound("forall", clause.variables, body)


def _case(case: Case) -> str:
    together = _joined("and", [_literal(literal) for literal in case.literals], "true")
    return _bound("exists", case.exists, together)


def _literal(literal: Literal) -> str:
    match literal.atom:
        case Equal(left, right):
            text = f"(= {_term(left)} {_term(right)})"
        case holds:
            text = _applied(holds.predicate, holds.args)
    return text if literal.positive else f"(not {text})"


def _term(term: Term) -> str:
    return _name(f"?{term.name}") if isinstance(term, Var) else _applied(term.symbol, term.args)


def _applied(symbol: str, args: Sequence[Term]) -> str:
    if not args:
        return _name(symbol)
    return f"({' '.join([_name(symbol), *map(_term, args)])})"


def _bound(quantifier: str, variables: Sequence[Var], body: str) -> str:
    if not variables:
        return body
    names = " ".join(f"({_name(f'?{var.name}')} {_name(var.sort)})" for var in variables)
    return f"({quantifier} ({names}) {body})"


def _joined(word: str, parts: Sequence[str], empty: str) -> str:
    if not parts:
        return empty
    return parts[0] if len(parts) == 1 else f"({word} {' '.join(parts)})"


def _name(name: str) -> str:
    return f"|u.{name}|"
