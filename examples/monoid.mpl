# Monoids, and that only one element is neutral.

theory monoid

sort M

const e : M
op * : M, M -> M  infix 60

axiom assoc: (a * b) * c = a * (b * c)
axiom left_identity: e * a = a
axiom right_identity: a * e = a
