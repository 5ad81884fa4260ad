"""The commands that the search index sends, and what it makes of the answers."""

from types import SimpleNamespace
from unittest import TestCase

import redis

from care.valuesets import index

FEVER = {"valueset": "diagnoses", "code": "D02", "display": "Dengue fever"}


class FakeSearch:
    def __init__(self, problem=None):
        self.problem = problem
        self.made, self.asked = [], []

    def info(self):
        if self.problem:
            raise redis.ResponseError(self.problem)

    def create_index(self, fields, definition):
        self.made = [field.name for field in fields]

    def search(self, query):
        self.asked.append(query.query_string())
        return SimpleNamespace(docs=[SimpleNamespace(code="D02", display="Dengue fever")])


class FakeRedis:
    def __init__(self, problem=None):
        self.search, self.hashes = FakeSearch(problem), {}

    def ft(self, _name):
        return self.search

    def pipeline(self, transaction):
        return self

    def hset(self, key, mapping):
        self.hashes[key] = mapping

    def execute(self):
        pass


class IndexTest(TestCase):
    def test_the_first_time_it_is_made(self):
        server = FakeRedis("Unknown index name")
        self.assertTrue(index.rebuild([FEVER], server))
        self.assertEqual(server.search.made, ["valueset", "code", "display"])
        self.assertEqual(server.hashes, {"concept:diagnoses:D02": FEVER})

    def test_later_only_its_content_is_brought_up_to_date(self):
        server = FakeRedis()
        self.assertTrue(index.rebuild([FEVER], server))
        self.assertEqual((server.search.made, list(server.hashes)), ([], ["concept:diagnoses:D02"]))

    def test_a_server_without_the_module_has_none(self):
        server = FakeRedis("unknown command 'FT.INFO', with args beginning with: ")
        self.assertFalse(index.rebuild([FEVER], server))
        self.assertEqual(server.hashes, {})

    def test_words_are_beginnings_and_nothing_else_reaches_the_query(self):
        server = FakeRedis()
        found = index.find("diagnoses", "deng) | fev*", server)
        self.assertEqual(server.search.asked, ["@valueset:{diagnoses} @display:(deng* fev*)"])
        self.assertEqual(found, [{"code": "D02", "display": "Dengue fever"}])

    def test_a_single_letter_finds_nothing(self):
        self.assertEqual(index.find("diagnoses", "f", FakeRedis()), [])
