"""Landlock: a process gives up, for good, every file that is not on its list (Linux 5.13 or later, no privileges needed)."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

# The three system calls have the same numbers on every architecture.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION_FLAG, PATH_BENEATH = 1, 1

WRITE_FILE, READ_FILE, READ_DIR = 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_REG = 1 << 4, 1 << 5, 1 << 7, 1 << 8
REFER, TRUNCATE = 1 << 13, 1 << 14

READ = READ_FILE | READ_DIR
# No symbolic links, sockets, fifos or devices: the marking half must be able to trust what lies in the folder.
# No EXECUTE anywhere: shared libraries are mapped, not executed.
WRITE = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER | TRUNCATE
DEVICE = READ_FILE | WRITE_FILE | TRUNCATE
ON_FILES = READ_FILE | WRITE_FILE | TRUNCATE

# How many file rights, and which other things, a version of the interface knows.
FS_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
TCP_BIND_CONNECT = 0b11  # from version 4
SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11  # from version 6
NO_LOG = 1  # from version 7: or a notebook could fill the system's log with what it was refused


class _Ruleset(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"  # asked for by Python 3.14 where _pack_ is set; says the same
    _fields_ = (("access", ctypes.c_uint64), ("fd", ctypes.c_int32))


def _syscall(number: int, *args: object) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    result = int(libc.syscall(ctypes.c_long(number), *args))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def version() -> int:
    """Return the version of the kernel's Landlock interface, 0 where there is none (or it is switched off)."""
    try:
        return _syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(VERSION_FLAG))
    except (OSError, AttributeError):
        return 0


def restrict(read: Iterable[Path], write: Iterable[Path], devices: Iterable[Path] = ()) -> int:
    """Give up every file but those listed, TCP and (where the kernel knows them) abstract sockets and signals to others.

    Needs ``no_new_privs``. A path that does not exist is left out. Returns the version that applies.
    """
    abi = version()
    if not abi:
        raise OSError("Landlock is not available")
    handled = (1 << FS_RIGHTS.get(abi, 16)) - 1
    attributes = _Ruleset(
        fs=handled,
        net=TCP_BIND_CONNECT if abi >= 4 else 0,
        scoped=SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS if abi >= 6 else 0,
    )
    ruleset = _syscall(
        CREATE_RULESET, ctypes.byref(attributes), ctypes.c_size_t(ctypes.sizeof(attributes)), ctypes.c_uint32(0)
    )
    try:
        for paths, access in ((read, READ), (write, WRITE), (devices, DEVICE)):
            for path in paths:
                _allow(ruleset, path, access & handled)
        _syscall(RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(NO_LOG if abi >= 7 else 0))
    finally:
        os.close(ruleset)
    return abi


def _allow(ruleset: int, path: Path, access: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not path.is_dir():
            access &= ON_FILES
        rule = _PathBeneath(access=access, fd=fd)
        _syscall(ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(PATH_BENEATH), ctypes.byref(rule), ctypes.c_uint32(0))
    finally:
        os.close(fd)
