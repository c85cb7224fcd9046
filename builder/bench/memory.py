"""How much memory the browser's pages hold, as the system sees it."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def renderer_memory(browser: "Browser", proc: Path = Path("/proc")) -> int | None:
    """Return the bytes that the browser's renderers hold, shared pages divided among their users.

    WebAssembly's memory is part of it, which no page can measure. None on systems other than Linux,
    which do not report it.
    """
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    try:
        rollups = [
            (proc / str(process["id"]) / "smaps_rollup").read_text(encoding="ascii")
            for process in processes
            if process["type"] == "renderer"
        ]
    except OSError:
        return None
    return sum(proportional_set_size(rollup) for rollup in rollups)


def proportional_set_size(rollup: str) -> int:
    """Return the bytes that a `smaps_rollup` lists as `Pss`.

    https://docs.kernel.org/filesystems/proc.html
    """
    kibibytes = next(line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:"))
    return int(kibibytes) * 1024
