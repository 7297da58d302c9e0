"""The tasks that models are asked: laws of a theory, programs, families of formulas, axioms."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from ...engine.notation import Notation
from ...engine.synthesis.dialogue import Example, call_text
from ...engine.synthesis.refereeing import Guess, Idea, Question
from ...engine.theory import Statement, Theory
from .model import Task

MPL = """\
MPL in short: `a + 0 = a`, `a != b`, `p(a)`, `not P`, `P and Q`, `P or Q`, premises with arrows \
`a <= b, b <= c -> a <= c`, `P <-> Q`, `exists x. a = s(x)`, `forall x : N. P`; free variables are \
universal. Declarations: `sort N = 0 | s(N)` (inductive), `sort E`, `op + : N, N -> N`, \
`const e : E`, `pred p : N`, `axiom name: FORMULA`, `define a <= b: FORMULA`, \
`conjecture name: FORMULA`. Comments begin with #."""

TOLD = 60
"""Known laws, and undecided statements, that a model is told at most."""

_LONGEST = 20_000


def lemmas(
    theory: Theory,
    goal: Statement | None = None,
    *,
    laws: Sequence[str] = (),
    undecided: Sequence[str] = (),
) -> Task[str]:
    """Laws of a theory, or the lemmas that one goal needs; content is the formula's text.

    Without a goal, ``laws`` are those known by now, and ``undecided`` what neither values refute nor
    anything proves.
    """
    formula = Notation.of(theory).formula
    data: dict[str, object] = {"language": MPL, "theory": _without_conjectures(theory)}
    if goal is not None:
        data["goal"] = formula(goal.formula)
        what = "Propose lemmas that follow from the axioms and help to prove the goal by induction"
    else:
        data |= {"laws": list(laws)[-TOLD:], "undecided": list(undecided)[:TOLD]}
        what = "Propose laws that follow from the axioms and are not among `laws` already"
    return Task(
        f"{what}, each one MPL formula over the symbols that are declared.",
        data,
        "lemmas",
        {"formula": "a formula in MPL", "reason": "why it should hold and help"},
        lambda texts: texts["formula"].strip(),
    )


def _without_conjectures(theory: Theory) -> list[str]:
    signature = theory.signature
    formula = Notation.of(theory).formula
    lines = [
        f"sort {s.name}" + (f" = {' | '.join(s.constructors)}" if s.constructors else "")
        for s in signature.sorts
    ]
    lines += [f"op {f.name} : {', '.join(f.arguments)} -> {f.result}" for f in signature.functions]
    lines += [f"pred {p.name} : {', '.join(p.arguments)}" for p in signature.predicates]
    lines += [
        f"axiom {a.name}: {formula(a.formula)}" for a in theory.axioms if a.kind != "auxiliary"
    ]
    return lines[:1_000]


def programs(name: str, examples: Sequence[Example], *, may_ask: bool = True) -> Task[Idea]:
    """Programs for a hidden function, or calls of it to be asked."""
    shown = [f"{call_text(name, e.arguments)} {e.outcome!r}"[:500] for e in examples]
    what = f"Find the Python function `{name}` that behaves as in `examples`."
    if may_ask:
        what += " You may also ask what it does on other arguments."
    return Task(
        f"{what} Each idea is either the source of a whole function or a call.",
        {"examples": shown},
        "ideas",
        {
            "source": f"Python source that defines {name}, or the text of one call such as "
            f"{name}(3, [1, 2]) with literal arguments",
            "reason": "the rule in words",
        },
        lambda texts: read_idea(texts["source"], name),
    )


def read_idea(text: str, name: str) -> Idea | None:
    """A program or a question; None if the text is neither.

    >>> read_idea("f(3, [1])", "f")
    Question(arguments=(3, [1]))
    >>> read_idea("def f(x): return x", "f")
    Guess(source='def f(x): return x\\n')
    """
    if len(text) > _LONGEST:
        return None
    try:
        tree = ast.parse(text.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # It is no Python; the referee says so, and the model may mend it.
        return Guess(text.strip() + "\n") if text.strip() else None
    match tree.body:
        case [ast.Expr(ast.Call(func=ast.Name(id=called), args=args, keywords=[]))] if (
            called == name
        ):
            try:
                return Question(tuple(ast.literal_eval(item) for item in args))
            except (ValueError, RecursionError, MemoryError):
                return None
        case []:
            return None
        case _:
            return Guess(text.strip() + "\n")


def families(constants: Sequence[str], formulas: Sequence[Mapping[str, object]] = ()) -> Task[str]:
    """Parametric families of continued fractions whose members share a constant."""
    return Task(
        "Propose families of polynomial continued fractions a(0) + b(1)/(a(1) + b(2)/(a(2) + …)) "
        "with integer parameters, written `a | b` with b split into linear factors, all of whose "
        "members are Möbius images of one constant or rational.",
        {
            "constants": list(constants),
            "labelled": list(formulas)[:60],
            "syntax": "k | (n + p)(n + q), k + p + q = 1 (mod 2): ln2",
        },
        "families",
        {
            "family": "a | b, a congruence of the parameters if there is one, a colon, a constant",
            "reason": "why",
        },
        lambda texts: texts["family"].strip(),
    )


def axioms(words: str) -> Task[str]:
    """A theory in MPL from a description in words."""
    return Task(
        "Formalise `description` as a theory in MPL: sorts, symbols, axioms that say what the "
        "description says and nothing more, and a conjecture for each claim in it. Explain each "
        "axiom in a comment.",
        {"language": MPL, "description": words},
        "theories",
        {"text": "a whole theory in MPL", "reason": "choices that were made"},
        lambda texts: texts["text"],
    )
