"""Worlds of sets and relations: a sum by a function on an interval has its values there."""

from __future__ import annotations

from lemmata.dsl.load import parse_theory
from lemmata.engine.exploration.proposal import Proposer, theory_names
from lemmata.engine.notation import Notation
from lemmata.provers.tables import Tables
from lemmata.provers.world import containing, worlds

SUMS = r"""
theory set_sum
sort N = 0 | s(N)
sort Set, Map
op + : N, N -> N  infix 50
op * : N, N -> N  infix 60
op upto : N -> Set
op restrict : Map, Set -> Map
pred member : N, Set
pred maps : N, N, Map

axiom add_zero: a + 0 = a
axiom add_succ: a + s(b) = s(a + b)
axiom mul_zero: a * 0 = 0
axiom mul_succ: a * s(b) = a * b + a
define a <= b: exists p. a + p = b

axiom interval: member(x, upto(n)) <-> x <= n
axiom restriction: maps(x, y, restrict(f, A)) <-> maps(x, y, f) and member(x, A)

(function[f,A]) := (&(>[x,y,z](&(maps[x,y,f])(maps[x,z,f]))(=[y,z]))(&(>[x,y](maps[x,y,f])(member[x,A]))(>[x](member[x,A])!(>[y](in[y,N])!(maps[x,y,f])))))
(sequence[f,n]) := (&(>[_1](in2[n,_1,upto])(function[f,_1]))(&(maps[0,0,f])(>[i,x](maps[i,x,f])(>[_2](in2[i,_2,s])(>[_3](in2[n,_3,upto])(>[](member[_2,_3])(>[_4](in3[x,_2,_4,+])(maps[_2,_4,f]))))))))
(sums[n,v]) := !(>[f](sequence[f,n])!(maps[n,v,f]))
"""


def test_a_sum_by_a_sequence_on_an_interval_has_its_values() -> None:
    theory = parse_theory(SUMS)
    world = Tables(theory, containing(theory))
    found = [[v for v in range(17) if world.holds("sums", (n, v))] for n in range(6)]
    assert found == [[0], [1], [3], [6], [10], [15]]
    assert [function.name for function in world.relations] == ["sums"]
    assert world.apply("sums", (9,)) is None  # beyond the bound nothing is claimed


def test_the_summation_formula_is_proposed_from_the_definitions() -> None:
    theory = parse_theory(SUMS)
    proposer = Proposer(theory, worlds(theory), theory_names(theory))
    notation = Notation.of(theory)
    for size in range(1, 5):
        list(proposer.equations(size))
    stated = {notation.formula(each.formula) for each in proposer.equations(5)}
    assert "sums(a, b) -> b + b = a * s(a)" in stated
    shaped = {notation.formula(each.formula) for each in proposer.shaped_relations()}
    assert "sequence(f, s(a)) -> sequence(restrict(f, upto(a)), a)" in shaped
