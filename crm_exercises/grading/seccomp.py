"""seccomp-bpf: a process gives up, for good, the system calls that no notebook needs (Linux, no privileges needed).

The filter refuses by name and lets the rest through, because a list of what Python and its libraries may need would
break with their next release. Three things keep that safe: calls that are newer than the table are answered with
"no such call", files are Landlock's matter, and processes cannot be made, so all that a call can reach is this process.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform

# Numbers on x86_64 and aarch64; "-" where the architecture never had the call.
REFUSED = """
socket:41:198 connect:42:203 bind:49:200 listen:50:201 accept:43:202 accept4:288:242 sendmsg:46:211 sendmmsg:307:269
fork:57:- vfork:58:- execve:59:221 execveat:322:281 ptrace:101:117 kcmp:312:272 setpgid:109:154 setsid:112:157
process_vm_readv:310:270 process_vm_writev:311:271 process_madvise:440:440 process_mrelease:448:448
pidfd_open:434:434 pidfd_getfd:438:438 pidfd_send_signal:424:424 rt_sigqueueinfo:129:138 rt_tgsigqueueinfo:297:240
setpriority:141:140 ioprio_set:251:30 sched_setparam:142:118 sched_setscheduler:144:119 sched_setattr:314:274
migrate_pages:256:238 move_pages:279:239 unshare:272:97 setns:308:268 mount:165:40 umount2:166:39
pivot_root:155:41 chroot:161:51 open_tree:428:428 move_mount:429:429 fsopen:430:430 fsconfig:431:431
fsmount:432:432 fspick:433:433 mount_setattr:442:442 statmount:457:457 listmount:458:458 swapon:167:224
swapoff:168:225 bpf:321:280 perf_event_open:298:241 userfaultfd:323:282 seccomp:317:277 personality:135:92
modify_ldt:154:- iopl:172:- ioperm:173:- io_uring_setup:425:425 io_uring_enter:426:426 io_uring_register:427:427
add_key:248:217 request_key:249:218 keyctl:250:219 init_module:175:105 finit_module:313:273 delete_module:176:106
kexec_load:246:104 kexec_file_load:320:294 reboot:169:142 syslog:103:116 acct:163:89 quotactl:179:60
quotactl_fd:443:443 vhangup:153:58 lookup_dcookie:212:18 sethostname:170:161 setdomainname:171:162
settimeofday:164:170 adjtimex:159:171 clock_settime:227:112 clock_adjtime:305:266 name_to_handle_at:303:264
open_by_handle_at:304:265 fanotify_init:300:262 fanotify_mark:301:263 inotify_init:253:- inotify_init1:294:26
inotify_add_watch:254:27 memfd_create:319:279 memfd_secret:447:447 shmget:29:194 shmat:30:196 shmctl:31:195
semget:64:190 semop:65:193 semtimedop:220:192 semctl:66:191 msgget:68:186 msgsnd:69:189 msgrcv:70:188 msgctl:71:187
mq_open:240:180 mq_unlink:241:181 mq_notify:244:184 setuid:105:146 setgid:106:144 setreuid:113:145 setregid:114:143
setresuid:117:147 setresgid:119:149 setgroups:116:159 setfsuid:122:151 setfsgid:123:152 capset:126:91
mknod:133:- mknodat:259:33 truncate:76:45 setxattr:188:5 lsetxattr:189:6 fsetxattr:190:7 removexattr:197:14
lremovexattr:198:15 fremovexattr:199:16 chown:92:- fchown:93:55 lchown:94:- fchownat:260:54
"""
# Landlock does not watch these, and shutil.copy needs them: they succeed without doing anything.
FAKED = """
chmod:90:- fchmod:91:52 fchmodat:268:53 fchmodat2:452:452 utime:132:- utimes:235:- futimesat:261:- utimensat:280:88
sync:162:81 syncfs:306:267
"""
# Their arguments lie in memory where a filter cannot look; glibc falls back to the older calls.
ABSENT = "clone3:435:435 openat2:437:437"
ASKED = """
clone:56:220 kill:62:129 tgkill:234:131 tkill:200:130 prlimit64:302:261 sched_setaffinity:203:122 prctl:157:167
socketpair:53:199 open:2:- openat:257:56 fcntl:72:25 ioctl:16:29
"""
NEWEST = 462
ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

KILL, ALLOW, ERRNO = 0x80000000, 0x7FFF0000, 0x00050000
LOAD, JUMP_EQUAL, JUMP_GREATER, AND, RETURN = 0x20, 0x15, 0x25, 0x54, 0x06

CLONE_THREAD, CLONE_NEW = 0x00010000, 0x7E020000
PR_HARMLESS = (2, 3, 15, 16, 21, 23, 39, 0x53564D41)  # PR_GET_…, PR_SET_NAME, PR_SET_VMA
# F_SETSIG, F_SETOWN, F_SETOWN_EX, F_SETLEASE, F_NOTIFY: signals to other processes, holding up their opens.
FCNTL_REFUSED = (8, 10, 15, 1024, 1026)
# FIOSETOWN, SIOCSPGRP, TIOCSTI, TIOCLINUX, FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR.
IOCTL_REFUSED = (0x8901, 0x8902, 0x5412, 0x541C, 0x40086602, 0x401C5820)
AF_UNIX, SOCK_STREAM = 1, 1
ACCESS, O_TRUNC = 0o3, 0o1000

Code = list[tuple[int, int, int, int]]


def supported() -> bool:
    """Say whether there is a table for this machine."""
    return platform.machine() in ARCHITECTURES


def install(pid: int) -> None:
    """Put the filter on this process, whose id is ``pid``. Needs ``no_new_privs``; cannot be undone."""
    code = program(pid)
    filters = (_Instruction * len(code))(*(_Instruction(*line) for line in code))
    whole = _Program(length=len(code), filter=ctypes.cast(filters, ctypes.POINTER(_Instruction)))
    libc = ctypes.CDLL(None, use_errno=True)
    set_seccomp, by_filter = 22, 2
    if libc.prctl(set_seccomp, ctypes.c_ulong(by_filter), ctypes.byref(whole), ctypes.c_ulong(0), ctypes.c_ulong(0)):
        failed = ctypes.get_errno()
        raise OSError(failed, os.strerror(failed))


def program(pid: int) -> Code:
    """Return the filter for the process ``pid`` as BPF instructions."""
    column, arch = ARCHITECTURES[platform.machine()]
    code: Code = [
        (LOAD, 0, 0, 4),
        (JUMP_EQUAL, 1, 0, arch),
        _give(KILL),
        (LOAD, 0, 0, 0),
        # Also catches the x32 calls, whose numbers carry a high bit.
        (JUMP_GREATER, 0, 1, NEWEST),
        _give(ERRNO | errno.ENOSYS),
    ]
    blocks: list[tuple[int, Code]] = []
    for table, answer in ((REFUSED, ERRNO | errno.EPERM), (FAKED, ERRNO), (ABSENT, ERRNO | errno.ENOSYS)):
        blocks += [(number, [_give(answer)]) for number in numbers(table, column).values()]
    asked = _questions(pid)
    blocks += [(number, asked[name]) for name, number in numbers(ASKED, column).items()]
    for number, block in blocks:
        code += [(JUMP_EQUAL, 0, len(block), number), *block]
    return [*code, _give(ALLOW)]


def numbers(table: str, column: int) -> dict[str, int]:
    """Return the numbers in a table on this architecture (``column``) by name."""
    entries = (entry.split(":") for entry in table.split())
    return {name: int(both[column]) for name, *both in entries if both[column] != "-"}


def _questions(pid: int) -> dict[str, Code]:
    """Return what is asked of the arguments of each call that is needed in part."""
    signal, own = _allow_only(0, (pid,)), _allow_only(0, (0, pid))
    opening = _refuse_only(1, (O_TRUNC, ACCESS, ACCESS | O_TRUNC), mask=ACCESS | O_TRUNC)
    opening_at = _refuse_only(2, (O_TRUNC, ACCESS, ACCESS | O_TRUNC), mask=ACCESS | O_TRUNC)
    return {
        "clone": _allow_only(0, (CLONE_THREAD,), mask=CLONE_THREAD | CLONE_NEW),
        "kill": signal,
        "tgkill": signal,
        "tkill": signal,
        "prlimit64": own,
        "sched_setaffinity": own,
        "prctl": _allow_only(0, PR_HARMLESS),
        # A pair of connected streams is what asyncio needs; datagrams could be sent to any socket of the machine.
        "socketpair": [
            (LOAD, 0, 0, 16),
            (JUMP_EQUAL, 1, 0, AF_UNIX),
            _give(ERRNO | errno.EPERM),
            *_allow_only(1, (SOCK_STREAM,), mask=0xF),
        ],
        # Opening for reading with O_TRUNC empties a file, which old versions of Landlock do not notice.
        "open": opening,
        "openat": opening_at,
        "fcntl": _refuse_only(1, FCNTL_REFUSED),
        "ioctl": _refuse_only(1, IOCTL_REFUSED),
    }


def _give(value: int) -> tuple[int, int, int, int]:
    return (RETURN, 0, 0, value)


def _argument(index: int, mask: int) -> Code:
    # The kernel reads these arguments as 32-bit numbers, so their upper halves do not count.
    load = (LOAD, 0, 0, 16 + 8 * index)
    return [load] if mask == 0xFFFFFFFF else [load, (AND, 0, 0, mask)]


def _match(index: int, values: tuple[int, ...], mask: int, yes: int, no: int) -> Code:
    code = _argument(index, mask)
    for value in values:
        code += [(JUMP_EQUAL, 0, 1, value), _give(yes)]
    return [*code, _give(no)]


def _allow_only(index: int, values: tuple[int, ...], mask: int = 0xFFFFFFFF) -> Code:
    return _match(index, values, mask, ALLOW, ERRNO | errno.EPERM)


def _refuse_only(index: int, values: tuple[int, ...], mask: int = 0xFFFFFFFF) -> Code:
    return _match(index, values, mask, ERRNO | errno.EPERM, ALLOW)


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("jt", ctypes.c_uint8), ("jf", ctypes.c_uint8), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("filter", ctypes.POINTER(_Instruction)))
