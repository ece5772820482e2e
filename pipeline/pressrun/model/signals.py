"""How a process is asked to end: by Ctrl-C, by the system, or by the loss of its terminal."""

from __future__ import annotations

import signal


def asking_to_end() -> tuple[signal.Signals, ...]:
    """The signals by which this process is asked to end; who told it to outlive its terminal (``nohup``) is obeyed."""
    hang_up = () if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else (signal.SIGHUP,)
    return (signal.SIGINT, signal.SIGTERM, *hang_up)
