"""What the GraphQL door costs: ours beside a REST twin, and beside a service as most would write it.

    python -m bench.doors --profiles 20000 --keep DIR

twin     Starlette, JSON written by hand, over the same use cases: token, live state, policy and durable entry are
         ours; only GraphQL is missing
stock    graphene and starlette-graphene3 over ORM models with the same fields, as their documentation shows it: no
         token, no policy, no ranking, no seal, no log
stock, same work    the same, but the search, the token and the entry are ours; it loads and answers people its way
"""
