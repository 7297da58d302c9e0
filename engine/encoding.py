"""How terms, clauses and steps are written as JSON values; ``decoding`` reads them back.

variable            "?a"                        bound by the clause it stands in
constant            "0"; ["?x"] if its own name begins with a question mark
application         ["+", left, right]
repeated function   {"repeat": 5000, "function": "s", "of": "0"}, from four times on
literal             ["+", "=", left, right], ["-", "red", term]
clause              its literal if it is a fact, else {"variables", "premises", "cases"}
link                3, or -3 if read backwards; null where nothing changes
formula             an atom as a literal, true or false, ["and", left, right], ["not", body],
                    ["forall", variables, body]
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TypeAlias, assert_never

from . import derivation as rules
from .clause import Case, Clause, Equal, Holds, Literal
from .derivation import Law, Link, Rule, Step, Subproof
from .formula import And, Exists, Forall, Formula, Iff, Implies, Not, Or, Truth
from .term import App, Term, Var

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

REPEATED = 4
"""From how many applications of one function on they are counted instead of nested."""


def encode_term(term: Term) -> Json:
    """The term as nested arrays.

    >>> encode_term(App("s", (Var("a", "N"),), "N"))
    ['s', '?a']
    """
    if isinstance(term, Var):
        return f"?{term.name}"
    if not term.args:
        return [term.symbol] if term.symbol.startswith("?") else term.symbol
    count, inner = 0, term
    while len(inner.args) == 1 and inner.symbol == term.symbol:
        count += 1
        (below,) = inner.args
        if isinstance(below, Var) or below.symbol != term.symbol:
            break
        inner = below
    if count >= REPEATED:
        return {"repeat": count, "function": term.symbol, "of": encode_term(inner.args[0])}
    return [term.symbol, *map(encode_term, term.args)]


def encode_literal(literal: Literal) -> Json:
    """The sign, the predicate or ``=``, and the terms of a literal."""
    sign = "+" if literal.positive else "-"
    match literal.atom:
        case Equal(left, right):
            return [sign, "=", encode_term(left), encode_term(right)]
        case Holds(predicate, args):
            return [sign, predicate, *map(encode_term, args)]
        case _:
            assert_never(literal.atom)


def encode_clause(clause: Clause) -> Json:
    """A fact as its literal, any other clause as an object."""
    if clause.is_fact:
        return encode_literal(clause.literal)
    return {
        "variables": encode_symbols(clause.variables),
        "premises": [encode_literal(premise) for premise in clause.premises],
        "cases": [_case(case) for case in clause.cases],
    }


def _case(case: Case) -> Json:
    return {
        "exists": encode_symbols(case.exists),
        "literals": [encode_literal(literal) for literal in case.literals],
    }


def encode_formula(formula: Formula) -> Json:
    """A formula as nested arrays that begin with its connective.

    >>> encode_formula(Not(Truth(False)))
    ['not', False]
    """
    match formula:
        case Equal() | Holds():
            return encode_literal(Literal(formula))
        case Truth(value):
            return value
        case Not(body):
            return ["not", encode_formula(body)]
        case And(left, right) | Or(left, right) | Implies(left, right) | Iff(left, right):
            return [_connective(formula), encode_formula(left), encode_formula(right)]
        case Forall(variables, body) | Exists(variables, body):
            return [_connective(formula), encode_symbols(variables), encode_formula(body)]
        case _:
            assert_never(formula)


def _connective(formula: Formula) -> str:
    return type(formula).__name__.lower()


def encode_symbols(symbols: tuple[Var | App, ...]) -> Json:
    """Variables or new constants as pairs of name and sort."""
    return [
        [symbol.name if isinstance(symbol, Var) else symbol.symbol, symbol.sort]
        for symbol in symbols
    ]


def encode_step(step: Step) -> Json:
    """A step as an object: its number, its conclusion, its rule and what the rule takes."""
    name, fields = _rule(step.rule)
    conclusion = encode_clause(step.conclusion)
    return {"number": step.number, "conclusion": conclusion, "rule": name, **fields}


def _rule(rule: Rule) -> tuple[str, dict[str, Json]]:
    match rule:
        case rules.Instance(source, terms, premises):
            place: dict[str, Json] = (
                {"law": source.name, "clause": source.clause}
                if isinstance(source, Law)
                else {"step": source}
            )
            closed = [encode_term(term) for term in terms]
            return "instance", {**place, "terms": closed, "premises": list(premises)}
        case rules.Reflexivity():
            return "reflexivity", {}
        case rules.Chain(links):
            return "chain", {"links": [_link(link) for link in links]}
        case rules.Congruence(links):
            return "congruence", {"links": [_link(link) for link in links]}
        case rules.Transport(step, links):
            return "transport", {"step": step, "links": [_link(link) for link in links]}
        case rules.Clash(positive, negative):
            return "clash", {"positive": positive, "negative": negative}
        case rules.Open(step, constants):
            return "open", {"step": step, "constants": encode_symbols(constants)}
        case rules.Part(step, index):
            return "part", {"step": step, "index": index}
        case rules.Present(index, terms, facts):
            closed = [encode_term(term) for term in terms]
            return "present", {"case": index, "terms": closed, "facts": list(facts)}
        case rules.Cases(step, branches):
            return "cases", {"step": step, "branches": [_subproof(branch) for branch in branches]}
        case rules.Refutation(subproof):
            return "refutation", {"subproof": _subproof(subproof)}
        case rules.Excluded(atom):
            return "excluded", {"atom": encode_literal(Literal(atom))}
        case rules.Introduction(subproof):
            return "introduction", {"subproof": _subproof(subproof)}
        case rules.Induction(variable, branches):
            inner: list[Json] = [_subproof(branch) for branch in branches]
            return "induction", {"variable": variable, "branches": inner}
        case _:
            assert_never(rule)


def _link(link: Link | None) -> Json:
    if link is None:
        return None
    return link.step if link.forward else -link.step


def _subproof(subproof: Subproof) -> Json:
    return {
        "constants": encode_symbols(subproof.constants),
        "hypotheses": [[number, encode_clause(clause)] for number, clause in subproof.hypotheses],
        "steps": [encode_step(step) for step in subproof.steps],
        "result": subproof.result,
    }


def lines_of(document: Mapping[str, Json]) -> str:
    """The text of a large JSON object: a line for each member, and for each item of a list.

    So it can be read by people, and yet costs no more than the shortest text.

    >>> print(lines_of({"name": "a", "items": [{"b": [1, 2]}, 3], "none": []}))
    {
     "name": "a",
     "items": [
      {"b": [1, 2]},
      3
     ],
     "none": []
    }
    """
    members = []
    for name, value in document.items():
        if isinstance(value, list) and value:
            items = ",\n  ".join(json.dumps(item, ensure_ascii=False) for item in value)
            text = f"[\n  {items}\n ]"
        else:
            text = json.dumps(value, ensure_ascii=False)
        members.append(f" {json.dumps(name, ensure_ascii=False)}: {text}")
    return "{\n" + ",\n".join(members) + "\n}"
