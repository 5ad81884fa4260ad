import json
import logging
import unittest

from links import create_app
from links.log import JsonFormatter
from links.store import LinkStore
from tests.doubles import SETTINGS, FakeDatabase, fake_cache

LONG = "https://example.com/a/long/path?x=1"


class ApiTest(unittest.TestCase):
    def setUp(self):
        logging.disable(logging.CRITICAL)
        self.addCleanup(logging.disable, logging.NOTSET)
        self.database = FakeDatabase()
        cache, self.redis, self.clock = fake_cache()
        self.http = create_app(SETTINGS, LinkStore(self.database, cache)).test_client()

    def add(self, **body):
        return self.http.post("/api/links", json={"url": LONG, **body})

    def test_health_asks_neither_store(self):
        self.database.down = self.redis.down = True
        self.assertEqual(self.http.get("/health").status_code, 200)

    def test_a_link_is_made_shown_followed_and_removed(self):
        made = self.add(code="hello")
        self.assertEqual((made.status_code, made.headers["Location"]), (201, "/api/links/hello"))
        self.assertEqual(made.json["shortUrl"], "http://localhost/l/hello")
        self.assertEqual(self.http.get("/api/links/hello").json["url"], LONG)
        followed = self.http.get("/l/hello")
        self.assertEqual((followed.status_code, followed.headers["Location"]), (302, LONG))
        self.assertEqual(followed.headers["Cache-Control"], "no-store")
        self.assertEqual(self.http.delete("/api/links/hello").status_code, 204)
        self.assertEqual(self.http.get("/l/hello").status_code, 404)
        self.assertEqual(self.http.delete("/api/links/hello").status_code, 404)

    def test_a_made_up_code_is_seven_letters_and_digits(self):
        self.assertRegex(self.add().json["code"], r"^[A-Za-z0-9]{7}$")

    def test_a_taken_code_is_a_conflict(self):
        self.add(code="hello")
        again = self.add(code="hello")
        self.assertEqual((again.status_code, again.json["error"]["code"]), (409, "code_taken"))

    def test_newest_first_and_limited(self):
        for code in ("one", "two", "three"):
            self.add(code=code)
        links = self.http.get("/api/links?limit=2").json["links"]
        self.assertEqual([link["code"] for link in links], ["three", "two"])
        for limit in ("0", "101", "x"):
            self.assertEqual(self.http.get(f"/api/links?limit={limit}").status_code, 422)

    def test_bad_input_is_refused_with_json(self):
        cases = [
            ({"url": "javascript:alert(1)"}, "bad_url"),
            ({"url": "ftp://example.com"}, "bad_url"),
            ({"url": "https://"}, "bad_url"),
            ({"url": "https://user@example.com"}, "bad_url"),
            ({"url": "https://example.com/\nx"}, "bad_url"),
            ({"url": "https://example.com:99999"}, "bad_url"),
            ({"url": "https://example.com/" + "x" * 2048}, "bad_url"),
            ({"url": 7}, "bad_url"),
            ({"url": LONG, "code": "a b"}, "bad_code"),
            ({"url": LONG, "code": "ab"}, "bad_code"),
            ({"url": LONG, "code": "x" * 33}, "bad_code"),
        ]
        for body, code in cases:
            with self.subTest(body=body):
                answer = self.http.post("/api/links", json=body)
                self.assertEqual((answer.status_code, answer.json["error"]["code"]), (422, code))

    def test_a_body_that_is_no_json_object_is_refused(self):
        for body in ("no json", "[]", '"text"'):
            self.assertEqual(self.http.post("/api/links", data=body, content_type="application/json").status_code, 400)
        large = self.http.post("/api/links", data="x" * 20_000, content_type="application/json")
        self.assertIn(large.status_code, (400, 413))

    def test_unknown_paths_and_methods_are_json_too(self):
        self.assertEqual(self.http.get("/nowhere").json["error"]["code"], "not_found")
        self.assertEqual(self.http.put("/health").json["error"]["code"], "method_not_allowed")

    def test_the_second_read_comes_from_redis(self):
        self.add(code="hello")
        hows = [self.http.get("/api/links/hello").headers["X-Cache"] for _ in range(2)]
        self.assertEqual(hows, ["MISS", "HIT"])
        self.assertEqual(self.redis.ttl, 300)

    def test_redis_away_costs_no_answer_and_is_asked_once_a_second(self):
        self.add(code="hello")
        self.redis.down = True
        hows = [self.http.get("/api/links/hello").headers["X-Cache"] for _ in range(3)]
        self.assertEqual((hows, self.redis.asked), (["BYPASS"] * 3, 1))
        self.redis.down = False
        self.clock.now += 1
        hows = [self.http.get("/api/links/hello").headers["X-Cache"] for _ in range(2)]
        self.assertEqual(hows, ["MISS", "HIT"])

    def test_the_database_away_leaves_cached_links_and_says_when_to_come_back(self):
        self.add(code="hello")
        self.http.get("/l/hello")
        self.database.down = True
        self.assertEqual(self.http.get("/l/hello").status_code, 302)
        for answer in (self.http.get("/l/other"), self.add()):
            self.assertEqual((answer.status_code, answer.headers["Retry-After"]), (503, "2"))

    def test_one_proxy_is_believed(self):
        with self.http.application.test_request_context():
            answer = self.http.post(
                "/api/links",
                json={"url": LONG, "code": "hello"},
                headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "go.example.com"},
            )
        self.assertEqual(answer.json["shortUrl"], "https://go.example.com/l/hello")

    def test_answers_say_where_their_time_went(self):
        self.add(code="hello")
        self.assertRegex(self.http.get("/api/links/hello").headers["Server-Timing"], r"redis;dur=[\d.]+, app;dur=[\d.]+")

    def test_an_unexpected_error_is_json_and_hides_its_cause(self):
        self.database.query = lambda *_: 1 / 0
        answer = self.http.get("/l/hello")
        self.assertEqual((answer.status_code, answer.json["error"]["message"]), (500, "Something went wrong."))


class LogTest(unittest.TestCase):
    def test_a_line_is_json_with_its_fields(self):
        record = logging.LogRecord("links", logging.INFO, "", 0, "a %s", ("request",), None)
        record.status = 200
        line = json.loads(JsonFormatter().format(record))
        self.assertEqual((line["level"], line["message"], line["status"]), ("info", "a request", 200))
        self.assertRegex(line["time"], r"^20\d\d-.*\+00:00$")
