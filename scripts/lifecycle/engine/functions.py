"""The functions of custom resources run as they are, as processes of Node.js, with the SDK that Lambda would give them."""
import os

from ministack.core import lambda_runtime
from ministack.services.cloudformation import custom_resource

# A function that fails to load never answers: CloudFormation would wait for an hour.
LONGEST = 60


def install():
    os.environ["NODE_PATH"] = os.environ["SDK"]
    invoke = custom_resource.invoke_custom_resource

    def invoke_with_patience(request, logical_id, props, *others, **more):
        bounded = min(int(props.get("ServiceTimeout", LONGEST)), LONGEST)
        try:
            return invoke(request, logical_id, {**props, "ServiceTimeout": bounded}, *others, **more)
        finally:
            _end_idle()

    custom_resource.invoke_custom_resource = invoke_with_patience


def _end_idle():
    """Ends the processes that wait for another call: each has the SDK in memory, and each stack its own functions."""
    with lambda_runtime._lock:
        idle = [worker for workers in lambda_runtime._workers.values() for worker in workers if not worker.in_use]
        for key, workers in list(lambda_runtime._workers.items()):
            busy = [worker for worker in workers if worker.in_use]
            lambda_runtime._workers.pop(key) if not busy else lambda_runtime._workers.update({key: busy})
    lambda_runtime.kill_workers(idle)
