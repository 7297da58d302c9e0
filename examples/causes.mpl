# A transitive relation with the facts of a graph: what causes what, through which chain.

theory causes

sort Event

const rain, flood, closure, delay, refund : Event

pred leads : Event, Event

axiom rain_flood: leads(rain, flood)
axiom flood_closure: leads(flood, closure)
axiom closure_delay: leads(closure, delay)
axiom delay_refund: leads(delay, refund)
axiom transitive: leads(x, y), leads(y, z) -> leads(x, z)
