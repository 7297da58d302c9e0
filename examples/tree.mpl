# Binary trees: their mirror images and how many nodes they have.

theory tree

sort N = 0 | s(N)
sort E
sort T = leaf | node(T, E, T)

op + : N, N -> N  infix 50
op mirror : T -> T
op size : T -> N

axiom add_zero: a + 0 = a
axiom add_succ: a + s(b) = s(a + b)
axiom mirror_leaf: mirror(leaf) = leaf
axiom mirror_node: mirror(node(x, h, y)) = node(mirror(y), h, mirror(x))
axiom size_leaf: size(leaf) = 0
axiom size_node: size(node(x, h, y)) = s(size(x) + size(y))
