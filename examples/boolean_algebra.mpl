# Boolean algebra from Huntington's axioms: identities, distributive laws, complements.

theory boolean_algebra

sort B

const bot, top : B
op neg : B -> B
op /\ : B, B -> B  infix 60
op \/ : B, B -> B  infix 50

axiom meet_comm: x /\ y = y /\ x
axiom join_comm: x \/ y = y \/ x
axiom meet_top: x /\ top = x
axiom join_bot: x \/ bot = x
axiom meet_join: x /\ (y \/ z) = x /\ y \/ x /\ z
axiom join_meet: x \/ y /\ z = (x \/ y) /\ (x \/ z)
axiom meet_neg: x /\ neg(x) = bot
axiom join_neg: x \/ neg(x) = top
