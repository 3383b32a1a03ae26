"""The end of the process, told to who would otherwise hold it up.

    with told_of_end(bell.close):
        yield

A server that is told to stop waits for answers in flight, and only then ends the application. What never ends by itself
must hear of the signal first.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def told_of_end(act: Callable[[], None]) -> Iterator[None]:
    """Run ``act`` on this loop when a signal tells the process to end; then whatever ran before runs.

    Only where somebody listens to the signal already, such as a server: the system's own way to end is left alone.
    """
    loop, before = asyncio.get_running_loop(), dict[signal.Signals, Callable[[int, FrameType | None], object]]()

    def tell(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(act)
        before[signal.Signals(number)](number, frame)

    if threading.current_thread() is threading.main_thread():
        for each in SIGNALS:
            listening = signal.getsignal(each)
            if callable(listening):
                before[each] = listening
                signal.signal(each, tell)
    try:
        yield
    finally:
        for each, listening in before.items():
            signal.signal(each, listening)
