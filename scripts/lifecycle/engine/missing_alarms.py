"""Alarms on expressions, which the engine does not calculate: they exist under their names and are never in alarm."""
from ministack.services.cloudformation import provisioners

_handler = provisioners._RESOURCE_HANDLERS["AWS::CloudWatch::Alarm"]


def _plain(props):
    """An expression as a metric of its own."""
    if "Metrics" not in props:
        return props
    rest = {name: value for name, value in props.items() if name not in ("Metrics", "ThresholdMetricId")}
    return {**rest, "Namespace": "Expression", "MetricName": "NotCalculated", "Statistic": "Maximum", "Period": 60}


TYPES = {
    "AWS::CloudWatch::Alarm": {
        **_handler,
        "create": lambda logical_id, props, stack_name: _handler["create"](logical_id, _plain(props), stack_name),
        "update": lambda alarm, old, new, *others: _handler["update"](alarm, _plain(old), _plain(new), *others),
    }
}
