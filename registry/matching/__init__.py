"""Who is meant: names, dates and contacts met with those on the register.

    identity ── record.describe ── keys.record_keys ──▶ written with the profile
                                ── record.write ──────▶ written beside it
    question ── query.prepare ──────▶ keys to look up ── candidates.choose ──▶ score.rank ──▶ explain.sentence

Everything here is a pure function of its arguments: no database, no clock, no settings, no secrets.
Document numbers, phones, e-mails and handles are compared by tokens, which the caller's `Blind` makes.
The result of a comparison is a score with its reasons. It is not a probability.
"""
