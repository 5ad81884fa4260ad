"""The worker, the job, and what operators decide."""

import io
import logging
import unittest

from items import scheduler
from items.parameters import Operators
from items.store import Item
from items.worker import Worker
from tests.doubles import ENV, ITEM, FakeParameters, FakeQueue, FakeStore

logging.disable(logging.CRITICAL)


class WorkerTest(unittest.TestCase):
    def worker(self, *bodies) -> Worker:
        self.store, self.queue = FakeStore(), FakeQueue(*bodies)
        self.store.items[ITEM] = Item(ITEM, "three short words", None, None)
        return Worker(self.queue, self.store, Operators(ENV, FakeParameters()), "worker-a")

    def test_an_item_is_finished_before_its_message_is_deleted(self):
        worker = self.worker({"item": ITEM})
        worker.step()
        self.assertEqual(self.store.items[ITEM], Item(ITEM, "three short words", 3, "worker-a"))
        self.assertEqual((self.queue.deleted, worker.handled), (["receipt-0"], 1))

    def test_a_message_that_comes_twice_does_no_harm(self):
        worker = self.worker({"item": ITEM}, {"item": ITEM})
        worker.step()
        worker.step()
        self.assertEqual(self.queue.deleted, ["receipt-0", "receipt-1"])

    def test_what_it_cannot_handle_goes_back_at_once(self):
        worker = self.worker({"item": "22222222-2222-4222-8222-222222222222"}, {"other": 1})
        worker.step()
        worker.step()
        self.assertEqual((self.queue.given_back, self.queue.deleted), (["receipt-0", "receipt-1"], []))

    def test_without_the_database_the_message_waits_for_its_timeout(self):
        worker = self.worker({"item": ITEM})
        self.store.down = True
        worker.step()
        self.assertEqual((self.queue.given_back, self.queue.deleted, worker.handled), ([], [], 0))

    def test_what_arrives_while_it_stops_is_for_another_worker(self):
        worker = self.worker({"item": ITEM})
        worker.stop()
        worker.step()
        worker.run()
        self.assertEqual((self.queue.given_back, self.store.items[ITEM].done), (["receipt-0"], False))

    def test_the_job_tidies_up(self):
        worker = self.worker({"tidy": True})
        worker.step()
        self.assertEqual((self.store.tidied, self.queue.deleted), (1, ["receipt-0"]))


class SchedulerTest(unittest.TestCase):
    ENV = {"WORKER_URL": "http://worker.internal", "WORK_URL": "queue"}

    def test_the_job_asks_the_worker_and_leaves_work(self):
        queue, asked = FakeQueue(), []

        def fetch(request, timeout):
            asked.append((request.full_url, timeout))
            return io.BytesIO(b'{"worker": "worker-a", "handled": 7}')

        self.assertEqual(scheduler.main(self.ENV, queue, fetch), 0)
        self.assertEqual((asked, queue.sent), ([("http://worker.internal/", 10)], [{"tidy": True}]))

    def test_a_worker_that_does_not_answer_fails_the_job(self):
        def fetch(_request, timeout):
            raise OSError(f"nothing within {timeout} s")

        queue = FakeQueue()
        self.assertEqual((scheduler.main(self.ENV, queue, fetch), queue.sent), (1, []))


class OperatorsTest(unittest.TestCase):
    def setUp(self):
        self.store = FakeParameters({"/mesh/common/LOG_LEVEL": "debug", "/mesh/flags/bulkImport": "true"})
        self.operators = Operators(ENV, self.store, self.store.clock)

    def test_both_are_read_with_one_call_and_kept_for_half_a_minute(self):
        seen = [(self.operators.log_level, self.operators.bulk_import) for _ in range(3)]
        self.store.now += 29.9
        seen.append((self.operators.log_level, self.operators.bulk_import))
        self.assertEqual((set(seen), self.store.reads), ({("debug", True)}, 1))

    def test_a_failed_call_keeps_what_was_read(self):
        self.assertTrue(self.operators.bulk_import)
        self.store.down = True
        self.store.now += 30
        self.assertTrue(self.operators.bulk_import)
        self.assertEqual(self.store.reads, 2)

    def test_before_the_first_answer_the_flag_is_off_and_the_level_is_the_variable(self):
        self.store.down = True
        self.assertEqual((self.operators.bulk_import, self.operators.log_level), (False, "info"))


if __name__ == "__main__":
    unittest.main()
