"""The other ways in: `--get`, plain CGI, and a pool with inherited sockets and a supervisor."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

from support import PROGRAM, ServerTest, children, wait_for

# Passes descriptors 3, 4, ... and says for which process they are, as systemd does.
ACTIVATOR = """
import os, sys
names, sockets, program = sys.argv[1], sys.argv[2].split(","), sys.argv[3:]
kept = [os.dup(int(number)) for number in sockets]
for target, source in enumerate(kept, 3):
    os.dup2(os.dup(source) if source < 3 + len(kept) else source, target + 40)
for target in range(3, 3 + len(kept)):
    os.dup2(target + 40, target)
    os.set_inheritable(target, True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(kept)), LISTEN_FDNAMES=names)
os.execv(program[0], program)
"""


class Get(ServerTest):
    arguments = None

    def run_get(self, *arguments):
        return subprocess.run(
            [PROGRAM, self.database, *arguments], capture_output=True, timeout=60, check=False
        )

    def test_prints_the_body_and_tells_success_by_its_status(self):
        done = self.run_get("--get", "/site/items.json?_size=2")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(json.loads(done.stdout)["rows"]), 2)
        self.assertEqual(self.run_get("--get", "/none.json").returncode, 1)

    def test_headers(self):
        done = self.run_get("--get", "/site/items.json?_size=2", "--headers")
        head, _, body = done.stdout.decode().partition("\n\n")
        self.assertTrue(head.startswith("HTTP/1.1 200"), head)
        self.assertIn("Content-Type: application/json", head)
        self.assertNotIn("\r", head)
        self.assertNotIn("X-Accel", head)
        self.assertEqual(len(json.loads(body)["rows"]), 2)

    def test_what_cannot_be_written_is_said(self):
        for arguments in (
            (self.database, "--get", "/"),
            (self.database, "--get", "/site/items.csv?_stream=on"),
            ("inspect", self.database),
            ("check", self.database),
            ("create-token", "root", "--secret", "s"),
            ("--version",),
            ("--help",),
        ):
            with self.subTest(arguments), open("/dev/full", "wb") as full:
                done = subprocess.run(
                    [PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE, timeout=60, check=False
                )
                self.assertEqual(done.returncode, 1)
                self.assertEqual(
                    done.stderr, b"Error: standard output: No space left on device\n"
                )

    def test_a_reader_that_leaves_needs_no_message(self):
        reader, writer = os.pipe()
        os.close(reader)
        with open(writer, "wb") as closed:
            done = subprocess.run(
                [PROGRAM, self.database, "--get", "/"], stdout=closed, stderr=subprocess.PIPE,
                timeout=60, check=False,
            )
        self.assertEqual((done.returncode, done.stderr), (1, b""))

    def test_every_lane_works_without_workers(self):
        for path in (
            "/site/-/query.json?sql=select+1",
            "/site/items.csv?_stream=on",
            "/site/items.json?_where=id%3C3",
        ):
            done = self.run_get("--get", path)
            self.assertEqual(done.returncode, 0, path)
            self.assertTrue(done.stdout, path)


class Cgi(ServerTest):
    arguments = None

    def setUp(self):
        self.config = os.path.join(self.data, "cgi.json")
        pathlib.Path(self.config).write_text(json.dumps({"serve": {"files": [self.database]}}))

    def cgi(self, target, *arguments, body=b"", **variables):
        environment = {
            "GATEWAY_INTERFACE": "CGI/1.1",
            "REQUEST_METHOD": "GET",
            "REQUEST_URI": target,
            "TAPEDECK_CONFIG": self.config,
            **variables,
        }
        done = subprocess.run(
            [PROGRAM, *arguments],
            input=body,
            env={name: value for name, value in environment.items() if value is not None},
            capture_output=True,
            timeout=60,
            check=False,
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        return done, head.decode(), content

    def test_answers_one_request(self):
        done, head, content = self.cgi("/site/items.json?_size=2")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(head.startswith("Status: 200 OK\r\n"), head)
        self.assertNotIn("X-Accel", head)
        self.assertEqual(len(json.loads(content)["rows"]), 2)
        self.assertIn("Content-Length: %d" % len(content), head)

    def test_arguments_are_ignored(self):
        other = os.path.join(self.data, "other.json")
        pathlib.Path(other).write_text('{"settings": {"nonsense": 1}}')
        for arguments in (("-c", other), ("--version",), ("/etc/passwd",), ("--no-such",)):
            _, head, content = self.cgi("/site/items.json?_size=1", *arguments)
            self.assertTrue(head.startswith("Status: 200"), head)
            self.assertEqual(len(json.loads(content)["rows"]), 1)

    def test_without_a_configuration_it_is_500_and_a_log_line(self):
        for value in (None, "", os.path.join(self.data, "absent.json")):
            with self.subTest(value):
                done, head, content = self.cgi("/", TAPEDECK_CONFIG=value)
                self.assertTrue(head.startswith("Status: 500"), head)
                self.assertIn(b"configuration_refused", done.stderr)
                self.assertNotIn(self.data.encode(), content)

    def test_serve_create_makes_the_file(self):
        pathlib.Path(self.config).write_text(
            json.dumps({"serve": {"files": ["made_by_cgi.db"], "create": True}})
        )
        _, head, content = self.cgi("/made_by_cgi.json")
        self.assertTrue(head.startswith("Status: 200"), head)
        self.assertEqual(json.loads(content)["tables"], [])

    def test_head_has_no_body(self):
        _, head, content = self.cgi("/site/items.json", REQUEST_METHOD="HEAD")
        self.assertTrue(head.startswith("Status: 200"), head)
        self.assertIn("Content-Length: ", head)
        self.assertEqual(content, b"")

    def test_without_request_uri_the_path_is_put_together(self):
        _, head, content = self.cgi(
            None,
            REQUEST_URI=None,
            SCRIPT_NAME="",
            PATH_INFO="/site/items.json",
            QUERY_STRING="_size=3",
        )
        self.assertTrue(head.startswith("Status: 200"), head)
        self.assertEqual(len(json.loads(content)["rows"]), 3)

    def test_a_body_that_is_too_large(self):
        _, head, _ = self.cgi(
            "/site/-/query",
            REQUEST_METHOD="POST",
            CONTENT_LENGTH="3000000",
            CONTENT_TYPE="application/x-www-form-urlencoded",
            body=b"x" * 3_000_000,
        )
        self.assertTrue(head.startswith("Status: 413"), head)

    def test_a_front_that_is_not_nginx_cannot_be_forged(self):
        _, head, content = self.cgi(
            "/site/-/query.json?sql=select+1", TAPEDECK_FRONT="nginx", HTTP_TAPEDECK_FRONT="nginx"
        )
        self.assertTrue(head.startswith("Status: 200"), head)
        self.assertTrue(content)


class Pool(ServerTest):
    arguments = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="tapedeck-pool-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.notifications = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.notifications.close)
        self.notifications.bind(os.path.join(self.folder, "notify"))
        self.notifications.settimeout(30)
        self.config = os.path.join(self.folder, "site.json")
        pathlib.Path(self.config).write_text(json.dumps({"serve": {"files": [self.database]}}))
        self.log_path = os.path.join(self.folder, "log")

    def environment(self):
        return dict(
            os.environ, TMPDIR=self.folder, NOTIFY_SOCKET=os.path.join(self.folder, "notify")
        )

    def popen(self, arguments, **options):
        with open(self.log_path, "wb") as log:
            process = subprocess.Popen(arguments, stderr=log, env=self.environment(), **options)
        self.addCleanup(self.end, process)
        return process

    def end(self, process):
        if process.poll() is None:
            process.terminate()
        return process.wait(30)

    def activate(self, names):
        sockets = []
        for number, _ in enumerate(names):
            listening = socket.socket(socket.AF_UNIX)
            self.addCleanup(listening.close)
            listening.bind(os.path.join(self.folder, "%d.sock" % number))
            listening.listen(16)
            sockets.append(listening)
        numbers = [listening.fileno() for listening in sockets]
        return self.popen(
            [sys.executable, "-c", ACTIVATOR, ":".join(names), ",".join(map(str, numbers)),
             PROGRAM, "pool", "--config", self.config],
            pass_fds=numbers,
        )

    def log(self):
        return pathlib.Path(self.log_path).read_text()

    def notified(self):
        return self.notifications.recv(4096).decode()

    def ask(self, number, path):
        """A FastCGI request as nginx would send it; the answer's content."""
        def pair(name, value):
            return bytes([len(name), len(value)]) + name.encode() + value.encode()

        params = b"".join(
            [pair("REQUEST_METHOD", "GET"), pair("REQUEST_URI", path), pair("HTTP_HOST", "a")]
        )
        records = (
            b"\x01\x01\x00\x01\x00\x08\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00"
            + b"\x01\x04\x00\x01" + len(params).to_bytes(2, "big") + b"\x00\x00" + params
            + b"\x01\x04\x00\x01\x00\x00\x00\x00" + b"\x01\x05\x00\x01\x00\x00\x00\x00"
        )
        received = b""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(30)
            connection.connect(os.path.join(self.folder, "%s.sock" % number))
            connection.sendall(records)
            while piece := connection.recv(65536):
                received += piece
        content = b""
        while received:
            length = int.from_bytes(received[4:6], "big")
            if received[1] == 6:
                content += received[8 : 8 + length]
            received = received[8 + length + received[6] :]
        return content

    def test_inherited_sockets_by_name_and_a_word_to_the_supervisor(self):
        process = self.activate(["tapedeck-export", "read", "query", "tapedeck-write"])
        self.assertEqual(self.notified(), "READY=1")
        for number in (0, 1, 2):
            self.assertIn(b"Status: 200", self.ask(number, "/site/items.json?_size=1"))
        process.send_signal(signal.SIGHUP)
        self.assertTrue(self.notified().startswith("RELOADING=1\nMONOTONIC_USEC="))
        self.assertEqual(self.notified(), "READY=1")
        process.terminate()
        self.assertEqual(self.notified(), "STOPPING=1")
        self.assertEqual(process.wait(30), 0)

    def test_wrong_names_stop_the_start(self):
        for names, word in (
            (["read", "query"], "export"),
            (["read", "query", "export", "nonsense"], "nonsense"),
            (["read", "query", "export", "tapedeck-read"], "twice"),
        ):
            with self.subTest(names):
                process = self.activate(names)
                self.assertEqual(process.wait(30), 1)
                self.assertIn(word, self.log())
                self.assertEqual(len(self.log().splitlines()), 1)
                for path in pathlib.Path(self.folder).glob("*.sock"):
                    path.unlink()

    def test_sockets_of_its_own(self):
        process = self.popen([PROGRAM, "pool", "--run-dir", self.folder, self.database])
        self.assertEqual(self.notified(), "READY=1")
        self.assertIn(b"Status: 200", self.ask("read", "/site.json"))
        second = subprocess.run(
            [PROGRAM, "pool", "--run-dir", self.folder, self.database],
            capture_output=True, timeout=30, check=False, env=dict(os.environ, TMPDIR=self.folder),
        )
        self.assertEqual(second.returncode, 1)
        self.assertIn(b"another pool listens here", second.stderr)
        self.assertEqual(self.end(process), 0)
        self.assertEqual(list(pathlib.Path(self.folder).glob("*.sock")), [])

    def test_without_sockets_it_does_not_start(self):
        done = subprocess.run(
            [PROGRAM, "pool", self.database], capture_output=True, timeout=30, check=False
        )
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(done.stderr.splitlines()), 1)

    def test_workers_end_with_a_master_that_is_killed(self):
        process = self.popen([PROGRAM, "pool", "--run-dir", self.folder, self.database])
        self.assertEqual(self.notified(), "READY=1")
        workers = children(process.pid)
        self.assertGreaterEqual(len(workers), 6)
        process.kill()
        process.wait()
        wait_for(lambda: not any(os.path.exists("/proc/%d" % pid) for pid in workers))
        # A socket file left over by a killed master does not stop the next one.
        again = self.popen([PROGRAM, "pool", "--run-dir", self.folder, self.database])
        self.assertEqual(self.notified(), "READY=1")
        self.assertEqual(self.end(again), 0)

    def test_a_connection_that_is_no_request_harms_no_worker(self):
        process = self.popen([PROGRAM, "pool", "--run-dir", self.folder, self.database])
        self.assertEqual(self.notified(), "READY=1")
        before = children(process.pid)
        for junk in (
            b"", b"GET / HTTP/1.0\r\n\r\n", b"\x01" * 100, b"\x00" * 70000, b"\x01\x01\x00\x01\xff\xff",
            b"\x01\x01\x00\x01\x00\x08\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x01\x04\x00\x01\x00\x02",
            b"\x01\x01\x00\x01\x00\x08\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00"
            b"\x01\x04\x00\x01\x00\x08\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff",
        ):
            with socket.socket(socket.AF_UNIX) as connection, contextlib.suppress(OSError):
                connection.settimeout(5)
                connection.connect(os.path.join(self.folder, "read.sock"))
                connection.sendall(junk)
                connection.shutdown(socket.SHUT_WR)
                connection.recv(100)
        for _ in range(10):
            self.assertIn(b"Status: 200", self.ask("read", "/site.json"))
        self.assertEqual(children(process.pid), before)


if __name__ == "__main__":
    unittest.main()
