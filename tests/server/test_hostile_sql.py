"""Strangers' SQL through the shipped nginx configuration: a table of attacks on memory, time, disk
and everything outside of the database.

Each ends within the time limit plus a second with 400, in bounded memory, while pages are served.
"""

import json
import os
import pathlib
import statistics
import time
import unittest
import urllib.parse

from support import Background, ServerTest, descendants, program_name, query

LIMIT = 0.5
# The watchdog waits a second past the limit; the rest is for a busy machine.
LONGEST = LIMIT + 1 + 1
# Sanitizers keep what is freed, and their shadow of it.
MEMORY_MB = 2048 if os.environ.get("TAPEDECK_SANITIZED") == "1" else 256

# A text of 8 MB, made without a long statement.
BIG = "replace(hex(zeroblob(4000000)),'0','a')"
ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) "

ATTACKS = {
    "time": {
        "endless recursion": ENDLESS + "select count(*) from n",
        "endless recursion, one row wanted": ENDLESS + "select i from n where i < 0",
        "endless recursion by union": "with recursive n(i) as (select 1 union select i + 1 from n)"
        " select max(i) from n",
        "two endless recursions": ENDLESS + ", m(j) as (select 1 union all select j + 1 from m)"
        " select count(*) from n, m",
        "cross join": "select count(*) from numbers a, numbers b, numbers c",
        "cross join by exists": "select 1 where exists (select 1 from numbers a, numbers b,"
        " numbers c where a.n + b.n + c.n < 0)",
        "cross join in a column": "select (select sum(a.n * b.n * c.n) from numbers a, numbers b,"
        " numbers c)",
        "cross join by order": "select a.n from numbers a, numbers b, numbers c"
        " order by a.n * b.n * c.n limit 1",
        "distinct of a cross join": "select count(distinct a.n * b.n + c.n) from numbers a,"
        " numbers b, numbers c",
        "window over a cross join": "select sum(a.n) over (order by b.n rows between unbounded"
        " preceding and unbounded following) from numbers a, numbers b, numbers c",
        "instr of two long texts": "select instr(%s, substr(%s, 1, 4000000) || 'b')" % (BIG, BIG),
        "glob with many stars": "select count(*) from numbers where (hex(zeroblob(4000000)) || n)"
        " glob '%s'" % ("*0" * 30 + "*x"),
        "like with many percents": "select count(*) from numbers where (hex(zeroblob(4000000)) || n)"
        " like '%s'" % ("%0" * 30 + "%x"),
        "like pattern over its limit": "select 'a' like '%s'" % ("%a" * 800),
        "replace in a row source": ENDLESS
        + "select max(length(replace(hex(zeroblob(100000)), '0', 'xy'))) from n",
        "trim of a long text": "select max(length(rtrim(%s || n, 'abcdefghijkl0123456789')))"
        " from numbers" % BIG,
        "soundex of long texts": "select count(soundex(hex(zeroblob(1000000)) || a.n || b.n))"
        " from numbers a, numbers b",
        "json_each of a long list": "select count(*) from numbers a, numbers b,"
        " json_each('[' || replace(hex(zeroblob(100000)), '00', '1,') || '1]')",
        "json_tree, nested": "select count(*) from numbers a, numbers b, json_tree('"
        + "[" * 500
        + "]" * 500
        + "')",
        "an expensive view": "select sum(work) from slow a, slow b",
        "explain of nothing, then work": "select count(*) from pragma_table_info('items') a,"
        " numbers b, numbers c, numbers d",
        "printf with a wide field": "select count(printf('%.1000000c', a.n * b.n))"
        " from numbers a, numbers b",
        "hex in a loop": "select count(hex(zeroblob(1000 * a.n))) from numbers a, numbers b",
        "like on a wide table": "select count(*) from wide a, wide b where a.text like"
        " '%1%1%1%1%1%' || b.id",
        "sum of random numbers": ENDLESS + "select sum(random()) from n",
        "order by random": "select a.n from numbers a, numbers b, numbers c order by random()",
        "an endless offset": ENDLESS + "select i from n limit 1 offset 9223372036854775807",
        "mutual recursion": "with recursive a(i) as (select 1 union all select i from a)"
        " select count(*) from a",
    },
    "memory": {
        "a huge blob": "select length(zeroblob(1000000000))",
        "a huge random blob": "select length(randomblob(1000000000))",
        "hex of a huge blob": "select length(hex(zeroblob(300000000)))",
        "quote of a big blob": "select length(quote(zeroblob(15000000)))",
        "printf of a huge width": "select length(printf('%.*c', 500000000, 'x'))",
        "format of a huge width": "select group_concat(format('%15000000d', n)) from numbers",
        "replace that grows": "select length(replace(%s, 'a', '0123456789'))" % BIG,
        "replace of replace": "select length(replace(replace(%s, 'a', 'bbbb'), 'b', 'cccc'))" % BIG,
        "group_concat over a cross join": "select length(group_concat(a.text, b.text))"
        " from wide a, wide b",
        "group_concat of big texts": "select length(group_concat(%s)) from numbers" % BIG,
        "json_group_array over a cross join": "select length(json_group_array(a.text))"
        " from wide a, wide b",
        "json_group_object over a cross join": "select length(json_group_object(a.id, b.text))"
        " from wide a, wide b",
        "concatenation that doubles": "with recursive d(t) as (select 'x' union all"
        " select t || t from d) select max(length(t)) from d",
        "json_array of big texts": "select length(json_array(%s, %s, %s, %s))" % ((BIG,) * 4),
        "a big text for every row": "select %s from numbers, items" % BIG,
        "a big blob for every row": "select zeroblob(15000000) from numbers",
        "char of many numbers": "select length(group_concat(char(1114111, 1114111))) from wide a,"
        " wide b",
        "recursion that keeps all rows": "with recursive n(i, t) as (select 1, zeroblob(1000000)"
        " union select i + 1, zeroblob(1000000) from n) select count(*) from n",
        "window that keeps all rows": "select count(*) from (select group_concat(a.text) over"
        " (rows between unbounded preceding and current row) from wide a, numbers b)",
        "sort of endless rows": ENDLESS + "select i, hex(randomblob(500)) as t from n order by t",
        "group by of endless rows": ENDLESS + "select hex(randomblob(500)) as t from n group by t",
        "distinct of endless rows": ENDLESS + "select distinct hex(randomblob(500)) from n"
        " where i < 0 or random() > 0 limit -1 offset 100000000",
        "materialised view of endless rows": ENDLESS
        + ", m as materialized (select i, randomblob(500) as b from n) select count(*) from m",
    },
    "parsing": {
        "a statement over its length": "select '%s'" % ("x" * 110_000),
        "deep parentheses": "select " + "(" * 5000 + "1" + ")" * 5000,
        "deep not": "select " + "not " * 5000 + "1",
        "deep minus": "select " + "- " * 5000 + "1",
        "a long sum": "select 1" + " + 1" * 5000,
        "a long or": "select * from items where id = 0" + " or id = 1" * 3000,
        "many union": "select 1" + " union all select 1" * 600,
        "many columns": "select " + ", ".join(["1"] * 3000),
        "many joins": "select 1 from items" + ", items as a".join([""] + ["%d" % i for i in range(80)]),
        "nested subqueries": "select " + "(select " * 300 + "1" + ")" * 300,
        "nested from": "select * from " + "(select * from " * 300 + "items" + ")" * 300,
        "case without end": "select " + "case when 1 then " * 1000 + "1" + " end" * 1000,
        "deep json": "select json('" + "[" * 5000 + "]" * 5000 + "')",
        "a broken token": "select 'abc",
        "a NUL byte": "select 1\x00; drop table items",
        "two statements": "select 1; select 2",
        "an empty statement": ";",
        "a comment alone": "/* nothing",
    },
    "reach": {
        "attach a file": "attach '/etc/passwd' as p",
        "attach memory": "attach ':memory:' as p",
        "detach": "detach main",
        "vacuum into": "vacuum into '{folder}/copy.db'",
        "load an extension": "select load_extension('{folder}/x.so')",
        "read a file": "select readfile('/etc/passwd')",
        "write a file": "select writefile('{folder}/x', 'x')",
        "edit": "select edit('x')",
        "list a folder": "select * from fsdir('/')",
        "read a zip": "select * from zipfile('{folder}/x.zip')",
        "read csv": "select * from csv('/etc/passwd')",
        "pragma": "pragma table_info(items)",
        "pragma that writes": "pragma writable_schema = 1",
        "pragma journal": "pragma journal_mode = delete",
        "pragma as function": "select * from pragma_writable_schema",
        "pragma in a comment": "select 1 /* pragma */ from pragma_compile_options",
        "pages of the file": "select * from sqlite_dbpage",
        "statistics of the file": "select * from dbstat",
        "statements of the process": "select * from sqlite_stmt",
        "byte code": "select * from bytecode('select 1')",
        "tokenizer pointers": "select fts3_tokenizer('simple')",
        "tokenizer pointers, set": "select fts3_tokenizer('x', zeroblob(8))",
        "tokenizer table": "select * from fts3tokenize('simple', 'a')",
        "insert": "insert into items values (1000, 'x')",
        "insert behind with": "with x as (select 1) insert into items select 1000, 'x' from x",
        "update": "update items set name = 'x'",
        "delete": "delete from items",
        "delete behind with": "with x as (select 1) delete from items",
        "returning": "with x as (select 1) delete from items returning id",
        "create": "create table x (y)",
        "temporary table": "create temp table x (y)",
        "virtual table": "create virtual table temp.x using fts5(y)",
        "drop": "drop table items",
        "alter": "alter table items rename to x",
        "trigger": "create temp trigger t after insert on items begin select 1; end",
        "transaction": "begin exclusive",
        "savepoint": "savepoint x",
        "analyze": "analyze",
        "reindex": "reindex",
        "explain of a write": "explain insert into items values (1000, 'x')",
        "shadow table": "select * from notes_fts_data",
        "another database's schema": "select * from temp.sqlite_master, other.sqlite_master",
    },
}

WHERE_ATTACKS = {
    "closes its parenthesis": "1) union select 1, 2 --",
    "endless": "(%s select count(*) from n) > 0" % ENDLESS,
    "cross join": "exists (select 1 from numbers a, numbers b, numbers c where a.n+b.n+c.n < 0)",
    "huge blob": "length(zeroblob(1000000000)) > 0",
    "load an extension": "load_extension('x')",
    "two statements": "1; delete from items",
    "instr of long texts": "instr(%s, substr(%s, 1, 4000000) || 'b')" % (BIG, BIG),
    "not closed": "(1",
    "comment": "1 /*",
    "limit": "1 limit 1",
}

# Texts that become six times as long as JSON, and five of them in one row.
WIDE_ROW = "select " + ", ".join("cast(zeroblob(19000000) as text) as c%d" % i for i in range(5))
PADDING = "&_x=" + "x" * 60_000

# Answers that would be larger than one may be.
SIZE_ATTACKS = {
    **{
        "one row, %s %s" % (extension, extra): query(WIDE_ROW, extension, **extra)
        for extension, extra in (
            (".json", {}),
            (".json", {"_shape": "arrays"}),
            (".json", {"_shape": "arrayfirst"}),
            (".json", {"_shape": "object"}),
            (".csv", {}),
            (".csv", {"_stream": "on"}),
            (".tsv", {"_stream": "on"}),
            (".ndjson", {}),
            (".ndjson", {"_stream": "on"}),
        )
    },
    "links of a thousand facet values": "/site/wide?_facet=id&_facet_size=max" + PADDING,
    "the same as JSON": "/site/wide.json?_facet=id&_facet_size=max" + PADDING,
}


def memory_mb(pid):
    """Most memory of its own that a process has had; 0 when it is gone."""
    try:
        status = pathlib.Path("/proc/%d/status" % pid).read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    if "VmHWM" not in fields:
        return 0
    return int(fields["VmHWM"].split()[0]) / 1024


class Watch(Background):
    """Asks for a page again and again, and looks at the memory of all workers, while attacks run."""

    def __init__(self, server):
        super().__init__(self._read, self._look)
        self.server = server
        self.times = []
        self.statuses = set()
        self.peaks = {}

    def _read(self):
        started = time.monotonic()
        path = "/site/items.json?_size=10&n=%d" % len(self.times)
        self.statuses.add(self.server.get(path).status)
        self.times.append(time.monotonic() - started)
        time.sleep(0.01)

    def _look(self):
        for pid in descendants(self.server.pid):
            if program_name(pid) == "tapedeck":
                self.peaks[pid] = max(self.peaks.get(pid, 0), memory_mb(pid))
        time.sleep(0.05)


class HostileSql(ServerTest):
    arguments = ("--setting", "sql_time_limit_ms", str(int(LIMIT * 1000)))

    def attack(self, path):
        started = time.monotonic()
        answer = self.server.get(path)
        took = time.monotonic() - started
        self.assertEqual(answer.status, 400, answer.body[:300])
        self.assertIs(answer.json()["ok"], False)
        self.assertTrue(answer.json()["error"])
        self.assertLess(took, LONGEST)

    def refuse(self, path):
        answer = self.server.get(path)
        self.assertEqual(answer.status, 400, answer.body[:300])
        self.assertIn(b"max_answer_mb", answer.body)

    def run_attacks(self, paths, attack=None):
        with Watch(self.server) as watch:
            for name, path in paths:
                with self.subTest(name):
                    (attack or self.attack)(path)
        self.assertLess(max(watch.peaks.values()), MEMORY_MB)
        self.assertEqual(watch.statuses, {200})
        # One page in a hundred may meet a moment in which every processor has an attack to do.
        self.assertLess(statistics.quantiles(watch.times, n=100)[-1], 1)
        self.assertEqual(self.server.get(query("select 1")).status, 200)
        with open(self.database, "rb") as file:
            self.assertEqual(file.read(), self.content)

    def setUp(self):
        with open(self.database, "rb") as file:
            self.content = file.read()

    def test_the_table_is_long_enough(self):
        self.assertGreaterEqual(sum(map(len, ATTACKS.values())), 60)

    def test_time(self):
        self.run_attacks((name, query(sql)) for name, sql in ATTACKS["time"].items())

    def test_memory(self):
        self.run_attacks((name, query(sql)) for name, sql in ATTACKS["memory"].items())

    def test_size(self):
        self.run_attacks(SIZE_ATTACKS.items(), self.refuse)

    def test_parsing(self):
        for name, sql in ATTACKS["parsing"].items():
            with self.subTest(name):
                answer = self.server.request(
                    "POST",
                    "/site/-/query.json",
                    body=json.dumps({"sql": sql}),
                    headers={"Content-Type": "application/json"},
                )
                self.assertEqual(answer.status, 400, answer.body[:300])

    def test_reach(self):
        before = sorted(os.listdir(self.data))
        self.run_attacks(
            (name, query(sql.replace("{folder}", self.data)))
            for name, sql in ATTACKS["reach"].items()
        )
        self.assertEqual(sorted(os.listdir(self.data)), before)

    def test_where(self):
        self.run_attacks(
            (name, "/site/items.json?" + urllib.parse.urlencode({"_where": sql}))
            for name, sql in WHERE_ATTACKS.items()
        )


if __name__ == "__main__":
    unittest.main()
