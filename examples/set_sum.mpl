# Sums by sets: a sum is the last value of a sequence on [0, n] whose steps add the terms. The
# definitions are core MPL. What comprehension is needed stands here as axioms: that intervals exist,
# and the restriction of a map to a set. That twice the sum is n times its successor is found.

theory set_sum

sort N = 0 | s(N)
sort Set, Map
op + : N, N -> N infix 50
op * : N, N -> N infix 60
op upto : N -> Set
op restrict : Map, Set -> Map
pred member : N, Set
pred maps : N, N, Map

axiom add_zero: a + 0 = a
axiom add_succ: a + s(b) = s(a + b)
axiom mul_zero: a * 0 = 0
axiom mul_succ: a * s(b) = a * b + a
define a <= b: exists p. a + p = b

axiom interval: member(x, upto(n)) <-> x <= n
axiom restriction: maps(x, y, restrict(f, A)) <-> maps(x, y, f) and member(x, A)

# f gives each element of A, and nothing else, just one value.
(function[f,A]) := (&(>[x,y,z](&(maps[x,y,f])(maps[x,z,f]))(=[y,z]))(&(>[x,y](maps[x,y,f])(member[x,A]))(>[x](member[x,A])!(>[y](in[y,N])!(maps[x,y,f])))))

# On [0, n], f begins with 0, and each step adds the number that it leads to.
(sequence[f,n]) := (&(>[_1](in2[n,_1,upto])(function[f,_1]))(&(maps[0,0,f])(>[i,x](maps[i,x,f])(>[_2](in2[i,_2,s])(>[_3](in2[n,_3,upto])(>[](member[_2,_3])(>[_4](in3[x,_2,_4,+])(maps[_2,_4,f]))))))))

# v is the last value of a sequence on [0, n].
(sums[n,v]) := !(>[f](sequence[f,n])!(maps[n,v,f]))
