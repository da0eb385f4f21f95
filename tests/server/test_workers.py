"""Workers that die, hang or are replaced, under a real nginx."""

import contextlib
import http.client
import json
import os
import pathlib
import re
import signal
import time
import unittest
import urllib.parse

from support import Load, ServerTest, children, is_alive, query, wait_for

# No progress handler fires inside one instr().
STUCK = (
    "instr(replace(hex(zeroblob(4000000)),'0','a'),"
    " replace(hex(zeroblob(1900000)),'0','a')||'b') = 0"
)


def where(sql, path="/site/items.json", **extra):
    return path + "?" + urllib.parse.urlencode({"_where": sql, **extra})


def blocked_in_send(pids):
    """Workers that wait in sendmsg for somebody to read."""
    found = []
    for pid in pids:
        with contextlib.suppress(OSError):
            if pathlib.Path("/proc/%d/syscall" % pid).read_text().startswith("46 "):
                found.append(pid)
    return found


class Deaths(ServerTest):
    arguments = (
        *("--setting", "sql_time_limit_ms", "20000"),
        *("--setting", "max_csv_mb", "0"),
        *("--setting", "max_returned_rows", "20000"),
    )

    def test_kill_under_load_loses_one_request_and_is_made_good_in_a_second(self):
        count = len(self.server.workers())
        with Load(self.server, "/site/items.json?_size=5") as load:
            wait_for(lambda: len(load.statuses) > 50)
            victim = self.server.workers()[0]
            killed = time.monotonic()
            os.kill(victim, signal.SIGKILL)
            wait_for(lambda: victim not in self.server.workers() and
                     len(self.server.workers()) == count)
            self.assertLess(time.monotonic() - killed, 1)
            seen = len(load.statuses)
            wait_for(lambda: len(load.statuses) > seen + 50)
        self.assertLessEqual(load.lost(), 1)
        self.assertRegex(self.server.log, r"event=worker_died .*pid=%d end=\"?signal 9" % victim)

    def test_killed_before_an_answer_is_502_in_the_form_of_the_address(self):
        count = len(self.server.workers())
        for extension, kind in ((".json", "application/json"), ("", "text/html")):
            with self.subTest(extension):
                connection = self.server.connect()
                connection.request("GET", "/site/slow%s?_size=1000" % extension)
                worker = wait_for(self.busy)
                os.kill(worker, signal.SIGKILL)
                response = connection.getresponse()
                body = response.read()
                connection.close()
                self.assertEqual(response.status, 502)
                self.assertTrue(response.headers["Content-Type"].startswith(kind))
                if extension:
                    document = json.loads(body)
                    self.assertEqual(document["status"], 502)
                    self.assertEqual(document["errors"], [document["error"]])
                    self.assertIs(document["ok"], False)
                self.server.wait_for_workers(count)

    def busy(self):
        """A worker that uses the processor."""
        before = self.ticks()
        time.sleep(0.1)
        for pid, ticks in self.ticks().items():
            if pid in before and ticks - before[pid] >= 4:
                return pid
        return None

    def ticks(self):
        found = {}
        for pid in self.server.workers():
            with contextlib.suppress(OSError):
                fields = pathlib.Path("/proc/%d/stat" % pid).read_text().rpartition(")")[2].split()
                found[pid] = int(fields[11])
        return found

    def test_killed_in_mid_stream_is_an_error_for_the_client(self):
        connection = self.server.connect()
        connection.request("GET", "/site/slow.csv?_stream=on&_size=max")
        response = connection.getresponse()
        self.assertEqual(response.status, 200)
        os.kill(wait_for(self.busy), signal.SIGKILL)
        with self.assertRaises((http.client.IncompleteRead, ConnectionError)):
            while response.read(65536):
                pass
        connection.close()

    def test_killed_in_mid_page_is_an_error_and_is_not_stored(self):
        # Takes a second, and then has more bytes than fit between worker and nginx.
        path = where(
            "(select count(*) from numbers a, numbers b, numbers c where c.n <= 20"
            " and a.n + b.n + c.n < 0) = 0",
            "/site/wide.json",
            _size=20000,
        )
        nginx = children(self.server.nginx())
        count = len(self.server.workers())
        connection = self.server.connect()
        connection.request("GET", path)
        wait_for(self.busy)
        try:
            for pid in nginx:
                os.kill(pid, signal.SIGSTOP)
            worker = wait_for(lambda: blocked_in_send(self.server.workers()))[0]
            os.kill(worker, signal.SIGKILL)
            wait_for(lambda: not is_alive(worker))
        finally:
            for pid in nginx:
                os.kill(pid, signal.SIGCONT)
        with self.assertRaises((http.client.IncompleteRead, ConnectionError)):
            response = connection.getresponse()
            if response.read() and response.status == 200:
                self.fail("a whole answer")
            raise ConnectionError(response.status)
        connection.close()
        self.server.wait_for_workers(count)
        self.assertEqual(len(self.server.get(path).json()["rows"]), 20000)

    def test_the_client_of_a_broken_stream_sees_the_next_one_whole(self):
        answer = self.server.get("/site/items.csv?_stream=on")
        self.assertEqual(answer.status, 200)
        self.assertEqual(len(answer.body.splitlines()), 201)


class RestartBrake(ServerTest):
    def test_a_lane_that_dies_again_and_again_is_slowed_down_and_recovers(self):
        count = len(self.server.workers())

        def kill_until_braked():
            for pid in self.server.workers():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            return "restart_brake" in self.server.log

        wait_for(kill_until_braked)
        wait_for(lambda: len(self.server.workers()) == count)
        self.assertEqual(self.server.get("/site.json").status, 200)


class Overdue(ServerTest):
    arguments = ("--setting", "sql_time_limit_ms", "500")

    def test_what_no_handler_can_stop_ends_with_400_while_others_are_served(self):
        for extension, kind in ((".json", "application/json"), ("", "text/html")):
            with self.subTest(extension):
                connection = self.server.connect()
                started = time.monotonic()
                connection.request("GET", where(STUCK, "/site/items" + extension))
                served = []
                while time.monotonic() - started < 1:
                    served.append(self.server.get("/site/items.json").status)
                response = connection.getresponse()
                body = response.read().decode()
                took = time.monotonic() - started
                connection.close()
                self.assertEqual(response.status, 400, body)
                self.assertLess(took, 0.5 + 1.2 + 0.5)
                self.assertTrue(response.headers["Content-Type"].startswith(kind))
                self.assertIn("SQL query took too long", body)
                self.assertGreater(len(served), 5)
                self.assertEqual(set(served), {200})
        self.assertRegex(
            self.server.log, r"event=request_overdue .*limit=sql_time_limit_ms .*sql=.*instr"
        )

    def test_the_log_holds_the_beginning_of_a_long_statement(self):
        long = "'%s' <> '' and %s" % ("é" * 1000, STUCK)
        self.assertEqual(self.server.get(where(long)).status, 400)
        line = wait_for(
            lambda: [line for line in self.server.log.splitlines() if "é" in line]
        )[-1]
        statement = re.search(r'sql="(.*)"$', line).group(1)
        self.assertTrue(statement.endswith("é…"), statement)
        self.assertLess(len(statement), 500)

    def test_an_answer_that_the_handler_ends_kills_no_worker(self):
        before = self.server.workers()
        answer = self.server.get(
            where("exists (select 1 from numbers a, numbers b, numbers c where a.n + b.n + c.n < 0)")
        )
        self.assertEqual(answer.status, 400)
        self.assertEqual(self.server.workers(), before)


class OverdueRequest(ServerTest):
    arguments = (
        "--setting", "sql_time_limit_ms", "20000", "--setting", "request_time_limit_ms", "500",
    )

    def test_the_answer_names_the_limit_that_ended_it(self):
        for extension in (".json", ""):
            with self.subTest(extension):
                answer = self.server.get(where(STUCK, "/site/items" + extension))
                self.assertEqual(answer.status, 400)
                text = answer.body.decode()
                self.assertIn("request_time_limit_ms", text)
                self.assertNotIn("sql_time_limit_ms", text)
        self.assertRegex(self.server.log, r"event=request_overdue .*limit=request_time_limit_ms")


class Reload(ServerTest):
    arguments = None

    def setUp(self):
        self.config = os.path.join(self.data, "site.json")
        self.write({"title": "one"})
        self.server = self.start(self.database, "--config", self.config)

    def write(self, document):
        pathlib.Path(self.config).write_text(
            document if isinstance(document, str) else json.dumps(document)
        )

    def move_away(self):
        os.rename(self.database, self.database + ".away")
        self.addCleanup(self.bring_back)

    def bring_back(self):
        if os.path.exists(self.database + ".away"):
            os.rename(self.database + ".away", self.database)

    def reload(self):
        before = set(self.server.workers())
        self.server.send_signal(signal.SIGHUP)
        wait_for(lambda: not before & set(self.server.workers()))

    def test_reloads_under_load_lose_nothing(self):
        with Load(self.server, "/site/items.json?_size=3") as load:
            for number in range(4):
                self.write({"settings": {"default_page_size": 10 + number}})
                self.reload()
            wait_for(lambda: len(load.statuses) > 200)
        self.assertEqual(load.lost(), 0, load.failures)
        answer = self.server.get("/site/items.json?_shape=array&_reloaded=1").json()
        self.assertEqual(len(answer), 13)

    def test_an_invalid_configuration_keeps_the_old_and_says_why(self):
        before = self.server.workers()
        for document, word in (
            ("{ not json", "site.json"),
            ({"settings": {"nonsense": 1}}, "nonsense"),
            ({"settings": {"default_page_size": "many"}}, "default_page_size"),
        ):
            with self.subTest(word):
                count = self.server.log.count("reload_failed")
                self.write(document)
                self.server.send_signal(signal.SIGHUP)
                wait_for(lambda: self.server.log.count("reload_failed") > count)
                self.assertIn(word, self.server.log.splitlines()[-1])
                self.assertEqual(self.server.get("/site.json").status, 200)
        self.assertEqual(self.server.workers(), before)

    def test_a_missing_file_does_not_stop_new_permissions(self):
        self.assertEqual(self.server.get("/site.json").status, 200)
        self.move_away()
        self.write({"allow": False})
        self.reload()
        # Nobody learns what is wrong with what he may not see, and no cache stands in for it.
        for path in ("/site.json", "/site/items.json", "/site/items.json?_size=3"):
            wait_for(lambda: self.server.get(path).status == 403)
        self.bring_back()
        self.write({})
        self.reload()
        self.assertEqual(self.server.get("/site.json").status, 200)

    def test_a_file_that_is_gone_is_gone_from_the_cache(self):
        self.assertEqual(self.server.get("/site/items.json").status, 200)
        self.move_away()
        wait_for(lambda: self.server.get("/site/items.json").status == 503)
        self.bring_back()
        wait_for(lambda: self.server.get("/site/items.json").status == 200)

    def test_a_request_in_hand_is_finished_by_the_old_generation(self):
        self.write({"settings": {"sql_time_limit_ms": 20000}})
        self.reload()
        connection = self.server.connect()
        connection.request("GET", query("select * from slow limit 400"))
        self.server.wait_for_running("query")
        self.server.send_signal(signal.SIGHUP)
        response = connection.getresponse()
        self.assertEqual(response.status, 200)
        self.assertEqual(len(json.loads(response.read())["rows"]), 400)
        connection.close()


class SpilledSorts(ServerTest):
    arguments = ("--setting", "sql_time_limit_ms", "20000", "--setting", "sql_heap_limit_mb", "16")

    def test_a_large_sort_spills_into_the_workers_own_folder_and_leaves_nothing(self):
        answer = self.server.get(
            where("(select count(*) from (select id from wide order by text || id limit 50000)) > 0")
        )
        self.assertEqual(answer.status, 200, answer.body)
        left = [path for path in pathlib.Path(self.server.temporary).glob("*/tapedeck-*/*")]
        self.assertEqual(left, [])


if __name__ == "__main__":
    unittest.main()
