"""Python code for the routines of a program, for statements that are tested many times.

Generated functions are strict and take and return encoded values; a call more than the fuel allows
raises ``OutOfFuelError``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, assert_never

from lemmata.engine.clause import Equal, Holds
from lemmata.engine.formula import And, Exists, Forall, Formula, Iff, Implies, Not, Or, Truth
from lemmata.engine.term import App, Term, Var, variables

from .arithmetic import LARGEST, arithmetic
from .cell import UndecidedError, quotient, remainder
from .encoding import Encoding
from .program import Bind, Leaf, Program, Routine, Switch, Test, Tree, is_numeral

KEPT = 50_000
"""How many values a routine keeps at most before it begins anew."""


class OutOfFuelError(Exception):
    """The evaluation took more calls than allowed."""


class Generation:
    """Compiles routines when they are first needed; ``fuel[0]`` counts the calls that are left.

    With ``remembers`` each routine keeps what it computed, for programs that run on many values.
    """

    def __init__(self, program: Program, encoding: Encoding, *, remembers: bool = False) -> None:
        self.program = program
        self.encoding = encoding
        self.remembers = remembers
        self.arithmetic = arithmetic(program, encoding)
        self.fuel = [0]
        self.names: dict[str, str] = {}
        self.space: dict[str, Any] = {
            "fuel": self.fuel,
            "quotient": quotient,
            "remainder": remainder,
            "stop": _stop,
            "product": _product,
            "divides": _divides,
            "undecided": _undecided,
        }
        self.pending: list[str] = []

    def function(self, parameters: tuple[Var, ...], body: Term | Formula) -> Callable[..., Any]:
        """A Python function of encoded values: the value of a term or the truth of a formula."""
        names = {var: f"x{place}" for place, var in enumerate(parameters)}
        text = self.term(body, names) if isinstance(body, Var | App) else self.formula(body, names)
        code = f"lambda {', '.join(names.values())}: {text}"
        self.compile_pending()
        # Compiled first, so that an interrupt in here can be caught (see lemmata.engine.matching).
        function: Callable[..., Any] = eval(compile(code, "<term>", "eval"), self.space)
        return function

    def compile_pending(self) -> None:
        while self.pending:
            name = self.pending.pop()
            lines: list[str] = []
            self.routine(self.program.routines[name], lines)
            exec(compile("\n".join(lines), "<routine>", "exec"), self.space)

    def called(self, name: str) -> str:
        """The Python name of a routine."""
        if name not in self.names:
            self.names[name] = f"f{len(self.names)}"
            self.pending.append(name)
        return self.names[name]

    def constant(self, value: Any) -> str:
        name = f"k{len(self.space)}"
        self.space[name] = value
        return name

    # Terms

    def term(self, term: Term, names: Mapping[Var, str]) -> str:
        if isinstance(term, Var):
            return names[term]
        name, sort, encoding = term.symbol, term.sort, self.encoding
        if name in encoding.tags:
            if sort in encoding.numbers:
                return self.number(term, names)
            if not term.args:
                return (
                    str(encoding.tags[name])
                    if sort in encoding.enumerations
                    else (f"({encoding.tags[name]},)")
                )
            args = ", ".join(self.term(arg, names) for arg in term.args)
            return f"({encoding.tags[name]}, {args})"
        if is_numeral(name, sort, self.program.signature):
            return f"({int(name)})"
        if name in self.program.native:
            return self.operation(name, *(self.term(arg, names) for arg in term.args))
        if name in self.program.routines:
            parts = [self.term(arg, names) for arg in term.args]
            match self.arithmetic.get(name):
                case "sum":
                    return f"({' + '.join(parts)})"
                case "product":
                    return f"product({', '.join(parts)})"
                case None:
                    args = ", ".join(parts)
            return f"{self.called(name)}({args})"
        element = encoding.domain.element(name)
        if element is not None and encoding.domain.is_uninterpreted(sort):
            return str(element)
        return "undecided()"

    def number(self, term: App, names: Mapping[Var, str]) -> str:
        """Steps over a numeral become one addition."""
        steps, inner = 0, term
        while inner.symbol == self.encoding.numbers[term.sort][1]:
            steps += 1
            part = inner.args[0]
            if isinstance(part, Var) or part.symbol not in self.encoding.tags:
                return f"({self.term(part, names)} + {steps})"
            inner = part
        return str(steps)

    def operation(self, name: str, left: str, right: str) -> str:
        match name:
            case "+" | "-" | "*":
                return f"({left} {name} {right})"
            case "div":
                return f"quotient({left}, {right})"
            case "mod":
                return f"remainder({left}, {right})"
            case _:
                return f"({self.truth(True)} if {left} {name} {right} else {self.truth(False)})"

    def truth(self, value: bool) -> str:
        """The encoded Boolean."""
        return str(self.encoding.tags.get("true" if value else "false", int(not value)))

    # Formulas

    def formula(self, formula: Formula, names: Mapping[Var, str]) -> str:
        match formula:
            case Equal(left, right):
                return f"({self.term(left, names)} == {self.term(right, names)})"
            case Holds(predicate, args):
                if predicate not in self.program.routines:
                    return "undecided()"
                given = ", ".join(self.term(arg, names) for arg in args)
                return f"{self.called(predicate)}({given})"
            case Truth(value):
                return str(value)
            case Not(body):
                return f"(not {self.formula(body, names)})"
            case And(left, right):
                return f"({self.formula(left, names)} and {self.formula(right, names)})"
            case Or(left, right):
                return f"({self.formula(left, names)} or {self.formula(right, names)})"
            case Implies(left, right):
                return f"(not {self.formula(left, names)} or {self.formula(right, names)})"
            case Iff(left, right):
                return f"({self.formula(left, names)} == {self.formula(right, names)})"
            case Exists((var,), Equal(left, right)):
                return (
                    self.solvable(var, left, right, names)
                    or self.solvable(var, right, left, names)
                    or "undecided()"
                )
            case Exists() | Forall():
                return "undecided()"
            case _:
                assert_never(formula)

    def solvable(self, var: Var, left: Term, right: Term, names: Mapping[Var, str]) -> str:
        """Whether a numeral added or multiplied on the left gives the right; empty if not so."""
        if not isinstance(left, App) or var in variables(right):
            return ""
        operation = self.arithmetic.get(left.symbol)
        for known, sought in (left.args, left.args[::-1]) if operation is not None else ():
            least = self.steps(sought, var)
            if least is None or var in variables(known):
                continue
            one, two = self.term(known, names), self.term(right, names)
            if operation == "sum":
                return f"({one} + {least} <= {two})"
            if least == 0:
                return f"divides({one}, {two})"
        return ""

    def steps(self, term: Term, var: Var) -> int | None:
        """How many steps a term adds to a variable, None if it is anything else."""
        count = 0
        while isinstance(term, App) and (
            term.sort in self.encoding.numbers
            and term.symbol == self.encoding.numbers[term.sort][1]
        ):
            count, term = count + 1, term.args[0]
        return count if term == var else None

    # Routines

    def routine(self, routine: Routine, lines: list[str]) -> None:
        names = {var: f"x{place}" for place, var in enumerate(routine.parameters)}
        called = self.called(routine.name)
        lines.append(f"def {called}({', '.join(names.values())}):")
        keep = ""
        if self.remembers and names:
            keep = f"m{called}[{', '.join(names.values())}]"
            self.space[f"m{called}"] = {}
            key = ", ".join(names.values()) if len(names) == 1 else f"({', '.join(names.values())})"
            lines.append(f" found = m{called}.get({key})")
            lines.append(" if found is not None: return found")
            lines.append(f" if len(m{called}) > {KEPT}: m{called}.clear()")
        lines.append(" fuel[0] -= 1")
        lines.append(" if fuel[0] < 0: stop()")
        self.tree(routine.tree, names, " ", lines, routine.result == "", keep)

    def tree(
        self,
        tree: Tree | None,
        names: Mapping[Var, str],
        indent: str,
        lines: list[str],
        is_truth: bool,
        keep: str,
    ) -> None:
        match tree:
            case None:
                lines.append(f"{indent}undecided()")
            case Leaf(Var() | App() as value):
                lines.append(f"{indent}{_given(self.term(value, names), keep)}")
            case Leaf(value):
                assert not isinstance(value, Var | App)
                text = self.formula(value, names)
                if not is_truth:
                    text = f"{self.truth(True)} if {text} else {self.truth(False)}"
                lines.append(f"{indent}{_given(text, keep)}")
            case Switch(slot, cases, default):
                for name, (fields, inner) in cases.items():
                    test, parts = self.case(slot, names[slot], name, len(fields))
                    lines.append(f"{indent}if {test}:")
                    below = dict(names)
                    for var, part in zip(fields, parts, strict=True):
                        below[var] = f"y{var.name[1:]}"
                        lines.append(f"{indent} {below[var]} = {part}")
                    self.tree(inner, below, indent + " ", lines, is_truth, keep)
                self.tree(default, names, indent, lines, is_truth, keep)
            case Bind(slot, term, rest):
                below = {**names, slot: f"y{slot.name[1:]}"}
                lines.append(f"{indent}{below[slot]} = {self.term(term, names)}")
                self.tree(rest, below, indent, lines, is_truth, keep)
            case Test(atom, then, other):
                lines.append(f"{indent}if {self.formula(atom, names)}:")
                self.tree(then, names, indent + " ", lines, is_truth, keep)
                self.tree(other, names, indent, lines, is_truth, keep)
            case _:
                assert_never(tree)

    def case(self, slot: Var, value: str, name: str, count: int) -> tuple[str, list[str]]:
        """How a value shows that it begins with this constructor, and how its parts are read."""
        encoding = self.encoding
        if slot.sort in encoding.numbers:
            zero, _ = encoding.numbers[slot.sort]
            return (f"{value} == 0", []) if name == zero else (f"{value} != 0", [f"{value} - 1"])
        if slot.sort in encoding.enumerations:
            return f"{value} == {encoding.tags[name]}", []
        parts = [f"{value}[{place + 1}]" for place in range(count)]
        return f"{value}[0] == {encoding.tags[name]}", parts


def _given(value: str, keep: str) -> str:
    """A statement that returns a value, and keeps it where there is a place for it."""
    return f"{keep} = found = {value}; return found" if keep else f"return {value}"


def _stop() -> None:
    raise OutOfFuelError


def _product(one: int, two: int) -> int:
    found = one * two
    if found > LARGEST:
        _stop()
    return found


def _divides(one: int, two: int) -> bool:
    return two % one == 0 if one else two == 0


def _undecided() -> None:
    raise UndecidedError
