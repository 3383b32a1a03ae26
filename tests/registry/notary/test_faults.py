"""A14: the disk fails, or the process ends, at a call to the file system: one log, and nothing to mend.

The suite takes the middle and the last call of each name; ``python -m bench.faults`` (bench/faults.py) all of them.
"""

from pathlib import Path

import pytest

from bench import faults

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("fault", list(faults.FAULTS))
async def test_a_fault_at_a_call_to_the_file_system_leaves_one_log_that_goes_on(fault: str, tmp_path: Path) -> None:
    bed = faults.Bed(tmp_path)
    await bed.prepare()
    with faults.opened(bed) as nursery:
        found = faults.calls(bed, nursery)
        chosen = faults.sample(found)

        ended = await faults.inject(bed, nursery, chosen, [fault])

    assert {"openat", "write", "fsync", "rename", "unlink", "rmdir"} <= {each.name for each in chosen}
    assert ended[fault] >= len(chosen) // 2, "most faults end it"
