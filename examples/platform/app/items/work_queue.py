"""The queue: messages say what to do, and nothing of what it is done with."""

import json
import uuid
from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    body: dict
    receipt: str
    receives: int


class WorkQueue:
    def __init__(self, url: str, client=None, wait_seconds: int = 20):
        if client is None:
            import boto3

            client = boto3.client("sqs")
        self._url = url
        self._client = client
        self._wait_seconds = wait_seconds

    def send(self, body: dict) -> None:
        self._client.send_message(QueueUrl=self._url, MessageBody=json.dumps(body))

    def send_items(self, item_ids: list[str]) -> None:
        """Up to ten with one call."""
        entries = [{"Id": uuid.uuid4().hex, "MessageBody": json.dumps({"item": item_id})} for item_id in item_ids]
        answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
        if answer.get("Failed"):
            raise RuntimeError(f"SQS took {len(entries) - len(answer['Failed'])} of {len(entries)} messages")

    def receive(self) -> Message | None:
        """Waits for one. Without a delete, the message comes again after the visibility timeout."""
        answer = self._client.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=1,
            WaitTimeSeconds=self._wait_seconds,
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
        )
        for message in answer.get("Messages", []):
            receives = int(message.get("Attributes", {}).get("ApproximateReceiveCount", "1"))
            return Message(json.loads(message["Body"]), message["ReceiptHandle"], receives)
        return None

    def delete(self, message: Message) -> None:
        self._client.delete_message(QueueUrl=self._url, ReceiptHandle=message.receipt)

    def give_back(self, message: Message) -> None:
        """Another worker may have it at once."""
        self._client.change_message_visibility(QueueUrl=self._url, ReceiptHandle=message.receipt, VisibilityTimeout=0)
