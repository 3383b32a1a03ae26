"""A real PostgreSQL for the suite and the benchmark: private, on loopback, gone afterwards.

Nothing here touches a cluster that stands on the machine: each server has its own data, its own free port and its own
socket directory, and is signalled by the id of the process that was started here.

    with postgres_server() as server:
        server.create_database("register")
        engine = create_async_engine(server.url("register"))

A start takes about a second, so each worker of the suite has a server of its own and none waits for another.
Durability is never switched off: what the tests prove after `kill()` must hold in production.
"""

import atexit
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

INSTALLED = Path("/usr/lib/postgresql")  # Debian keeps each major version below here
OLDEST = 15
START_SECONDS = 60
STOP_SECONDS = 30
SUPERUSER = "registry"
OWNER, APP, NOTARY = "registry_owner", "registry_app", "registry_notary"
"""The roles of a register (registry/core/roles.py): one owns the tables, one works with them, one signs the log."""

SETTINGS: Mapping[str, str | int] = {
    "listen_addresses": "127.0.0.1",
    "max_connections": 200,
    "shared_buffers": "64MB",
    "fsync": "on",
    "log_min_messages": "warning",
    "timezone": "UTC",
}

# PostgreSQL's programs obey PG* variables; what a developer has set for another cluster must not lead there.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C.UTF-8"}

# Ends the server if we cannot: our end of its standard input closes however we die, by SIGKILL as well.
WATCHDOG = 'read -r _; kill -INT "$1"; sleep 2; rm -rf "$2"'

_ROLE = """
    DO $$ BEGIN CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS; EXCEPTION WHEN duplicate_object THEN END $$
"""

# What keeps a server from starting now and not a moment later; anything else is a mistake to be shown at once. After a
# kill the last backend holds the shared memory until it looks up.
PASSING = ("Address already in use", "pre-existing shared memory block", "lock file")


def binaries() -> Path:
    """Return the folder of the newest PostgreSQL that is installed."""
    found = {int(folder.parent.name): folder for folder in INSTALLED.glob("[0-9]*/bin") if (folder / "initdb").exists()}
    if not found or max(found) < OLDEST:
        raise RuntimeError(f"PostgreSQL {OLDEST} or later is needed: deploy/bootstrap.sh postgres")
    return found[max(found)]


def _account() -> pwd.struct_passwd | None:
    """Return whom the server runs as if not as ourselves; PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass
class PostgresServer:
    """One cluster, and the process that serves it while it runs."""

    data: Path
    home: Path  # the log and the socket; short, because a socket's path may have 107 bytes
    port: int = field(default_factory=_free_port)
    settings: Mapping[str, str | int] = field(default_factory=dict)
    _has_run: bool = field(default=False, init=False, repr=False)
    _postmaster: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)
    _watchdog: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)

    def url(self, database: str, role: str = SUPERUSER) -> str:
        """Return the address of a database, as SQLAlchemy takes it."""
        return f"postgresql+asyncpg://{role}@127.0.0.1:{self.port}/{database}"

    def create_register(self, name: str) -> str:
        """Create an empty database of the owner's, and the roles; return its address for the owner."""
        for role in (OWNER, APP, NOTARY):
            self._run("psql", "--quiet", "--command", _ROLE.format(role=role), "postgres")
        self._run("createdb", "--owner", OWNER, name)
        return self.url(name, OWNER).replace("+asyncpg", "")

    def create_database(self, name: str, template: str = "template1") -> None:
        """Create a database, empty or as a copy of one to which nobody is connected."""
        self._run("createdb", "--template", template, name)

    def drop_database(self, name: str) -> None:
        """Drop a database if it is there, ending the sessions that still hold it."""
        self._run("dropdb", "--force", "--if-exists", name)

    def initialise(self) -> None:
        """Lay the cluster's files, unless an earlier run left them."""
        self._own(self.home)
        if (self.data / "PG_VERSION").exists():
            return
        self._own(self.data)
        # "trust" asks no password, so that none stands in a URL; only loopback is listened on, all data is invented.
        arguments = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", f"--username={SUPERUSER}"]
        done = self._start("initdb", *arguments, f"--pgdata={self.data}", stdout=subprocess.PIPE)
        output, _ = done.communicate()
        if done.returncode:
            raise RuntimeError(f"initdb failed: {output.decode()}")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        deadline = time.monotonic() + START_SECONDS
        while said := self._try_to_start(deadline):
            if time.monotonic() > deadline or not any(reason in said for reason in PASSING):
                raise RuntimeError(f"PostgreSQL did not start: {said}")
            if not self._has_run:  # another took the port between our look and our start
                self.port = _free_port()
            time.sleep(0.1)
        self._has_run = True

    def stop(self) -> None:
        """Shut down, writing everything; after `STOP_SECONDS` at once."""
        self._end(signal.SIGINT)

    def stop_at_once(self) -> None:
        """Shut down without a checkpoint, for a cluster that is thrown away."""
        self._end(signal.SIGQUIT)

    def kill(self) -> None:
        """Kill the server as a crash would; `restart()` makes it recover."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Start again on the same port, with the same data."""
        self.stop()
        self.start()

    def _own(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        if account := _account():
            os.chown(folder, account.pw_uid, account.pw_gid)
        folder.chmod(0o700)

    def _try_to_start(self, deadline: float) -> str:
        """Return nothing once the server answers, or else what it said."""
        arguments = [f"--{name}={value}" for name, value in {**SETTINGS, **self.settings}.items()]
        arguments += [f"--port={self.port}", f"--unix_socket_directories={self.home}"]
        with (self.home / "log").open("ab") as log:
            before = log.tell()
            postmaster = self._start("postgres", "-D", str(self.data), *arguments, stdout=log.fileno())
        self._postmaster = postmaster
        while postmaster.poll() is None and time.monotonic() < deadline:
            if self._answers():
                self._watchdog = self._watch(postmaster.pid)
                return ""
            time.sleep(0.05)
        self.kill()
        return (self.home / "log").read_bytes()[before:].decode(errors="replace") or "it said nothing in time"

    def _answers(self) -> bool:
        ask = [str(binaries() / "pg_isready"), "--quiet", *self._address()]
        return subprocess.run(ask, env=ENVIRONMENT, check=False).returncode == 0

    def _address(self) -> list[str]:
        return [f"--host={self.home}", f"--port={self.port}"]

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(binaries() / program), *self._address(), f"--username={SUPERUSER}", *arguments]
        done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr.strip()}")

    def _start(self, program: str, *arguments: str, stdout: int) -> subprocess.Popen[bytes]:
        return self._spawn([str(binaries() / program), *arguments], stdin=subprocess.DEVNULL, stdout=stdout)

    def _watch(self, pid: int) -> subprocess.Popen[bytes]:
        command = ["/bin/sh", "-c", WATCHDOG, "watchdog", str(pid), str(self.home)]
        return self._spawn(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)

    def _spawn(self, command: list[str], *, stdin: int, stdout: int) -> subprocess.Popen[bytes]:
        account = _account()
        # "/" because our own folder may be closed to that account.
        return subprocess.Popen(
            command,
            env=ENVIRONMENT,
            cwd="/",
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.STDOUT,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )

    def _end(self, how: signal.Signals) -> None:
        watchdog, self._watchdog = self._watchdog, None
        postmaster, self._postmaster = self._postmaster, None
        if watchdog:  # first: afterwards its process id could be another's
            watchdog.kill()
            watchdog.communicate()
        if postmaster:
            postmaster.send_signal(how)
            try:
                postmaster.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                postmaster.kill()
                postmaster.wait()


@contextmanager
def postgres_server(directory: Path | None = None, **settings: str | int) -> Iterator[PostgresServer]:
    """Run a server; its data is thrown away, or kept in `directory` and found there the next time.

    Settings are PostgreSQL's own, by name: `postgres_server(work_mem="64MB")`. When we are root the server runs as
    another account, so every folder above `directory` must let others pass.
    """
    home = Path(tempfile.mkdtemp(prefix="registry-pg-"))
    server = PostgresServer(data=directory.resolve() if directory else home / "data", home=home, settings=settings)

    owner = os.getpid()

    def leave() -> None:
        if os.getpid() != owner:  # a fork of ours that ends is not our end
            return
        if directory:
            server.stop()
        else:
            server.stop_at_once()
        shutil.rmtree(home, ignore_errors=True)  # a backend of a killed server may still write its last file

    atexit.register(leave)  # for those who never reach the end of their `with`
    try:
        server.initialise()
        server.start()
        yield server
    finally:
        atexit.unregister(leave)
        leave()
