"""Metrics as Prometheus reads them: its text format 0.0.4, which all its versions know.

prometheus-client would write it too, for 1 MB, and brings a registry beside the status that there is.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from beacon_gateway.core.monitoring.metrics import Labels, Metric

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

_ESCAPED: Final = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


def exposition(metrics: Iterable[Metric]) -> str:
    """Return the whole text; names without any series are left out."""
    return "".join(f"{line}\n" for metric in metrics if metric.series for line in _lines(metric))


def _lines(metric: Metric) -> Iterator[str]:
    yield f"# HELP {metric.name} {metric.about}"
    yield f"# TYPE {metric.name} {'counter' if metric.counts else 'gauge'}"
    for labels, value in metric.series.items():
        yield f"{metric.name}{_written(labels)} {value!r}"


def _written(labels: Labels) -> str:
    """Return the labels in braces."""
    return "{" + ",".join(f'{name}="{value.translate(_ESCAPED)}"' for name, value in labels) + "}" if labels else ""
