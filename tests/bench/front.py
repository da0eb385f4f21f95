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

# The same front for every side; only the program behind differs. Caching is on for the side "cached".
NGINX = """
{user}
worker_processes {nginx_workers};
daemon off;
pid {run}/nginx.pid;
error_log {run}/nginx.log warn;
events {{ worker_connections 2048; }}
http {{
  access_log off;
  default_type application/octet-stream;
  types {{ text/html html; application/json json; text/csv csv; }}
  sendfile on;
  tcp_nopush on;
  keepalive_timeout 60s;
  keepalive_requests 100000000;
  client_body_temp_path {run}/temp-body;
  proxy_temp_path {run}/temp-proxy;
  fastcgi_temp_path {run}/temp-fastcgi;
  uwsgi_temp_path {run}/temp-uwsgi;
  scgi_temp_path {run}/temp-scgi;
  fastcgi_cache_path {run}/cache levels=1:2 keys_zone=pages:4m use_temp_path=off max_size=64m;
  fastcgi_cache_key $request_method$scheme$host$request_uri;

{upstreams}
{params}
  fastcgi_buffers 16 16k;
  fastcgi_buffer_size 16k;
  fastcgi_read_timeout 300s;

{servers}
}}
"""
PARAMS = """
  fastcgi_param QUERY_STRING $query_string;
  fastcgi_param REQUEST_METHOD $request_method;
  fastcgi_param CONTENT_TYPE $content_type;
  fastcgi_param CONTENT_LENGTH $content_length;
  fastcgi_param REQUEST_URI $request_uri;
  fastcgi_param DOCUMENT_URI $document_uri;
  fastcgi_param SERVER_PROTOCOL $server_protocol;
  fastcgi_param REQUEST_SCHEME $scheme;
  fastcgi_param GATEWAY_INTERFACE CGI/1.1;
  fastcgi_param SERVER_SOFTWARE nginx/$nginx_version;
  fastcgi_param REMOTE_ADDR $remote_addr;
  fastcgi_param SERVER_ADDR $server_addr;
  fastcgi_param SERVER_PORT $server_port;
  fastcgi_param SERVER_NAME $server_name;
  fastcgi_param HTTP_PROXY "";
  fastcgi_param TAPEDECK_FRONT nginx;
"""
LANES = ("read", "query", "export")


def fastcgi_params():
    """The parameters that the shipped nginx configuration sends, so that workers see the same here."""
    lines = []
    for path in sorted(glob.glob(os.path.join(ROOT, "nginx", "*fastcgi*param*"))):
        with open(path, encoding="utf-8") as fp:
            lines += [line for line in fp if re.match(r"\s*fastcgi_param\s", line)]
    return "".join(lines) or PARAMS


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
    """One pool (and one echo) behind one nginx. Ports: tapedeck, echo, tapped, cached."""

    def __init__(self, program, files, options=(), environment=None, workers=2, nginx_workers=2, echo=None):
        self.run = tempfile.mkdtemp(prefix="tapedeck-bench-")
        self.pool = self.nginx = None
        self.echoes = []
        self.ports = {side: free_port() for side in ("tapedeck", "echo", "tapped", "cached")}
        self.static = os.path.join(self.run, "static")
        self.answers = os.path.join(self.run, "answers")
        self.echo_program, self.workers = echo, workers
        for folder in (self.static, self.answers):
            os.mkdir(folder)
        os.chmod(self.run, 0o755)
        try:
            if program:
                self.log = open(os.path.join(self.run, "pool.log"), "ab")
                self.pool = subprocess.Popen(
                    [program, "pool", "--run-dir", self.run, "--workers", str(workers), *files, *options],
                    stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, env={**os.environ, **(environment or {})})
            self.tap = Tap(os.path.join(self.run, "tap.sock"), os.path.join(self.run, "read.sock"))
            self._start_nginx(nginx_workers)
            if program:
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

    def _start_nginx(self, nginx_workers):
        upstreams = "".join("  upstream %s { server unix:%s/%s.sock max_fails=0; }\n" % (name, self.run, name)
                            for name in (*LANES, "echo", "tap"))
        lanes = "".join("    location @%s { fastcgi_pass %s; }\n" % (lane, lane) for lane in LANES)
        cached = ("      fastcgi_cache pages; fastcgi_cache_revalidate on; fastcgi_cache_lock on;\n"
                  "      fastcgi_cache_use_stale error timeout http_500 http_503;\n")

        def server(side, upstream, more=""):
            return ("  server {\n    listen 127.0.0.1:%d backlog=1024;\n    server_name %s;\n"
                    "    location / {\n      fastcgi_pass %s;\n%s    }\n%s"
                    "    location /static-copy/ { alias %s/; }\n  }\n"
                    % (self.ports[side], HOST, upstream, more, lanes, self.static))

        config = os.path.join(self.run, "nginx.conf")
        with open(config, "w", encoding="utf-8") as fp:
            fp.write(NGINX.format(
                user="user root;" if os.geteuid() == 0 else "", nginx_workers=nginx_workers, run=self.run,
                upstreams=upstreams, params=fastcgi_params(),
                servers=server("tapedeck", "read") + server("echo", "echo") + server("tapped", "tap") + server("cached", "read", cached)))
        self.nginx = subprocess.Popen(["nginx", "-e", self.run + "/nginx.log", "-p", self.run, "-c", config], stdin=subprocess.DEVNULL)

    def _wait(self):
        for _ in range(200):
            if self.pool.poll() is not None:
                break
            try:
                if self.get("/-/versions.json")[0] not in (502, 503, 504):
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise RuntimeError("the pool did not start:\n" + self.pool_log()[-2000:])

    def pool_log(self):
        with open(os.path.join(self.run, "pool.log"), encoding="utf-8", errors="replace") as fp:
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
