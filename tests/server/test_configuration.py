"""Configuration as a running server sees it: directory mode, --reload, inspect files, extensions,
created files, Unix sockets; and the commands that do not serve."""

import json
import os
import pathlib
import signal
import sqlite3
import stat
import subprocess
import time
import unittest

from support import PROGRAM, ServerTest, get_over_socket, logged, make_database, wait_for

EXTENSION = os.environ.get("TAPEDECK_TEST_EXTENSION", "")


def run(*arguments, **options):
    return subprocess.run(
        [PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False,
        **options,
    )


class Folder(ServerTest):
    """Each test has a folder of its own below the class's."""

    arguments = None

    def setUp(self):
        self.folder = pathlib.Path(self.data, self.id().rpartition(".")[2])
        self.folder.mkdir()

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def make(self, name, sql="create table t (x); insert into t values (1)"):
        path = self.folder / name
        connection = sqlite3.connect(path)
        connection.executescript(sql)
        connection.close()
        return path


class DirectoryMode(Folder):
    def test_everything_in_it_is_used(self):
        self.make("a.db")
        self.make("b.sqlite")
        self.write("metadata.yaml", "title: From the folder\n")
        self.write("datasette.yaml", "settings:\n  default_page_size: 7\n")
        self.write("templates/pages/about.html", "<p>About us</p>")
        self.write("static/x.css", "p {}")
        server = self.start(self.folder)
        self.assertEqual([d["name"] for d in server.get("/-/databases.json").json()["databases"]], ["a", "b"])
        self.assertIn(b"From the folder", server.get("/").body)
        self.assertEqual(server.get("/-/settings.json").json()["default_page_size"], 7)
        self.assertIn(b"About us", server.get("/about").body)
        self.assertEqual(server.get("/static/x.css").body, b"p {}")
        self.assertEqual(server.get("/static/../metadata.yaml").status, 404)

    def test_options_win_and_a_reload_finds_what_is_new(self):
        self.make("a.db")
        self.write("metadata.json", '{"title": "one"}')
        other = self.write("other/m.json", '{"title": "two"}')
        server = self.start(self.folder, "-m", other)
        self.assertIn(b"two", server.get("/").body)
        self.make("new.db")
        server.send_signal(1)
        wait_for(lambda: server.get("/new.json").status == 200)

    def test_two_folders_are_refused(self):
        status, log = self.refused(self.folder, self.data)
        self.assertEqual(status, 2)
        self.assertIn("Cannot pass multiple directories", log)


class Reload(Folder):
    def test_changes_are_served_soon_and_nothing_is_cached(self):
        database = self.make("a.db")
        metadata = self.write("m.json", '{"title": "before"}')
        template = self.write("templates/pages/x.html", "first")
        server = self.start(database, "-m", metadata, "--template-dir", template.parents[1], "--reload")
        answer = server.get("/a/t.json")
        self.assertIsNone(answer.headers.get("cache-control"))
        self.assertIn(b"before", server.get("/").body)
        metadata.write_text('{"title": "after"}')
        wait_for(lambda: b"after" in server.get("/").body)
        template.write_text("second")
        wait_for(lambda: b"second" in server.get("/x").body)
        # A file that is broken for a moment changes nothing, and the next save is seen.
        metadata.write_text('{"title": ')
        wait_for(lambda: logged(server, "reload_failed"))
        self.assertIn(b"after", server.get("/").body)
        metadata.write_text('{"title": "mended"}')
        wait_for(lambda: b"mended" in server.get("/").body)

    def test_without_it_a_saved_file_changes_nothing(self):
        metadata = self.write("m.json", '{"title": "before"}')
        server = self.start(self.make("a.db"), "-m", metadata)
        self.assertIn("max-age", server.get("/a/t.json").headers["cache-control"])
        metadata.write_text('{"title": "after"}')
        self.assertIn(b"before", server.get("/").body)


class Inspect(Folder):
    def inspected(self, *files):
        path = self.folder / "inspected.json"
        done = run("inspect", *files, "--inspect-file", path)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        return path

    def test_counts_and_hash_come_from_the_file(self):
        database = self.folder / "site.db"
        make_database(database)
        path = self.inspected(database)
        document = json.loads(path.read_text())
        self.assertEqual(document["site"]["tables"]["wide"], {"count": 60000})
        # Told apart from counted: no count of rows reaches past 10,001.
        document["site"]["hash"] = "ab" * 32
        path.write_text(json.dumps(document))
        server = self.start("-i", database, "--inspect-file", path)
        self.assertEqual(server.get("/-/databases.json").json()["databases"][0]["hash"], "ab" * 32)
        table = server.get("/site/wide.json?_extra=count").json()
        self.assertEqual(table["count"], 60000)
        self.assertEqual(server.get("/site/wide.json?_extra=count&id__lt=3").json()["count"], 2)

    def test_a_file_of_another_size_is_not_believed(self):
        database = self.make("a.db")
        path = self.inspected(database)
        document = json.loads(path.read_text())
        document["a"]["size"] += 1
        document["a"]["tables"]["t"]["count"] = 99
        path.write_text(json.dumps(document))
        server = self.start("-i", database, "--inspect-file", path)
        self.assertEqual(server.get("/a/t.json?_extra=count").json()["count"], 1)
        self.assertTrue(logged(server, "inspect file does not fit"))

    def test_a_replaced_file_is_counted_anew(self):
        database = self.make("a.db")
        server = self.start("-i", database, "--inspect-file", self.inspected(database))
        self.assertEqual(server.get("/a/t.json?_extra=count").json()["count"], 1)
        new = self.make("new", "create table t (x); insert into t values (1), (2)")
        os.replace(new, database)
        wait_for(lambda: server.get("/a/t.json?_extra=count").json()["count"] == 2)

    def test_a_broken_inspect_file_stops_the_start(self):
        path = self.write("inspected.json", '{"a": {"hash": 1}}')
        status, log = self.refused("-i", self.make("a.db"), "--inspect-file", path)
        self.assertEqual(status, 1)
        self.assertIn("inspected.json", log)


class Files(Folder):
    def test_create(self):
        status, log = self.refused(self.folder / "new.db")
        self.assertEqual(status, 2)
        self.assertIn("new.db' does not exist.", log)
        server = self.start(self.folder / "new.db", "--create")
        self.assertEqual(server.get("/new.json").json()["tables"], [])
        self.assertGreater((self.folder / "new.db").stat().st_size, 0)

    def test_create_leaves_what_is_there_alone(self):
        server = self.start(self.make("a.db"), "--create")
        self.assertEqual(len(server.get("/a/t.json").json()["rows"]), 1)
        status, log = self.refused(self.folder / "no/folder.db", "--create")
        self.assertEqual(status, 1)
        self.assertIn("cannot be created", log)

    def test_nolock_reads_a_file_that_another_program_keeps_locked(self):
        database = self.make("a.db")
        holder = sqlite3.connect(database, isolation_level=None)
        self.addCleanup(holder.close)
        holder.execute("pragma locking_mode = exclusive")
        holder.execute("begin exclusive")
        locked = self.start(database)
        self.assertEqual(locked.get("/a/t.json").status, 503)
        server = self.start(database, "--nolock")
        self.assertEqual(server.get("/a/t.json").json()["rows"], [{"rowid": 1, "x": 1}])

    def test_patterns_without_a_shell(self):
        self.make("b.db")
        self.make("a.db")
        server = self.start(str(self.folder) + "/*.db")
        self.assertEqual([d["name"] for d in server.get("/-/databases.json").json()["databases"]], ["a", "b"])
        status, log = self.refused(str(self.folder) + "/*.nothing")
        self.assertEqual(status, 2)
        self.assertIn("*.nothing", log)


    def test_create_under_the_key_serve(self):
        config = self.write("c.json", '{"serve": {"files": ["new.db"], "create": true}}')
        server = self.start("-c", config)
        self.assertEqual(server.get("/new.json").json()["tables"], [])
        self.assertEqual(server.log.count("event=created"), 1)


class Sockets(Folder):
    def test_uds(self):
        path = self.folder / "s.sock"
        server = self.start(self.make("a.db"), "--uds", path)
        self.assertEqual(server.url, "unix:%s" % path)
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o660)
        self.assertEqual(get_over_socket(path, "/a/t.json").status, 200)
        self.assertEqual(run("healthcheck", "unix:%s" % path).returncode, 0)
        status, log = self.refused(self.folder / "a.db", "--uds", path)
        self.assertEqual(status, 1)
        self.assertIn("another server listens here", log)
        self.assertEqual(server.stop(), 0)
        self.assertFalse(path.exists())

    def test_healthcheck(self):
        server = self.start(self.make("a.db"))
        self.assertEqual(run("healthcheck", server.url).returncode, 0)
        server.stop()
        done = run("healthcheck", server.url)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(done.stderr.splitlines()), 1)


@unittest.skipUnless(EXTENSION, "TAPEDECK_TEST_EXTENSION names no extension")
class Extensions(Folder):
    def value(self, server, sql):
        return server.get("/a/-/query.json?_shape=arrays&sql=" + sql.replace(" ", "+"))

    def test_functions_for_visitors(self):
        server = self.start(self.make("a.db"), "--load-extension", EXTENSION)
        self.assertEqual(self.value(server, "select ext_pure()").json()["rows"], [[42]])
        self.assertIsNotNone(self.value(server, "select ext_pure()").headers.get("etag"))
        self.assertIsNone(self.value(server, "select ext_impure()").headers.get("etag"))
        self.assertEqual(self.value(server, "select readfile()").status, 400)
        self.assertEqual(self.value(server, "select load_extension('x')").status, 400)

    def test_from_the_environment(self):
        server = self.start(self.make("a.db"), env={"DATASETTE_LOAD_EXTENSION": EXTENSION})
        self.assertEqual(self.value(server, "select ext_pure()").json()["rows"], [[42]])

    def test_one_that_is_missing_or_broken_stops_the_start(self):
        database = self.make("a.db")
        status, log = self.refused(database, "--load-extension", "/no/such.so")
        self.assertEqual(status, 2)
        status, log = self.refused(database, env={"DATASETTE_LOAD_EXTENSION": "/no/such.so"})
        self.assertEqual(status, 1)
        self.assertIn("/no/such.so", log)
        junk = self.write("junk.so", "no library")
        status, log = self.refused(database, "--load-extension", junk)
        self.assertEqual(status, 1)
        self.assertIn("junk.so", log)
        self.assertEqual(run("check", database, "--load-extension", junk).returncode, 1)


class Check(Folder):
    def test_status_and_lines(self):
        database = self.make("a.db")
        done = run("check", database)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("no problems", done.stdout)
        config = self.write("c.yml", "settings:\n  nope: 1\n")
        done = run("check", database, "-c", config)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(done.stderr.splitlines()), 1)
        self.assertIn("Invalid setting 'nope'", done.stderr)


class CommandLine(Folder):
    def test_mistakes_are_status_2_and_those_in_files_status_1(self):
        database = self.make("a.db")
        nowhere = self.folder / "nowhere"
        for arguments in (
            ("--static", "m:%s" % nowhere),
            ("--static", ":%s" % self.folder),
            ("--static", "m:%s" % self.folder, "--static", "m:%s" % self.folder),
            ("--template-dir", nowhere),
            ("-c", nowhere),
            ("-m", nowhere),
            ("-c", ""),
            ("--inspect-file", nowhere),
            ("-s", "databases.a.tables.t.size", "x"),
        ):
            with self.subTest(arguments):
                done = run(database, *arguments, "--get", "/")
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertEqual(len(done.stderr.splitlines()), 1)
        for content in (
            {"serve": {"template_dir": "nowhere"}},
            {"serve": {"static": {"m": "nowhere"}}},
            {"serve": {"metadata": "nowhere"}},
            {"databases": {"a": {"tables": {"t": {"size": "x"}}}}},
            {"databases": {"a": {"queries": {"q": {"sql": None}}}}},
        ):
            with self.subTest(content):
                config = self.write("c.json", json.dumps(content))
                done = run(database, "-c", config, "--get", "/")
                self.assertEqual(done.returncode, 1, done.stderr)

    def test_help_and_what_inspect_writes_need_no_files(self):
        nowhere = self.folder / "nowhere"
        self.assertEqual(run("-c", nowhere, "--help").returncode, 0)
        self.assertEqual(run("inspect", self.make("a.db"), "--inspect-file", nowhere).returncode, 0)

    def test_infinite_numbers_name_their_file(self):
        for name, text in (("c.json", '{"plugins": {"p": {"n": 1e999}}}'), ("c.yml", "n: 1e999\n")):
            done = run("-c", self.write(name, text), "--get", "/-/config.json")
            self.assertEqual(done.returncode, 1)
            self.assertIn(name + ": ", done.stderr)
            self.assertIn("the number is too large", done.stderr)

    def test_commands_that_are_none(self):
        for word, message in (
            ("publish", "Error: publish: this version does not have the command\n"),
            ("inspekt", "Error: inspekt: unknown command, did you mean inspect?\n"),
        ):
            done = run(word, self.make(word + ".db"))
            self.assertEqual((done.returncode, done.stderr), (2, message))

    def test_a_template_that_is_no_file_stops_the_start(self):
        database = self.make("a.db")
        (self.folder / "own").mkdir()
        (self.folder / "own" / "table.html").symlink_to("nowhere")
        status, log = self.refused(database, "--template-dir", self.folder / "own")
        self.assertEqual(status, 1)
        self.assertIn("own/table.html: the template is a link that leads nowhere", log)


class Signals(Folder):
    def test_sigquit_ends_it_as_sigterm_does(self):
        server = self.start(self.make("a.db"))
        self.assertTrue(os.listdir(server.temporary))
        self.assertEqual(server.stop(signal.SIGQUIT), 0)
        self.assertEqual(os.listdir(server.temporary), [])

    def test_an_early_end_warns_of_no_workers(self):
        database = self.make("a.db")
        log = self.folder / "log"
        for delay in range(0, 60, 4):
            with open(log, "ab") as errors:
                process = subprocess.Popen(
                    [PROGRAM, database, "-p", "0"], stdout=subprocess.DEVNULL, stderr=errors,
                    start_new_session=True,
                )
            time.sleep(delay / 1000)
            process.send_signal(signal.SIGINT)
            process.wait(40)
        self.assertNotIn("worker_died", log.read_text())


class ColumnTypes(Folder):
    def test_what_does_not_fit_is_warned_of_once_a_process(self):
        database = self.make("a.db", "create table t (n integer, s text)")
        config = self.write(
            "c.json",
            '{"databases": {"a": {"tables": {"t": {"column_types": {"n": "json", "s": "map"}}}}}}',
        )
        server = self.start(database, "-c", config, "--workers", "1")
        for _ in range(3):
            self.assertEqual(server.get("/a/t").status, 200)
            self.assertEqual(server.get("/a/t.json?_extra=column_types").status, 200)
        self.assertEqual(server.log.count("column type left out"), 2, server.log)
        self.assertIn("databases.a.tables.t.column_types.n", server.log)


class Pages(Folder):
    def test_version_note(self):
        server = self.start(self.make("a.db"), "--version-note", "edition 7")
        self.assertEqual(server.get("/-/versions.json").json()["datasette"]["note"], "edition 7")


if __name__ == "__main__":
    unittest.main()
