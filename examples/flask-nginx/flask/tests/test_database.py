import json
import logging
import unittest
from unittest import mock

import psycopg

from links.database import Credentials, _renewing
from links.settings import Settings
from tests.doubles import SETTINGS

ENVIRONMENT = {"DATABASE_HOST": "db", "DATABASE_USERNAME": "app", "DATABASE_PASSWORD": "p", "REDIS_HOST": "redis"}


def secret(password):
    return lambda arn: json.dumps({"username": "app", "password": password})


class RotationTest(unittest.TestCase):
    def setUp(self):
        logging.disable(logging.CRITICAL)
        self.addCleanup(logging.disable, logging.NOTSET)
        self.tried = []

    def connect(self, credentials, good):
        def attempt(conninfo="", **kwargs):
            self.tried.append(kwargs["password"])
            if kwargs["password"] != good:
                raise psycopg.OperationalError('password authentication failed for user "app"')
            return "connected"

        with mock.patch.object(psycopg.Connection, "connect", attempt):
            return _renewing(credentials).connect("", **credentials.parameters())

    def test_a_refused_password_is_read_again(self):
        credentials = Credentials(SETTINGS.database, secret("new"))
        self.assertEqual(self.connect(credentials, good="new"), "connected")
        self.assertEqual(self.tried, ["old", "new"])
        self.assertEqual(credentials.parameters(), {"user": "app", "password": "new"})

    def test_a_good_password_is_not_read_again(self):
        credentials = Credentials(SETTINGS.database, mock.Mock(side_effect=AssertionError))
        self.assertEqual(self.connect(credentials, good="old"), "connected")

    def test_an_unreadable_secret_leaves_the_refusal(self):
        credentials = Credentials(SETTINGS.database, mock.Mock(side_effect=OSError("no way out")))
        with self.assertRaises(psycopg.OperationalError):
            self.connect(credentials, good="new")

    def test_another_failure_is_not_a_matter_of_passwords(self):
        credentials = Credentials(SETTINGS.database, mock.Mock(side_effect=AssertionError))
        refused = mock.Mock(side_effect=psycopg.OperationalError("connection refused"))
        with mock.patch.object(psycopg.Connection, "connect", refused), self.assertRaises(psycopg.OperationalError):
            _renewing(credentials).connect("", **credentials.parameters())


class SettingsTest(unittest.TestCase):
    def test_defaults(self):
        settings = Settings.from_environment(ENVIRONMENT)
        self.assertEqual((settings.database.port, settings.database.name), (5432, "links"))
        self.assertEqual((settings.redis.port, settings.redis.tls, settings.redis.password), (6379, False, None))

    def test_what_is_missing_is_named(self):
        with self.assertRaisesRegex(RuntimeError, "DATABASE_HOST, REDIS_HOST must be set"):
            Settings.from_environment({"DATABASE_USERNAME": "app", "DATABASE_PASSWORD": "p"})
