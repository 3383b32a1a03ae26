"""How much misuse the rules find: invented officers whose misuse is labelled, and a logistic regression beside."""
