"""Brings the value sets and their search index up to date. Started by the beat, under a lock in Redis, before it begins."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand

from care.utils.lock import only_one
from care.valuesets import index
from care.valuesets.models import Concept

FOLDER = Path(__file__).parents[2]
NAMES = ("diagnoses",)


class Command(BaseCommand):
    help = __doc__

    def handle(self, *_args, **_options) -> None:
        with only_one("sync_valueset"):
            concepts = [self._synchronize(name, concept) for name in NAMES for concept in self._read(name)]
            indexed = index.rebuild(concepts)
        search = "indexed" if indexed else "not indexed, because this Redis has no search module"
        self.stdout.write(f"value sets: {len(concepts)} concepts, {search}")

    def _read(self, name: str) -> list[dict[str, str]]:
        return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf8"))

    def _synchronize(self, valueset: str, concept: dict[str, str]) -> dict[str, str]:
        Concept.objects.update_or_create(
            valueset=valueset, code=concept["code"], defaults={"display": concept["display"]}
        )
        return {"valueset": valueset, **concept}
