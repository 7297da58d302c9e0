# Equality: what follows in every group by equations alone.

theory group

sort G

const e : G
op inv : G -> G
op * : G, G -> G  infix 60

axiom assoc: (a * b) * c = a * (b * c)
axiom left_identity: e * a = a
axiom right_identity: a * e = a
axiom left_inverse: inv(a) * a = e
axiom right_inverse: a * inv(a) = e

conjecture inverse_of_identity: inv(e) = e
conjecture undo: inv(a) * (a * b) = b
conjecture redo: a * (inv(a) * b) = b
conjecture inverse_is_unique: a * b = e -> b = inv(a)
conjecture inverse_of_inverse: inv(inv(a)) = a
conjecture inverse_of_product: inv(a * b) = inv(b) * inv(a)
