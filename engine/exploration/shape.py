"""The shapes of laws that people look for, woven from a theory's functions.

They are larger than what enumeration reaches early, and most developments need them first:
commutativity, associativity, distribution, identities of three arguments, homomorphisms.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, permutations

from ..clause import Equal
from ..term import App, Term, Var
from ..theory import Function


def shapes(
    functions: Sequence[Function], constructors: frozenset[str] = frozenset()
) -> Iterator[tuple[Term, Term]]:
    """Pairs of terms that may be equal, the simplest shapes first.

    >>> plus = Function("+", ("N", "N"), "N")
    >>> left, right = next(shapes([plus]))
    >>> left.args == right.args[::-1]
    True
    """
    binary = [f for f in functions if len(f.arguments) == 2]
    closed = [f for f in binary if f.arguments == (f.result, f.result)]
    unary = [f for f in functions if len(f.arguments) == 1]
    for f in binary:
        if f.arguments[0] == f.arguments[1]:
            x, y, _ = _variables(f.arguments[0])
            yield _at(f, x, y), _at(f, y, x)
    for f in closed:
        x, y, z = _variables(f.result)
        yield _at(f, _at(f, x, y), z), _at(f, x, _at(f, y, z))
        yield _at(f, x, _at(f, y, z)), _at(f, y, _at(f, x, z))
        yield from _identities(f, functions, constructors)
    yield from _homomorphisms(unary, closed)
    yield from _distributions(binary, closed)
    yield from _exchanges(functions)


def mirrored(equation: Equal) -> Iterator[Equal]:
    """A defining equation of f(x, y) read for f(y, x): what commutativity needs first.

    >>> a, b = Var("a", "N"), Var("b", "N")
    >>> plus, zero = lambda x, y: App("+", (x, y), "N"), App("0", (), "N")
    >>> next(mirrored(Equal(plus(a, zero), a))) == Equal(plus(zero, a), a)
    True
    """
    left = equation.left
    if isinstance(left, App) and len(left.args) == 2 and left.args[0].sort == left.args[1].sort:
        yield Equal(_turned(left, left.symbol), _turned(equation.right, left.symbol))


def passages(functions: Sequence[Function]) -> Iterator[tuple[Term, Term]]:
    """What passes through a function of two arguments, and what puts together what others take apart.

    Signs through a product, a step through a difference; ``take(n, x) ++ drop(n, x) = x``. Less is
    looked for under these shapes than under the others: they are listed where they say something new.

    >>> minus, neg = Function("-", ("N", "N"), "N"), Function("neg", ("N",), "N")
    >>> len(list(passages([minus, neg])))
    5
    """
    closed = [f for f in functions if f.arguments == (f.result, f.result)]
    for f in closed:
        x, y, _ = _variables(f.result)
        for h in functions:
            if h.arguments == (f.result,) and h.result == f.result:
                one, two = _at(h, x), _at(h, y)
                yield _at(f, one, y), _at(h, _at(f, x, y))
                yield _at(f, x, two), _at(h, _at(f, x, y))
                yield _at(f, one, two), _at(f, x, y)
                yield _at(f, one, y), _at(f, x, two)
                yield _at(h, _at(f, one, two)), _at(f, x, y)
        for g, h in permutations(functions, 2):
            if g.arguments == h.arguments and g.result == h.result == f.result and f not in (g, h):
                args = [Var("xyzuvw"[n % 6], sort) for n, sort in enumerate(g.arguments)]
                whole = _at(f, _at(g, *args), _at(h, *args))
                for part in args:
                    if part.sort == f.result:
                        yield whole, part
                if g.arguments == f.arguments:
                    yield whole, _at(f, *args)


def twins(
    functions: Sequence[Function], constructors: frozenset[str]
) -> Iterator[tuple[Term, Term]]:
    """Two functions that may be the same: what is known of one is then known of the other.

    >>> plus, add = (Function(name, ("N", "N"), "N") for name in ("+", "add"))
    >>> len(list(twins([plus, add], frozenset())))
    1
    """
    defined = [f for f in functions if f.arguments and f.name not in constructors]
    for f, g in combinations(defined, 2):
        if (f.arguments, f.result) == (g.arguments, g.result):
            args = [Var("xyzuvw"[n % 6], sort) for n, sort in enumerate(f.arguments)]
            yield _at(f, *args), _at(g, *args)


def steps(
    functions: Sequence[Function], constructors: frozenset[str]
) -> Iterator[tuple[Term, Term]]:
    """How a function steps when a constructor is taken from one of its arguments.

    ``x * s(y) = x + x * y``, ``f(s(x), y) = f(x, s(y))``: where a definition recurs otherwise, these
    say what induction on that argument needs.

    >>> plus, times = (Function(name, ("N", "N"), "N") for name in "+*")
    >>> successor = Function("s", ("N",), "N")
    >>> len(list(steps([plus, times, successor], frozenset({"s"}))))
    24
    """
    made = [f for f in functions if f.name in constructors and f.arguments == (f.result,)]
    for f in functions:
        if len(f.arguments) < 2 or f.name in constructors:
            continue
        args = [Var("xyzuvw"[n % 6], sort) for n, sort in enumerate(f.arguments)]
        plain = _at(f, *args)
        for place, arg in enumerate(args):
            others = [other for n, other in enumerate(args) if n != place]
            for c in made:
                if c.result != arg.sort:
                    continue
                stepped = _at(f, *_with(args, place, _at(c, arg)))
                yield from ((stepped, _at(d, plain)) for d in made if d.result == f.result)
                for n, other in enumerate(args):
                    if n != place and other.sort == arg.sort:
                        yield stepped, _at(f, *_with(args, n, _at(c, other)))
                for g in functions:
                    for pair in (pair for o in others for pair in ((o, plain), (plain, o))):
                        if (*(part.sort for part in pair), f.result) == (*g.arguments, g.result):
                            yield stepped, _at(g, *pair)


def _with(args: Sequence[Term], place: int, arg: Term) -> tuple[Term, ...]:
    return (*args[:place], arg, *args[place + 1 :])


def _turned(term: Term, symbol: str) -> Term:
    """The term with the arguments of a function exchanged, wherever it is applied."""
    if isinstance(term, Var):
        return term
    args = tuple(_turned(arg, symbol) for arg in term.args)
    return App(term.symbol, args[::-1] if term.symbol == symbol else args, term.sort)


def _identities(
    f: Function, functions: Sequence[Function], constructors: frozenset[str]
) -> Iterator[tuple[Term, Term]]:
    """c * x = x on either side, for constants and what one constructor makes of them."""
    x, *_ = _variables(f.result)
    constants = [g for g in functions if not g.arguments]
    closed = [_at(g) for g in constants if g.result == f.result]
    closed += [
        _at(h, _at(g))
        for h in functions
        for g in constants
        if h.name in constructors and h.arguments == (g.result,) and h.result == f.result
    ]
    for c in closed:
        yield _at(f, x, c), x
        yield _at(f, c, x), x


def _homomorphisms(
    unary: Sequence[Function], closed: Sequence[Function]
) -> Iterator[tuple[Term, Term]]:
    for h in unary:
        if h.result == h.arguments[0]:
            x, *_ = _variables(h.result)
            yield _at(h, _at(h, x)), x
        for f in closed:
            if f.result != h.arguments[0]:
                continue
            x, y, _ = _variables(f.result)
            for g in closed:
                if g.result == h.result:
                    yield _at(h, _at(f, x, y)), _at(g, _at(h, x), _at(h, y))
                    yield _at(h, _at(f, x, y)), _at(g, _at(h, y), _at(h, x))


def _distributions(
    binary: Sequence[Function], closed: Sequence[Function]
) -> Iterator[tuple[Term, Term]]:
    for f in binary:
        one, two = f.arguments
        for g in closed:
            for h in closed:
                if g.result == two and h.result == f.result:
                    x, (y, z, _) = Var("x", one), _variables(two, "yzw")
                    yield _at(f, x, _at(g, y, z)), _at(h, _at(f, x, y), _at(f, x, z))
                if g.result == one and h.result == f.result:
                    (x, y, _), z = _variables(one), Var("z", two)
                    yield _at(f, _at(g, x, y), z), _at(h, _at(f, x, z), _at(f, y, z))


def _exchanges(functions: Sequence[Function]) -> Iterator[tuple[Term, Term]]:
    """Functions of three and more arguments: which of them may be exchanged."""
    for f in functions:
        if len(f.arguments) < 3:
            continue
        variables = [Var("xyzuvw"[n % 6], sort) for n, sort in enumerate(f.arguments)]
        for order in permutations(range(len(variables))):
            moved = [place for place, other in enumerate(order) if place != other]
            if len(moved) == 2 and len({f.arguments[place] for place in moved}) == 1:
                yield _at(f, *variables), _at(f, *(variables[place] for place in order))


def _variables(sort: str, names: str = "xyz") -> tuple[Var, Var, Var]:
    one, two, three = (Var(name, sort) for name in names)
    return one, two, three


def _at(function: Function, *args: Term) -> Term:
    return App(function.name, args, function.result)
