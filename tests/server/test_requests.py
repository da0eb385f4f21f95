"""Requests through the shipped nginx configuration: lanes, cache, bodies, hostile input."""

import base64
import contextlib
import hashlib
import http.client
import json
import os
import pathlib
import random
import re
import socket
import subprocess
import time
import unittest

from support import ROOT, ServerTest, query, wait_for


class Lanes(ServerTest):
    """What the worker's log says about who answered."""

    def lane_of(self, mark):
        pattern = re.compile(r"event=request .*%s.* lane=(\w+)" % mark)
        return [match.group(1) for match in map(pattern.search, self.server.log.splitlines()) if match]

    def test_each_request_is_answered_by_its_lane(self):
        cases = (
            ("/site/items.json?_mark=a1", "read"),
            ("/site/items.json?_where=id<5&_mark=a2", "query"),
            ("/site/items.json?%5Fwhere=id<5&_mark=a3", "query"),
            (query("select 1", _mark="a4"), "query"),
            ("/site/items.csv?_stream=on&_mark=a5", "export"),
            ("/site/items.csv?%5Fstream=on&_mark=a6", "export"),
            ("/site/items.csv?_mark=a7", "read"),
        )
        for path, lane in cases:
            with self.subTest(path):
                answer = self.server.get(path.replace("<", "%3C"))
                self.assertEqual(answer.status, 200, answer.body)
                mark = path.rpartition("_mark=")[2]
                self.assertEqual(self.lane_of("_mark=" + mark), [lane])

    def test_encoded_where_filters(self):
        plain = self.server.get("/site/items.json?_where=id%3C5").json()
        encoded = self.server.get("/site/items.json?%5Fwhere=id%3C5").json()
        self.assertEqual(plain["rows"], encoded["rows"])
        self.assertEqual(len(encoded["rows"]), 4)

    def test_a_post_keeps_its_method_on_the_way_to_its_lane(self):
        answer = self.server.request(
            "POST",
            "/site/-/query.json?_mark=b1",
            json.dumps({"sql": "select :n + 1 as n, :m as m", "params": {"n": 1, "m": 2.5}}),
            {"Content-Type": "application/json"},
        )
        self.assertEqual((answer.status, answer.json()["rows"]), (200, [{"n": 2, "m": "2.5"}]))
        self.assertEqual(self.lane_of("_mark=b1"), ["query"])


    def test_a_post_has_a_thousand_members_at_most(self):
        for count, status in ((998, 200), (1000, 400), (100000, 400)):
            with self.subTest(count):
                answer = self.server.request(
                    "POST",
                    "/site/-/query.json",
                    json.dumps({"sql": "select :p1 as p", "params": {"p%d" % i: i for i in range(count)}}),
                    {"Content-Type": "application/json"},
                )
                self.assertEqual(answer.status, status, answer.body[:200])


class Cache(ServerTest):
    def count(self, mark):
        return self.server.log.count(mark)

    def test_get_after_head_has_its_body(self):
        for path in ("/site/items.json?_cache=1", "/site/items?_cache=1"):
            with self.subTest(path):
                head = self.server.request("HEAD", path)
                self.assertEqual((head.status, head.body), (200, b""))
                get = self.server.get(path)
                self.assertEqual(get.status, 200)
                self.assertGreater(len(get.body), 100)
                again = self.server.request("HEAD", path)
                self.assertEqual((again.status, again.body), (200, b""))
                self.assertEqual(self.server.get(path).body, get.body)

    def test_a_public_page_is_stored_for_a_moment(self):
        path = "/site/items.json?_cache=2"
        for _ in range(20):
            self.assertEqual(self.server.get(path).status, 200)
        self.assertLess(self.count("_cache=2"), 5)

    def test_requests_with_credentials_are_neither_stored_nor_looked_up(self):
        path = "/site/items.json?_cache=3"
        for headers in (
            {"Authorization": "Bearer x"},
            {"Cookie": "ds_actor=x"},
            {"Cookie": "a=b; ds_messages=x"},
        ):
            with self.subTest(headers):
                self.server.get(path)
                before = self.count("_cache=3")
                for _ in range(3):
                    self.server.get(path, headers=headers)
                self.assertEqual(self.count("_cache=3"), before + 3)

    def test_the_port_of_the_host_is_part_of_the_key(self):
        path = "/site/items.json?_size=1&_cache=4"
        first = self.server.get(path, headers={"Host": "one.example:1"}).json()
        second = self.server.get(path, headers={"Host": "one.example:2"}).json()
        self.assertIn("one.example:1", first["next_url"])
        self.assertIn("one.example:2", second["next_url"])

    def test_the_forwarded_scheme_is_part_of_the_key(self):
        path = "/site/items.json?_size=1&_cache=6"
        plain = self.server.get(path).json()
        secure = self.server.get(path, headers={"X-Forwarded-Proto": "https"}).json()
        self.assertTrue(plain["next_url"].startswith("http://"), plain["next_url"])
        self.assertTrue(secure["next_url"].startswith("https://"), secure["next_url"])

    def test_streams_are_not_stored_and_have_no_etag(self):
        path = "/site/items.csv?_stream=on&_cache=5"
        for number in range(3):
            answer = self.server.get(path)
            self.assertEqual(answer.status, 200)
            self.assertIsNone(answer.headers["ETag"])
            self.assertEqual(self.count("_cache=5"), number + 1)

    def test_every_other_answer_has_its_length(self):
        for path in ("/", "/.json", "/site", "/site/items", "/site/items.csv", "/none", "/none.json"):
            connection = self.server.connect()
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read()
            connection.close()
            self.assertEqual(response.headers["Content-Length"], str(len(body)), path)

    def test_a_client_that_has_the_page_gets_304(self):
        first = self.server.get("/site/items.json?_cache=6")
        again = self.server.get(
            "/site/items.json?_cache=6", headers={"If-None-Match": first.headers["ETag"]}
        )
        self.assertEqual((again.status, again.body), (304, b""))

    def test_a_change_is_seen_within_three_seconds(self):
        path = "/site/changing.json?_shape=array"

        def execute(sql):
            # The tool, since closing a file in this process is nobody else's concern.
            subprocess.run(["sqlite3", self.database, sql], check=True)

        execute("create table changing (v text); insert into changing values ('old')")
        self.addCleanup(execute, "drop table changing")
        self.assertIn(b"old", self.server.get(path).body)
        execute("update changing set v = 'new'")
        wait_for(lambda: b"new" in self.server.get(path).body, limit=3)


class Bodies(ServerTest):
    def test_bodies_past_the_limit_get_413_and_the_form_of_the_address(self):
        for size in (2_200_000, 10_000_000):
            with self.subTest(size):
                answer = self.server.request(
                    "POST", "/site/-/query.json", b"a" * size, {"Content-Type": "application/json"}
                )
                self.assertEqual(answer.status, 413)
                self.assertIs(answer.json()["ok"], False)
        self.assertEqual(self.server.get("/site.json").status, 200)

    def test_ten_megabytes_are_taken_where_they_are_allowed(self):
        server = self.start(self.database, "--setting", "max_post_body_bytes", "0")
        answer = server.request(
            "POST", "/site/-/query.json", b"a" * 10_000_000, {"Content-Type": "application/json"}
        )
        self.assertEqual(answer.status, 400)
        self.assertIn("Invalid JSON", answer.json()["error"])

    def test_a_body_that_nobody_asked_for_is_read_and_forgotten(self):
        for method in ("GET", "HEAD", "OPTIONS"):
            with self.subTest(method):
                answer = self.server.request(method, "/site.json", b"x" * 200_000)
                self.assertEqual(answer.status, 200)


class Hostile(ServerTest):
    def test_long_queries(self):
        for length in (1_000, 16_000, 64_000):
            with self.subTest(length):
                answer = self.server.get("/site/items.json?_size=1&x=" + "a" * length)
                self.assertEqual(answer.status, 200)
        answer = self.server.get("/site/items.json?x=" + "a" * 70_000)
        self.assertEqual(answer.status, 414)
        self.assertEqual(answer.json()["status"], 414)

    def test_pages_of_nginx_have_the_style_that_their_policy_names(self):
        long = "/site/items?x=" + "a" * 70_000
        for status, answer in (
            (414, self.server.get(long)),
            (413, self.server.request("POST", "/site/-/query", b"a" * 10_000_000)),
        ):
            with self.subTest(status):
                self.assertEqual(answer.status, status)
                self.assertTrue(answer.headers["Content-Type"].startswith("text/html"))
                self.assertEqual(answer.headers["Cache-Control"], "no-store")
                style = re.search(rb"<style>(.*)</style>", answer.body).group(1)
                digest = base64.b64encode(hashlib.sha256(style).digest()).decode()
                self.assertIn("'sha256-%s'" % digest, answer.headers["Content-Security-Policy"])
                self.assertIn(b"<p>Error %d</p>" % status, answer.body)

    def test_no_length_of_an_address_is_too_much_for_nginx(self):
        # Past what a header holds a redirect is an error of the client's.
        for path, status, past_a_header in (
            ("/site/items?x=%s", 200, 200),
            ("/site/items.json?x=%s", 200, 200),
            ("/site/items?_filter_column=name&_filter_op=exact&_filter_value=%s", 302, 414),
            ("/site/items?_sort=id&_sort_by_desc=on&x=%s", 302, 414),
            ("/site/items/?x=%s", 302, 404),
        ):
            for length in (3900, 4050, 4200, 5300, 5900, 7100, 7900, 8000, 8100, 15600, 15650, 15700, 16000, 16400):
                with self.subTest(path, length=length):
                    answer = self.server.get(path % (length * "1"))
                    self.assertEqual(answer.status, status if length < 10_000 else past_a_header)

    def test_links_that_no_header_holds_are_left_out(self):
        for address in ("/site/items.json?_size=1", "/site/items?_size=1", "/site/items.json?_shape=array&_size=1"):
            for length in (100, 5_000, 7_000, 16_000, 60_000):
                with self.subTest(address, length=length):
                    answer = self.server.get(address + "&_x=" + "a" * length)
                    self.assertEqual(answer.status, 200)
                    self.assertEqual(bool(answer.headers["Link"]), length < 6_000)
        answer = self.server.get("/site?sql=" + "a" * 16_000)
        self.assertEqual(answer.status, 414)

    def test_unknown_methods_are_refused(self):
        for method in ("FOO", "PROPFIND", "TRACE", "PUT", "DELETE"):
            with self.subTest(method):
                answer = self.server.request(method, "/site/items.json")
                self.assertEqual(answer.status, 405)

    def test_broken_requests_are_refused_by_nginx(self):
        for text, status in (
            (b"GET / HTTP/1.1\r\n\r\n", 400),
            (b"GET  \r\n\r\n", 400),
            (b"\x00\x01\x02\r\n\r\n", 400),
            (b"GET /x.json HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400),
            (b"GET /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: nonsense\r\n\r\n", 501),
        ):
            with self.subTest(text):
                received = self.server.raw(text)
                self.assertTrue(received.startswith(b"HTTP/1.1 %d " % status), received[:100])
                self.assertNotIn(b"nginx/", received)

    def test_internal_addresses_are_out_of_reach(self):
        for path, status in (
            ("/-/internal-file/etc/passwd", 404),
            ("/-/nginx-error.json", 404),
            ("/-/static/../../../etc/passwd", 400),
            ("/-/static/%2e%2e/%2e%2e/etc/passwd", 404),
            ("//-/internal-file/etc/passwd", 404),
        ):
            with self.subTest(path):
                received = self.server.raw(
                    b"GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" % path.encode()
                )
                self.assertTrue(received.startswith(b"HTTP/1.1 %d " % status), received[:100])
                self.assertNotIn(b"root:", received)

    def test_mutated_requests_leave_every_worker_alive(self):
        before = self.server.workers()
        chance = random.Random(1)
        seeds = [
            b"GET /site/items.json?_sort=id&_size=5&_facet=name HTTP/1.1\r\nHost: a\r\n\r\n",
            b"GET /site/items/1?_extra=columns&_shape=objects HTTP/1.1\r\nHost: a\r\n\r\n",
            b"GET /site/-/query.json?sql=select+1%2c:a&a=2 HTTP/1.1\r\nHost: a\r\n\r\n",
            b"GET /site/items.csv?_stream=on&_where=id%3E3 HTTP/1.1\r\nHost: a\r\n"
            b"Cookie: ds_actor=x\r\nAccept: text/html\r\nIf-None-Match: \"x\"\r\n\r\n",
            b"POST /site/-/query HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\nsql=select+1",
        ]
        pieces = [bytes([byte]) for byte in range(256)] + [
            b"%00", b"%ff", b"~2F", b"../", b"_next=", b"__exact=", b"&", b"'", b"\"", b"%e2%80%a8"
        ]
        # As a client writes them in an address, so that they pass nginx and reach a worker.
        clean = [b"%%%02x" % piece[0] if len(piece) == 1 and not 0x23 < piece[0] < 0x7f else piece
                 for piece in pieces]

        def mutated(alphabet, limit):
            text = bytearray(chance.choice(seeds))
            end = limit(text)
            for _ in range(chance.randint(1, 6)):
                at = chance.randrange(5, end)
                piece = chance.choice(alphabet)
                if chance.random() < 0.5:
                    text[at : at + 1] = piece
                else:
                    text[at:at] = piece
            return bytes(text)

        sent = 0
        while sent < 10_000:
            if chance.random() < 0.2:
                # nginx refuses most of these itself and closes the connection.
                texts = [mutated(pieces, len)]
            else:
                texts = [mutated(clean, lambda text: text.index(b" HTTP/")) for _ in range(5)]
                texts.append(b"GET /.json HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            sent += len(texts)
            with socket.create_connection((self.server.host, self.server.port), timeout=20) as line:
                with contextlib.suppress(OSError):
                    line.sendall(b"".join(texts))
                    if len(texts) == 1:
                        line.shutdown(socket.SHUT_WR)
                    while line.recv(65536):
                        pass
        self.assertEqual(self.server.get("/site.json").status, 200)
        self.assertEqual(self.server.workers(), before)
        self.assertGreater(len(re.findall("event=request ", self.server.log)), 5_000)


class Files(ServerTest):
    arguments = None

    def setUp(self):
        name = "odd name%20+?#.db"
        self.path = os.path.join(self.data, name)
        pathlib.Path(self.path).write_bytes(pathlib.Path(self.database).read_bytes())
        self.server = self.start("--immutable", self.path)
        databases = self.server.get("/-/databases.json").json()
        entries = databases if isinstance(databases, list) else databases["databases"]
        self.address = next(e["name"] for e in entries if e["name"].startswith("odd"))

    def test_a_download_is_sent_by_nginx_with_ranges_and_the_workers_etag(self):
        address = "".join(
            c if c.isalnum() else "+" if c == " " else "".join("~%02X" % b for b in c.encode())
            for c in self.address
        ) + ".db"
        whole = self.server.get("/" + address)
        self.assertEqual(whole.status, 200, whole.body[:200])
        content = pathlib.Path(self.path).read_bytes()
        self.assertEqual(whole.body, content)
        part = self.server.get("/" + address, headers={"Range": "bytes=16-31"})
        self.assertEqual((part.status, part.body), (206, content[16:32]))
        if whole.headers["ETag"]:
            known = self.server.get(
                "/" + address, headers={"If-None-Match": whole.headers["ETag"]}
            )
            self.assertEqual((known.status, known.body), (304, b""))

    def test_downloads_may_be_read_by_scripts_of_other_sites_where_answers_may(self):
        address = "/" + pathlib.Path(self.database).stem
        for arguments, expected in (((), None), (("--cors",), "*")):
            server = self.start("-i", self.database, *arguments)
            for path, headers in (
                (address + ".json", {}),
                (address + ".db", {}),
                (address + ".db", {"Range": "bytes=0-15"}),
            ):
                with self.subTest((arguments, path, headers)):
                    answer = server.get(path, headers=headers)
                    self.assertEqual(answer.status, 206 if headers else 200)
                    self.assertEqual(answer.headers["Access-Control-Allow-Origin"], expected)

    def test_only_the_hash_of_a_static_file_makes_it_immutable(self):
        for file in sorted((ROOT / "static").iterdir()):
            digits = hashlib.sha256(file.read_bytes()).hexdigest()[:12]
            for query_string, expected in (
                ("", "max-age=3600"),
                ("?_hash=000000000000", "max-age=3600"),
                # When this fails, the file has changed: its hash stands in nginx/tapedeck-http.conf.
                ("?_hash=" + digits, "max-age=31536000, immutable, public"),
            ):
                with self.subTest((file.name, query_string)):
                    answer = self.server.get("/-/static/" + file.name + query_string)
                    self.assertEqual(answer.body, file.read_bytes())
                    self.assertEqual(answer.headers["Cache-Control"], expected)

    def test_no_database_is_served_as_a_static_file(self):
        folder = pathlib.Path(self.data, "files")
        folder.mkdir(exist_ok=True)
        (folder / "note.txt").write_text("a note")
        database = folder / "inside.db"
        database.write_bytes(pathlib.Path(self.database).read_bytes())
        with contextlib.suppress(FileExistsError):
            os.symlink(database, folder / "link.txt")
        server = self.start(database, "--static", "files:%s" % folder)
        self.assertEqual(server.get("/files/note.txt").body, b"a note")
        for name in ("inside.db", "link.txt", "inside%2Edb", "./inside.db"):
            with self.subTest(name):
                self.assertEqual(server.get("/files/" + name).status, 404)

    def test_paths_are_relative_to_where_it_was_started(self):
        server = self.start("site.db", prefix=("env", "-C", self.data))
        self.assertEqual(server.get("/site/items.json?_size=1").status, 200)
        entries = server.get("/-/databases.json").json()["databases"]
        self.assertEqual([entry["path"] for entry in entries], [os.path.realpath(self.database)])


class Streams(ServerTest):
    arguments = ("--setting", "max_csv_mb", "0", "--setting", "sql_time_limit_ms", "20000")

    def test_the_first_byte_comes_at_once(self):
        times = []
        for _ in range(5):
            connection = self.server.connect()
            started = time.monotonic()
            connection.request("GET", "/site/wide.csv?_stream=on")
            response = connection.getresponse()
            response.read(1)
            times.append(time.monotonic() - started)
            connection.close()
        self.assertLess(min(times), 0.05)

    def test_the_first_byte_of_a_slow_stream_does_not_wait_for_the_rest(self):
        connection = self.server.connect()
        started = time.monotonic()
        connection.request("GET", "/site/slow.csv?_stream=on")
        response = connection.getresponse()
        response.read(1)
        first = time.monotonic() - started
        content = response.read()
        whole = time.monotonic() - started
        connection.close()
        self.assertEqual(len(content.splitlines()), 1001)
        self.assertLess(first, whole / 4)

    def test_a_slow_reader_holds_no_worker(self):
        readers = []
        pattern = re.compile(r"path=\S*wide\.csv\S* status=200")
        before = len(pattern.findall(self.server.log))
        try:
            for _ in range(4):
                connection = self.server.connect()
                connection.request("GET", "/site/wide.csv?_stream=on")
                readers.append(connection)
            # nginx takes the whole of each, whoever reads it when.
            wait_for(lambda: len(pattern.findall(self.server.log)) == before + 4)
            started = time.monotonic()
            self.assertEqual(self.server.get("/site/items.csv?_stream=on").status, 200)
            self.assertLess(time.monotonic() - started, 2)
        finally:
            for connection in readers:
                connection.close()

    def test_a_reader_that_leaves_frees_the_worker(self):
        for _ in range(6):
            connection = self.server.connect()
            connection.request("GET", "/site/slow.csv?_stream=on")
            connection.getresponse().read(1)
            connection.close()
        started = time.monotonic()
        self.assertEqual(self.server.get("/site/items.csv?_stream=on").status, 200)
        self.assertLess(time.monotonic() - started, 5)

    def test_the_whole_of_a_large_table_comes_through(self):
        answer = self.server.get("/site/wide.csv?_stream=on", timeout=60)
        self.assertEqual(len(answer.body.splitlines()), 60_001)


if __name__ == "__main__":
    unittest.main()
