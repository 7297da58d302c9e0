# Semilattices and the order that they are.

theory semilattice

sort L

op /\ : L, L -> L  infix 60

axiom assoc: (x /\ y) /\ z = x /\ (y /\ z)
axiom comm: x /\ y = y /\ x
axiom idem: x /\ x = x

define x <= y: x /\ y = x
