"""A pool of workers and an nginx of its own in front, on loopback, for one measurement."""
import glob
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HOST = "bench.example"  # every request names it, so that absolute URLs do not depend on the port

# One site of `tapedeck serve` for each side of a ratio; only the programs behind them differ, and only "cached" caches.
SIDES = {"tapedeck": r"\1.sock", "cached": r"\1.sock", "echo": "echo.sock", "tapped": "tap.sock"}


def part(text, start, end):
    """(before, from start up to end, from end on); the file has to have both."""
    first = text.index(start)
    last = text.index(end, first)
    return text[:first], text[first:last], text[last:]


def nginx_config(run, ports, static):
    """The shipped configuration, with its site once per side."""
    def shipped(name):
        with open(os.path.join(ROOT, "nginx", name), encoding="utf-8") as fp:
            return fp.read()

    site = shipped("tapedeck-server.conf")
    uncached = site.replace("\nfastcgi_cache $tapedeck_cache;", "\nfastcgi_cache off;")
    if uncached == site:
        raise RuntimeError("nginx/tapedeck-server.conf switches on no cache")
    for name, text in (("cached.conf", site), ("uncached.conf", uncached)):
        with open(os.path.join(run, name), "w", encoding="utf-8") as fp:
            fp.write(text)

    text = shipped("tapedeck.conf.in")
    values = {"USER_DIRECTIVE": "user root;" if os.geteuid() == 0 else "", "RUN_DIR": run, "STATIC_FILES": os.path.join(ROOT, "static"),
              "MAX_BODY_BYTES": "2097152"}
    for name, value in values.items():
        text = text.replace("@%s@" % name, value)
    text = text.replace("include tapedeck-http.conf;", 'include "%s/nginx/tapedeck-http.conf";' % ROOT)
    head, upstreams, rest = part(text, "    upstream serve_read", "    server {")
    server, end = rest[:rest.rindex("    }")], rest[rest.rindex("    }"):]
    out = head
    for side, socket_name in SIDES.items():
        out += re.sub(r"/(\w+)\.sock", "/" + socket_name, upstreams.replace("upstream serve_", "upstream %s_" % side))
        out += (server.replace("@LISTEN@", "127.0.0.1:%d" % ports[side]).replace("set $tapedeck_site serve;", "set $tapedeck_site %s;" % side)
                .replace("include tapedeck-server.conf;", 'include "%s/%scached.conf";' % (run, "" if side == "cached" else "un"))
                + "        location /static-copy/ { alias %s/; }\n    }\n" % static)
    return out + end.replace("    }\n", "", 1)


def children(pid):
    """All processes below `pid`."""
    out = []
    for path in glob.glob("/proc/%d/task/*/children" % pid):
        try:
            with open(path, encoding="ascii") as fp:
                for child in map(int, fp.read().split()):
                    out += [child] + children(child)
        except OSError:
            pass
    return out


def cpu_seconds(pids):
    ticks = 0
    for pid in pids:
        try:
            with open("/proc/%d/stat" % pid, encoding="utf-8") as fp:
                fields = fp.read().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        except OSError:
            pass
    return ticks / os.sysconf("SC_CLK_TCK")


def private_kb(pid):
    """Memory of the process that no other process shares."""
    try:
        with open("/proc/%d/smaps_rollup" % pid, encoding="ascii") as fp:
            return sum(int(line.split()[1]) for line in fp if line.startswith("Private_Dirty:"))
    except OSError:
        return 0


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def stop(process):
    if process is not None and process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Tap:
    """Stands between nginx and a worker for one request and keeps what the worker wrote."""

    def __init__(self, path, upstream):
        self.upstream, self.stdout = upstream, b""
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(8)

    def __enter__(self):
        self.stdout = b""
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.thread.join(30)

    def _serve(self):
        front, _ = self.listener.accept()
        back = socket.socket(socket.AF_UNIX)
        back.connect(self.upstream)

        def forward():
            try:
                while data := front.recv(65536):
                    back.sendall(data)
            except OSError:
                pass

        threading.Thread(target=forward, daemon=True).start()
        answer = b""
        while data := back.recv(65536):
            answer += data
            front.sendall(data)
        for connection in (front, back):
            try:
                connection.shutdown(socket.SHUT_RDWR)  # wakes the other thread, which a mere close does not
            except OSError:
                pass  # the other end was faster
            connection.close()
        # FastCGI records: version, type, id (2), content length (2), padding length, reserved.
        position = 0
        while position + 8 <= len(answer):
            kind, length, padding = answer[position + 1], int.from_bytes(answer[position + 4:position + 6], "big"), answer[position + 6]
            if kind == 6:
                self.stdout += answer[position + 8:position + 8 + length]
            position += 8 + length + padding


class Site:
    """One pool (and one echo) behind one nginx, with a port for each side."""

    def __init__(self, program, files, options=(), environment=None, workers=2, echo=None):
        self.run = tempfile.mkdtemp(prefix="tapedeck-bench-")
        self.pool = self.nginx = None
        self.echoes = []
        self.ports = {side: free_port() for side in SIDES}
        self.static = os.path.join(self.run, "static")
        self.answers = os.path.join(self.run, "answers")
        self.echo_program, self.workers = echo, workers
        for folder in (self.static, self.answers):
            os.mkdir(folder)
        try:
            with open(os.path.join(self.run, "pool.log"), "ab") as log:
                self.pool = subprocess.Popen(
                    [program, "pool", "--run-dir", self.run, "--workers", str(workers), *files, *options],
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, **(environment or {})})
            self.tap = Tap(os.path.join(self.run, "tap.sock"), os.path.join(self.run, "read.sock"))
            self._start_nginx()
            self._wait()
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        for process in [self.nginx, self.pool, *self.echoes]:
            stop(process)
        shutil.rmtree(self.run, ignore_errors=True)

    def _start_nginx(self):
        config = os.path.join(self.run, "nginx.conf")
        with open(config, "w", encoding="utf-8") as fp:
            fp.write(nginx_config(self.run, self.ports, self.static))
        with open(os.path.join(self.run, "nginx.log"), "ab") as log:
            self.nginx = subprocess.Popen(["nginx", "-e", "stderr", "-p", self.run, "-c", config],
                                          stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _wait(self):
        for _ in range(200):
            if self.pool.poll() is not None or self.nginx.poll() is not None:
                break
            try:
                if self.get("/-/versions.json")[0] not in (502, 503, 504):
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise RuntimeError("the site did not start:\n" + self.log("nginx")[-1000:] + self.log("pool")[-2000:])

    def log(self, name):
        with open(os.path.join(self.run, name + ".log"), encoding="utf-8", errors="replace") as fp:
            return fp.read()

    def url(self, side, path):
        return "http://127.0.0.1:%d%s" % (self.ports[side], path)

    def get(self, path, headers=None, side="tapedeck"):
        """(status, headers, body)"""
        request = urllib.request.Request(self.url(side, path), headers={"Host": HOST, **(headers or {})})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, dict(error.headers), error.read()

    def capture(self, path, headers=None):
        """The bytes that a worker writes for this request, headers and body."""
        with self.tap:
            self.get(path, headers, "tapped")
        return self.tap.stdout

    def start_echo(self, answers):
        """Starts as many echo processes as there are workers; answers: {key: bytes}."""
        for number, (key, answer) in enumerate(answers.items()):
            for suffix, content in ((".key", key.encode()), (".answer", answer)):
                with open(os.path.join(self.answers, "%d%s" % (number, suffix)), "wb") as fp:
                    fp.write(content)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(os.path.join(self.run, "echo.sock"))
        listener.listen(1024)
        for _ in range(self.workers):
            self.echoes.append(subprocess.Popen([self.echo_program, self.answers], stdin=listener.fileno()))
        listener.close()

    def worker_pids(self):
        return children(self.pool.pid)

    def echo_pids(self):
        return [process.pid for process in self.echoes]
