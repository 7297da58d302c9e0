"""Fourteen statements with derivations written by hand: between them they use every rule."""

from __future__ import annotations

from functools import cache

from lemmata.engine.checker import Theorem, certify
from lemmata.engine.clause import FALSUM, Case, Equal, Holds, Literal
from lemmata.engine.derivation import (
    Cases,
    Clash,
    Congruence,
    Derivation,
    Excluded,
    Induction,
    Instance,
    Introduction,
    Law,
    Link,
    Open,
    Part,
    Present,
    Reflexivity,
    Refutation,
    Transport,
)
from lemmata.engine.formula import And, Exists, Formula, Iff, Implies, Not, Or
from lemmata.engine.lowering import lower
from lemmata.engine.term import App, Term
from lemmata.engine.theory import Function, Infix, Predicate, Signature, Sort, Statement, Theory

from .builder import Proof, const, equal, fact, head, var

a, b, c, p, q, x = (var(name) for name in "abcpqx")
u, v = var("u", "U"), var("v", "U")
k, m, n, d, e, w = (const(name) for name in ("k!", "m!", "n!", "d!", "e!", "w!"))
zero = const("0")


def s(term: Term) -> App:
    return App("s", (term,), "N")


def plus(left: Term, right: Term) -> App:
    return App("+", (left, right), "N")


def at_most(left: Term, right: Term) -> Holds:
    return Holds("<=", (left, right))


def append(left: Term, right: Term) -> App:
    return App("++", (left, right), "L")


def cons(first: Term, rest: Term) -> App:
    return App("cons", (first, rest), "L")


def red(term: Term) -> Holds:
    return Holds("red", (term,))


def blue(term: Term) -> Holds:
    return Holds("blue", (term,))


def good(term: Term) -> Holds:
    return Holds("good", (term,))


def f(term: Term) -> App:
    return App("f", (term,), "U")


nil = const("nil", "L")
xs, ys = var("xs", "L"), var("ys", "L")

SIGNATURE = Signature(
    (Sort("N", ("0", "s")), Sort("L", ("nil", "cons")), Sort("U")),
    (
        Function("0", (), "N"),
        Function("s", ("N",), "N"),
        Function("nil", (), "L"),
        Function("cons", ("N", "L"), "L"),
        Function("+", ("N", "N"), "N"),
        Function("++", ("L", "L"), "L"),
        Function("f", ("U",), "U"),
    ),
    (
        Predicate("<=", ("N", "N")),
        Predicate("red", ("U",)),
        Predicate("blue", ("U",)),
        Predicate("good", ("U",)),
    ),
)

AXIOMS: dict[str, Formula] = {
    "N.distinct": Not(Equal(zero, s(a))),
    "N.injective": Implies(Equal(s(a), s(b)), Equal(a, b)),
    "add_zero": Equal(plus(a, zero), a),
    "add_succ": Equal(plus(a, s(b)), s(plus(a, b))),
    "append_nil": Equal(append(nil, ys), ys),
    "append_cons": Equal(append(cons(x, xs), ys), cons(x, append(xs, ys))),
    "<=": Iff(at_most(a, b), Exists((p,), Equal(plus(a, p), b))),
    "coloured": Or(red(u), blue(u)),
    "red_good": Implies(red(u), good(u)),
    "dull_good": Implies(Not(red(u)), good(u)),
    "not_blue": Implies(good(u), Not(blue(u))),
    "source": Implies(red(u), Exists((v,), And(Equal(f(v), u), red(v)))),
}

THEORY = Theory(
    "samples",
    SIGNATURE,
    tuple(Statement(name, formula, lower(formula).clauses) for name, formula in AXIOMS.items()),
    notation={"+": Infix(50), "++": Infix(50, "right"), "<=": Infix(40, "none")},
)


def statement(name: str, formula: Formula) -> Statement:
    return Statement(name, formula, lower(formula).clauses, "conjecture")


def zero_add() -> tuple[Formula, Derivation]:
    """0 + a = a: induction, congruence, a chain."""
    goal = Equal(plus(zero, a), a)
    proof = Proof()
    proof.open()
    base = proof.close(proof.law(equal(plus(zero, zero), zero), "add_zero", (zero,)))
    (known,) = proof.open((k,), (equal(plus(zero, k), k),))
    moved = proof.law(equal(plus(zero, s(k)), s(plus(zero, k))), "add_succ", (zero, k))
    inside = proof.step(equal(s(plus(zero, k)), s(k)), Congruence((Link(known),)))
    step = proof.close(proof.chain(plus(zero, s(k)), s(k), moved, inside))
    proof.step(lower(goal).clauses[0], Induction("a", (base, step)))
    return goal, proof.done()


def add_assoc() -> tuple[Formula, Derivation]:
    """(a + b) + c = a + (b + c): induction with other variables, links read backwards."""
    goal = Equal(plus(plus(a, b), c), plus(a, plus(b, c)))
    clause = lower(goal).clauses[0]
    proof = Proof()
    proof.open((m, n))
    outer = proof.law(equal(plus(plus(m, n), zero), plus(m, n)), "add_zero", (plus(m, n),))
    inner = proof.law(equal(plus(n, zero), n), "add_zero", (n,))
    whole = proof.step(equal(plus(m, plus(n, zero)), plus(m, n)), Congruence((None, Link(inner))))
    left, right = plus(plus(m, n), zero), plus(m, plus(n, zero))
    base = proof.close(proof.chain(left, right, outer, -whole))
    (known,) = proof.open((k, m, n), (clause.at({c: k}),))
    moved = plus(plus(m, n), k), plus(m, plus(n, k))
    here = proof.step(equal(*moved), Instance(known, (m, n), ()))
    one = proof.law(equal(plus(plus(m, n), s(k)), s(moved[0])), "add_succ", (plus(m, n), k))
    two = proof.step(equal(s(moved[0]), s(moved[1])), Congruence((Link(here),)))
    three = proof.law(equal(plus(m, s(plus(n, k))), s(moved[1])), "add_succ", (m, plus(n, k)))
    four = proof.law(equal(plus(n, s(k)), s(plus(n, k))), "add_succ", (n, k))
    five = proof.step(
        equal(plus(m, plus(n, s(k))), plus(m, s(plus(n, k)))), Congruence((None, Link(four)))
    )
    left, right = plus(plus(m, n), s(k)), plus(m, plus(n, s(k)))
    step = proof.close(proof.chain(left, right, one, two, -three, -five))
    proof.step(clause, Induction("c", (base, step)))
    return goal, proof.done()


def le_trans() -> tuple[Formula, Derivation]:
    """a <= b, b <= c -> a <= c: introduction, existential premises opened, a lemma."""
    goal = Implies(And(at_most(a, b), at_most(b, c)), at_most(a, c))
    proof = Proof()
    first, second = proof.open((k, m, n), (fact(at_most(k, m)), fact(at_most(m, n))))
    some = head(Case((p,), (Literal(Equal(plus(k, p), m)),)))
    more = head(Case((p,), (Literal(Equal(plus(m, p), n)),)))
    one = proof.law(some, "<=", (k, m), first)
    here = proof.step(equal(plus(k, d), m), Open(one, (d,)))
    two = proof.law(more, "<=", (m, n), second)
    there = proof.step(equal(plus(m, e), n), Open(two, (e,)))
    left, right = plus(plus(k, d), e), plus(k, plus(d, e))
    assoc = proof.law(equal(left, right), "add_assoc", (k, d, e))
    onto = proof.step(equal(left, plus(m, e)), Congruence((Link(here), None)))
    total = proof.chain(right, n, -assoc, onto, there)
    result = proof.law(fact(at_most(k, n)), "<=", (k, plus(d, e), n), total, part=1)
    proof.step(lower(goal).clauses[0], Introduction(proof.close(result)))
    return goal, proof.done()


def zero_or_succ() -> tuple[Formula, Derivation]:
    """a = 0 or exists b. a = s(b): cases presented, with a witness."""
    goal = Or(Equal(a, zero), Exists((b,), Equal(a, s(b))))
    (clause,) = lower(goal).clauses
    proof = Proof()
    proof.open()
    same = proof.step(equal(zero, zero), Reflexivity())
    base = proof.close(proof.step(clause.at({a: zero}).head, Present(0, (), (same,))))
    proof.open((k,), (clause.at({a: k}),))
    same = proof.step(equal(s(k), s(k)), Reflexivity())
    step = proof.close(proof.step(clause.at({a: s(k)}).head, Present(1, (k,), (same,))))
    proof.step(clause, Induction("a", (base, step)))
    return goal, proof.done()


def pred_or_zero() -> tuple[Formula, Derivation]:
    """a <= 0 -> a = 0: two case distinctions, a contradiction in one branch."""
    goal = Implies(at_most(a, zero), Equal(a, zero))
    proof = Proof()
    (given,) = proof.open((k,), (fact(at_most(k, zero)),))
    some = proof.law(head(Case((p,), (Literal(Equal(plus(k, p), zero)),))), "<=", (k, zero), given)
    total = proof.step(equal(plus(k, d), zero), Open(some, (d,)))
    clause = lower(zero_or_succ()[0]).clauses[0]
    either = proof.law(clause.at({a: d}).head, "zero_or_succ", (d,))
    (none,) = proof.open((), (equal(d, zero),))
    swap = proof.step(equal(plus(k, d), plus(k, zero)), Congruence((None, Link(none))))
    drop = proof.law(equal(plus(k, zero), k), "add_zero", (k,))
    empty = proof.close(proof.chain(k, zero, -drop, -swap, total))
    (some,) = proof.open((e,), (equal(d, s(e)),))
    swap = proof.step(equal(plus(k, d), plus(k, s(e))), Congruence((None, Link(some))))
    out = proof.law(equal(plus(k, s(e)), s(plus(k, e))), "add_succ", (k, e))
    bad = proof.chain(zero, s(plus(k, e)), -total, swap, out)
    full = proof.close(proof.law(FALSUM, "N.distinct", (plus(k, e),), bad))
    result = proof.step(equal(k, zero), Cases(either, (empty, full)))
    proof.step(lower(goal).clauses[0], Introduction(proof.close(result)))
    return goal, proof.done()


def add_comm() -> tuple[Formula, Derivation]:
    """a + b = b + a: an induction inside an induction."""
    goal = Equal(plus(a, b), plus(b, a))
    clause = lower(goal).clauses[0]
    proof = Proof()
    proof.open((n,))
    zero_left = proof.law(equal(plus(zero, n), n), "zero_add", (n,))
    zero_right = proof.law(equal(plus(n, zero), n), "add_zero", (n,))
    base = proof.close(proof.chain(plus(zero, n), plus(n, zero), zero_left, -zero_right))
    (known,) = proof.open((k, n), (clause.at({a: k}),))
    lemma = lower(Equal(plus(s(k), b), s(plus(k, b)))).clauses[0]
    proof.open()
    left = proof.law(equal(plus(s(k), zero), s(k)), "add_zero", (s(k),))
    right = proof.law(equal(plus(k, zero), k), "add_zero", (k,))
    inside = proof.step(equal(s(plus(k, zero)), s(k)), Congruence((Link(right),)))
    start = proof.close(proof.chain(plus(s(k), zero), s(plus(k, zero)), left, -inside))
    (before,) = proof.open((m,), (lemma.at({b: m}),))
    one = proof.law(equal(plus(s(k), s(m)), s(plus(s(k), m))), "add_succ", (s(k), m))
    two = proof.step(equal(s(plus(s(k), m)), s(s(plus(k, m)))), Congruence((Link(before),)))
    three = proof.law(equal(plus(k, s(m)), s(plus(k, m))), "add_succ", (k, m))
    four = proof.step(equal(s(plus(k, s(m))), s(s(plus(k, m)))), Congruence((Link(three),)))
    more = proof.close(proof.chain(plus(s(k), s(m)), s(plus(k, s(m))), one, two, -four))
    carry = proof.step(lemma, Induction("b", (start, more)))
    one = proof.step(equal(plus(s(k), n), s(plus(k, n))), Instance(carry, (n,), ()))
    here = proof.step(equal(plus(k, n), plus(n, k)), Instance(known, (n,), ()))
    two = proof.step(equal(s(plus(k, n)), s(plus(n, k))), Congruence((Link(here),)))
    three = proof.law(equal(plus(n, s(k)), s(plus(n, k))), "add_succ", (n, k))
    step = proof.close(proof.chain(plus(s(k), n), plus(n, s(k)), one, two, -three))
    proof.step(clause, Induction("a", (base, step)))
    return goal, proof.done()


def add_cancel() -> tuple[Formula, Derivation]:
    """a + c = b + c -> a = b: an induction whose hypothesis has a premise."""
    goal = Implies(Equal(plus(a, c), plus(b, c)), Equal(a, b))
    clause = lower(goal).clauses[0]
    proof = Proof()
    (given,) = proof.open((m, n), (equal(plus(m, zero), plus(n, zero)),))
    one = proof.law(equal(plus(m, zero), m), "add_zero", (m,))
    two = proof.law(equal(plus(n, zero), n), "add_zero", (n,))
    base = proof.close(proof.chain(m, n, -one, given, two))
    known, given = proof.open((k, m, n), (clause.at({c: k}), equal(plus(m, s(k)), plus(n, s(k)))))
    one = proof.law(equal(plus(m, s(k)), s(plus(m, k))), "add_succ", (m, k))
    two = proof.law(equal(plus(n, s(k)), s(plus(n, k))), "add_succ", (n, k))
    under = proof.chain(s(plus(m, k)), s(plus(n, k)), -one, given, two)
    same = proof.law(equal(plus(m, k), plus(n, k)), "N.injective", (plus(m, k), plus(n, k)), under)
    step = proof.close(proof.step(equal(m, n), Instance(known, (m, n), (same,))))
    proof.step(clause, Induction("c", (base, step)))
    return goal, proof.done()


def no_end() -> tuple[Formula, Derivation]:
    """not a + s(b) = 0: a denial."""
    goal = Not(Equal(plus(a, s(b)), zero))
    proof = Proof()
    (given,) = proof.open((m, n), (equal(plus(m, s(n)), zero),))
    out = proof.law(equal(plus(m, s(n)), s(plus(m, n))), "add_succ", (m, n))
    bad = proof.chain(zero, s(plus(m, n)), -given, out)
    result = proof.law(FALSUM, "N.distinct", (plus(m, n),), bad)
    proof.step(lower(goal).clauses[0], Introduction(proof.close(result)))
    return goal, proof.done()


def append_nil_right() -> tuple[Formula, Derivation]:
    """xs ++ nil = xs: induction over lists, where only the tail has a hypothesis."""
    goal = Equal(append(xs, nil), xs)
    rest = const("r!", "L")
    proof = Proof()
    proof.open()
    base = proof.close(proof.law(equal(append(nil, nil), nil), "append_nil", (nil,)))
    (known,) = proof.open((k, rest), (equal(append(rest, nil), rest),))
    whole = append(cons(k, rest), nil)
    out = proof.law(equal(whole, cons(k, append(rest, nil))), "append_cons", (k, rest, nil))
    inside = proof.step(
        equal(cons(k, append(rest, nil)), cons(k, rest)), Congruence((None, Link(known)))
    )
    step = proof.close(proof.chain(whole, cons(k, rest), out, inside))
    proof.step(lower(goal).clauses[0], Induction("xs", (base, step)))
    return goal, proof.done()


def always_good() -> tuple[Formula, Derivation]:
    """good(u): excluded middle, and a clash."""
    goal = good(u)
    thing = const("t!", "U")
    proof = Proof()
    proof.open((thing,))
    either = proof.step(
        head(Case((), (Literal(red(thing)),)), Case((), (Literal(red(thing), False),))),
        Excluded(red(thing)),
    )
    (yes,) = proof.open((), (fact(red(thing)),))
    bright = proof.close(proof.law(fact(good(thing)), "red_good", (thing,), yes))
    (no,) = proof.open((), (fact(red(thing), False),))
    dull = proof.law(
        head(Case((), (Literal(red(thing)),)), Case((), (Literal(good(thing)),))),
        "dull_good",
        (thing,),
    )
    (yes,) = proof.open((), (fact(red(thing)),))
    clash = proof.close(proof.step(FALSUM, Clash(yes, no)))
    (fine,) = proof.open((), (fact(good(thing)),))
    done = proof.close(fine)
    dark = proof.close(proof.step(fact(good(thing)), Cases(dull, (clash, done))))
    result = proof.step(fact(good(thing)), Cases(either, (bright, dark)))
    proof.step(lower(goal).clauses[0], Introduction(proof.close(result)))
    return goal, proof.done()


def always_red() -> tuple[Formula, Derivation]:
    """red(u): a refutation."""
    goal = red(u)
    thing = const("t!", "U")
    proof = Proof()
    proof.open((thing,))
    (no,) = proof.open((), (fact(red(thing), False),))
    either = proof.law(
        head(Case((), (Literal(red(thing)),)), Case((), (Literal(blue(thing)),))),
        "coloured",
        (thing,),
    )
    (yes,) = proof.open((), (fact(red(thing)),))
    first = proof.close(proof.step(FALSUM, Clash(yes, no)))
    (bad,) = proof.open((), (fact(blue(thing)),))
    fine = proof.law(fact(good(thing)), "always_good", (thing,))
    second = proof.close(proof.law(FALSUM, "not_blue", (thing,), fine, bad))
    both = proof.step(FALSUM, Cases(either, (first, second)))
    result = proof.step(fact(red(thing)), Refutation(proof.close(both)))
    proof.step(lower(goal).clauses[0], Introduction(proof.close(result)))
    return goal, proof.done()


def red_source() -> tuple[Formula, Derivation]:
    """red(u) -> exists v. red(f(f(v))) and red(v): parts, transport, a conjunction presented."""
    goal = Implies(red(u), Exists((v,), And(red(f(f(v))), red(v))))
    thing, one, two = (const(name, "U") for name in ("t!", "w!1", "w!2"))
    proof = Proof()
    (given,) = proof.open((thing,), (fact(red(thing)),))

    def source(of: Term, known: int, name: App) -> tuple[int, int]:
        literals = (Literal(Equal(f(v), of)), Literal(red(v)))
        some = proof.law(head(Case((v,), literals)), "source", (of,), known)
        chosen = (Literal(Equal(f(name), of)), Literal(red(name)))
        both = proof.step(head(Case((), chosen)), Open(some, (name,)))
        first = proof.step(chosen[0].fact, Part(both, 0))
        return first, proof.step(chosen[1].fact, Part(both, 1))

    here, known = source(thing, given, one)
    there, last = source(one, known, two)
    inside = proof.step(equal(f(f(two)), f(one)), Congruence((Link(there),)))
    path = proof.chain(f(f(two)), thing, inside, here)
    moved = proof.step(fact(red(f(f(two)))), Transport(given, (Link(path, False),)))
    wanted = head(Case((v,), (Literal(red(f(f(v)))), Literal(red(v)))))
    result = proof.step(wanted, Present(0, (two,), (moved, last)))
    proof.step(lower(goal).clauses[0], Introduction(proof.close(result)))
    return goal, proof.done()


def le_turned() -> tuple[Formula, Derivation]:
    """a <= b <-> exists p. p + a = b: a statement of two clauses."""
    goal = Iff(at_most(a, b), Exists((p,), Equal(plus(p, a), b)))
    first, second = lower(goal).clauses
    proof = Proof()
    (given,) = proof.open((m, n), (fact(at_most(m, n)),))
    some = proof.law(head(Case((p,), (Literal(Equal(plus(m, p), n)),))), "<=", (m, n), given)
    total = proof.step(equal(plus(m, d), n), Open(some, (d,)))
    swap = proof.law(equal(plus(m, d), plus(d, m)), "add_comm", (m, d))
    turned = proof.chain(plus(d, m), n, -swap, total)
    wanted = head(Case((p,), (Literal(Equal(plus(p, m), n)),)))
    inner = proof.close(proof.step(wanted, Present(0, (d,), (turned,))))
    one = proof.step(first, Introduction(inner))
    assert second.variables == (p, a, b)
    (given,) = proof.open((k, m, n), (equal(plus(k, m), n),))
    swap = proof.law(equal(plus(m, k), plus(k, m)), "add_comm", (m, k))
    total = proof.chain(plus(m, k), n, swap, given)
    result = proof.law(fact(at_most(m, n)), "<=", (m, k, n), total, part=1)
    two = proof.step(second, Introduction(proof.close(result)))
    return goal, proof.done(one, two)


def from_nothing() -> tuple[Formula, Derivation]:
    """0 = s(a) -> b = c: whatever one likes follows from a contradiction."""
    goal = Implies(Equal(zero, s(a)), Equal(b, c))
    proof = Proof()
    (given,) = proof.open((k, m, n), (equal(zero, s(k)),))
    bad = proof.step(FALSUM, Instance(Law("N.distinct"), (k,), (given,)))
    proof.step(lower(goal).clauses[0], Introduction(proof.close(bad)))
    return goal, proof.done()


SAMPLES = (
    zero_add,
    add_assoc,
    le_trans,
    zero_or_succ,
    pred_or_zero,
    add_comm,
    add_cancel,
    no_end,
    append_nil_right,
    always_good,
    always_red,
    red_source,
    le_turned,
    from_nothing,
)


@cache
def theorems() -> dict[str, Theorem]:
    """All samples, certified in order; each may use those before it."""
    found: dict[str, Theorem] = {}
    for sample in SAMPLES:
        formula, derivation = sample()
        name = sample.__name__
        found[name] = certify(THEORY, found, statement(name, formula), derivation)
    return found
