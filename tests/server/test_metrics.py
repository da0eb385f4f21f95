"""What the processes of a pool tell about themselves: /-/metrics and /-/threads."""

import contextlib
import os
import re
import signal
import sqlite3
import threading
import unittest

from support import ServerTest, get_over_socket, query, wait_for

ENDLESS = "with recursive c(i) as (select 1 union all select i+1 from c) select count(*) from c"
SAMPLE = re.compile(r'^([a-z_]+)(\{(?:[a-z]+="(?:[^"\\\n]|\\.)*",?)*\})? ([0-9.e+-]+|\+Inf)$')


def samples(text):
    """{'name{labels}': number} of Prometheus' text form; fails on a line that is none."""
    found = {}
    for line in text.splitlines():
        if line.startswith("# "):
            continue
        match = SAMPLE.match(line)
        assert match, line
        found[match.group(1) + (match.group(2) or "")] = float(match.group(3))
    return found


class Metrics(ServerTest):
    arguments = ("--setting", "sql_time_limit_ms", "300")

    def read(self):
        answer = self.server.get("/-/metrics")
        self.assertEqual(answer.status, 200)
        return samples(answer.body.decode())

    def test_requests_are_counted_by_route_and_status(self):
        name = 'tapedeck_requests_total{lane="read",route="/{database}/{table}[.{format}]",status="%d"}'
        before = self.read()
        for number in range(3):
            self.server.get("/site/items.json?_size=1&n=%d" % number)
        self.server.get("/site/nothing.json")
        after = self.read()
        self.assertEqual(after[name % 200] - before.get(name % 200, 0), 3)
        self.assertEqual(after[name % 404] - before.get(name % 404, 0), 1)

    def test_buckets_add_up_to_the_count(self):
        self.server.get("/site/items.json")
        found = self.read()
        for lane in ("read", "query", "export"):
            bounds = [
                value
                for name, value in found.items()
                if name.startswith('tapedeck_request_duration_seconds_bucket{lane="%s"' % lane)
            ]
            self.assertEqual(bounds, sorted(bounds))
            count = found['tapedeck_request_duration_seconds_count{lane="%s"}' % lane]
            self.assertEqual(bounds[-1], count)

    def test_time_outs_and_time_of_sql_are_counted(self):
        before = self.read()
        self.assertEqual(self.server.get(query(ENDLESS)).status, 400)
        after = self.read()
        for name, least in (("sql_timeouts_total", 1), ("sql_seconds_total", 0.25)):
            name = 'tapedeck_%s{lane="query"}' % name
            self.assertGreaterEqual(after[name] - before[name], least)

    def test_a_killed_worker_is_a_restart_and_its_counts_stay(self):
        self.server.get("/site/items.json?killed=1")
        before = self.read()
        for pid in self.server.workers():
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: self.server.get("/-/health").status == 200)
        wait_for(lambda: self.read()["tapedeck_worker_restarts_total"]
                 > before["tapedeck_worker_restarts_total"])
        after = self.read()
        for name, value in before.items():
            if name.startswith("tapedeck_requests_total"):
                self.assertGreaterEqual(after[name], value, name)

    def test_workers_and_their_memory_are_told(self):
        found = self.read()
        self.assertGreaterEqual(found['tapedeck_workers{lane="read",state="busy"}'], 1)
        self.assertGreater(found['tapedeck_workers_resident_bytes{lane="read"}'], 1 << 20)

    def test_the_generation_changes_with_the_content_alone(self):
        name = 'tapedeck_database_generation{database="site"}'
        first = self.read()
        self.assertEqual(first[name], self.read()[name])
        self.assertEqual(first['tapedeck_database_up{database="site"}'], 1)
        with contextlib.closing(sqlite3.connect(self.database)) as connection, connection:
            connection.execute("insert into items (name) values ('new')")
        self.assertNotEqual(first[name], self.read()[name])

    def test_forwarded_requests_are_nobodys_own(self):
        for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
            answer = self.server.get("/-/metrics", headers={header: "127.0.0.1"})
            self.assertEqual(answer.status, 403, header)

    def test_nothing_is_cached(self):
        answer = self.server.get("/-/metrics")
        self.assertNotIn("etag", {name.lower() for name in answer.headers.keys()})
        self.assertEqual(answer.headers["Cache-Control"], "no-store")


class MetricsOverASocket(ServerTest):
    arguments = None

    def test_a_client_of_the_socket_is_on_this_machine(self):
        path = os.path.join(self.data, "s.sock")
        self.start(self.database, "--uds", path)
        answer = get_over_socket(path, "/-/metrics")
        self.assertEqual(answer.status, 200)
        self.assertIn("tapedeck_uptime_seconds", samples(answer.body.decode()))
        forwarded = get_over_socket(path, "/-/metrics", {"X-Forwarded-For": "127.0.0.1"})
        self.assertEqual(forwarded.status, 403)


class Threads(ServerTest):
    arguments = ("--setting", "sql_time_limit_ms", "5000")

    def test_a_running_request_is_a_task_without_its_sql(self):
        running = threading.Thread(target=self.server.get, args=(query(ENDLESS),))
        running.start()
        try:
            self.server.wait_for_running("query")
            document = self.server.get("/-/threads.json").json()
        finally:
            running.join()
        self.assertEqual(document["num_threads"], len(document["threads"]))
        self.assertEqual(document["num_tasks"], len(document["tasks"]))
        self.assertNotIn("recursive", str(document))
        self.assertNotIn("/-/query", str(document))


class ClosedThreads(ServerTest):
    arguments = ("--setting", "public_threads", "off")

    def test_a_setting_closes_them(self):
        for path in ("/-/threads", "/-/threads.json"):
            self.assertEqual(self.server.get(path).status, 403)


if __name__ == "__main__":
    unittest.main()
