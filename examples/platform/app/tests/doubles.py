"""Stand-ins for PostgreSQL, Redis, SQS and Parameter Store that a test holds."""

from items.database import StoreUnavailable
from items.store import Item
from items.work_queue import Message

ENV = {"SETTINGS_PATH": "/mesh/common/", "FLAGS_PATH": "/mesh/flags/", "LOG_LEVEL": "info"}
ITEM = "11111111-1111-4111-8111-111111111111"


class FakeStore:
    def __init__(self):
        self.items: dict[str, Item] = {}
        self.down = False
        self.tidied = 0

    def add(self, text):
        self._ask()
        item_id = f"{len(self.items):08d}-1111-4111-8111-111111111111"
        self.items[item_id] = Item(item_id, text, None, None)
        return self.items[item_id]

    def find(self, item_id):
        self._ask()
        return self.items.get(item_id)

    def finish(self, item_id, words, worker):
        self._ask()
        item = self.items[item_id]
        self.items[item_id] = Item(item_id, item.text, words, worker)
        return not item.done

    def tidy(self):
        self._ask()
        self.tidied += 1
        return 3

    def _ask(self):
        if self.down:
            raise StoreUnavailable


class FakeCache:
    def __init__(self):
        self.items = {}

    def get(self, item_id):
        return self.items.get(item_id)

    def put(self, item):
        if item.done:
            self.items[item.id] = item


class FakeQueue:
    def __init__(self, *bodies):
        self.waiting = [Message(body, f"receipt-{number}", 1) for number, body in enumerate(bodies)]
        self.sent, self.deleted, self.given_back = [], [], []

    def send(self, body):
        self.sent.append(body)

    def send_items(self, item_ids):
        self.sent += [{"item": item_id} for item_id in item_ids]

    def receive(self):
        return self.waiting.pop(0) if self.waiting else None

    def delete(self, message):
        self.deleted.append(message.receipt)

    def give_back(self, message):
        self.given_back.append(message.receipt)


class FakeParameters:
    """Parameter Store, and a clock."""

    def __init__(self, values=None):
        self.values = values or {}
        self.now = 100.0
        self.reads = 0
        self.down = False

    def __call__(self, names):
        self.reads += 1
        if self.down:
            raise ConnectionError("no route")
        return {name: self.values[name] for name in names if name in self.values}

    def clock(self):
        return self.now
