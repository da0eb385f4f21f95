#!/usr/bin/env python3
"""Measures Tapedeck against what the machine can do, as ratios with their targets.

    bench.py --build BUILD [--quick] [--huge] [--workers N] [--only WORD]...

E  a libfcgi program that answers the very same bytes from memory, behind the same nginx
S  a static file of the same size, from the same nginx
C  `sqlite3 -csv` of the same rows

--huge shows and exports 10,000,000 rows (a database of 1.1 GB, made once) and nothing else.

Both sides of a ratio run in turns, and the median over the pairs of rounds counts: absolute figures
depend on the machine and on what else runs there, ratios much less. The exit status says whether
everything could be measured, not whether the targets were met.
"""
import argparse
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
import databases  # noqa: E402
import front  # noqa: E402

ROW, TABLE, PAGE, NOT_MODIFIED = "/small/t/5000.json", "/small/t.json", "/small/t", "/small/t.json?_size=50"
CSV_ROWS, HUGE_ROWS = 1000000, 10000000


class NotMeasured(Exception):
    """Why a line has no figure; the other lines go on."""


class Report:
    def __init__(self):
        self.lines, self.missed, self.unmeasured = [], 0, 0

    def add(self, name, value, target, note="", unit=""):
        """`target` is (">=" or "<=", number)."""
        relation, bound = target
        met = value >= bound if relation == ">=" else value <= bound
        self.missed += not met
        self._line(name, "%.2f%s" % (value, unit), "%s %g%s" % (relation, bound, unit), "met" if met else "MISSED", note)

    def failed(self, name, error):
        self.unmeasured += 1
        self._line(name, "-", "", "NOT MEASURED", str(error))

    def _line(self, *cells):
        self.lines.append(cells)
        print("  %s: %s" % (cells[0], " ".join(cells[1:])), flush=True)

    def show(self):
        head = ("measurement", "ratio", "target", "", "")
        widths = [max(len(line[n]) for line in [head, *self.lines]) for n in range(5)]
        print()
        for line in [head, *self.lines]:
            print("  ".join((cell.rjust if n == 1 else cell.ljust)(widths[n]) for n, cell in enumerate(line)).rstrip())
        met = len(self.lines) - self.missed - self.unmeasured
        print("\n%d met, %d missed, %d not measured" % (met, self.missed, self.unmeasured))


class Load:
    """One kind of request at one side of a site, put under load by wrk."""

    def __init__(self, site, side, path, headers=None, pids=()):
        self.site, self.side, self.path, self.headers, self.pids = site, side, path, headers or {}, pids
        self.rates, self.cpu = [], []

    def round(self, seconds):
        command = ["wrk", "-t1", "-c16", "-d%gs" % seconds, "--timeout", "10s"]
        for name, value in {"Host": front.HOST, **self.headers}.items():
            command += ["-H", "%s: %s" % (name, value)]
        before = front.cpu_seconds(self.pids)
        text = subprocess.run(command + [self.site.url(self.side, self.path)], check=True, capture_output=True, text=True).stdout
        used = front.cpu_seconds(self.pids) - before
        rate = re.search(r"Requests/sec:\s*([\d.]+)", text)
        count = re.search(r"(\d+) requests in", text)
        errors = re.search(r"Non-2xx or 3xx responses: (\d+)", text) or re.search(r"Socket errors: (.*)", text)
        if errors or not rate or not count or int(count.group(1)) == 0:
            raise NotMeasured("%s %s: %s" % (self.side, self.path, errors.group(0) if errors else "no answer"))
        self.rates.append(float(rate.group(1)))
        self.cpu.append(1e6 * used / int(count.group(1)))

    @property
    def cpu_us(self):
        return statistics.median(self.cpu)


class Bench:
    def __init__(self, args):
        self.args = args
        self.program = os.path.join(args.build, "tapedeck")
        self.rounds, self.seconds = (2, 1) if args.quick else (5, 3)
        self.report = Report()
        print("making the databases", flush=True)
        folder = os.path.join(args.build, "bench")
        self.files = databases.make_huge(folder, HUGE_ROWS) if args.huge else databases.make_all(folder)

    def site(self, names, options=(), environment=None, workers=None):
        return front.Site(self.program, [self.files[name] for name in names], options, environment,
                          workers or self.args.workers, os.path.join(self.args.build, "bench_echo"))

    def wanted(self, name):
        return not self.args.only or any(word in name for word in self.args.only)

    def measure(self, name, function):
        if not self.wanted(name):
            return
        try:
            function(name)
        except (NotMeasured, OSError, RuntimeError, subprocess.SubprocessError) as error:
            self.report.failed(name, error)

    def alternate(self, first, second):
        """Runs both loads in turns; the first round of each only warms up."""
        for number in range(self.rounds + 1):
            for load in (first, second):
                load.round(1 if number == 0 else self.seconds)
            if number == 0:
                for load in (first, second):
                    load.rates.clear()
                    load.cpu.clear()
        return statistics.median(a / b for a, b in zip(first.rates, second.rates))

    # --- speed of requests -------------------------------------------------------------------------

    def requests(self, site):
        for path in (ROW, TABLE, PAGE, "/big/t", "/big/t.json?_next=999900"):
            status = site.get(path)[0]
            if status != 200:
                raise RuntimeError("%s answers %d" % (path, status))
        etag = site.get(NOT_MODIFIED)[1].get("ETag", "")
        asks = {"If-None-Match": etag}
        kinds = [("row JSON / E", ROW, {}, b"200", 0.60), ("table JSON / E", TABLE, {}, b"200", 0.40),
                 ("table HTML / E", PAGE, {}, b"200", 0.33), ("304 / E", NOT_MODIFIED, asks, b"304", 0.80)]
        answers, problems = {}, {}
        for name, path, headers, status, _ in kinds:
            answer = site.capture(path, headers)
            found = re.match(rb"(?:(?!\r?\n\r?\n).)*?^Status: (\d+)", answer, re.DOTALL | re.MULTILINE)
            if (found.group(1) if found else b"200") != status or not answer:
                problems[name] = "the worker does not answer %s with %s: %r" % (path, status.decode(), answer[:80])
            answers[path + (" 304" if headers else "")] = answer
        site.start_echo(answers)

        for name, path, headers, _, target in kinds:
            def against_echo(name, path=path, headers=headers, target=target):
                if name in problems:
                    raise NotMeasured(problems[name])
                ours = Load(site, "tapedeck", path, headers, site.worker_pids())
                echo = Load(site, "echo", path, headers, site.echo_pids())
                ratio = self.alternate(ours, echo)
                self.report.add(name, ratio, (">=", target), "CPU per request %.0f us, E %.0f us" % (ours.cpu_us, echo.cpu_us))
            self.measure(name, against_echo)

        def cached(name):
            body = site.get(PAGE, side="cached")[2]
            with open(os.path.join(site.static, "page.html"), "wb") as fp:
                fp.write(body)
            ours = Load(site, "cached", PAGE, pids=site.worker_pids())
            static = Load(site, "cached", "/static-copy/page.html")
            ratio = self.alternate(ours, static)
            self.report.add(name, ratio, (">=", 0.95), "%d bytes; CPU of the workers per request %.1f us" % (len(body), ours.cpu_us))
        self.measure("cached page / S", cached)

        def time_ratio(longer, shorter, limit):
            def run(name):
                slow, fast = Load(site, "tapedeck", longer), Load(site, "tapedeck", shorter)
                ratio = 1 / self.alternate(slow, fast)
                self.report.add(name, ratio, ("<=", limit))
            return run
        self.measure("time of a page: 1,000,000 rows / 10,000 rows", time_ratio("/big/t", "/small/t", 1.25))
        self.measure("time of the last keyset page / first", time_ratio("/big/t.json?_next=999900", "/big/t.json", 1.1))

    # --- CSV ----------------------------------------------------------------------------------------

    def download(self, site, path):
        """(seconds, seconds to the first byte of the body, lines)"""
        started = time.monotonic()
        first, lines, head = None, 0, b""
        buffer = bytearray(1 << 20)
        with socket.create_connection(("127.0.0.1", site.ports["tapedeck"]), timeout=600) as connection:
            connection.sendall(("GET %s HTTP/1.0\r\nHost: %s\r\n\r\n" % (path, front.HOST)).encode())
            while size := connection.recv_into(buffer):
                if first is None:
                    head += buffer[:size]
                    end = head.find(b"\r\n\r\n")
                    if end < 0 or len(head) == end + 4:
                        continue
                    first = time.monotonic() - started
                    lines += head.count(b"\n", end + 4)
                else:
                    lines += buffer.count(b"\n", 0, size)
        if not re.match(rb"HTTP/1\.\d 200 ", head):
            raise NotMeasured("%s: %s" % (path, head[:60]))
        return time.monotonic() - started, first, lines

    def watched_download(self, site, path, rows):
        """(seconds, seconds to the first byte, growth of the worker in MB)"""
        pids = site.worker_pids()
        before = {pid: front.private_kb(pid) for pid in pids}
        most, done = dict(before), threading.Event()

        def watch():
            while not done.wait(0.05):
                for pid in pids:
                    most[pid] = max(most[pid], front.private_kb(pid))
        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            seconds, first, lines = self.download(site, path)
        finally:
            done.set()
            watcher.join()
        if lines != rows:
            raise NotMeasured("%d lines of %d came" % (lines, rows))
        return seconds, first, max(most[pid] - before[pid] for pid in pids) / 1024

    def sqlite_seconds(self, name):
        command = ["sqlite3", "-readonly", "-csv", "-header", self.files[name], "select * from t"]
        started = time.monotonic()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return time.monotonic() - started

    def csv(self, site):
        names = ["CSV of 1,000,000 rows: time / C", "CSV: memory growth of a worker", "CSV: time to the first byte"]
        if not any(map(self.wanted, names)):
            return
        ours, theirs = [], []
        try:
            self.download(site, "/small/t.csv?_stream=on&_size=max")
            for _ in range(1 if self.args.quick else 3):
                ours.append(self.watched_download(site, "/big/t.csv?_stream=on&_size=max", CSV_ROWS + 1))
                theirs.append(self.sqlite_seconds("big"))
        except (NotMeasured, OSError, subprocess.SubprocessError) as error:
            for name in names:
                self.report.failed(name, error)
            return
        seconds, firsts, growth = zip(*ours)
        self.report.add(names[0], statistics.median(seconds) / statistics.median(theirs), ("<=", 1.0))
        self.report.add(names[1], max(growth), ("<=", 2), unit=" MB")
        self.report.add(names[2], 1000 * statistics.median(firsts), ("<=", 50), unit=" ms")

    def huge(self, site):
        """Exports of 10,000,000 rows, in turns with sqlite3."""
        csv, ndjson, theirs = [], [], []
        self.download(site, "/warm/t.csv?_stream=on")
        for _ in range(1 if self.args.quick else 3):
            csv.append(self.watched_download(site, "/huge/t.csv?_stream=on", HUGE_ROWS + 1))
            theirs.append(self.sqlite_seconds("huge"))
            ndjson.append(self.watched_download(site, "/huge/t.ndjson?_stream=on", HUGE_ROWS))
        note = "CSV %.1f s, sqlite3 %.1f s, NDJSON %.1f s" % (csv[-1][0], theirs[-1], ndjson[-1][0])
        self.report.add("CSV of 10,000,000 rows: speed / C",
                        statistics.median(c / own[0] for c, own in zip(theirs, csv)), (">=", 1.5), note)
        self.report.add("NDJSON of 10,000,000 rows: time / CSV",
                        statistics.median(json[0] / own[0] for json, own in zip(ndjson, csv)), ("<=", 1.2))
        self.report.add("10,000,000 rows: memory growth of a worker", max(run[2] for run in csv + ndjson), ("<=", 2), unit=" MB")

    def huge_pages(self, site):
        """The table page over 10,000,000 rows, with a facet asked for, others suggested, and the count."""
        pages = ["/%s/t?_facet=category" % name for name in ("huge", "warm")]
        started = time.monotonic()
        cold = site.get(pages[0])[2]
        cold_ms = 1000 * (time.monotonic() - started)
        self.report.add("10,000,000 rows: the first page", cold_ms, ("<=", 1000),
                        "" if b"timed out" in cold else "no facet timed out", " ms")
        huge, warm = (Load(site, "tapedeck", page) for page in pages)
        self.report.add("time of a warm page: 10,000,000 rows / 10,000 rows", 1 / self.alternate(huge, warm), ("<=", 1.25))

    # --- memory -------------------------------------------------------------------------------------

    def memory(self):
        def private_mb(names):
            """Of the largest worker, when each has read from every database."""
            with self.site(names) as site:
                script = os.path.join(site.run, "urls.lua")
                paths = ["/%s/t%s" % (name, rest) for name in names for rest in ("", ".json", "/7.json", "?_sort=score")]
                with open(script, "w", encoding="utf-8") as fp:
                    fp.write("local paths = {%s}\nlocal n = 0\n" % ", ".join('"%s"' % path for path in paths))
                    fp.write('wrk.headers["Host"] = "%s"\n' % front.HOST)
                    fp.write('request = function() n = n %% %d + 1; return wrk.format(nil, paths[n]) end\n' % len(paths))
                text = subprocess.run(["wrk", "-t1", "-c16", "-d%ds" % (2 if self.args.quick else 4), "-s", script,
                                       site.url("tapedeck", "/")], check=True, capture_output=True, text=True).stdout
                if "Non-2xx" in text or "Socket errors" in text:
                    raise NotMeasured(text.strip().splitlines()[-3])
                return max(map(front.private_kb, site.worker_pids())) / 1024

        def run(name):
            one = private_mb(["d0"])
            ten = private_mb(["d%d" % n for n in range(10)])
            self.report.add(name, one, ("<=", 8), "with 10 databases %.2f MB" % ten, " MB")
            self.report.add("private memory for each further database", (ten - one) / 9, ("<=", 0.5), unit=" MB")
        self.measure("private memory of a worker, 1 database", run)

    # --- statements ---------------------------------------------------------------------------------

    def statements(self):
        def run(name):
            # One worker, so that the first answer has opened the database for all that come after.
            with self.site(["small"], environment={"DATASETTE_LOG_LEVEL": "DEBUG"}, workers=1) as site:
                def lines(pattern):
                    return len(pattern.findall(site.log("pool")))

                def count(headers, status):
                    statements, requests = lines(SQL_LINE), lines(REQUEST_LINE)
                    got = site.get(TABLE, headers)
                    if got[0] != status:
                        raise NotMeasured("%s answers %d, not %d" % (TABLE, got[0], status))
                    until = time.monotonic() + 10  # the line of a request may come after its last byte
                    while lines(REQUEST_LINE) == requests:
                        if time.monotonic() > until:
                            raise NotMeasured("%s is not in the log" % TABLE)
                        time.sleep(0.01)
                    return lines(SQL_LINE) - statements, got[1].get("ETag")

                ran, etag = count({}, 200)
                if ran == 0:
                    raise NotMeasured("the log at DEBUG shows no statement even for a full answer")
                again = [count({"If-None-Match": etag or ""}, 304)[0] for _ in range(5)]
                self.report.add(name, max(again), ("<=", 0), "a full answer runs %d" % ran)
        self.measure("SQL statements of a 304", run)

    def run(self):
        started = time.monotonic()
        if self.args.huge:
            with self.site(["warm", "huge"], ["--setting", "max_csv_mb", "0"]) as site:
                self.measure("pages of 10,000,000 rows", lambda name: self.huge_pages(site))
                self.measure("CSV of 10,000,000 rows", lambda name: self.huge(site))
            self.report.show()
            return 1 if self.report.unmeasured else 0
        with self.site(["small", "big"], ["--setting", "max_csv_mb", "0"]) as site:
            try:
                self.requests(site)
            except RuntimeError as error:
                self.report.failed("requests", error)
            self.csv(site)
        self.memory()
        self.statements()
        self.report.show()
        print("%d workers, %d rounds of %d s, %.0f s in all"
              % (self.args.workers, self.rounds, self.seconds, time.monotonic() - started))
        return 1 if self.report.unmeasured else 0


REQUEST_LINE = re.compile(r"\bevent=request ")
# The workers' log at DEBUG has one line per statement.
SQL_LINE = re.compile(r"(?mi)^(?=.*\blevel=debug\b).*(?:\bevent=sql\b|\ssql=)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, metavar="DIR", help="the build folder: tapedeck, bench_echo; databases go to DIR/bench")
    parser.add_argument("--quick", action="store_true", help="short rounds, for trying out")
    parser.add_argument("--huge", action="store_true", help="pages and exports of 10,000,000 rows instead")
    parser.add_argument("--workers", type=int, default=2, help="FastCGI processes on either side")
    parser.add_argument("--only", action="append", metavar="WORD", help="only measurements with this in their name")
    return Bench(parser.parse_args()).run()


if __name__ == "__main__":
    sys.exit(main())
