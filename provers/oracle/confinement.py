"""What the kernel takes away from a program before it runs: each layer says whether it holds.

Runs inside the sandbox's own process, before any foreign code, with the standard library alone.
The layers are independent of each other; where one is not available the others still stand, and
``lemmata doctor`` prints the same names.
"""

from __future__ import annotations

import ctypes
import os
import resource
import struct
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple, TypeAlias

_NEW_NS, _NEW_UTS, _NEW_IPC = 0x00020000, 0x04000000, 0x08000000
_NEW_USER, _NEW_PID, _NEW_NET = 0x10000000, 0x20000000, 0x40000000
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_REMOUNT = 1, 2, 4, 32
_MS_BIND, _MS_REC, _MS_PRIVATE = 4096, 16384, 1 << 18
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_PR_CAPBSET_DROP, _PR_SET_CHILD_SUBREAPER = 24, 36
# Landlock's system calls have the same numbers on every architecture.
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_CAPSET = {"x86_64": 126, "aarch64": 91}

LAYERS = ("limits", "user namespace", "network", "processes", "file system", "landlock", "seccomp")
"""The layers in the order in which they are applied."""


class _Libc:
    """The few system calls that Python has no name for; a failure is an ``OSError``."""

    def __init__(self) -> None:
        self.handle = ctypes.CDLL(None, use_errno=True)

    def call(self, name: str, *arguments: object) -> int:
        return self._checked(name, getattr(self.handle, name)(*arguments))

    def syscall(self, number: int, *arguments: object) -> int:
        return self._checked(f"system call {number}", self.handle.syscall(number, *arguments))

    def _checked(self, name: str, result: int) -> int:
        if result < 0:
            code = ctypes.get_errno()
            raise OSError(code, f"{name}: {os.strerror(code)}")
        return result


_libc = _Libc()


def readable_places() -> list[str]:
    """Folders a Python program needs to read in order to import what is installed."""
    # Packages may also lie where a .pth file or the user's own site folder points.
    folders = ("site-packages", "dist-packages", "lib-dynload")
    paths = {os.path.dirname(os.__file__), *(path for path in sys.path if path.endswith(folders))}
    paths |= {"/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/share/zoneinfo"}
    # The interpreter's own shared libraries, for Pythons that live outside /usr.
    paths.add(os.path.join(sys.base_prefix, "lib"))
    return sorted({os.path.realpath(path) for path in paths if os.path.isdir(path)})


def memory_in_use() -> int:
    """Bytes of address space of this process; asked before the file system is left behind."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def return_memory() -> None:
    """Give back what is not in use: all that a process has is passed on to those it starts."""
    with suppress(AttributeError):  # a C library of another kind
        _libc.handle.malloc_trim(0)


def limit_resources(memory: int, file_size: int) -> None:
    """Bound address space (bytes in all), file size, open files and core dumps; children inherit."""
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_FSIZE: file_size,
        resource.RLIMIT_NOFILE: 48,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    for which, limit in limits.items():
        _, hard = resource.getrlimit(which)
        limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(which, (limit, limit))


def limit_processor(seconds: int) -> None:
    """Bound the CPU seconds of this process."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def enter_namespaces() -> dict[str, str]:
    """Leave the machine's users, network, processes, message queues and mounts behind.

    The caller must fork afterwards: its child is the first process of the new namespace.
    """
    uid, gid = os.getuid(), os.getgid()
    flags = _NEW_USER | _NEW_PID | _NEW_NET | _NEW_NS | _NEW_IPC | _NEW_UTS
    try:
        _libc.call("unshare", flags)
    except OSError as error:
        reason = f"off: {error.strerror}"
        return dict.fromkeys(("user namespace", "network", "processes"), reason)
    with suppress(OSError):
        _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{uid} {uid} 1")
    _write("/proc/self/gid_map", f"{gid} {gid} 1")
    return dict.fromkeys(("user namespace", "network", "processes"), "on")


def enter_file_system(scratch: str, size: int) -> str:
    """Put the process into a file system of its own: the standard library and one scratch folder.

    Needs the namespaces. The new root lies in memory and is gone with its last process.
    """
    try:
        number = _PIVOT_ROOT[os.uname().machine]
        _mount(None, "/", None, _MS_REC | _MS_PRIVATE)
        _mount("tmpfs", scratch, "tmpfs", _MS_NOSUID | _MS_NODEV, f"size={size},nr_inodes=4096")
        for place in readable_places():
            inside = scratch + place
            os.makedirs(inside, exist_ok=True)
            _mount(place, inside, None, _MS_BIND | _MS_REC)
            with suppress(OSError):  # Landlock forbids writing there as well.
                _mount(None, inside, None, _MS_BIND | _MS_REMOUNT | _MS_RDONLY | _MS_NOSUID)
        os.makedirs(scratch + "/dev", exist_ok=True)
        for device in ("/dev/null", "/dev/urandom"):
            _write(scratch + device, "")
            _mount(device, scratch + device, None, _MS_BIND)
        os.makedirs(scratch + "/scratch", exist_ok=True)
        os.chdir(scratch)
        _libc.syscall(number, b".", b".")
        _libc.call("umount2", b".", 2)
        os.chdir("/scratch")
    except (OSError, KeyError) as error:
        return f"off: {error}"
    return "on"


def restrict_files(scratch: str) -> str:
    """Landlock: read the standard library, write the scratch folder, nothing else, no sockets."""
    try:
        abi = _libc.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    except OSError as error:
        return f"off: {error.strerror}"
    known = {1: 13, 2: 14, 3: 15, 4: 15}.get(abi, 16)
    every = (1 << known) - 1
    rights = [every]
    if abi >= 4:
        rights.append(0b11)  # binding and connecting TCP sockets
    if abi >= 6:
        rights.append(0b11)  # abstract sockets and signals that reach outside
    ruleset = (ctypes.c_uint64 * len(rights))(*rights)
    execute, write, read, read_folder = 1, 2, 4, 8
    try:
        fd = _libc.syscall(_LANDLOCK_CREATE, ruleset, ctypes.c_size_t(8 * len(rights)), 0)
        allow = [(place, read | read_folder | execute) for place in readable_places()]
        allow += [(scratch, every & ~execute), ("/dev/null", read | write), ("/dev/urandom", read)]
        for place, access in allow:
            if not os.path.exists(place):
                continue
            handle = os.open(place, os.O_PATH | os.O_CLOEXEC)
            rule = access.to_bytes(8, sys.byteorder) + handle.to_bytes(4, sys.byteorder)
            _libc.syscall(_LANDLOCK_ADD, fd, 1, ctypes.create_string_buffer(rule, 12), 0)
            os.close(handle)
        _libc.call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        _libc.syscall(_LANDLOCK_RESTRICT, fd, 0)
        os.close(fd)
    except OSError as error:
        return f"off: {error}"
    return f"on (ABI {abi})"


_FORBIDDEN = [
    "fork",
    "vfork",
    "execve",
    "execveat",
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "pidfd_open",
    "pidfd_getfd",
    "pidfd_send_signal",
    "rt_sigqueueinfo",
    "rt_tgsigqueueinfo",
    "tkill",
    "kcmp",
    "socket",
    "socketpair",
    "connect",
    "bind",
    "listen",
    "accept",
    "accept4",
    "sendto",
    "sendmsg",
    "sendmmsg",
    "mount",
    "umount2",
    "pivot_root",
    "chroot",
    "setns",
    "unshare",
    "move_mount",
    "open_tree",
    "fsopen",
    "fsmount",
    "mount_setattr",
    "bpf",
    "perf_event_open",
    "keyctl",
    "add_key",
    "request_key",
    "userfaultfd",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "open_by_handle_at",
    "name_to_handle_at",
    "init_module",
    "finit_module",
    "delete_module",
    "kexec_load",
    "kexec_file_load",
    "reboot",
    "swapon",
    "swapoff",
    "personality",
    "acct",
    "quotactl",
    "syslog",
    "shmget",
    "shmat",
    "shmctl",
    "msgget",
    "msgsnd",
    "msgrcv",
    "msgctl",
    "semget",
    "semop",
    "semctl",
    "mq_open",
    "mq_unlink",
    "setpriority",
    "sched_setaffinity",
    "sched_setscheduler",
    "sched_setattr",
    "memfd_create",
    "memfd_secret",
    "mlock",
    "mlock2",
    "mlockall",
    "fanotify_init",
    "inotify_init",
    "inotify_init1",
    "iopl",
    "ioperm",
    "nfsservctl",
    "vhangup",
    "settimeofday",
    "clock_settime",
    "adjtimex",
    "clock_adjtime",
    "setuid",
    "setgid",
    "setreuid",
    "setregid",
    "setresuid",
    "setresgid",
    "setgroups",
    "capset",
    "mknod",
    "mknodat",
]


class _Comparison(ctypes.Structure):
    _fields_ = (
        ("arg", ctypes.c_uint),
        ("op", ctypes.c_int),
        ("a", ctypes.c_uint64),
        ("b", ctypes.c_uint64),
    )


_ANY_PROCESS = 0x5EC0_C0DE
"""Stands for the process's own number in the filter that is prepared before there is one."""
_INSTRUCTION = struct.Struct("=HBBI")  # struct sock_filter: code, jumps, operand
_OPERAND = struct.Struct("=I")
_PR_SET_SECCOMP, _FILTER = 22, 2
_ALLOW, _DENY, _ABSENT = 0x7FFF0000, 0x00050000 | 1, 0x00050000 | 38
_MASKED_EQUAL, _NOT_EQUAL = 7, 1
_CLONE_THREAD = 0x00010000

Rule: TypeAlias = "tuple[int, str, tuple[_Comparison, ...]]"


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


class SystemCallFilter(NamedTuple):
    """Two seccomp filters; each function applies one to the calling process and all it starts.

    ``forbid`` takes away sockets, tracing, mounts and all else that nobody needs here. It is large,
    and what it costs to load is paid once, by the process that starts workers. ``forbid_others``
    takes from a worker what that process still needs: new processes, and signals to others.
    """

    forbid: Callable[[], None]
    forbid_others: Callable[[], None]

    @classmethod
    def of(cls, compiled: Sequence[bytes]) -> SystemCallFilter:
        """The filters that ``compiled_filters`` gave."""
        return cls(*map(_loader, compiled))


def compiled_filters() -> list[bytes]:
    """Both filters through libseccomp; ``OSError`` where the library or its support is missing."""
    forbid: list[Rule] = [(_DENY, name, ()) for name in _FORBIDDEN]
    # The C library falls back from clone3 to clone, whose flags can be seen.
    forbid.append((_ABSENT, "clone3", ()))
    others: list[Rule] = [(_DENY, name, ()) for name in ("setsid", "setpgid")]
    no_thread = _Comparison(0, _MASKED_EQUAL, _CLONE_THREAD, 0)
    others.append((_DENY, "clone", (no_thread,)))
    another = _Comparison(0, _NOT_EQUAL, _ANY_PROCESS, 0)
    others += [(_DENY, name, (another,)) for name in ("kill", "tgkill")]
    return [_compiled(forbid), _compiled(others)]


def _loader(compiled: bytes) -> Callable[[], None]:
    """What applies a compiled filter to the process that calls it, with that process's number."""
    code = ctypes.create_string_buffer(compiled)
    size = _INSTRUCTION.size
    instructions = [*_INSTRUCTION.iter_unpack(code.raw[:-1])]
    places = [n * size for n, row in enumerate(instructions) if row[-1] == _ANY_PROCESS]
    program = _Filter(len(instructions), ctypes.addressof(code))
    reference = ctypes.byref(program)

    def apply() -> None:
        # In place, and in the memory of the process that applies it: it is forked from this one.
        own = os.getpid()
        for place in places:
            _OPERAND.pack_into(code, place + size - _OPERAND.size, own)
        _libc.call("prctl", _PR_SET_SECCOMP, _FILTER, reference, 0, 0)

    return apply


def _compiled(rules: Sequence[Rule]) -> bytes:
    """The filter as the kernel reads it, with ``_ANY_PROCESS`` for the process's own number."""
    library = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_init.argtypes = [ctypes.c_uint32]
    library.seccomp_export_bpf.argtypes = [ctypes.c_void_p, ctypes.c_int]
    library.seccomp_release.argtypes = [ctypes.c_void_p]
    library.seccomp_rule_add_array.argtypes = [
        *(ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint),
        ctypes.POINTER(_Comparison),
    ]
    context = library.seccomp_init(_ALLOW)
    if not context:
        raise OSError("seccomp_init failed")
    for action, name, comparisons in rules:
        number = library.seccomp_syscall_resolve_name(name.encode())
        array = (_Comparison * max(1, len(comparisons)))(*comparisons)
        # A name this architecture does not have needs no rule.
        if number >= 0:
            library.seccomp_rule_add_array(context, action, number, len(comparisons), array)
    reader, writer = os.pipe()
    try:
        failed = library.seccomp_export_bpf(context, writer)
        if failed:
            raise OSError(-failed, os.strerror(-failed))
        return os.read(reader, 1 << 16)
    finally:
        os.close(reader)
        os.close(writer)
        library.seccomp_release(context)


def drop_privileges() -> None:
    """Give up every capability and the way to new ones; follow the parent into death."""
    with suppress(OSError):
        _libc.call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    for capability in range(41):
        with suppress(OSError):
            _libc.call("prctl", _PR_CAPBSET_DROP, capability, 0, 0, 0)
    with suppress(OSError, KeyError):
        header = (ctypes.c_uint32 * 2)(0x20080522, 0)
        _libc.syscall(_CAPSET[os.uname().machine], header, (ctypes.c_uint32 * 6)())
    with suppress(OSError):
        _libc.call("prctl", _PR_SET_DUMPABLE, 0, 0, 0, 0)


def limit_processes() -> None:
    """Where system calls are not filtered: no more processes for this user than there are."""
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent ends."""
    with suppress(OSError):
        _libc.call("prctl", _PR_SET_PDEATHSIG, 9, 0, 0, 0)


def adopt_orphans() -> None:
    """Make this process the parent of whatever its descendants leave behind."""
    with suppress(OSError):
        _libc.call("prctl", _PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _mount(
    source: str | None, target: str, kind: str | None, flags: int, options: str = ""
) -> None:
    def text(value: str | None) -> bytes | None:
        return None if value is None else value.encode()

    _libc.call(
        "mount", text(source), text(target), text(kind), ctypes.c_ulong(flags), text(options)
    )


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
