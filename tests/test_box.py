"""Whatever a notebook tries, it gets nothing out of the box; whatever it needs works. Each act is tried for real."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from box_notebooks import TELL, notebook, told

from crm_exercises.core.paths import ROOT
from crm_exercises.grading import seccomp, warm
from crm_exercises.grading.box import MIB, PLAIN_VARIABLE, BoxError, Limits, readable
from crm_exercises.grading.probe import probe
from crm_exercises.grading.runner import Job, Ran, Settings, run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the box needs Linux")

LIMITS = Limits(wall=30, cell=25, cpu=3, memory=512 * MIB, folder=8 * MIB, file=4 * MIB, files=100, threads=16)

# By name: what a notebook tries. SECRET, PARENT and ROOT are filled in.
REFUSED = {
    "a secret file": "open(SECRET).read()",
    "a secret by descriptor": "os.open(SECRET, os.O_PATH) and open('/proc/self/fd/3').read()",
    "the folder of secrets": "os.listdir(os.path.dirname(SECRET))",
    "the course": "os.listdir(ROOT + '/course')",
    "a file of the course": "open(ROOT + '/CONTRIBUTING.md').read()",
    "the solutions": "os.listdir(ROOT + '/solutions')",
    "the bundles": "os.listdir(ROOT + '/notebooks')",
    "the tests": "open(ROOT + '/tests/test_box.py').read()",
    "the other notebooks": "os.listdir('../..')",
    "its own folder's parent": "os.listdir('..')",
    "its own notebook": "open('../notebook.json').read()",
    "the home": "os.listdir('/root' if os.path.exists('/root') else '/home')",
    "passwords": "open('/etc/passwd').read()",
    "the process list": "os.listdir('/proc')",
    "its own memory": "open('/proc/self/mem', 'rb')",
    "the parent's environment": "open(f'/proc/{PARENT}/environ', 'rb').read()",
    "the first process's environment": "open('/proc/1/environ', 'rb').read()",
    "the parent's memory": "open(f'/proc/{PARENT}/mem', 'rb')",
    "its terminal": "open('/dev/tty')",
    "a disk": "open('/dev/vda', 'rb')",
    "shared memory": "__import__('multiprocessing.shared_memory').shared_memory.SharedMemory(create=True, size=9)",
    "writing outside": "open(SECRET, 'a').write('x')",
    "making outside": "open(os.path.dirname(SECRET) + '/new', 'w')",
    "making in /tmp": "open('/tmp/crm-box-was-here', 'w')",
    "making a folder outside": "os.mkdir('../new')",
    "deleting outside": "os.unlink(SECRET)",
    "moving outside": "os.rename(SECRET, 'mine')",
    "moving out": "(open('f', 'w'), os.rename('f', '../f'))",
    "emptying outside": "os.truncate(SECRET, 0)",
    "emptying by opening": "os.open(os.__file__, os.O_RDONLY | os.O_TRUNC)",
    "owning outside": "os.chown(SECRET, os.getuid(), os.getgid())",
    "marking outside": "os.setxattr(SECRET, 'user.mark', b'x')",
    "writing to the library": "open(os.__file__, 'a')",
    "writing to the package": "open(__import__('crm_exercises').__file__, 'a')",
    "writing to the data": "open(ROOT + '/datasets/new', 'w')",
    "a symbolic link": "os.symlink(SECRET, 'link')",
    "a hard link": "os.link(SECRET, 'hard')",
    "a named pipe": "os.mkfifo('pipe')",
    "a device": "os.mknod('device', 0o20600, os.makedev(1, 3))",
    "watching outside": "libc('inotify_init1', 0)",
    "TCP": "socket.create_connection(('127.0.0.1', 22), 1)",
    "TCP, listening": "socket.create_server(('127.0.0.1', 0))",
    "UDP": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "IPv6": "socket.socket(socket.AF_INET6)",
    "raw packets": "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
    "netlink": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "unix sockets": "socket.socket(socket.AF_UNIX).connect('/run/systemd/private')",
    "abstract unix sockets": "socket.socket(socket.AF_UNIX).bind('\\0crm')",
    "datagrams by a pair": "socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b'x', '/dev/log')",
    "a download": "__import__('urllib.request').request.urlopen('http://127.0.0.1/')",
    "exec": "os.execv(sys.executable, [sys.executable, '-c', ''])",
    "exec by descriptor": "os.execve(os.open('/lib64/ld-linux-x86-64.so.2', os.O_RDONLY), ['x'], {})",
    "a program": "subprocess.run(['true'])",
    "a shell": "subprocess.run('true', shell=True)",
    "spawn": "os.posix_spawn('/bin/true', ['true'], {})",
    "fork": "os.fork() or os._exit(0)",
    "a pool": "__import__('multiprocessing').Pool(1)",
    "killing the parent": "os.kill(PARENT, 0)",
    "killing everybody": "os.kill(-1, 0)",
    "killing its group": "os.kill(0, 0)",
    "a signal by descriptor": "signal.pidfd_send_signal(os.pidfd_open(PARENT), 0)",
    "a signal by ownership": "fcntl.fcntl(0, fcntl.F_SETOWN, PARENT)",
    "the parent's limits": "resource.prlimit(PARENT, resource.RLIMIT_CPU, (0, 0))",
    "the parent's priority": "os.setpriority(os.PRIO_PROCESS, PARENT, 19)",
    "the parent's processors": "os.sched_setaffinity(PARENT, {0})",
    "more memory": "resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
    "more processor": "resource.setrlimit(resource.RLIMIT_CPU, (999, 999))",
    "more descriptors": "resource.setrlimit(resource.RLIMIT_NOFILE, (9999, 9999))",
    "a session of its own": "os.setsid()",
    "outliving": "libc('prctl', 1, 0)",
    "another user": "os.setuid(65534 if os.getuid() != 65534 else 1)",
    "the root": "os.chroot('.')",
    "the clock": "time.clock_settime(time.CLOCK_REALTIME, 0)",
    "the name of the machine": "socket.sethostname('mine')",
    "many files": "[open('/dev/null') for _ in range(300)]",
    "a large file": "open('large', 'wb').truncate(5 << 20)",
    "a large file by seeking": "os.pwrite(os.open('large', os.O_RDWR | os.O_CREAT), b'x', 5 << 20)",
    "much memory": "bytearray(2 << 30)",
    "much memory by mapping": "mmap.mmap(-1, 2 << 30)",
    "memory without a limit": "os.memfd_create('x')",
    "shared segments": "libc('shmget', 0, 4096, 0o1600)",
    "message queues": "libc('msgget', 0, 0o1600)",
    "another namespace": "libc('unshare', 0x10000000)",
    "x32 calls": "raw(0x40000000 + 41, 2, 1, 0)",
    "calls that are not made yet": "raw(500)",
    "clone3": "raw(435, 0, 0)",
    "openat2": "raw(437, 0, 0, 0, 0)",
    "a filter of its own": "libc('seccomp', 1, 0, 0)",
}  # fmt: skip

HELP = (
    TELL
    + """
import ctypes, fcntl, mmap, os, platform, resource, signal, socket, subprocess, sys, time
from crm_exercises.grading import seccomp, warm
table = seccomp.REFUSED + seccomp.FAKED + seccomp.ASKED
numbers = seccomp.numbers(table, seccomp.ARCHITECTURES[platform.machine()][0])
c = ctypes.CDLL(None, use_errno=True)
def raw(number, *args):
    found = c.syscall(ctypes.c_long(number), *map(ctypes.c_long, args))
    if found < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return found
def libc(name, *args):
    return raw(numbers[name], *args)
PARENT = os.getppid()
"""
)

NEEDED = {
    "data": "pd.read_csv(next(Path(ROOT, 'datasets').rglob('*.csv')), nrows=3).shape[0]",
    "figure": "(plt.figure(), plt.title('客户'), plt.savefig('f.png'), os.path.getsize('f.png') > 1000)[-1]",
    "fonts": "font_manager.findfont('DejaVu Sans') and len(font_manager.get_font_names()) > 0",
    "sqlite": "sqlite3.connect('x.db').execute('create table t as select 3 as n').execute('select n from t').fetchone()[0]",
    "temporary file": "tempfile.NamedTemporaryFile('w').write('x')",
    "temporary folder": "os.path.isdir(tempfile.mkdtemp())",
    "threads": "sum(ThreadPoolExecutor(4).map(abs, [-1, -2]))",
    "linear algebra": "round(float(np.linalg.inv(np.eye(300) * 2).sum()))",
    "statistics": "round(scipy.stats.norm.cdf(0), 1)",
    "time zones": "str(ZoneInfo('Asia/Shanghai'))",
    "times": "str(pd.Timestamp('2024-01-01', tz='Asia/Shanghai').tz_convert('UTC'))",
    "excel": "(pd.DataFrame({'a': [1]}).to_excel('x.xlsx'), pd.read_excel('x.xlsx').shape)[1]",
    "copying": "(open('a', 'w').write('x'), shutil.copy2('a', 'b'), open('b').read())[-1]",
    "folders": "(os.makedirs('p/q'), shutil.move('p/q', 'r'), shutil.rmtree('p'), os.listdir('r'))[-1]",
    "truncating": "open('a', 'r+').truncate(0)",
    "randomness": "len(os.urandom(8)) + len(str(uuid.uuid4()))",
    "who": "getpass.getuser()",
    "signal to itself": "os.kill(os.getpid(), 0)",
    "event loop": "(asyncio.new_event_loop().close(), 1)[1]",
    "late import": "importlib.import_module('xml.dom.minidom').__name__",
    "package": "importlib.import_module('crm_exercises.core.kinds').__name__",
    "logging": "logging.getLogger('x').warning('y')",
    "random file": "np.load((np.save('z.npy', np.arange(3)), 'z.npy')[1]).sum().item()",
    "its own libraries": "len(open('/proc/self/maps').read()) > 0",
    "magic": "get_ipython().run_line_magic('timeit', '-n1 -r1 1')",
}
IMPORTS = """
import asyncio, getpass, importlib, logging, os, shutil, sqlite3, tempfile, uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zoneinfo import ZoneInfo
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import scipy.stats
from matplotlib import font_manager
"""

BOMBS = {
    "fork bomb": "import os\nwhile True: os.fork()",
    "thread bomb": "import threading, time\nthreading.stack_size(65536)\n"
    "while True: threading.Thread(target=time.sleep, args=[99]).start()",
    "memory bomb": "x = []\nwhile True: x.append(bytearray(1 << 26))",
    "numpy bomb": "import numpy as np\nx = [np.ones(1 << 24) for _ in range(99)]",
    "disk bomb": "n = 0\nwhile True:\n  n += 1\n  open(f'f{n % 90}', 'wb').write(bytes(4 << 20))",
    "hidden disk bomb": "import os\nheld = []\nwhile True:\n  f = open('f', 'wb', 0); held.append(f)\n"
    "  os.unlink('f'); f.write(bytes(1 << 20))",
    "file bomb": "n = 0\nwhile True:\n  n += 1\n  open(f'f{n}', 'w').close()",
    "folder bomb": "import os\nwhile True: os.mkdir('d'); os.chdir('d')",
    "folders without rights": "import os, time\nos.mkdir('no', 0)\nos.mkdir('x', 0o300)\nopen('x/f', 'w')\ntime.sleep(1)",
    "output bomb": "while True: print('x' * 9999)",
    "output by descriptor": "import os\nfor n in range(9999): os.write(1, bytes(9999)); os.write(2, bytes(9999))",
    "report bomb": "import os\nwhile True: os.write(3, bytes(1 << 20))",
    "deep recursion": "import sys\nsys.setrecursionlimit(10**9)\ndef f(): return f()\nf()",
    "crash": "import ctypes; ctypes.string_at(1)",
    "closing everything": "import os\nos.closerange(0, 256)\nraise ValueError",
    "leaving things": "import atexit, threading, time\n"
    "late = lambda: (time.sleep(2), open('late', 'w'))\natexit.register(late)\nthreading.Thread(target=late).start()",
    "breaking the shell": "get_ipython().run_cell = None\nget_ipython().recorder = None\nimport sys\nsys.stdout = None",
    "breaking Python": "import json, os, builtins\njson.dumps = os.write = builtins.len = None",
    "many pipes": "import os\nx = []\nwhile True: x += os.pipe()",
    "ignoring signals": "import signal\n"
    "for n in range(1, 65):\n  try: signal.signal(n, signal.SIG_IGN)\n  except Exception: pass\n"
    "while True: sum(range(999))",
}  # fmt: skip


DESCRIPTORS = """
import os, socket, stat
found, strange = 0, []
nothing = os.stat(os.devnull)
for fd in range(256):
    try:
        state = os.fstat(fd)
    except OSError:
        continue
    found += 1
    if fd < 3 and os.path.samestat(state, nothing):
        continue
    if fd == 3 and stat.S_ISREG(state.st_mode):
        continue
    if stat.S_ISSOCK(state.st_mode):
        pair = socket.socket(fileno=os.dup(fd))
        if pair.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 4)[:4] == os.getpid().to_bytes(4, "little"):
            continue
    if stat.S_IFMT(state.st_mode) == 0:  # the event loop's poll
        continue
    strange.append([fd, oct(state.st_mode)])
tell("strange", strange)
tell("count", found)
"""


def fill(code: str, secret: Path) -> str:
    return f"SECRET, ROOT = {str(secret)!r}, {str(ROOT)!r}\n{code}"


@pytest.fixture(scope="module", params=["both walls", "first wall alone on the oldest kernel"])
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Ran]]:
    """Run everything in one go: the good among the bad."""
    secret = tmp_path_factory.mktemp("secret") / "gradebook.csv"
    secret.write_text("secret")
    secret.chmod(0o644)
    acts = "\n".join(f"attempt({name!r}, lambda: {code})" for name, code in REFUSED.items())
    all_calls = "\n".join(
        f"attempt('call {name}', lambda: libc({name!r}))" for name in seccomp.numbers(seccomp.REFUSED, 0)
        if platform.machine() == "x86_64"
    )  # fmt: skip
    rights = "os.chmod(SECRET, 0o4777)\nos.utime(SECRET, (1, 1))\nos.chmod(os.__file__, 0)"
    needs = "\n".join(f"attempt({name!r}, lambda: {code})" for name, code in NEEDED.items())
    jobs = [
        Job("refused", notebook(fill(HELP, secret), acts)),
        Job("calls", notebook(HELP, all_calls)),
        Job("rights", notebook(fill("import os\n" + rights, secret))),
        Job("descriptors", notebook(TELL, DESCRIPTORS)),
        Job("needed", notebook(fill(TELL, secret), IMPORTS, needs)),
    ]
    for name, code in BOMBS.items():
        jobs.append(Job(name, notebook(code)))
        jobs.append(Job(f"beside {name}", notebook("open('answers.jsonl', 'w').write(str(sum(range(10))))")))
    patch = pytest.MonkeyPatch()
    if request.param != "both walls":
        patch.setenv(PLAIN_VARIABLE, "1")
        patch_start(patch, "from crm_exercises.grading import landlock; landlock.version = lambda: 1")
    try:
        found = {ran.key: ran for ran in run(jobs, Settings(LIMITS), workers=2)}
    except BoxError as error:
        pytest.skip(f"no box here: {error.params}")
    finally:
        patch.undo()
    if request.param == "both walls" and "namespaces" not in found["refused"].box:
        pytest.skip("no namespaces here")
    assert secret.read_text() == "secret"
    assert secret.stat().st_mode & 0o7777 == 0o644
    assert secret.stat().st_mtime > 1
    assert not Path("/tmp/crm-box-was-here").exists()
    yield found


def test_everything_forbidden_is_refused(ran: dict[str, Ran]) -> None:
    assert ran["refused"].status == "done", ran["refused"]
    found = told(ran["refused"].answers)
    assert list(found) == list(REFUSED)
    # OSError: too many files, too large, across folders; ValueError: limits; URLError: no socket.
    fine = {"PermissionError", "OSError", "MemoryError", "ValueError", "URLError"}
    assert not {name: how for name, how in found.items() if how not in fine}


def test_every_refused_call_is_refused(ran: dict[str, Ran]) -> None:
    assert ran["calls"].status == "done", ran["calls"]
    assert set(told(ran["calls"].answers).values()) <= {"PermissionError"}


def test_rights_and_times_stay_as_they_are(ran: dict[str, Ran]) -> None:
    assert ran["rights"].status == "done"


def test_everything_needed_works(ran: dict[str, Ran]) -> None:
    assert ran["needed"].status == "done", ran["needed"]
    found = told(ran["needed"].answers)
    assert list(found) == list(NEEDED)
    assert not {name: how for name, how in found.items() if not how.startswith("went through")}
    assert found["data"].endswith(": 3")
    assert found["figure"].endswith("True")


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_harm_nobody(ran: dict[str, Ran], name: str) -> None:
    assert ran[f"beside {name}"].answers == b"45"
    assert ran[f"beside {name}"].status == "done"
    assert ran[name].wall < LIMITS.wall + 3


def test_bombs_are_named(ran: dict[str, Ran]) -> None:
    statuses = {name: ran[name].status for name in BOMBS}
    assert statuses["fork bomb"] == "error"
    assert {statuses[name] for name in ("closing everything", "breaking the shell")} == {"error"}
    assert {statuses[name] for name in ("memory bomb", "numpy bomb")} == {"memory"}
    assert {statuses[name] for name in ("file bomb", "folder bomb", "disk bomb", "hidden disk bomb")} <= {
        "disk",
        "error",
    }
    assert statuses["output bomb"] == "output"
    assert statuses["ignoring signals"] == "cpu"
    assert statuses["thread bomb"] in ("killed", "error", "memory")
    assert statuses["leaving things"] == "done"


def test_no_descriptor_leads_out(ran: dict[str, Ran]) -> None:
    """Three times nothing, the report, and what the event loop made for itself."""
    assert ran["descriptors"].status == "done", ran["descriptors"]
    found = told(ran["descriptors"].answers)
    assert found["strange"] == []
    assert found["count"] <= 8


def test_the_probe_says_that_it_stands() -> None:
    found = probe()
    if not found.stands:
        pytest.skip(f"no box here: {found.reason}")
    assert found.tried > 40
    assert found.reason == ""
    assert f"Landlock {found.landlock}" in found.walls


def test_the_probe_finds_a_hole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allowing too much is noticed: here a folder in which the probe keeps its secret."""
    if not probe().stands:
        pytest.skip("no box here")
    found = probe([Path("/")])
    assert not found.stands
    assert found.holes
    assert found.reason


def test_the_course_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = readable()
    for secret in ("course", "solutions", "notebooks", "tests"):
        assert not any((ROOT / secret).is_relative_to(path) for path in allowed)
    with pytest.raises(OSError, match="would show"):
        readable((ROOT,))


def test_a_box_that_does_not_stand_stops_the_run() -> None:
    with pytest.raises(BoxError) as caught:
        list(run([Job("x", notebook("1"))], Settings(read=(ROOT,))))
    assert "would show" in str(caught.value.params["reason"])


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", 0),
        ("/usr/include/asm-generic/unistd.h", 1),
    ],
)
def test_numbers_of_calls_are_those_of_the_kernel(header: str, column: int) -> None:
    if not Path(header).exists():
        pytest.skip("no kernel headers here")
    found = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", Path(header).read_text()))
    tables = seccomp.REFUSED + seccomp.FAKED + seccomp.ABSENT + seccomp.ASKED
    numbers = seccomp.numbers(tables, column)
    assert len(set(numbers.values())) == len(numbers)
    differing = {
        name: (number, found[name]) for name, number in numbers.items() if found.get(name, str(number)) != str(number)
    }
    assert not differing


@pytest.mark.parametrize("machine", list(seccomp.ARCHITECTURES))
def test_filters_are_well_formed(monkeypatch: pytest.MonkeyPatch, machine: str) -> None:
    """Every jump lands inside, and every way ends in a verdict."""
    monkeypatch.setattr(platform, "machine", lambda: machine)
    code = seccomp.program(1234)
    assert len(code) < 4096
    for place, (kind, yes, no, _) in enumerate(code):
        if kind in (seccomp.JUMP_EQUAL, seccomp.JUMP_GREATER):
            assert place + 1 + max(yes, no) < len(code)
    assert code[-1][0] == seccomp.RETURN


def patch_start(patch: pytest.MonkeyPatch, code: str) -> None:
    """Let the warm process run ``code`` before it begins."""
    patch.setattr(warm, "CODE", warm.CODE.removesuffix("main()") + f"\n{code}\nmain()")


def test_without_landlock_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    patch_start(monkeypatch, "from crm_exercises.grading import landlock; landlock.version = lambda: 0")
    with pytest.raises(BoxError) as caught:
        list(run([Job("x", notebook("1"))]))
    assert "Landlock" in str(caught.value.params["reason"])


def test_without_a_box_nothing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wall that cannot be built for a notebook, though the probe found nothing."""
    code = (
        "from crm_exercises.grading import box, probe\n"
        "def enter(*_): raise OSError('no')\n"
        "box.enter = enter; probe.probe_here = lambda *_: probe.Probe(1, True, tried=1)"
    )
    patch_start(monkeypatch, code)
    [found] = run([Job("x", notebook("open('answers.jsonl', 'w').write('ran')"))])
    assert (found.status, found.answers, found.detail) == ("killed", b"", "the box: no")
