"""Runs the examples of docs/*.md that are marked for it, so that the manual cannot drift.

A fenced block is an example when its info string has one of these words after the language:

    ```yaml file=metadata.yml      the block is written to that file in the document's own folder,
                                   where sample.db (tests/fixtures/sample.sql) lies already
    ```console test                "$ command" lines run by sh in that folder, each followed by what
                                   it prints; the exit status is 0 unless the output ends in a line
                                   "(exit status N)"
    ```http test                   a request (method and path, headers, blank line, body) and its
                                   answer from "HTTP/1.1 STATUS" on: named headers are equal, and of
                                   the body what is shown: JSON objects may have more keys, other
                                   lines stand in it

"..." stands for anything: a whole line, the rest of a line, a JSON value. The server of the http
blocks is started with the arguments of the last comment before them

    <!-- serve: sample.db --metadata metadata.yml -->

and with `sample.db` when there is none.
"""

import contextlib
import json
import os
import pathlib
import re
import shlex
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

from support import PROGRAM, ROOT, Server

FENCE = re.compile(r"^( *)```([^\n]*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
SERVE = re.compile(r"<!-- serve: (.*?) -->")
ANYTHING = "..."


def fits_line(expected, line):
    if ANYTHING not in expected:
        return expected.rstrip() == line.rstrip()
    pattern = ".*".join(re.escape(part) for part in expected.rstrip().split(ANYTHING))
    return re.fullmatch(pattern, line.rstrip()) is not None


def fits_lines(expected, lines):
    """Whether all lines fit in order; a line "..." takes any number of them."""
    if not expected:
        return not lines
    if expected[0].strip() == ANYTHING:
        return any(fits_lines(expected[1:], lines[skip:]) for skip in range(len(lines) + 1))
    return bool(lines) and fits_line(expected[0], lines[0]) and fits_lines(expected[1:], lines[1:])


def json_difference(expected, value, where="the document"):
    """What of `expected` is not in `value`; "" when it fits."""
    if expected == ANYTHING:
        return ""
    if isinstance(expected, dict) and isinstance(value, dict):
        for key, item in expected.items():
            if key not in value:
                return "%s has no key %r" % (where, key)
            difference = json_difference(item, value[key], "%s.%s" % (where, key))
            if difference:
                return difference
        return ""
    if isinstance(expected, list) and isinstance(value, list):
        if expected and expected[-1] == ANYTHING:
            expected = expected[:-1]
            value = value[: len(expected)]
        if len(expected) != len(value):
            return "%s has %d items, not %d" % (where, len(value), len(expected))
        for number, (item, other) in enumerate(zip(expected, value)):
            difference = json_difference(item, other, "%s[%d]" % (where, number))
            if difference:
                return difference
        return ""
    same = expected == value and isinstance(expected, bool) == isinstance(value, bool)
    return "" if same else "%s is %r, not %r" % (where, value, expected)


class Example:
    def __init__(self, line, info, text, serve):
        self.line = line
        self.language = info[0] if info else ""
        self.file = next((word[5:] for word in info if word.startswith("file=")), None)
        self.is_test = "test" in info[1:]
        self.text = text
        self.serve = serve


def examples_of(text):
    found = []
    for match in FENCE.finditer(text):
        before = SERVE.findall(text, 0, match.start())
        indent = len(match.group(1))
        body = "".join(line[indent:] for line in match.group(3).splitlines(keepends=True))
        example = Example(
            text.count("\n", 0, match.start()) + 1,
            match.group(2).split(),
            body,
            before[-1] if before else "sample.db",
        )
        if example.file or example.is_test:
            found.append(example)
    return found


class Reader(unittest.TestCase):
    """The rules above, since a reader that accepts everything would prove nothing."""

    def test_lines(self):
        cases = [
            (["a", "b"], ["a", "b"], True),
            (["a"], ["a", "b"], False),
            (["a", "b"], ["a"], False),
            (["..."], [], True),
            (["a", "...", "z"], ["a", "b", "c", "z"], True),
            (["a", "...", "z"], ["a", "b"], False),
            (["x ..."], ["x anything"], True),
            (["x ... z"], ["x y"], False),
        ]
        for expected, lines, fits in cases:
            with self.subTest(expected=expected, lines=lines):
                self.assertEqual(fits_lines(expected, lines), fits)

    def test_json(self):
        cases = [
            ({"a": 1}, {"a": 1, "b": 2}, True),
            ({"a": 1, "b": 2}, {"a": 1}, False),
            ([1, 2], [1, 2, 3], False),
            ([1, "..."], [1, 2, 3], True),
            ({"a": "..."}, {"a": [1]}, True),
            ({"a": True}, {"a": 1}, False),
            ({"a": {"b": 1}}, {"a": {"b": 2}}, False),
        ]
        for expected, value, fits in cases:
            with self.subTest(expected=expected, value=value):
                self.assertEqual(json_difference(expected, value) == "", fits)

    def test_blocks(self):
        text = "a\n```yaml file=x.yml\nk: v\n```\n<!-- serve: b.db -m x.yml -->\n```http test\nGET /\n```\n```sh\nno\n```\n"
        first, second = examples_of(text)
        self.assertEqual((first.file, first.text, first.line), ("x.yml", "k: v\n", 2))
        self.assertEqual((second.language, second.serve), ("http", "b.db -m x.yml"))


class Document:
    """The examples of one manual page, run in order in a folder of their own."""

    def __init__(self, test, path):
        self.test = test
        self.path = path
        self.folder = tempfile.mkdtemp(prefix="tapedeck-docs-")
        test.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        sample = (ROOT / "tests" / "fixtures" / "sample.sql").read_text()
        with contextlib.closing(sqlite3.connect(os.path.join(self.folder, "sample.db"))) as database:
            database.executescript(sample)
        os.mkdir(os.path.join(self.folder, "bin"))
        os.symlink(PROGRAM, os.path.join(self.folder, "bin", "tapedeck"))
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DATASETTE_", "TAPEDECK_"))
        }
        self.environment["PATH"] = os.path.join(self.folder, "bin") + ":" + os.environ["PATH"]
        self.server = None
        self.served = None

    def run(self):
        text = self.path.read_text()
        for example in examples_of(text):
            with self.test.subTest("%s:%d" % (self.path.name, example.line)):
                self.run_example(example)
        self.stop()

    def run_example(self, example):
        if example.file:
            path = pathlib.Path(self.folder, example.file)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(example.text)
            # What is served may have been read from this file.
            self.stop()
        elif example.language == "console":
            self.run_console(example)
        elif example.language == "http":
            self.run_http(example)
        else:
            self.test.fail("a block of %r cannot be tested" % example.language)

    def run_console(self, example):
        for command, expected in self.commands_of(example.text):
            done = subprocess.run(
                ["sh", "-c", command], cwd=self.folder, env=self.environment, timeout=60,
                check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            )
            status = 0
            if expected and (match := re.fullmatch(r"\(exit status (\d+)\)", expected[-1].strip())):
                status = int(match.group(1))
                expected = expected[:-1]
            output = done.stdout.replace(self.folder + "/", "").splitlines()
            self.test.assertEqual(done.returncode, status, "%s\n%s" % (command, done.stdout))
            self.test.assertTrue(
                fits_lines(expected, output),
                "%s\nprints\n%s\nnot\n%s" % (command, "\n".join(output), "\n".join(expected)),
            )

    @staticmethod
    def commands_of(text):
        commands = []
        for line in text.splitlines():
            if line.startswith("$ "):
                commands.append((line[2:], []))
            elif commands and commands[-1][0].endswith("\\"):
                command, expected = commands.pop()
                commands.append((command[:-1] + line.strip(), expected))
            elif commands:
                commands[-1][1].append(line)
        return commands

    def run_http(self, example):
        asked, _, answer = example.text.partition("HTTP/1.1 ")
        head, _, body = asked.partition("\n\n")
        method, path = head.splitlines()[0].split(" ", 1)
        headers = dict(line.split(": ", 1) for line in head.splitlines()[1:])
        self.start(example.serve)
        got = self.server.request(method, path.strip(), body.strip() or None, headers)
        shown_head, _, shown_body = answer.partition("\n\n")
        status, *shown_headers = shown_head.splitlines()
        text = got.body.decode()
        self.test.assertEqual(got.status, int(status.split()[0]), text[:2000])
        for line in shown_headers:
            name, value = line.split(": ", 1)
            self.test.assertTrue(
                fits_line(value, got.headers.get(name, "")), "%s: %s" % (name, got.headers.get(name))
            )
        self.check_body(shown_body.strip(), text, got.headers.get("content-type", ""))

    def check_body(self, shown, text, content_type):
        if not shown:
            return
        if "json" in content_type:
            self.test.assertEqual(json_difference(json.loads(shown), json.loads(text)), "", text[:2000])
            return
        lines = text.splitlines()
        for expected in shown.splitlines():
            if expected.strip() in ("", ANYTHING):
                continue
            found = expected.strip() in text or any(fits_line(expected, line) for line in lines)
            self.test.assertTrue(found, "%r is not in\n%s" % (expected, text[:4000]))

    def start(self, serve):
        if self.server is not None and self.served == serve:
            return
        self.stop()
        # Paths of the manual are relative to its own folder.
        self.server = Server(*shlex.split(serve), prefix=("env", "--chdir=" + self.folder))
        self.served = serve
        if self.server.url is None:
            log = self.server.log
            self.stop()
            self.test.fail("serve %s: %s" % (serve, log))

    def stop(self):
        if self.server is not None:
            self.server.clean_up()
            self.server = None


class Documents(unittest.TestCase):
    def test_examples(self):
        paths = sorted((ROOT / "docs").glob("*.md"))
        self.assertTrue(paths)
        for path in paths:
            document = Document(self, path)
            self.addCleanup(document.stop)
            document.run()


if __name__ == "__main__":
    unittest.main()
