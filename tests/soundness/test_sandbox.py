"""Hostile programs: each is contained under a name, the next call works, nothing is left behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from lemmata.engine.synthesis.outcome import Outcome
from lemmata.provers.oracle.alarm import Alarm, Overtime
from lemmata.provers.oracle.sandbox import Limits, Sandbox

SHORT = Limits(seconds=0.2, wall=3.0, memory=256 << 20)
"""For programs that never end."""
LIMITS = Limits(seconds=5.0, wall=60.0, memory=256 << 20)
"""For all others: ample, so that a busy machine does not look like an endless loop."""
DENIED = ("PermissionError", "FileNotFoundError", "OSError", "BlockingIOError", "IsADirectoryError")

HOSTILE: dict[str, tuple[str, str]] = {
    "native code through ctypes": (
        "import ctypes\ndef f(x): return ctypes.string_at(0)",
        "crashed",
    ),
    "subclass that lies about its value": (
        "class N(int):\n    def __eq__(self, other): return True\n"
        "    def __hash__(self): return 0\n    def __repr__(self): return '1'\n"
        "def f(x): return N(len(x))",
        "returned",
    ),
    "result that recurses in every method": (
        "class R:\n    def __eq__(self, o): return self == o\n    def __hash__(self): return hash(self)\n"
        "    def __repr__(self): return repr(self)\n    def __reduce__(self): return self.__reduce__()\n"
        "def f(x): return [R()]",
        "returned",
    ),
    "exception whose text recurses": (
        "class E(Exception):\n    def __str__(self): return str(self)\ndef f(x): raise E()",
        "raised E",
    ),
    "import replaced": (
        "import builtins\ndef f(x):\n    builtins.__import__ = lambda *a, **k: None\n    return x",
        "tampered",
    ),
    "trace function left behind": (
        "import sys\ndef f(x):\n    sys.settrace(lambda *a: 1 / 0)\n    return x",
        "raised ZeroDivisionError",
    ),
    "finaliser that never ends": (
        "class D:\n    def __del__(self):\n        while True: pass\ndef f(x):\n    D()\n    return x",
        "timed out|returned",
    ),
    "integer too long to print": ("def f(x): return 10 ** 10 ** 6", "too large"),
    "endless loop": ("def f(x):\n    while True: pass", "timed out"),
    "loop that swallows everything": (
        "def f(x):\n    while True:\n        try:\n            while True: pass\n"
        "        except BaseException: pass",
        "timed out",
    ),
    "loop that switched the alarms off": (
        "import signal\ndef f(x):\n    signal.setitimer(signal.ITIMER_PROF, 0)\n"
        "    signal.setitimer(signal.ITIMER_REAL, 0)\n    while True: pass",
        "timed out",
    ),
    "loop in C": ("def f(x): return 7 ** 10 ** 9", "timed out"),
    "catastrophic regular expression": (
        "import re\ndef f(x): return re.match('(a+)+$', 'a' * 40 + 'b')",
        "timed out",
    ),
    "sleep": ("import time\ndef f(x): time.sleep(1000)", "timed out"),
    "endless iterator that never yields": (
        "def f(x):\n    def g():\n        while True:\n            if False: yield 1\n    return g()",
        "timed out",
    ),
    "endless generator": ("def f(x):\n    while True: yield x", "returned"),
    "recursion": ("def f(x): return f(x)", "raised RecursionError"),
    "recursion without a limit": (
        "import sys\nsys.setrecursionlimit(10 ** 9)\ndef f(x): return [f(x)]",
        "crashed|raised RecursionError|raised SystemError|out of memory|timed out",
    ),
    "memory bomb": ("def f(x): return [0] * 10 ** 10", "out of memory"),
    "growing memory bomb": (
        "def f(x):\n    s = 'x' * 1024\n    while True: s += s",
        "out of memory|timed out",
    ),
    "memory bomb in a container": (
        "def f(x):\n    a = []\n    while True: a.append(bytearray(1 << 22))",
        "out of memory|timed out",
    ),
    "fork": ("import os\ndef f(x): return os.fork()", "raised"),
    "fork bomb": ("import os\ndef f(x):\n    while True: os.fork()", "raised|timed out"),
    "subprocess": (
        "import subprocess\ndef f(x): return subprocess.run(['/bin/true']).returncode",
        "raised",
    ),
    "system": ("import os\ndef f(x): return os.system('exit 0') == 0", "returned False|raised"),
    "exec": ("import os\ndef f(x): os.execv('/bin/sh', ['sh'])", "raised"),
    "os._exit": ("import os\ndef f(x): os._exit(7)", "exited (code 7)"),
    "sys.exit": ("import sys\ndef f(x): sys.exit(3)", "exited (code 3)"),
    "kills itself": (
        "import os, signal\ndef f(x): os.kill(os.getpid(), signal.SIGKILL)",
        "crashed",
    ),
    "aborts": ("import os\ndef f(x): os.abort()", "crashed"),
    "segmentation fault": ("import ctypes\ndef f(x): ctypes.string_at(0)", "crashed"),
    "kills its parent": ("import os\ndef f(x): os.kill(os.getppid(), 9)", "raised"),
    "kills everybody": ("import os\ndef f(x): os.kill(-1, 9)", "raised"),
    "huge result": ("def f(x): return list(range(10 ** 6))", "too large"),
    "huge text": ("def f(x): return 'x' * 10 ** 7", "too large"),
    "huge integer": ("def f(x): return 1 << 10 ** 7", "too large"),
    "huge output": (
        "def f(x):\n    for _ in range(20000): print('y' * 100)\n    return 1",
        "returned|timed out",
    ),
    "writes to descriptor 1": (
        "import os\ndef f(x): return os.write(1, b'z' * 10 ** 5)",
        "returned",
    ),
    "deep nesting": (
        "def f(x):\n    a = []\n    for _ in range(10 ** 5): a = [a]\n    return a",
        "too large",
    ),
    "result that contains itself": ("def f(x):\n    a = [1]; a.append(a); return a", "returned"),
    "argument mutation": (
        "def f(x):\n    x.append(9)\n    return 1",
        "returned 1, arguments changed",
    ),
    "function as a result": ("def f(x): return lambda: 0", "returned <function>"),
    "lock as a result": ("import threading\ndef f(x): return threading.Lock()", "returned <lock>"),
    "exception in repr": (
        "class A:\n    def __repr__(self): raise ValueError\n"
        "class E(Exception):\n    def __str__(self): raise KeyError\ndef f(x): raise E()",
        "raised E('')",
    ),
    "equal to everything": (
        "class A(int):\n    def __eq__(self, other): return True\n    __hash__ = int.__hash__\n"
        "def f(x): return A(3)",
        "returned <A: 3>",
    ),
    "lies about its class": (
        "class A:\n    __class__ = int\ndef f(x): return A()",
        "returned <A: {}>",
    ),
    "replaces len": (
        "import builtins\ndef f(x):\n    builtins.len = lambda v: 0\n    return 1",
        "tampered",
    ),
    "replaces isinstance": (
        "import builtins\ndef f(x):\n    builtins.isinstance = lambda *v: True\n    return 1",
        "tampered",
    ),
    "replaces the encoder": (
        "import sys\ndef f(x):\n    sys.modules['lemmata.provers.oracle.wire'].encode = 5\n    return 1",
        "returned 1|raised|tampered",
    ),
    "writes into the channel": (
        "import os\ndef f(x):\n    for fd in range(3, 48):\n        try: os.write(fd, b'\\0\\0\\0\\2{}')\n"
        "        except OSError: pass\n    return 1",
        "tampered|exited",
    ),
    "closes every descriptor": (
        "import os\ndef f(x):\n    os.closerange(0, 48)\n    return 1",
        "exited|crashed",
    ),
    "reads a file": ("def f(x): return open('/etc/passwd').read()", "raised"),
    "reads through /proc": ("def f(x): return open('/proc/1/environ').read()", "raised"),
    "reads the parent's memory": (
        "import os\ndef f(x): return open(f'/proc/{os.getppid()}/mem', 'rb').read(1)",
        "raised",
    ),
    "lists the root": ("import os\ndef f(x): return os.listdir('/home')", "raised"),
    "writes outside": ("def f(x): open('/tmp/escaped', 'w').write('x')", "raised"),
    "writes too much": ("def f(x): return open('big', 'wb').write(b'x' * (1 << 24))", "raised"),
    "environment": (
        "import os\ndef f(x): return sorted(set(os.environ) - {'LC_ALL', 'PYTHONHASHSEED', 'LC_CTYPE', 'PWD'})",
        "returned []",
    ),
    "opens a socket": ("import socket\ndef f(x): return socket.socket()", "raised"),
    "looks a name up": (
        "import socket\ndef f(x): return socket.getaddrinfo('localhost', 80)",
        "raised",
    ),
    "traces a process": (
        "import ctypes, os\ndef f(x): return ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0)",
        "returned -1",
    ),
    "becomes root": ("import os\ndef f(x):\n    os.setuid(0)\n    os.setgroups([0])", "raised"),
    "mounts": (
        "import ctypes\ndef f(x): return ctypes.CDLL(None).mount(b'tmpfs', b'/', b'tmpfs', 0, None)",
        "returned -1",
    ),
    "system exit while loading": ("raise SystemExit(1)", "not loaded"),
    "loop while loading": ("while True: pass", "not loaded"),
    "syntax error": ("def f(x", "not loaded"),
    "no such function": ("def g(x): return 1", "not loaded"),
    "dies while loading": ("import os\nos._exit(0)", "not loaded"),
    "threads": (
        "import threading\ndef f(x):\n    t = threading.Thread(target=lambda: [0 for _ in iter(int, 1)], daemon=True)\n"
        "    t.start()\n    return 1",
        "returned 1|timed out|raised",
    ),
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


def _is_confined(sandbox: Sandbox) -> bool:
    return all(state.startswith("on") for state in sandbox.layers().values())


def _fits(outcome: Outcome, expected: str) -> bool:
    shown = repr(outcome)
    return any(shown.startswith(choice) for choice in expected.split("|"))


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_program_is_contained_and_the_next_call_works(
    name: str, sandbox: Sandbox
) -> None:
    if not _is_confined(sandbox):
        pytest.skip("the kernel does not offer every layer here: see lemmata doctor")
    source, expected = HOSTILE[name]
    limits = SHORT if "timed out" in expected or "loop" in name else LIMITS
    with sandbox.load(source, "f", limits) as program:
        first, second = program.run([([1],), ([2],)])
    assert _fits(first, expected), first
    assert second.kind, "the second call has an outcome of its own"
    with sandbox.load("def f(x): return x", "f") as program:
        assert program.call(41) == Outcome("returned", 41)


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A folder of its own: other tests open sandboxes in the usual place at the same time.
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Sandbox() as sandbox:
        source = (
            "import os\ndef f(x):\n    os.makedirs('a/b')\n    open('a/b/c', 'w').write('x')\n"
            "    return sorted(os.listdir('.'))"
        )
        with sandbox.load(source, "f") as program:
            assert program.call(1).value == ["a"]
        with sandbox.load("import os\ndef f(x): return os.listdir('.')", "f") as program:
            assert program.call(1).value == [], "the scratch folder is emptied between programs"
        nursery = sandbox._idle[0].process.pid
        assert list(tmp_path.glob("lemmata-*")), "the scratch folder is where it is looked for"
    assert not list(tmp_path.iterdir())
    with pytest.raises(ProcessLookupError):
        os.kill(nursery, 0)


@pytest.mark.parametrize("layer", ["namespaces", "landlock", "seccomp"])
def test_the_other_layers_hold_without_one(layer: str) -> None:
    with Sandbox(without=(layer,)) as sandbox:
        states = sandbox.layers()
        assert any(state == "off: switched off" for state in states.values())
        source = "def f(x): return open('/etc/passwd').read()"
        with sandbox.load(source, "f", LIMITS) as program:
            if states["landlock"].startswith("on") or states["file system"] == "on":
                assert program.call(1).error in DENIED
        with sandbox.load(
            "import socket\ndef f(x):\n    socket.create_connection(('127.0.0.1', 9))", "f", LIMITS
        ) as program:
            assert program.call(1).kind == "raised"
        with sandbox.load("def f(x): return x * 2", "f", LIMITS) as program:
            assert program.call(21).value == 42


def _descendants(process: int) -> list[int]:
    """All processes that descend from one, as the machine numbers them."""
    found: list[int] = []
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, children.read_text().split()):
            found += [child, *_descendants(child)]
    return found


def test_what_a_program_started_ends_with_it() -> None:
    """The filter lets no program start a process; where it is missing, the nursery cleans up."""
    orphan = (
        "import os, time\n"
        "def f(x):\n"
        "    if os.fork() == 0:\n"
        "        os.setsid()\n"
        "        if os.fork() == 0: time.sleep(600)\n"
        "        os._exit(0)\n"
        "    return x"
    )
    with Sandbox(without=("seccomp",)) as sandbox:
        sandbox.layers()
        nursery = sandbox._idle[0].process.pid
        before = _descendants(nursery)
        with sandbox.load(orphan, "f", LIMITS) as program:
            if program.call(1).kind != "returned":
                pytest.skip("the limit of processes holds here")
            assert len(_descendants(nursery)) > len(before) + 1
        assert _descendants(nursery) == before
        with sandbox.load("def f(x): return x", "f") as program:
            assert program.call(2).value == 2


def test_arguments_that_are_one_object_here_are_not_one_there() -> None:
    shared = [1]
    with Sandbox() as sandbox, sandbox.load("def f(a, b): a.append(2); return b", "f") as program:
        outcomes = program.run([(shared, shared), (shared, [])])
    assert [outcome.value for outcome in outcomes] == [[1], []]
    assert [outcome.after for outcome in outcomes] == [([1, 2], [1]), ([1, 2], [])]


def test_a_sandbox_tells_what_its_processes_used() -> None:
    slow = "def f(n):\n    while n: n -= 1"
    with Sandbox() as sandbox:
        sandbox.warm(2)
        ready = sandbox.cpu_seconds
        with sandbox.load(slow, "f") as program:
            program.call(1_000_000)
            used = sandbox.cpu_seconds
            assert used - ready >= 0.9 * program.cpu_seconds > 0
        ended = sandbox.cpu_seconds
        assert ended >= used, "the end of a worker counts as well"
        sandbox.warm(2)
        assert sandbox.cpu_seconds > ended, "and the start of the next"


def test_the_candidate_cannot_see_the_hidden_source_through_frames_or_the_heap() -> None:
    from lemmata.provers.oracle.oracle import Oracle

    probe = (
        "import gc, sys\ndef f(x):\n    seen = repr([o for o in gc.get_objects() if isinstance(o, (str, list, dict))])\n"
        "    frame = sys._getframe()\n    while frame:\n        seen += repr(frame.f_locals)\n        frame = frame.f_back\n"
        "    return 'MARKER' + '_77' in seen"
    )
    hidden = "MARKER_77 = 1\ndef f(x): return x"
    with Sandbox() as sandbox, Oracle(hidden, examples=[(5,)], sandbox=sandbox) as oracle:
        (outcome,) = oracle.rehearse(probe, [(1,)])
        assert outcome.value is False


def test_a_batch_of_calls_is_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes calls quick, counted instead of timed: ``benchmarks/programs.py`` has the rate."""
    from lemmata.provers.oracle.nursery import Channel

    sent: list[tuple[object, ...]] = []
    write = Channel.write
    monkeypatch.setattr(Channel, "write", lambda to, *what: (sent.append(what), write(to, *what)))
    with Sandbox() as sandbox, sandbox.load("def f(x): return x + 1", "f") as program:
        outcomes = program.run([(n,) for n in range(3000)])
    assert [outcome.value for outcome in outcomes] == list(range(1, 3001))
    assert [len(frames) for frames in sent] == [2], "the program, and all calls, at once"


@pytest.mark.parametrize(
    ("deed", "kind"),
    [
        ("os._exit(7)", "exited"),
        ("os.kill(os.getpid(), 9)", "crashed"),
        ("os.write(DESCRIPTORS[-1], b'x' * 99)", "tampered"),
    ],
)
def test_in_a_batch_the_call_that_broke_the_worker_is_known(deed: str, kind: str) -> None:
    source = (
        "import os, stat\n"
        "def is_socket(n):\n"
        "    try: return stat.S_ISSOCK(os.fstat(n).st_mode)\n"
        "    except OSError: return False\n"
        "DESCRIPTORS = [n for n in range(64) if is_socket(n)]\n"
        f"def f(x):\n    if x == 3: {deed}\n    return x\n"
    )
    with Sandbox() as sandbox, sandbox.load(source, "f") as program:
        outcomes = program.run([(n,) for n in range(6)])
        assert [outcome.kind for outcome in outcomes] == [
            *["returned"] * 3,
            kind,
            *["returned"] * 2,
        ]
        assert [outcome.value for outcome in outcomes if outcome.is_value] == [0, 1, 2, 4, 5]
        assert program.call(9).value == 9


def test_a_worker_that_stands_ready_serves_one_program_and_is_gone() -> None:
    source = "import os, sys\nsys.modules['mine'] = 1\n"
    look = source + "def f(n): return os.getpid(), len(sys.argv), sorted(globals())"
    with Sandbox() as sandbox:
        sandbox.warm(2)
        with sandbox.load(look, "f") as first:
            pids = [first.call(1).value]
            first.restart()
            pids.append(first.call(1).value)
            first.restart()
            pids.append(first.call(1).value)
        with sandbox.load("import sys\ndef f(): return 'mine' in sys.modules", "f") as second:
            assert second.call().value is False
        nurseries = len(sandbox._idle)
        assert nurseries == 2, "a replay takes what stands ready, and then starts its own"
        assert not any(nursery.is_ready() for nursery in sandbox._idle)
    assert all(pid is not None for pid in pids)


def test_what_a_worker_does_ahead_cannot_be_seen_by_its_program() -> None:
    look = (
        "import sys\nbefore = sorted(globals())\n"
        "def f(x):\n    print('seen', end='')\n"
        "    return before, 'program' in sys.modules, sys.stdout.kept, x"
    )
    with Sandbox() as sandbox:
        outcomes = []
        for ahead in (0, 1):
            sandbox.warm(ahead)
            with sandbox.load(look, "f") as program:
                outcomes.append(program.call([1]))
    assert outcomes[0] == outcomes[1]
    assert outcomes[0].is_value


def test_a_program_that_was_compiled_here_runs_as_one_compiled_there() -> None:
    source = "import sys\ndef f(x: 'Unknown') -> 'y':\n    'Doc.'\n    return f.__doc__, x is 1000"
    long = source + "\n" + "# filling\n" * 20_000
    with Sandbox() as sandbox:
        outcomes = []
        for text in (source, long):
            with sandbox.load(text, "f") as program:
                outcomes.append(program.call(5))
    assert outcomes[0] == outcomes[1] == Outcome("returned", ("Doc.", False))


def test_annotations_are_evaluated_as_in_any_file() -> None:
    with Sandbox() as sandbox, sandbox.load("def f(x: List[int]): return x", "f") as program:
        assert program.call(1) == Outcome(
            "not loaded", message="NameError: name 'List' is not defined"
        )


def test_a_late_ring_of_the_clock_is_not_heard() -> None:
    """A ring under way while an outcome is put in words once ended the worker."""
    alarm = Alarm()
    alarm.arm(0.0)
    with pytest.raises(Overtime):
        alarm.ring(0, None)
    alarm.is_armed = False
    alarm.ring(0, None)


def test_a_worker_cannot_say_more_than_it_is_asked() -> None:
    """Outcomes that nobody waits for would be taken for those of the next calls."""
    source = (
        "import os, stat, struct\n"
        "def is_socket(n):\n"
        "    try: return stat.S_ISSOCK(os.fstat(n).st_mode)\n"
        "    except OSError: return False\n"
        "def f(x):\n"
        "    text = b'[[7, 0.0], [8, 0.0]]'\n"
        "    for n in filter(is_socket, range(3, 64)):\n"
        "        os.write(n, struct.pack('!I', len(text)) + text)\n"
        "    return x"
    )
    with Sandbox() as sandbox, sandbox.load(source, "f") as program:
        first, second = program.call(1), program.call(2)
    assert first.kind == second.kind == "tampered"


def test_each_call_of_a_batch_has_its_own_time() -> None:
    """The clock is wound up once for a batch, and measures each call by itself."""
    slow = (
        "def f(n):\n    total = 0\n    while n != 0: n, total = n - 1, total + n\n    return total"
    )
    with Sandbox(Limits(seconds=0.5)) as sandbox, sandbox.load(slow, "f") as program:
        kinds = [o.kind for o in program.run([(10,), (-1,), (10,), *[(900_000,)] * 8, (-1,), (3,)])]
        spent = program.cpu_seconds
    endless = [place for place, kind in enumerate(kinds) if kind == "timed out"]
    assert endless == [1, 11]
    assert set(kinds) == {"timed out", "returned"}
    assert spent > 1.0
