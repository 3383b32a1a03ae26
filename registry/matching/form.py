"""The form in which the index is written: keys, tokens and match records.

A register filled by another program's form would be searched with keys that nobody carries, and people would be missed
in silence. So the register keeps the number of the form it was written in, a node that writes another one refuses to
search (INDEX_OUTDATED), and `registry index rebuild` writes the index anew from the records.

Whoever changes what `keys` or `record` write, or how words are read, adds a row and makes it FORM.

| form | since | what it brought |
|---|---|---|
| 1 | 2026-09 | names, birth, numbers; the form of registers that kept no number |
| 2 | 2026-11 | marks, plates, places, methods, parts of handles (`traits`); words that may be slips (`spellings`) |
"""

FORM = 2
FIRST = 1
"""Of a register that says nothing of it."""
