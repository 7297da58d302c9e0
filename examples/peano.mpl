# Peano's axioms for 0, successor, addition and multiplication, and twelve laws that follow.

theory peano

sort N = 0 | s(N)

op + : N, N -> N  infix 50
op * : N, N -> N  infix 60

axiom add_zero: a + 0 = a
axiom add_succ: a + s(b) = s(a + b)
axiom mul_zero: a * 0 = 0
axiom mul_succ: a * s(b) = a * b + a

define a <= b: exists p. a + p = b

conjecture zero_add: 0 + a = a
conjecture succ_add: s(a) + b = s(a + b)
conjecture add_comm: a + b = b + a
conjecture add_assoc: (a + b) + c = a + (b + c)
conjecture zero_mul: 0 * a = 0
conjecture succ_mul: s(a) * b = a * b + b
conjecture mul_comm: a * b = b * a
conjecture mul_add: a * (b + c) = a * b + a * c
conjecture add_mul: (a + b) * c = a * c + b * c
conjecture mul_assoc: (a * b) * c = a * (b * c)
conjecture add_cancel: a + c = b + c -> a = b
conjecture le_trans: a <= b, b <= c -> a <= c
