# The sum of the first n numbers. That twice the sum is n times its successor is found, not asked for.

theory sums

sort N = 0 | s(N)

op + : N, N -> N  infix 50
op * : N, N -> N  infix 60
op sum : N -> N

axiom add_zero: a + 0 = a
axiom add_succ: a + s(b) = s(a + b)
axiom mul_zero: a * 0 = 0
axiom mul_succ: a * s(b) = a * b + a
axiom sum_zero: sum(0) = 0
axiom sum_succ: sum(s(a)) = sum(a) + s(a)
