"""Streams in every format under a real nginx: broken off, left by their reader, in bounded memory."""

import concurrent.futures
import contextlib
import http.client
import json
import pathlib
import re
import time
import unittest

from support import ServerTest, query, wait_for

FORMATS = ("csv", "tsv", "ndjson", "geojson")
ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) select i, 1 as lat, 2 as lon from n"


def wide(extension, **extra):
    """Address of a stream of 60,000 rows, 12 MB."""
    arguments = {"_stream": "1", "_lat": "id", "_lon": "id", **extra}
    return "/site/wide.%s?%s" % (extension, "&".join("%s=%s" % pair for pair in arguments.items()))


def private_kb(pid):
    text = pathlib.Path("/proc/%d/smaps_rollup" % pid).read_text()
    return sum(int(kb) for kb in re.findall(r"^Private_\w+: +(\d+) kB", text, re.MULTILINE))


class Broken(ServerTest):
    arguments = ("--setting", "max_csv_mb", "1")

    def test_a_stream_that_is_broken_off_cannot_pass_for_a_whole_one(self):
        later = (
            "select 1 as lat, 2 as lon, json(case when value < 3000 then '1' else '{' end) as v"
            " from (with recursive n(value) as (select 1 union all select value + 1 from n)"
            " select value from n)"
        )
        for extension in FORMATS:
            for path in (wide(extension), query(later, "." + extension, _stream=1)):
                with self.subTest(path):
                    connection = self.server.connect()
                    connection.request("GET", path)
                    with self.assertRaises((http.client.IncompleteRead, ConnectionError)):
                        response = connection.getresponse()
                        self.assertEqual(response.status, 200)
                        self.assertIsNone(response.headers["Content-Length"])
                        while response.read(65536):
                            pass
                    connection.close()
        self.assertEqual(len(re.findall("event=stream_broken_off", self.server.log)), 8)

    def test_what_is_wrong_at_once_is_an_answer(self):
        for extension in FORMATS:
            with self.subTest(extension):
                path = query("select nothing", "." + extension, _stream=1)
                self.assertEqual(self.server.get(path).status, 400)
                self.assertEqual(self.server.get(wide(extension, _next=1)).status, 400)


class Whole(ServerTest):
    arguments = ("--setting", "max_csv_mb", "0")

    def test_every_format_comes_whole_and_is_not_stored(self):
        for extension, lines in zip(FORMATS, (60_001, 60_001, 60_000, 60_002)):
            with self.subTest(extension):
                answer = self.server.get(wide(extension), timeout=60)
                self.assertEqual(answer.status, 200)
                self.assertEqual(len(answer.body.splitlines()), lines)
                self.assertIn("lane=export", self.server.log.splitlines()[-1])
                self.assertIsNone(answer.headers["Content-Length"])
                self.assertIsNone(answer.headers["ETag"])
                if extension == "ndjson":
                    self.assertEqual(json.loads(answer.body.splitlines()[-1])["id"], 60_000)
                if extension == "geojson":
                    self.assertEqual(len(answer.json()["features"]), 60_000)

    def test_a_query_streams_past_the_limit_of_rows(self):
        path = query("select id, text from wide", ".csv", _stream=1)
        self.assertEqual(len(self.server.get(path, timeout=60).body.splitlines()), 60_001)

    def test_the_head_of_a_stream_runs_nothing(self):
        started = time.monotonic()
        answer = self.server.request("HEAD", query(ENDLESS, ".csv", _stream=1))
        self.assertEqual((answer.status, answer.body), (200, b""))
        self.assertLess(time.monotonic() - started, 5)

    def test_a_reader_that_leaves_ends_the_statement(self):
        for extension in FORMATS:
            with self.subTest(extension):
                connection = self.server.connect()
                connection.request("GET", query(ENDLESS, "." + extension, _stream=1))
                connection.getresponse().read(1)
                connection.close()
                pattern = r"path=\S*query\.%s\S* status=499" % extension
                wait_for(lambda: re.search(pattern, self.server.log), limit=3)

    def test_a_reader_that_leaves_ends_a_statement_between_two_rows(self):
        slow = ENDLESS + " where i < 2 or i % 1000000000 = 0"
        server = self.start(self.database, "--setting", "sql_time_limit_ms", "20000")
        connection = server.connect()
        connection.request("GET", query(slow, ".csv", _stream=1))
        connection.getresponse().read(1)
        connection.close()
        wait_for(lambda: re.search(r"path=\S*query\.csv\S* status=499", server.log), limit=3)

    def test_the_first_row_comes_before_the_second_however_long_the_address(self):
        # nginx's cache puts the address into the buffer that an answer's head has to fit into.
        server = self.start(self.database, "--setting", "sql_time_limit_ms", "20000")
        for length in (1, 40, 300, 2000):
            with self.subTest(length):
                sql = "select 1 as lat, 'first row' as name /* %s */ union all %s" % (
                    "x" * length, "select i, i from (%s where i < 0)" % ENDLESS)
                # Left at once: the export lane has two workers, and each would go on for its limit.
                with contextlib.closing(server.connect(timeout=10)) as connection:
                    connection.request("GET", query(sql, ".csv", _stream=1))
                    response = connection.getresponse()
                    self.assertEqual(response.status, 200)
                    self.assertEqual(response.read(1), b"l")

    def test_memory_does_not_grow_with_the_stream(self):
        # Two at a time, so that each of the lane's two workers has its page cache and buffers.
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for _ in pool.map(lambda extension: self.server.get(wide(extension), timeout=60), 3 * list(FORMATS)):
                pass
        for extension in FORMATS:
            with self.subTest(extension):
                workers = self.server.workers()
                before = {pid: private_kb(pid) for pid in workers}
                for _ in range(3):
                    self.server.get(wide(extension), timeout=60)
                grown = max(private_kb(pid) - before[pid] for pid in workers)
                self.assertLess(grown, 2048)


if __name__ == "__main__":
    unittest.main()
