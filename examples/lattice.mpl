# Lattices: idempotence follows, and both operations describe one order.

theory lattice

sort L

op /\ : L, L -> L  infix 60
op \/ : L, L -> L  infix 50

axiom meet_assoc: (x /\ y) /\ z = x /\ (y /\ z)
axiom meet_comm: x /\ y = y /\ x
axiom join_assoc: (x \/ y) \/ z = x \/ (y \/ z)
axiom join_comm: x \/ y = y \/ x
axiom absorb_join: x /\ (x \/ y) = x
axiom absorb_meet: x \/ (x /\ y) = x

define x <= y: x /\ y = x
