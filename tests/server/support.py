"""Starts the real program on free ports with folders of its own, and ends it by pid.

The program is named by the environment variable TAPEDECK (default: build/tapedeck).
"""

import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.path.abspath(os.environ.get("TAPEDECK", ROOT / "build" / "tapedeck"))
START_LIMIT = 60
# What tests wait for has usually happened within milliseconds; the machine may be busy.
PATIENCE = 20


def wait_for(condition, limit=PATIENCE, step=0.02):
    """The first true value of condition(); fails the test after `limit` seconds."""
    until = time.monotonic() + limit
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > until:
            raise AssertionError("waited %s s in vain for %r" % (limit, condition))
        time.sleep(step)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children(pid):
    """Pids of the live children of a process."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found.append(int(entry.name))
    return sorted(found)


def descendants(pid):
    found = []
    for child in children(pid):
        found += [child] + descendants(child)
    return found


def is_alive(pid):
    try:
        return pathlib.Path("/proc/%d/stat" % pid).read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def program_name(pid):
    try:
        return pathlib.Path("/proc/%d/comm" % pid).read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def make_database(path):
    """200 small rows, 1,000 numbers, and text for long answers."""
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(
            """
            create table items (id integer primary key, name text);
            with recursive n(i) as (select 1 union all select i + 1 from n where i < 200)
              insert into items select i, 'item ' || i from n;
            create table numbers (n integer primary key);
            with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000)
              insert into numbers select i from n;
            create table wide (id integer primary key, text text);
            with recursive n(i) as (select 1 union all select i + 1 from n where i < 60000)
              insert into wide select i, hex(zeroblob(100)) from n;
            create view slow as
              select n as id, (select count(*) from numbers a, numbers b where b.n <= 200
                               and a.n + items.n > 0) as work
              from numbers items;
            """
        )


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def json(self):
        return json.loads(self.body)


def get_over_socket(path, target, headers=None):
    """GET from a server that listens on a Unix socket."""
    with contextlib.closing(http.client.HTTPConnection("localhost", timeout=30)) as connection:
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(str(path))
        connection.request("GET", target, headers=headers or {})
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())


class Server:
    """`tapedeck serve` as a child process."""

    def __init__(self, *arguments, command="serve", prefix=(), env=None, host="127.0.0.1"):
        self.folder = tempfile.mkdtemp(prefix="tapedeck-test-")
        os.chmod(self.folder, 0o777)
        self.log_path = os.path.join(self.folder, "log")
        self.temporary = os.path.join(self.folder, "tmp")
        os.mkdir(self.temporary)
        os.chmod(self.temporary, 0o777)
        environment = dict(os.environ, TMPDIR=self.temporary)
        environment.pop("XDG_RUNTIME_DIR", None)
        environment.update(env or {})
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                [*prefix, PROGRAM, command, "--port", "0", "--host", host, *map(str, arguments)],
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment,
                start_new_session=True,
            )
        self.url = None
        self._read_address()

    def _read_address(self):
        timer = threading.Timer(START_LIMIT, self.process.kill)
        timer.start()
        line = self.process.stdout.readline().decode().strip()
        timer.cancel()
        if line:
            self.url = line
            parts = urllib.parse.urlsplit(line)
            self.host, self.port = parts.hostname, parts.port

    @property
    def pid(self):
        return self.process.pid

    @property
    def log(self):
        return pathlib.Path(self.log_path).read_text(errors="replace")

    def master(self):
        """Pid of the pool's master."""
        return next(p for p in children(self.pid) if program_name(p) == "tapedeck")

    def nginx(self):
        return next(p for p in children(self.pid) if program_name(p) == "nginx")

    def workers(self):
        return children(self.master())

    def wait_for_workers(self, count):
        """Until there are so many again, all of them ready."""
        wait_for(lambda: len(self.workers()) == count and
                 not [thread for thread in self.threads() if thread["state"] == "starting"])

    def threads(self):
        return self.get("/-/threads.json").json()["threads"]

    def wait_for_running(self, lane):
        """Until a worker of a lane (not "read", where this is asked) is at work."""
        return wait_for(lambda: [thread for thread in self.threads()
                                 if thread["lane"] == lane and thread["state"] == "running"])

    def connect(self, timeout=30):
        return http.client.HTTPConnection(self.host, self.port, timeout=timeout)

    def request(self, method, path, body=None, headers=None, timeout=30):
        connection = self.connect(timeout)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def raw(self, text, timeout=10):
        """Sends bytes as they are; all that comes back until the close or the time-out."""
        received = b""
        with socket.create_connection((self.host, self.port), timeout=timeout) as connection:
            with contextlib.suppress(OSError):
                connection.sendall(text)
                while piece := connection.recv(65536):
                    received += piece
        return received

    def send_signal(self, number):
        os.kill(self.pid, number)

    def stop(self, number=signal.SIGTERM):
        """Ends it and returns the exit status."""
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.send_signal(number)
        try:
            status = self.process.wait(40)
        except subprocess.TimeoutExpired:
            left = [self.pid, *descendants(self.pid)]
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.process.wait()
            raise AssertionError("did not end: %s\n%s" % (left, self.log)) from None
        return status

    def clean_up(self):
        try:
            self.stop()
        finally:
            self.process.stdout.close()
            shutil.rmtree(self.folder, ignore_errors=True)


class ServerTest(unittest.TestCase):
    """A database and, for most tests, one server for all of a class."""

    arguments = ()

    @classmethod
    def setUpClass(cls):
        cls.data = tempfile.mkdtemp(prefix="tapedeck-data-")
        cls.addClassCleanup(shutil.rmtree, cls.data, ignore_errors=True)
        cls.database = os.path.join(cls.data, "site.db")
        make_database(cls.database)
        cls.server = None
        if cls.arguments is not None:
            cls.server = cls.start_for_class(cls.database, *cls.arguments)

    @classmethod
    def start_for_class(cls, *arguments, **options):
        server = Server(*arguments, **options)
        cls.addClassCleanup(server.clean_up)
        if server.url is None:
            raise AssertionError("did not start:\n" + server.log)
        return server

    def start(self, *arguments, **options):
        server = Server(*arguments, **options)
        self.addCleanup(server.clean_up)
        self.assertIsNotNone(server.url, "did not start:\n" + server.log)
        return server

    def refused(self, *arguments, **options):
        """Starts what must not start; its exit status and what it said."""
        server = Server(*arguments, **options)
        self.addCleanup(server.clean_up)
        self.assertIsNone(server.url)
        return server.process.wait(PATIENCE), server.log


class Background:
    """Functions that run in threads of their own, again and again, while the block lasts."""

    def __init__(self, *functions):
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(f,)) for f in functions]

    def _run(self, function):
        while not self._stop.is_set():
            function()

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()


class Load(Background):
    """Threads that send the same request again and again until stopped."""

    def __init__(self, server, path, threads=4):
        super().__init__(*[self._send] * threads)
        self.server = server
        self.path = path
        self.statuses = []
        self.failures = []

    def _send(self):
        try:
            self.statuses.append(self.server.get(self.path).status)
        except (OSError, http.client.HTTPException) as error:
            self.failures.append(repr(error))

    def lost(self):
        """How many requests had no proper answer."""
        return len(self.failures) + sum(1 for status in self.statuses if status != 200)


def query(sql, extension=".json", **extra):
    """Address of a query page on the test database."""
    return "/site/-/query" + extension + "?" + urllib.parse.urlencode({"sql": sql, **extra})


def logged(server, pattern):
    return re.search(pattern, server.log)
