# Induction and a refuter: lists of natural numbers. The last two conjectures are false.

theory list

sort N = 0 | s(N)
sort L = nil | cons(N, L)

op + : N, N -> N  infix 50
op ++ : L, L -> L  infix 50
op rev : L -> L
op len : L -> N

axiom add_zero: 0 + b = b
axiom add_succ: s(a) + b = s(a + b)
axiom append_nil: nil ++ y = y
axiom append_cons: cons(h, x) ++ y = cons(h, x ++ y)
axiom rev_nil: rev(nil) = nil
axiom rev_cons: rev(cons(h, x)) = rev(x) ++ cons(h, nil)
axiom len_nil: len(nil) = 0
axiom len_cons: len(cons(h, x)) = s(len(x))

conjecture append_to_nil: x ++ nil = x
conjecture append_assoc: (x ++ y) ++ z = x ++ (y ++ z)
conjecture len_append: len(x ++ y) = len(x) + len(y)
conjecture rev_append: rev(x ++ y) = rev(y) ++ rev(x)
conjecture rev_rev: rev(rev(x)) = x
conjecture append_comm: x ++ y = y ++ x
conjecture rev_is_same: rev(x) = x
