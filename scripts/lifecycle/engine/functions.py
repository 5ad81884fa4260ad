"""The functions of custom resources run as they are, as processes of Node.js, with the SDK that Lambda would give them."""
import os

from ministack.services.cloudformation import custom_resource

# A function that fails to load never answers: CloudFormation would wait for an hour.
LONGEST = 60


def install():
    os.environ["NODE_PATH"] = os.environ["SDK"]
    invoke = custom_resource.invoke_custom_resource

    def invoke_with_patience(request, logical_id, props, *others, **more):
        bounded = min(int(props.get("ServiceTimeout", LONGEST)), LONGEST)
        return invoke(request, logical_id, {**props, "ServiceTimeout": bounded}, *others, **more)

    custom_resource.invoke_custom_resource = invoke_with_patience
