# Lists over an arbitrary sort: append, reverse, length, and a function applied to all elements.

theory map

sort N = 0 | s(N)
sort E
sort L = nil | cons(E, L)

op + : N, N -> N  infix 50
op ++ : L, L -> L  infix 50
op rev : L -> L
op len : L -> N
op f : E -> E
op map : L -> L

axiom add_zero: a + 0 = a
axiom add_succ: a + s(b) = s(a + b)
axiom append_nil: nil ++ y = y
axiom append_cons: cons(h, x) ++ y = cons(h, x ++ y)
axiom rev_nil: rev(nil) = nil
axiom rev_cons: rev(cons(h, x)) = rev(x) ++ cons(h, nil)
axiom len_nil: len(nil) = 0
axiom len_cons: len(cons(h, x)) = s(len(x))
axiom map_nil: map(nil) = nil
axiom map_cons: map(cons(h, x)) = cons(f(h), map(x))
