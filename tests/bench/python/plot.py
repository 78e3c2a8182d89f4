"""Draws each result in a folder: `NAME.json` becomes `NAME.svg`."""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402

OURS, OTHERS = "#2f6fde", "#b8bfca"


def draw(table: dict[str, Any], path: Path) -> None:
    """A row of bars for each measure, ours in colour, with the spread as a line."""
    columns, rows = table["columns"], table["rows"]
    figure, axes = plt.subplots(1, len(columns), figsize=(3.4 * len(columns) + 1.5, 0.42 * len(rows) + 1.6), sharey=True)
    figure.suptitle(table["title"], x=0.01, ha="left", fontsize=11, fontweight="bold")
    for at, (column, axis) in enumerate(zip(columns, axes if len(columns) > 1 else [axes])):
        for place, row in enumerate(rows):
            values = row["values"][at]
            if not values:
                continue
            middle = statistics.median(values)
            ours = row["subject"].split(",")[0] in {"grinfi", "grinfi-sandbox", "complete", "stream"}
            axis.barh(place, middle, color=OURS if ours else OTHERS, height=0.62)
            if len(values) > 1:
                axis.plot([min(values), max(values)], [place, place], color="#333", linewidth=1.2)
            axis.annotate(f" {middle:,.3g}", (middle, place), va="center", fontsize=8)
        unit = f", {column['unit']}" if column["unit"] else ""
        axis.set_title(column["name"] + unit, fontsize=9, loc="left")
        axis.set_xlim(left=0)
        axis.margins(x=0.22)
        axis.spines[["top", "right"]].set_visible(False)
        axis.tick_params(labelsize=8)
    first = axes[0] if len(columns) > 1 else axes
    first.set_yticks(range(len(rows)), [row["subject"] for row in rows])
    first.invert_yaxis()
    figure.tight_layout(rect=(0, 0, 1, 0.97))
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def main() -> None:
    folder = Path(sys.argv[1])
    for source in sorted(folder.glob("*.json")):
        target = source.with_suffix(".svg")
        draw(json.loads(source.read_text()), target)
        print(f"drew {target}")


if __name__ == "__main__":
    main()
