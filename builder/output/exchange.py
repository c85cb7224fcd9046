"""Exchanging two folders in one step, where the system can."""

import ctypes
import errno
import os
import sys
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_RENAME_SWAP = 2

# The file system, or a kernel of before 2015, cannot; or the two lie on different layers of one.
_CANNOT = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EXDEV, errno.EPERM}


def exchange(first: Path, second: Path) -> bool:
    """Give two folders each other's name, with no moment in which either name is missing.

    Returns False, with nothing done, where the system has no such call (Windows) or the file system
    does not support it. Raises OSError as renaming does.

    Linux: https://man7.org/linux/man-pages/man2/rename.2.html (RENAME_EXCHANGE); macOS:
    renamex_np(2) with RENAME_SWAP.
    """
    names = (os.fsencode(first), os.fsencode(second))
    if sys.platform == "win32":
        return False
    library = ctypes.CDLL(None, use_errno=True)
    try:
        if sys.platform == "darwin":
            failed = library.renamex_np(*names, ctypes.c_uint(_RENAME_SWAP))
        else:
            paths = (_AT_FDCWD, names[0], _AT_FDCWD, names[1])
            failed = library.renameat2(*paths, ctypes.c_uint(_RENAME_EXCHANGE))
    except AttributeError:  # a C library without it
        return False
    if not failed:
        return True
    code = ctypes.get_errno()
    if code in _CANNOT:
        return False
    raise OSError(code, os.strerror(code), str(first), None, str(second))
