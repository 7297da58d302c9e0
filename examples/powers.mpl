# Powers and factorial over Peano's numbers.

theory powers

sort N = 0 | s(N)

op + : N, N -> N  infix 50
op * : N, N -> N  infix 60
op ^ : N, N -> N  infix 70
op fact : N -> N

axiom add_zero: a + 0 = a
axiom add_succ: a + s(b) = s(a + b)
axiom mul_zero: a * 0 = 0
axiom mul_succ: a * s(b) = a * b + a
axiom pow_zero: a ^ 0 = s(0)
axiom pow_succ: a ^ s(b) = a ^ b * a
axiom fact_zero: fact(0) = s(0)
axiom fact_succ: fact(s(a)) = s(a) * fact(a)
