"""The API, with its neighbors replaced."""

import logging
import re
import unittest

from items.api import create_app
from items.parameters import Operators
from items.store import Item
from tests.doubles import ENV, ITEM, FakeCache, FakeParameters, FakeQueue, FakeStore

logging.disable(logging.CRITICAL)


class ApiTest(unittest.TestCase):
    def setUp(self):
        self.store, self.cache, self.queue = FakeStore(), FakeCache(), FakeQueue()
        self.parameters = FakeParameters()
        operators = Operators(ENV, self.parameters, self.parameters.clock)
        self.client = create_app(self.store, self.cache, self.queue, operators).test_client()

    def test_the_first_page_names_the_addresses(self):
        rules = self.client.application.url_map.iter_rules()
        paths = {re.sub("<[^>]+>", "<id>", rule.rule) for rule in rules} - {"/"}
        named = self.client.get("/").json["addresses"]
        self.assertEqual({name.split(" ")[1] for name in named}, paths)

    def test_health_asks_nobody(self):
        self.store.down = True
        self.assertEqual(self.client.get("/health").status_code, 200)
        self.assertEqual(self.parameters.reads, 0)

    def test_an_item_is_kept_and_put_into_the_queue(self):
        answer = self.client.post("/items", json={"text": "two words"})
        self.assertEqual((answer.status_code, answer.json["state"]), (202, "queued"))
        self.assertEqual(self.queue.sent, [{"item": answer.json["id"]}])
        self.assertEqual(answer.headers["Location"], f"/items/{answer.json['id']}")

    def test_what_is_no_item_is_refused(self):
        for body in ({}, {"text": ""}, {"text": 7}, {"text": "x" * 2001}, ["x"]):
            self.assertEqual(self.client.post("/items", json=body).status_code, 422, body)
        self.assertEqual((self.store.items, self.queue.sent), ({}, []))

    def test_a_finished_item_is_read_from_the_cache_the_second_time(self):
        self.store.items[ITEM] = Item(ITEM, "two words", 2, "worker")
        hows = [self.client.get(f"/items/{ITEM}").headers["X-Cache"] for _ in range(2)]
        self.assertEqual(hows, ["MISS", "HIT"])

    def test_a_queued_item_is_not_cached(self):
        self.store.items[ITEM] = Item(ITEM, "two words", None, None)
        hows = [self.client.get(f"/items/{ITEM}").headers["X-Cache"] for _ in range(2)]
        self.assertEqual(hows, ["MISS", "MISS"])

    def test_an_unknown_item_is_not_found(self):
        self.assertEqual(self.client.get(f"/items/{ITEM}").status_code, 404)

    def test_many_at_once_are_for_operators_to_allow(self):
        many = [{"text": "one"}, {"text": "two"}]
        self.assertEqual(self.client.post("/items/bulk", json=many).status_code, 403)
        self.parameters.values["/mesh/flags/bulkImport"] = "true"
        self.parameters.now += 30
        self.assertEqual(self.client.post("/items/bulk", json=many).status_code, 202)
        self.assertEqual(len(self.queue.sent), 2)

    def test_one_bad_item_refuses_all(self):
        self.parameters.values["/mesh/flags/bulkImport"] = "true"
        self.assertEqual(self.client.post("/items/bulk", json=[{"text": "one"}, {}]).status_code, 422)
        self.assertEqual((self.store.items, self.queue.sent), ({}, []))

    def test_without_the_database_it_says_when_to_come_again(self):
        self.store.down = True
        answer = self.client.post("/items", json={"text": "x"})
        self.assertEqual((answer.status_code, answer.headers["Retry-After"]), (503, "5"))


if __name__ == "__main__":
    unittest.main()
