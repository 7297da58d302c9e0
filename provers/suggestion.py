"""Terms that a goal does not mention and its proof may need, made before the search for it begins.

Small witnesses for a definition by existence: ``a`` divides ``a``, since ``a * 1 = a``. What laws
say of terms at hand: that a minimum is at most each of its numbers. And what known alternatives
speak of: of two numbers one is at most the other, since one is the smaller.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import permutations, product

from lemmata.engine.block import Block
from lemmata.engine.clause import Case, Clause, Holds, Literal, atom_terms
from lemmata.engine.formula import And, Equal, Exists, Formula, Iff
from lemmata.engine.shape import LiteralShape
from lemmata.engine.term import App, Term, Var, substitute, subterms, variables
from lemmata.engine.theory import Signature, Theory

from .workspace import Workspace


def suggest(work: Workspace, block: Block, goal: tuple[Case, ...]) -> None:
    """Makes such terms in a block."""
    atoms = [part.atom for case in goal for part in case.literals if not case.exists]
    parts = [part for atom in atoms for term in atom_terms(atom) for part in subterms(term)]
    constructors = work.theory.signature.constructors
    elements = {
        part: None
        for part in parts
        if isinstance(part, App) and not part.args and part.symbol not in constructors
    }
    clauses = [clause for each in work.theorems.values() for clause in each.statement.clauses]
    for term in alternatives(clauses, list(elements)):
        block.database.intern(term, 0)
    for atom in atoms:
        if isinstance(atom, Holds):
            for term in witnessed(work.theory, atom):
                block.database.intern(term, 0)
    for clause in clauses:
        _ask(block, clause)


def _ask(block: Block, clause: Clause) -> None:
    """Makes a fact that holds of all elements, for each term in it that is at hand and says which."""
    match clause:
        case Clause(_, (), (Case((), (Literal(Holds(_, args)) as literal,)),)):
            pass
        case _:
            return
    database = block.database
    for term in args:
        if not isinstance(term, App) or set(term.args) != set(clause.variables) or not term.args:
            continue
        names = {part: place for place, part in enumerate(term.args) if isinstance(part, Var)}
        if len(names) < len(term.args):
            continue
        shape = LiteralShape.of(literal, names)
        for row in list(database.table.get(term.symbol, {}).values()):
            nodes = [database.best[database.root[node]] for node in database.key[row]]
            database.make_atom(shape, tuple(nodes[: len(term.args)]), 0)


def alternatives(clauses: Iterable[Clause], elements: Sequence[App]) -> Iterator[Term]:
    """The terms of clauses that offer several cases without a condition, at these elements."""
    for clause in clauses:
        if clause.premises or len(clause.cases) < 2 or any(case.exists for case in clause.cases):
            continue
        literals = [part for case in clause.cases for part in case.literals]
        terms = {t: None for part in literals for t in atom_terms(part.atom) if isinstance(t, App)}
        for chosen in permutations(elements, len(clause.variables)):
            names = dict(zip(clause.variables, chosen, strict=True))
            if all(var.sort == element.sort for var, element in names.items()):
                for term in terms:
                    yield substitute(term, names)


def witnessed(theory: Theory, goal: Holds) -> Iterator[Term]:
    """The terms that a goal's definition speaks of, at small witnesses."""
    for axiom in theory.axioms:
        match axiom.formula:
            case Iff(Holds(name, args), Exists(bound, body)) if (
                axiom.kind == "definition" and name == goal.predicate
            ):
                given = {
                    var: arg
                    for var, arg in zip(args, goal.args, strict=True)
                    if isinstance(var, Var)
                }
                for chosen in product(*(_values(theory.signature, var.sort) for var in bound)):
                    names: dict[Var, Term] = {**given, **dict(zip(bound, chosen, strict=True))}
                    for term in _terms(body):
                        if set(variables(term)) <= names.keys():
                            yield substitute(term, names)
            case _:
                pass


def _values(signature: Signature, sort: str) -> list[Term]:
    """The constants of an inductive sort, and what constructors make of the first one."""
    functions = [signature.function[name] for name in signature.sort[sort].constructors]
    found: list[Term] = [App(each.name, (), sort) for each in functions if not each.arguments]
    steps = [each for each in functions if each.arguments == (sort,)]
    return [*found, *(App(each.name, (found[0],), sort) for each in steps if found)]


def _terms(formula: Formula) -> Iterator[Term]:
    match formula:
        case Equal() | Holds():
            yield from atom_terms(formula)
        case And(left, right):
            yield from _terms(left)
            yield from _terms(right)
        case _:
            pass
