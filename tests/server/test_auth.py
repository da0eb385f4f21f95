"""Who may see what, through nginx: the root sign-in over all workers, tokens, and that a private
answer is never kept for the next visitor."""

import json
import os
import signal
import subprocess
import unittest

from support import PROGRAM, ServerTest, query, wait_for

CONFIGURATION = {
    "databases": {"site": {"tables": {"numbers": {"allow": {"id": "ann"}}, "slow": {"allow": {"id": "ann"}}}}}
}


def create_token(actor, *options):
    answer = subprocess.run(
        [PROGRAM, "create-token", actor, "--secret", "s3cret", *options], capture_output=True, text=True, timeout=20
    )
    assert answer.returncode == 0, answer.stderr
    return {"Authorization": "Bearer " + answer.stdout.strip()}


class Root(ServerTest):
    arguments = ("--root", "--workers", "3")

    def test_the_token_signs_in_once_over_all_workers_and_a_reload(self):
        line = self.server.process.stdout.readline().decode().strip()
        self.assertTrue(line.startswith(self.server.url + "/-/auth-token?token="), line)
        path = line[len(self.server.url) :]
        self.assertEqual(len(path.partition("=")[2]), 64)
        for _ in range(4):
            self.assertEqual(self.server.get(path + "x").status, 403)
        answer = self.server.get(path)
        self.assertEqual((answer.status, answer.headers["Location"]), (302, "/"))
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
        for _ in range(8):
            again = self.server.get(path)
            self.assertEqual(again.status, 403)
            self.assertIn(b"Root token has already been used", again.body)
        root = {"Cookie": cookie}
        for _ in range(8):
            actor = self.server.get("/-/actor.json", headers=root).json()
            self.assertEqual(actor["actor"], {"id": "root"})
        self.assertEqual(self.server.get("/-/check.json?action=view-table", headers=root).status, 200)
        self.assertEqual(self.server.get("/-/check.json?action=view-table").status, 403)
        # The secret and the use of the token live across a reload.
        before = set(self.server.workers())
        os.kill(self.server.master(), signal.SIGHUP)
        wait_for(lambda: not before & set(self.server.workers()))
        self.assertEqual(self.server.get("/-/actor.json", headers=root).json()["actor"], {"id": "root"})
        self.assertEqual(self.server.get(path).status, 403)


class Private(ServerTest):
    arguments = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        path = os.path.join(cls.data, "datasette.json")
        with open(path, "w") as file:
            json.dump(CONFIGURATION, file)
        cls.server = cls.start_for_class(cls.database, "-c", path, "--secret", "s3cret")
        cls.ann = create_token("ann")

    def test_a_private_answer_is_not_kept_for_the_next_visitor(self):
        for path, status in (
            ("/site/numbers.json", 403),
            ("/site/numbers", 403),
            # Who may not read the table is not told that there is one.
            (query("select count(*) from numbers"), 400),
        ):
            for _ in range(3):
                allowed = self.server.get(path, headers=self.ann)
                self.assertEqual(allowed.status, 200, path)
                self.assertEqual(allowed.headers["Cache-Control"], "private, no-store")
                self.assertIsNone(allowed.headers["ETag"])
                refused = self.server.get(path)
                self.assertEqual(refused.status, status, path)
                self.assertNotEqual(self.server.get(path, headers=self.ann).body, refused.body)

    def test_a_public_answer_is_not_taken_from_an_actors(self):
        for _ in range(3):
            mine = self.server.get("/site.json", headers=self.ann).json()
            everybodys = self.server.get("/site.json").json()
            names = [table["name"] for table in everybodys["tables"]]
            self.assertNotIn("numbers", names)
            self.assertEqual([t["private"] for t in mine["tables"] if t["name"] == "numbers"], [True])

    def test_bad_tokens_are_refused_by_every_lane(self):
        forged = {"Authorization": self.ann["Authorization"][:-2] + "AA"}
        for path in ("/", "/site/items.json", query("select 1"), "/site/items.csv?_stream=1"):
            answer = self.server.get(path, headers=forged)
            self.assertEqual(answer.status, 401, path)
            self.assertEqual(answer.json()["errors"], ["Invalid token signature"])

    def test_restricted_tokens(self):
        only = create_token("ann", "-r", "site", "numbers", "view-table")
        self.assertEqual(self.server.get("/site/numbers.json", headers=only).status, 200)
        self.assertEqual(self.server.get("/site/items.json", headers=only).status, 403)
        self.assertEqual(self.server.get("/", headers=only).status, 403)

    def test_streams_of_an_actor(self):
        path = query("select n from numbers", ".csv", _stream="1")
        self.assertEqual(self.server.get(path, headers=self.ann).status, 200)
        self.assertEqual(self.server.get(path).status, 400)


class Commands(ServerTest):
    arguments = None

    def get(self, *arguments):
        return subprocess.run(
            [PROGRAM, "serve", self.database, "--get", "/-/actor.json", *arguments],
            capture_output=True,
            text=True,
            timeout=30,
        )

    def test_get_asks_as_an_actor_or_by_token(self):
        self.assertEqual(json.loads(self.get().stdout)["actor"], None)
        self.assertEqual(json.loads(self.get("--actor", '{"id": "x"}').stdout)["actor"], {"id": "x"})
        token = create_token("ann")["Authorization"].partition(" ")[2]
        answer = self.get("--token", token, "--secret", "s3cret")
        self.assertEqual(json.loads(answer.stdout)["actor"], {"id": "ann", "token": "dstok"})
        self.assertEqual(self.get("--actor", "x").returncode, 2)
        self.assertEqual(self.get("--token", "dstok_x").returncode, 1)


if __name__ == "__main__":
    unittest.main()
