"""The files for production: nginx's site example and systemd's units."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from support import ROOT

LANES = ("read", "query", "export", "write")


class NginxSite(unittest.TestCase):
    def test_the_example_is_accepted_by_nginx(self):
        folder = tempfile.mkdtemp(prefix="tapedeck-nginx-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
             "/CN=example.org", "-keyout", folder + "/key.pem", "-out", folder + "/cert.pem"],
            check=True, capture_output=True,
        )
        site = (ROOT / "nginx/site.conf.example").read_text()
        for place, here in (
            ("/usr/share/tapedeck/nginx", str(ROOT / "nginx")),
            ("/usr/share/tapedeck/static", str(ROOT / "static")),
            ("/var/cache/nginx/tapedeck", folder + "/cache"),
            ("/etc/letsencrypt/live/example.org/fullchain.pem", folder + "/cert.pem"),
            ("/etc/letsencrypt/live/example.org/privkey.pem", folder + "/key.pem"),
        ):
            self.assertIn(place, site)
            site = site.replace(place, here)
        if not os.path.exists("/proc/net/if_inet6"):
            site = re.sub(r"(?m)^\s*listen \[::\].*\n", "", site)
        # Ports that nobody needs to be root for.
        site = site.replace("listen 80", "listen 18080").replace("listen 443", "listen 18443")
        site = site.replace("listen [::]:80", "listen [::]:18080")
        site = site.replace("listen [::]:443", "listen [::]:18443")
        temporary = "".join(
            "%s_temp_path %s/%s;\n" % (kind, folder, kind)
            for kind in ("client_body", "fastcgi", "proxy", "uwsgi", "scgi")
        )
        path = pathlib.Path(folder, "nginx.conf")
        path.write_text(
            "pid %s/pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n%s%s}\n"
            % (folder, temporary, site)
        )
        nginx = shutil.which("nginx") or "/usr/sbin/nginx"
        done = subprocess.run(
            [nginx, "-t", "-e", "stderr", "-c", str(path)],
            capture_output=True, text=True, check=False,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("[warn]", done.stderr)

    def test_costly_requests_are_told_by_their_addresses(self):
        text = (ROOT / "nginx/tapedeck-http.conf").read_text()
        block = re.search(r"\$tapedeck_is_costly \{(.*?)\n\}", text, re.S).group(1)
        patterns = [
            re.compile(pattern, re.I if flags else 0)
            for flags, pattern in re.findall(r'"~(\*?)(.*)" 1;', block)
        ]
        self.assertEqual(len(patterns), 4)
        for request, is_costly in (
            ("GET /db/-/query?sql=select+1", True),
            ("HEAD /pre/db/-/query.csv", True),
            ("POST /db/-/query.json", True),
            ("POST /db", True),
            ("POST /db.json?a=/-/", True),
            ("GET /db/t?_where=a", True),
            ("GET /db/t?a=1&%5Fwhere=a", True),
            ("GET /db/t?%5f%77h%65re=a", True),
            ("GET /db/t.csv?_stream=on", True),
            ("GET /db/t.csv?x&%5fs%74ream=on", True),
            ("GET /db/t?x_where=a", False),
            ("GET /db/t?a=_where=", False),
            ("GET /db/_where", False),
            ("GET /db/-/queries.json", False),
            ("GET /db/t?q=/-/query", False),
            ("POST /-/logout", False),
            ("POST /db/t/-/insert", False),
        ):
            with self.subTest(request):
                self.assertEqual(any(p.search(request) for p in patterns), is_costly)

    def test_no_location_loses_the_headers_of_the_server(self):
        text = (ROOT / "nginx/tapedeck-server.conf").read_text()
        for block in re.findall(r"(?ms)^location .*?^\}", text):
            with self.subTest(block.splitlines()[0]):
                self.assertEqual("add_header" in block, "Strict-Transport-Security" in block)

    def test_the_cache_is_as_the_contract_has_it(self):
        server = (ROOT / "nginx/tapedeck-server.conf").read_text()
        self.assertNotRegex(server, r"(?m)^\s*fastcgi_cache_use_stale[^;]*updating")
        self.assertNotRegex(server, r"(?m)^\s*fastcgi_ignore_headers")
        for directive in (
            "fastcgi_cache_revalidate on;",
            "fastcgi_cache_background_update off;",
            "fastcgi_keep_conn off;",
            "fastcgi_intercept_errors off;",
            "merge_slashes off;",
        ):
            self.assertIn(directive, server)


@unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd-analyze here")
class SystemdUnits(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="tapedeck-units-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        for lane in LANES:
            name = "tapedeck-%s@" % lane
            shutil.copy(ROOT / "systemd" / (name + ".socket"), self.folder)
            shutil.copy(ROOT / "systemd" / (name + ".socket"), self.folder + "/%sx.socket" % name)
        service = (ROOT / "systemd/tapedeck@.service").read_text()
        # verify looks whether the program exists.
        self.assertIn("ExecStart=/usr/bin/tapedeck pool --config /etc/tapedeck/%i.json", service)
        service = service.replace("/usr/bin/tapedeck", "/bin/true")
        for name in ("tapedeck@.service", "tapedeck@x.service"):
            pathlib.Path(self.folder, name).write_text(service)

    def analyze(self, *arguments):
        return subprocess.run(
            ["systemd-analyze", *arguments],
            capture_output=True, text=True, check=False, cwd=self.folder,
            env=dict(os.environ, SYSTEMD_UNIT_PATH=self.folder + ":"),
        )

    def test_verify_finds_nothing(self):
        done = self.analyze(
            "verify", "./tapedeck@x.service", *("./tapedeck-%s@x.socket" % lane for lane in LANES)
        )
        self.assertEqual((done.returncode, done.stderr.strip()), (0, ""))

    def test_the_service_is_exposed_little(self):
        done = self.analyze("security", "--offline=true", "./tapedeck@x.service")
        found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
        self.assertIsNotNone(found, done.stdout + done.stderr)
        self.assertLessEqual(float(found.group(1)), 0.6)

    def test_each_lane_has_its_socket(self):
        for lane in LANES:
            text = (ROOT / "systemd" / ("tapedeck-%s@.socket" % lane)).read_text()
            for line in (
                "Service=tapedeck@%i.service",
                "FileDescriptorName=" + lane,
                "SocketMode=0660",
                "Backlog=1024",
            ):
                self.assertIn(line + "\n", text)


if __name__ == "__main__":
    unittest.main()
