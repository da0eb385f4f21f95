"""What the server says of generated tables against Python's own SQLite as judge: sorts, filters, facets, counts."""

import base64
import contextlib
import json
import os
import random
import sqlite3
import unittest
import urllib.parse

from support import ServerTest

ROWS = 150
SEED = 20240811
COLUMNS = ("i", "t", "r", "n", "b", "u")
KEYS = {
    "rowids": ("", ")"),
    "single": ("id integer primary key, ", ")"),
    "words": ("k text primary key, ", ")"),
    "pairs": ("k1 text, k2 integer, ", ", primary key (k1, k2))"),
    "bare": ("k1 text, k2 integer, ", ", primary key (k1, k2)) without rowid"),
}
TEXTS = ("", "1", "10", "2", "1e3", "$null", "None", "a,b", "A", "a", "~2C", "é", "z", "100%", "a_b", '"', "'")


def values(make, number):
    """The columns that every table has: ties, NULLs, and in the last whatever there is."""
    row = [
        make.randint(-2, 3),
        make.choice(TEXTS),
        make.choice((0.5, -1.25, 1e100, 3.0, 0.1)),
        make.choice((1, 2.5, "x", "10")),
        make.choice((b"", b"1", b"\xff\x00", b"a")),
        make.choice((1, 2.5, "1", "x", b"1", number)),
    ]
    return [None if make.random() < 0.15 else value for value in row]


def key_of(table, number):
    return {
        "rowids": [],
        "single": [number * 3 - 50],
        "words": ["%d,~é" % number if number % 2 else str(number)],
        "pairs": ["k%d" % (number % 7), number],
        "bare": ["k%d" % (number % 7), number],
    }[table]


def make_tables(path):
    make = random.Random(SEED)
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        for table, (start, end) in KEYS.items():
            connection.execute(
                "create table %s (%si integer, t text, r real, n numeric, b blob, u%s" % (table, start, end)
            )
            for number in range(ROWS):
                row = key_of(table, number) + values(make, number)
                connection.execute("insert into %s values (%s)" % (table, ",".join("?" * len(row))), row)
        connection.execute("create view seen as select i, t, r, n, u from single where i is not null")


class Properties(ServerTest):
    arguments = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        path = os.path.join(cls.data, "made.db")
        make_tables(path)
        cls.oracle = sqlite3.connect(path)
        cls.oracle.text_factory = lambda text: text.decode(errors="replace")
        cls.addClassCleanup(cls.oracle.close)
        cls.server = cls.start_for_class(path, "--setting", "num_sql_threads", "2", "--workers", "2")
        cls.connection = cls.server.connect()
        cls.addClassCleanup(cls.connection.close)

    def get(self, path):
        self.connection.request("GET", path)
        response = self.connection.getresponse()
        body = response.read()
        self.assertEqual(response.status, 200, (path, body[:300]))
        return json.loads(body)

    def rows(self, table, **arguments):
        query = urllib.parse.urlencode({"_shape": "arrays", "_size": "max", **arguments})
        return self.get("/made/%s.json?%s" % (table, query))["rows"]

    def joined(self, table, size, **arguments):
        """The rows of all pages."""
        query = urllib.parse.urlencode({"_shape": "arrays", "_size": size, **arguments})
        path, rows = "/made/%s.json?%s" % (table, query), []
        while path:
            page = self.get(path)
            rows += page["rows"]
            self.assertLessEqual(len(rows), ROWS, path)
            path = page["next_url"] and page["next_url"].partition(":%d" % self.server.port)[2]
        return rows

    def told(self, sql, *params):
        """What SQLite itself says, in the form of JSON rows."""
        return [[self.as_json(value) for value in row] for row in self.oracle.execute(sql, params)]

    @staticmethod
    def as_json(value):
        if isinstance(value, bytes):
            return {"$base64": True, "encoded": base64.b64encode(value).decode()}
        return value

    def order(self, table):
        keys = [row[1] for row in self.oracle.execute("pragma table_info(%s)" % table) if row[5]]
        return ", ".join(keys or ["rowid"])

    def select(self, table):
        return "select %s* from %s" % ("rowid, " if table == "rowids" else "", table)

    def test_pages_of_every_sort_are_sqlites_own_order(self):
        for table in KEYS:
            for column in COLUMNS:
                for argument, direction in (("_sort", ""), ("_sort_desc", " desc")):
                    with self.subTest(table=table, column=column, argument=argument):
                        wanted = self.told(
                            "%s order by %s%s, %s" % (self.select(table), column, direction, self.order(table))
                        )
                        self.assertEqual(self.rows(table, **{argument: column}), wanted)
                        self.assertEqual(self.joined(table, 37, **{argument: column}), wanted)

    def test_pages_without_sort_are_in_the_order_of_the_key(self):
        for table in KEYS:
            with self.subTest(table):
                wanted = self.told("%s order by %s" % (self.select(table), self.order(table)))
                self.assertEqual(self.joined(table, 20), wanted)
        self.assertEqual(sorted(map(str, self.joined("seen", 33))), sorted(map(str, self.told("select * from seen"))))

    def test_filters_are_their_conditions(self):
        like = lambda text: "%" + text + "%"  # noqa: E731
        operators = {
            "exact": ("{0} = ?", str),
            "not": ("{0} != ?", str),
            "contains": ("{0} like ?", like),
            "notcontains": ("{0} not like ?", like),
            "startswith": ("{0} like ?", lambda text: text + "%"),
            "endswith": ("{0} like ?", lambda text: "%" + text),
            "gt": ("{0} > ?", lambda text: int(text) if text.isdigit() else text),
            "lte": ("{0} <= ?", lambda text: int(text) if text.isdigit() else text),
            "like": ("{0} like ?", str),
            "glob": ("{0} glob ?", str),
        }
        for column in COLUMNS:
            for name, (condition, bound) in operators.items():
                for value in ("1", "2.5", "a", "10", "", "%", "é"):
                    with self.subTest(column=column, operator=name, value=value):
                        wanted = self.told(
                            "%s where %s order by %s"
                            % (self.select("pairs"), condition.format(column), self.order("pairs")),
                            bound(value),
                        )
                        self.assertEqual(self.rows("pairs", **{column + "__" + name: value}), wanted)
            for name, condition in (
                ("isnull", "{0} is null"),
                ("notnull", "{0} is not null"),
                ("isblank", "({0} is null or {0} = '')"),
                ("notblank", "({0} is not null and {0} != '')"),
            ):
                with self.subTest(column=column, operator=name):
                    wanted = self.told("%s where %s" % (self.select("single"), condition.format(column)))
                    self.assertEqual(self.rows("single", **{column + "__" + name: "1"}), wanted)

    def test_facets_are_group_by_and_lead_to_as_many_rows(self):
        for table in ("single", "bare"):
            for column in ("i", "t", "r", "n", "u"):
                with self.subTest(table=table, column=column):
                    facet = self.get(
                        "/made/%s.json?_size=0&_facet_size=max&_facet=%s" % (table, column)
                    )["facet_results"]["results"][column]
                    told = self.told(
                        "select {0}, count(*) from {1} where {0} is not null group by {0} "
                        "order by count(*) desc, {0}".format(column, table)
                    )
                    self.assertEqual([[v["value"], v["count"]] for v in facet["results"]], told)
                    for value in facet["results"]:
                        if column == "u":
                            continue  # the filter's text is no number in a column without type
                        path = value["toggle_url"].partition(":%d" % self.server.port)[2]
                        rows = self.get(path.replace("_size=0", "_size=max"))["rows"]
                        self.assertEqual(len(rows), value["count"], value)

    def test_counts_are_counts(self):
        for arguments, condition in (("", "1"), ("&i=1", "i = '1'"), ("&t__contains=a", "t like '%a%'")):
            for table in ("rowids", "bare", "seen"):
                with self.subTest(table=table, arguments=arguments):
                    count = self.get("/made/%s.json?_size=0&_extra=count%s" % (table, arguments))["count"]
                    self.assertEqual([[count]], self.told("select count(*) from %s where %s" % (table, condition)))


if __name__ == "__main__":
    unittest.main()
