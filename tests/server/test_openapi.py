"""The description of the API is valid OpenAPI, and the answers are as it describes them.

Needs the packages of tests/openapi (`./dev test` installs them).
"""

import contextlib
import shutil
import sqlite3
import subprocess
import time
import unittest

from support import ROOT, ServerTest

FOLDER = ROOT / "tests" / "openapi"
TOOLS = shutil.which("node") and (FOLDER / "node_modules").is_dir()

SHAPES = """
drop view slow;
create table "odd name/100%" (id integer primary key, "a b" text, "x__gt" integer, _size text);
insert into "odd name/100%" values (1, 'a', 2, 'b'), (2, null, 'no number', x'00ff');
create table pairs (a text, b integer, v real, primary key (a, b)) without rowid;
insert into pairs values ('a,b', 1, 1.5), ('ü ~/', 2, null), ('', 3, 9e999);
create table keyless (anything, n numeric not null);
insert into keyless values (1, 1), ('t', 'text'), (x'00', 2.5), (null, 3);
create table exact (id integer primary key, t text not null, r real, b blob, a any) strict;
insert into exact values (1, 't', 9e999, x'ff', 1), (2, '', null, null, 'x');
create table notes (id integer primary key, body text);
insert into notes values (1, 'some text');
create virtual table notes_fts using fts5(body, content="notes", content_rowid='id');
insert into notes_fts(notes_fts) values ('rebuild');
create view mixed as select id, body from notes union all select 'x', 1;
create table text_key (k text primary key, v);
insert into text_key values ('a.json', 1), ('..', 2), ('100%', 3);
create table stations (id integer primary key, lat real, lng real);
insert into stations values (1, 50.1, 8.7), (2, null, null);
"""


@unittest.skipUnless(TOOLS, "tests/openapi/node_modules is missing: npm ci --prefix tests/openapi")
class OpenApi(ServerTest):
    arguments = None

    def check(self, server):
        return subprocess.run(
            ["node", "check.mjs", server.url],
            cwd=FOLDER,
            capture_output=True,
            text=True,
            timeout=240,
        )

    def test_every_answer_fits_its_description(self):
        with contextlib.closing(sqlite3.connect(self.database)) as connection, connection:
            connection.executescript(SHAPES)
        configuration = self.data + "/datasette.json"
        with open(configuration, "w") as file:
            file.write(
                '{"databases": {"site": {"queries": {"by id": {"sql":'
                ' "select * from notes where id = :id", "params": {"id": 1}},'
                ' "w": {"sql": "delete from notes", "write": true},'
                ' "notes": "select 1"}, "tables": {"items": {"allow": false}}}}}'
            )
        server = self.start(self.database, "--config", configuration)
        found = self.check(server)
        self.assertEqual(found.returncode, 0, found.stderr)
        paths = server.get("/-/openapi.json").json()["paths"]
        self.assertIn("/site/by+id.json", paths)
        self.assertIn("/site/odd+name~2F100~25/{row}.json", paths)
        for path in ("/site/stations.geojson", "/site/pairs.tsv", "/site/-/query.ndjson"):
            self.assertIn(path, paths)
        closed = ("/site/items.json", "/site/items.tsv", "/site/w.json")
        for path in (*closed, "/site/mixed/{row}.json", "/site/pairs.geojson"):
            self.assertNotIn(path, paths)
        search = [
            path
            for path, item in paths.items()
            if {"$ref": "#/components/parameters/search"} in item["get"].get("parameters", [])
        ]
        self.assertIn("/site/notes.json", search)
        self.assertNotIn("/site/pairs.json", search)

    def test_it_stands_behind_base_url(self):
        server = self.start(self.database, "--setting", "base_url", "/pre/")
        document = server.get("/pre/-/openapi.json").json()
        self.assertEqual(document["servers"], [{"url": "/pre"}])
        self.assertIn("/site/items.json", document["paths"])

    def test_a_large_catalogue_is_described_quickly(self):
        large = self.data + "/large.db"
        with contextlib.closing(sqlite3.connect(large)) as connection, connection:
            for number in range(400):
                connection.execute(
                    "create table t%d (id integer primary key, a text, b integer, c real)" % number
                )
        server = self.start(large)
        server.get("/large/t1.json")
        start = time.monotonic()
        answer = server.get("/-/openapi.json")
        self.assertEqual(answer.status, 200)
        # A debug build on a busy machine; a released one takes a tenth of a second.
        self.assertLess(time.monotonic() - start, 10)
        self.assertEqual(sum(path.endswith(".csv") for path in answer.json()["paths"]), 401)


if __name__ == "__main__":
    unittest.main()
