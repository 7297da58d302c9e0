# Groups from a left identity and left inverses: the right-hand laws are found.

theory left_group

sort G

const e : G
op inv : G -> G
op * : G, G -> G  infix 60

axiom assoc: (a * b) * c = a * (b * c)
axiom left_identity: e * a = a
axiom left_inverse: inv(a) * a = e
