"""Tables about names: particles, scripts, families of spellings, and the sentences of an explanation."""
