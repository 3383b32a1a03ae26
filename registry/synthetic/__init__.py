"""A register of people who do not exist, for the demonstration, the tests and the load tests.

    from registry.synthetic.register import people
    for profile in people(count=20_000): ...

Every record looks its part: ids, courts, case numbers and sentences begin with DEMO, addresses end in the reserved
example domains, identity numbers lie well above the series in use. Names are composed at random from common parts.

    names/*.toml  →  traditions  →  naming ┐
                                  contacts ├──────────────────→  register  →  queries
                     scenes, convictions   ┘                        ↑
                     course  →  whereabouts, appearance,  →  completion
                                supervision, upkeep
"""
