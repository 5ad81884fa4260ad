"""What the tests ask of the engine, as JSON on loopback: calls by the API of AWS, what exists, assets, marks."""
import base64
import io
import json
import os
import threading
import zipfile
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ministack.core.responses import get_account_id, get_region, request_scope

import life
import marks
import missing_ec2
from api import client


def _call(service, operation, parameters):
    """An operation, all pages of it if it has several."""
    target = client(service)
    if target.can_paginate(operation):
        return target.get_paginator(operation).paginate(**parameters).build_full_result()
    return getattr(target, operation)(**parameters)


def _calls(wanted):
    return [_call(*one) for one in wanted]


def _exists():
    """What CloudFormation made and did not delete, by type."""
    found = life.entries()
    return [{"type": type_name, "id": one, "origin": entry["origin"], "changed": entry["changes"]} for type_name, one, entry in found]


def _put(bucket, key, body):
    """An object in a bucket, which is there from now on."""
    target, region = client("s3"), get_region()
    if bucket not in [one["Name"] for one in target.list_buckets()["Buckets"]]:
        elsewhere = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        target.create_bucket(Bucket=bucket, **elsewhere)
    target.put_object(Bucket=bucket, Key=key, Body=body)


def _upload(bucket, key, folder):
    """A folder as the archive that `cdk deploy` would upload."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for where, _, names in os.walk(folder):
            for name in sorted(names):
                path = os.path.join(where, name)
                archive.write(path, os.path.relpath(path, folder))
    _put(bucket, key, memory.getvalue())


def _template(stack, text):
    """A template in the bucket of assets, as `cdk deploy` puts it there; CloudFormation takes no long one by value."""
    bucket = f"cdk-hnb659fds-assets-{get_account_id()}-{get_region()}"
    _put(bucket, f"{stack}.json", text.encode())
    return f"https://s3.{get_region()}.amazonaws.com/{bucket}/{stack}.json"


ACTIONS = {
    "call": _call,
    "calls": _calls,
    "exists": _exists,
    "upload": _upload,
    "template": _template,
    "mark": marks.mark,
    "unprotect": missing_ec2.unprotect,
}


def _text(value):
    if isinstance(value, datetime):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        try:
            account, region, *rest = asked
            with request_scope(account, region):
                status, answer = 200, ACTIONS[self.path.strip("/")](*rest)
        except Exception as error:  # the test that asked says what it means
            status, answer = 400, f"{type(error).__name__}: {error}"
        body = json.dumps(answer, default=_text).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Nothing: the engine says what went wrong."""


def start(port):
    threading.Thread(target=ThreadingHTTPServer(("127.0.0.1", port), _Handler).serve_forever, daemon=True).start()
