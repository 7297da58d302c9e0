# Ground facts: who descends from whom. Every conjecture follows by matching rules against facts.

theory family

sort Person

const ada, ben, cleo, dan, eve : Person

pred parent : Person, Person
pred ancestor : Person, Person
pred sibling : Person, Person

axiom ada_ben: parent(ada, ben)
axiom ada_cleo: parent(ada, cleo)
axiom ben_dan: parent(ben, dan)
axiom dan_eve: parent(dan, eve)
axiom two: ben != cleo

axiom near: parent(x, y) -> ancestor(x, y)
axiom far: parent(x, y), ancestor(y, z) -> ancestor(x, z)
axiom same_parent: parent(p, x), parent(p, y), x != y -> sibling(x, y)

conjecture great_grandmother: ancestor(ada, eve)
conjecture siblings: sibling(cleo, ben)
conjecture has_grandchild: exists x. exists y. parent(ada, x) and parent(x, y)
