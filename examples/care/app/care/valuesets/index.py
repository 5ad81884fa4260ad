"""The search index of value sets in Redis, whose search module answers while people type."""

import re

import redis
from redis.commands.search.field import TagField, TextField
from redis.commands.search.index_definition import IndexDefinition, IndexType
from redis.commands.search.query import Query

from care.utils.lock import client

NAME = "concepts"
PREFIX = "concept:"
MOST = 20
FIELDS = (TagField("valueset"), TagField("code"), TextField("display"))


class NoIndex(Exception):
    """Redis is away, has no search module, or has lost the index."""


def rebuild(concepts: list[dict[str, str]], connection: redis.Redis | None = None) -> bool:
    """Whether there is an index now: a server without the module has none, and searches then ask PostgreSQL."""
    connection = connection or client()
    search = connection.ft(NAME)
    try:
        try:
            search.info()
        except redis.ResponseError as error:
            if _unknown_command(error):
                return False
            search.create_index(FIELDS, definition=IndexDefinition(prefix=[PREFIX], index_type=IndexType.HASH))
        pipeline = connection.pipeline(transaction=False)
        for concept in concepts:
            pipeline.hset(f"{PREFIX}{concept['valueset']}:{concept['code']}", mapping=concept)
        pipeline.execute()
    except redis.ConnectionError as error:
        raise NoIndex from error
    return True


def find(valueset: str, text: str, connection: redis.Redis | None = None) -> list[dict[str, str]]:
    """Concepts whose words begin with those of the text."""
    words = " ".join(f"{word}*" for word in re.findall(r"\w{2,}", text))
    if not words:
        return []
    query = Query(f"@valueset:{{{valueset.replace('-', chr(92) + '-')}}} @display:({words})").paging(0, MOST)
    try:
        found = (connection or client()).ft(NAME).search(query)
    except redis.RedisError as error:
        raise NoIndex from error
    return [{"code": document.code, "display": document.display} for document in found.docs]


def _unknown_command(error: redis.ResponseError) -> bool:
    return "unknown command" in str(error).lower()
