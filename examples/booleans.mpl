# Truth values with negation, conjunction, disjunction and implication.

theory booleans

sort B = tt | ff

op neg : B -> B
op & : B, B -> B  infix 60
op | : B, B -> B  infix 50
op imp : B, B -> B

axiom neg_tt: neg(tt) = ff
axiom neg_ff: neg(ff) = tt
axiom and_tt: tt & x = x
axiom and_ff: ff & x = ff
axiom or_tt: tt | x = tt
axiom or_ff: ff | x = x
axiom imp_tt: imp(tt, x) = x
axiom imp_ff: imp(ff, x) = tt
