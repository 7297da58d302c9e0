# Order over Peano's numbers: at most, less, minimum, maximum, divisibility. Nothing is conjectured.

theory order

sort N = 0 | s(N)

op + : N, N -> N  infix 50
op * : N, N -> N  infix 60
op min : N, N -> N
op max : N, N -> N

axiom add_zero: a + 0 = a
axiom add_succ: a + s(b) = s(a + b)
axiom mul_zero: a * 0 = 0
axiom mul_succ: a * s(b) = a * b + a
axiom min_zero: min(0, b) = 0
axiom min_zero_right: min(s(a), 0) = 0
axiom min_succ: min(s(a), s(b)) = s(min(a, b))
axiom max_zero: max(0, b) = b
axiom max_zero_right: max(s(a), 0) = s(a)
axiom max_succ: max(s(a), s(b)) = s(max(a, b))

define a <= b: exists p. a + p = b
define a < b: s(a) <= b
define divides(a, b): exists q. a * q = b
