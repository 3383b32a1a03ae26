"""Who is meant: names, dates and contacts met with those on the register.

    identity ── keys.profile_keys ──▶ written with the profile
             ── record.compact ─────▶ written beside it
    question ── query.prepare ──────▶ keys to look up ── candidates.choose ──▶ score.rank ──▶ explain.sentence

Everything here is a pure function of its arguments: no database, no clock, no settings.
The result of a comparison is a score with its reasons. It is not a probability.
"""
