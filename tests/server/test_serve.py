"""`tapedeck serve`: start, address, end, and that nothing stays behind."""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import unittest

from support import PROGRAM, ServerTest, children, descendants, is_alive, query, wait_for


def left_in(folder):
    return sorted(path.name for path in pathlib.Path(folder).iterdir())


class Ending(ServerTest):
    arguments = None

    def assert_nothing_left(self, server, processes):
        self.assertEqual([pid for pid in processes if is_alive(pid)], [])
        self.assertEqual(left_in(server.temporary), [])

    def test_signals_end_it_cleanly(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                server = self.start(self.database)
                self.assertEqual(server.get("/site.json").status, 200)
                processes = descendants(server.pid)
                self.assertGreater(len(processes), 6)
                self.assertEqual(server.stop(number), 0, server.log)
                self.assert_nothing_left(server, processes)

    def test_sigterm_to_the_whole_group_restarts_nothing(self):
        server = self.start(self.database)
        processes = descendants(server.pid)
        for pid in [server.pid, *processes]:
            # A worker may have ended with the one before.
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        self.assertEqual(server.process.wait(30), 0, server.log)
        self.assert_nothing_left(server, processes)
        self.assertNotIn("worker_died", server.log)

    def test_sigterm_to_the_process_group(self):
        server = self.start(self.database)
        processes = descendants(server.pid)
        os.killpg(server.pid, signal.SIGTERM)
        self.assertEqual(server.process.wait(30), 0, server.log)
        self.assert_nothing_left(server, processes)

    def test_ends_when_nginx_or_the_pool_dies(self):
        for name in ("nginx", "master"):
            with self.subTest(name):
                server = self.start(self.database)
                processes = descendants(server.pid)
                os.kill(getattr(server, name)(), signal.SIGKILL)
                self.assertEqual(server.process.wait(30), 1)
                self.assertRegex(server.log, r"Error: (nginx|the pool) was ended by signal 9")
                self.assertEqual([pid for pid in processes if is_alive(pid)], [])

    def test_processes_end_with_it_when_it_is_killed(self):
        server = self.start(self.database)
        processes = descendants(server.pid)
        os.kill(server.pid, signal.SIGKILL)
        wait_for(lambda: not any(is_alive(pid) for pid in processes))

    def test_a_request_in_hand_is_answered(self):
        server = self.start(self.database, "--setting", "sql_time_limit_ms", "20000")
        connection = server.connect()
        connection.request("GET", query("select * from slow limit 400"))
        server.wait_for_running("query")
        server.send_signal(signal.SIGTERM)
        self.assertEqual(connection.getresponse().status, 200)
        connection.close()
        self.assertEqual(server.process.wait(30), 0)


class Starting(ServerTest):
    arguments = None

    def test_prints_its_address_and_serves_there(self):
        server = self.start(self.database)
        self.assertEqual(server.url, "http://127.0.0.1:%d" % server.port)
        self.assertEqual(server.get("/site.json").status, 200)

    def test_ipv6(self):
        try:
            with socket.socket(socket.AF_INET6) as probe:
                probe.bind(("::1", 0))
        except OSError:
            self.skipTest("no IPv6 here")
        server = self.start(self.database, host="::1")
        self.assertTrue(server.url.startswith("http://[::1]:"), server.url)
        self.assertEqual(server.get("/site.json").status, 200)

    def test_any_host_is_served(self):
        server = self.start(self.database)
        for host in ("example.org", "a.b.c:99", "x" * 200):
            answer = server.get("/site.json", headers={"Host": host})
            self.assertEqual(answer.status, 200, host)

    def test_a_missing_nginx_is_one_line_before_anything_starts(self):
        hides = ["unshare", "--mount"]
        if subprocess.run([*hides, "true"], stderr=subprocess.DEVNULL).returncode != 0:
            self.skipTest("not allowed to hide files")
        empty = os.path.join(self.data, "empty")
        os.makedirs(empty, exist_ok=True)
        folder = os.path.dirname(shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin"))
        script = 'mount --bind "$1" "$2" && shift 2 && exec "$@"'
        status, log = self.refused(
            self.database, prefix=(*hides, "sh", "-c", script, "sh", empty, folder)
        )
        self.assertEqual(status, 1)
        self.assertRegex(log, r"\AError: nginx is not installed \(looked in .*\)\n\Z")

    def test_a_port_in_use_is_one_line(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            status, log = self.refused(self.database, "--port", port)
        self.assertEqual(status, 1)
        self.assertEqual(
            log, "Error: Cannot listen on 127.0.0.1 port %d: Address already in use\n" % port
        )

    def test_mistakes_are_one_line_and_a_status(self):
        folder = self.data
        bad = os.path.join(folder, "bad.json")
        pathlib.Path(bad).write_text('{"settings": {"nonsense": 1}}')
        for arguments, status, word in (
            (["--no-such-option"], 2, "no-such-option"),
            ([os.path.join(folder, "missing.db")], 1, "missing.db"),
            ([self.database, "--config", bad], 1, "nonsense"),
            ([self.database, "--config", os.path.join(folder, "none.json")], 1, "none.json"),
            ([self.database, "--setting", "nonsense", "1"], 2, "nonsense"),
            ([self.database, "--host", "not an address"], 1, "not an address"),
        ):
            with self.subTest(arguments):
                found, log = self.refused(*arguments)
                self.assertIn(found, (1, 2))
                self.assertEqual(len(log.splitlines()), 1, log)
                self.assertIn(word, log)

    def test_a_template_that_does_not_parse_stops_the_start(self):
        folder = os.path.join(self.data, "templates")
        os.mkdir(folder)
        pathlib.Path(folder, "index.html").write_text("{{#OPEN}} never closed")
        status, log = self.refused(self.database, "--template-dir", folder)
        self.assertEqual(status, 1)
        self.assertIn("index.html", log)

    def test_a_folder_of_mode_0700(self):
        folder = os.path.join(self.data, "private")
        os.mkdir(folder, 0o700)
        path = os.path.join(folder, "own.db")
        shutil.copy(self.database, path)
        server = self.start("--immutable", path)
        self.assertEqual(server.get("/own.json").status, 200)
        download = server.get("/own.db")
        self.assertEqual(download.status, 200)
        self.assertEqual(download.body, pathlib.Path(path).read_bytes())

    def test_as_an_ordinary_user(self):
        if os.geteuid() != 0:
            self.skipTest("runs as an ordinary user anyway")
        os.chmod(self.data, 0o755)
        prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        reachable = subprocess.run(
            [*prefix, PROGRAM, "--version"], capture_output=True, check=False
        )
        if reachable.returncode != 0:
            self.skipTest("the program is out of that user's reach")
        server = self.start(self.database, prefix=prefix)
        self.assertEqual(server.get("/site.json").status, 200)
        for pid in descendants(server.pid):
            self.assertEqual(os.stat("/proc/%d" % pid).st_uid, 65534)
        processes = descendants(server.pid)
        self.assertEqual(server.stop(), 0, server.log)
        self.assertEqual([pid for pid in processes if is_alive(pid)], [])
        self.assertEqual(left_in(server.temporary), [])

    def test_run_folder_is_private(self):
        server = self.start(self.database)
        for folder in pathlib.Path(server.temporary).iterdir():
            self.assertEqual(folder.stat().st_mode & 0o777, 0o700, folder)
        sockets = list(pathlib.Path(server.temporary).glob("*/*.sock"))
        self.assertEqual(
            sorted(path.name for path in sockets), ["export.sock", "query.sock", "read.sock"]
        )
        for path in sockets:
            self.assertEqual(path.stat().st_mode & 0o777, 0o660, path)

    def test_every_lane_has_workers_and_no_writer(self):
        server = self.start(self.database, "--workers", "3")
        self.assertEqual(len(server.workers()), 3 + 2 + 2)
        self.assertEqual(len(children(server.pid)), 2)


if __name__ == "__main__":
    unittest.main()
