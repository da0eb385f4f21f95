"""The databases that the measurements read: the same rows each time."""
import os
import random
import sqlite3

VERSION = 1  # stored as user_version; a file of another version is made anew

WORDS = """amber anchor apple arrow autumn basin beacon birch bridge bronze brook candle canyon cedar chapel
cliff clover coast copper coral cotton crane crown crystal dawn delta desert dune eagle ember falcon feather fern
field flint forest fountain garden gate glacier grain granite grove harbour hazel heron hill honey island ivory
ivy jade juniper lagoon lake lantern laurel leaf lemon lily linen maple marble marsh meadow mill mint mirror
mist moon moss mountain oak ocean olive orchard otter pearl pebble pepper pine plain pond poppy quarry quartz
rain raven reed ridge river robin rose saffron sage sand shadow shell silver slate snow sparrow spring spruce
star stone stream summit sun swan thistle thunder timber tower valley velvet violet walnut wave willow wind
winter wren""".split()

SCHEMA = """
CREATE TABLE t (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL,
  note TEXT,
  category TEXT,
  price REAL,
  ratio REAL,
  quantity INTEGER,
  score INTEGER,
  active INTEGER,
  created TEXT
);
"""
INDEXES = """
CREATE INDEX t_category ON t(category);
CREATE INDEX t_created ON t(created);
CREATE INDEX t_quantity ON t(quantity);
CREATE VIRTUAL TABLE t_fts USING fts5(title, note, content='t', content_rowid='id');
INSERT INTO t_fts(t_fts) VALUES ('rebuild');
"""


def rows(count):
    rng = random.Random(count)
    choose, number, real = rng.choices, rng.randrange, rng.random
    for key in range(1, count + 1):
        yield (key, " ".join(choose(WORDS, k=3)), " ".join(choose(WORDS, k=6)) if key % 10 else None, WORDS[number(12)],
               round(real() * 1000, 2), real(), number(1000), number(-10**9, 10**9), number(2),
               "20%02d-%02d-%02d" % (number(25), 1 + number(12), 1 + number(28)))


def make(path, count):
    """Makes the database unless it is there already."""
    if os.path.exists(path):
        connection = sqlite3.connect(path)
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        connection.close()
        if version == VERSION:
            return
    new = path + ".new"
    if os.path.exists(new):
        os.unlink(new)
    connection = sqlite3.connect(new)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.executescript(SCHEMA)
    with connection:
        connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows(count))
    connection.executescript(INDEXES)
    connection.execute("PRAGMA user_version = %d" % VERSION)
    connection.commit()
    connection.close()
    os.replace(new, path)


def make_all(folder):
    """{name: path} of big (1,000,000 rows), small (10,000 rows) and d0 to d9 (1,000 rows each)."""
    os.makedirs(folder, exist_ok=True)
    sizes = {"big": 1000000, "small": 10000, **{"d%d" % n: 1000 for n in range(10)}}
    paths = {name: os.path.join(folder, name + ".db") for name in sizes}
    for name, path in paths.items():
        make(path, sizes[name])
    return paths


def make_huge(folder, count):
    """{name: path} of huge (`count` rows, no index) and warm (10,000 rows)."""
    os.makedirs(folder, exist_ok=True)
    paths = {name: os.path.join(folder, name + ".db") for name in ("huge", "warm")}
    make(paths["warm"], 10000)
    if os.path.exists(paths["huge"]):
        return paths
    # The same 1,000,000 rows again and again: making ten million of them in Python takes minutes.
    million = os.path.join(folder, "big.db")
    make(million, 1000000)
    new = paths["huge"] + ".new"
    if os.path.exists(new):
        os.unlink(new)
    connection = sqlite3.connect(new, isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.executescript(SCHEMA)
    connection.execute("ATTACH ? AS million", (million,))
    for start in range(0, count, 1000000):
        connection.execute("INSERT INTO t SELECT id + ?, title, note, category, price, ratio, quantity, score, active, created"
                           " FROM million.t ORDER BY id LIMIT ?", (start, count - start))
    connection.close()
    os.replace(new, paths["huge"])
    return paths
