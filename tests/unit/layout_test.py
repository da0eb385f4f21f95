#!/usr/bin/env python3
"""Rooms include downwards only, and each C library is seen by its room alone.

Reads the #include lines of shared/ and fcgi/. BELOW is the picture in docs/development.md as a table.
"""
import os
import re
import sys
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# Room -> the rooms right below it; what those include comes with them. fcgi is the executable's
# folder, the others are folders of shared/.
BELOW = {
    "base": [],
    "sqlite": ["base"],
    "http": ["base"],
    "config": ["base"],
    "instance": ["sqlite", "http", "config"],
    "auth": ["instance"],
    "data": ["instance"],
    "render": ["data"],
    "pages": ["auth", "data", "render"],
    "app": ["pages"],
    "commands": ["app"],
    "fcgi": ["commands"],
}
MAY_INCLUDE = {}
for _room, _below in BELOW.items():  # from the bottom up, so that what is below is known
    MAY_INCLUDE[_room] = {_room}.union(*(MAY_INCLUDE[name] for name in _below))

# Headers of C and C++ libraries with few owners: pattern -> the rooms that may include it.
OWNERS = [
    (re.compile(r"sqlite3(ext)?\.h$"), {"sqlite"}),
    (re.compile(r"(fastcgi|fcgiapp|fcgi_stdio|fcgi_config|fcgimisc|fcgios|fcgio)\.h$"), {"fcgi"}),
    (re.compile(r"ctemplate/"), {"instance", "render"}),
]

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include(?:_next)?[ \t]*(["<])([^">]+)[">]', re.MULTILINE)


def faults(room, path, text):
    """What is wrong with the include lines of one file of `room`, one sentence each."""
    out = []
    for match in INCLUDE.finditer(text):
        quote, header = match.groups()
        where = "%s:%d: " % (path, text.count("\n", 0, match.start(2)) + 1)
        for pattern, owners in OWNERS:
            if pattern.match(header) and room not in owners:
                out.append(where + "<%s> belongs to %s" % (header, " and ".join(sorted(owners))))
        if quote == "<":
            continue
        target = header.split("/")[0]
        if "/" not in header or target not in BELOW:
            out.append(where + '"%s" names no room' % header)
        elif target not in MAY_INCLUDE[room]:
            out.append(where + '%s may not include "%s"' % (room, header))
    return out


def files_of(root):
    """(room, path from the root) of every source file; a file outside the rooms has room None."""
    for top in ("shared", "fcgi"):
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in sorted(names):
                if name.endswith((".hpp", ".cpp", ".h", ".c")):
                    path = os.path.relpath(os.path.join(folder, name), root)
                    parts = path.split(os.sep)
                    room = "fcgi" if top == "fcgi" else parts[1]
                    yield (room if room in BELOW else None), path


class Rules(unittest.TestCase):
    ALLOWED = [
        ("http", '#include "http/url.hpp"'),
        ("http", '#include "base/text.hpp"'),
        ("auth", '#include "sqlite/value.hpp"'),
        ("render", '#include "data/filter.hpp"'),
        ("app", '#include "base/log.hpp"'),
        ("fcgi", '#include "app/dispatch.hpp"'),
        ("fcgi", "#include <fcgiapp.h>"),
        ("sqlite", "#include <sqlite3.h>"),
        ("instance", "#include <ctemplate/template.h>"),
        ("render", "#include <ctemplate/template.h>"),
        ("base", "#include <string>"),
        ("base", '// #include "app/dispatch.hpp"'),
    ]
    REFUSED = [
        ("base", '#include "http/url.hpp"'),
        ("sqlite", '#include "http/url.hpp"'),
        ("config", '#include "sqlite/value.hpp"'),
        ("auth", '#include "data/filter.hpp"'),
        ("data", '#include "auth/token.hpp"'),
        ("data", '#include "render/cell.hpp"'),
        ("instance", '#include "auth/token.hpp"'),
        ("render", '#include "auth/token.hpp"'),
        ("app", '#include "fcgi/worker.hpp"'),
        ("http", '#  include "pages/error.hpp"'),
        ("http", '#include "url.hpp"'),
        ("http", '#include "../app/dispatch.hpp"'),
        ("data", "#include <sqlite3.h>"),
        ("data", '#include "sqlite3.h"'),
        ("fcgi", "#include <sqlite3.h>"),
        ("app", "#include <fcgiapp.h>"),
        ("pages", "#include <ctemplate/template_dictionary.h>"),
    ]

    def test_allowed_includes_pass(self):
        for room, line in self.ALLOWED:
            with self.subTest(room=room, line=line):
                self.assertEqual(faults(room, "x.cpp", "\n" + line + "\n"), [])

    def test_refused_includes_are_named_with_their_line(self):
        for room, line in self.REFUSED:
            with self.subTest(room=room, line=line):
                found = faults(room, "x.cpp", "\n" + line + "\n")
                self.assertTrue(found and found[0].startswith("x.cpp:2: "), found)


class Layout(unittest.TestCase):
    def test_every_source_file_lies_in_a_room(self):
        self.assertEqual([path for room, path in files_of(ROOT) if room is None], [])

    def test_rooms_include_downwards_only(self):
        seen, found = 0, []
        for room, path in files_of(ROOT):
            if room is None:
                continue
            with open(os.path.join(ROOT, path), encoding="utf-8") as fp:
                found += faults(room, path, fp.read())
            seen += 1
        self.assertGreater(seen, 0)
        self.assertEqual(found, [], "\n" + "\n".join(found))


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=1))
