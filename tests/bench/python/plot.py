"""Plots each result of a folder: `NAME.json` becomes `NAME.svg`."""

from __future__ import annotations

import json
import re
import statistics
import sys
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402

OURS, OTHERS, INK, FAINT = "#2f6fde", "#b8bfca", "#333333", "#8a93a3"
LINES = ("#2f6fde", "#d1495b", "#3a9d6e", "#e09f3e", "#7b5ea7", "#00798c", "#9c6644", "#5c677d", "#c2578f", "#6a994e")


def is_ours(workload: str) -> bool:
    name = workload.split(",")[0]
    return name in {"grinfi", "grinfi-sandbox", "complete", "stream"} or name.startswith(("Python", "wheel"))


def bars(table: dict[str, Any]) -> Figure:
    """Plots a bar for each workload and measure: ours in color, the spread as a line."""
    columns, rows = table["columns"], table["rows"]
    baseline = next((row["values"] for row in rows if row["workload"] == table["baseline"]), None)
    figure, axes = plt.subplots(
        1, len(columns), figsize=(3.3 * len(columns) + 1.6, 0.4 * len(rows) + 1.3), sharey=True, squeeze=False
    )
    for at, (column, axis) in enumerate(zip(columns, axes[0], strict=True)):
        for place, row in enumerate(rows):
            values = row["values"][at]
            if not values:
                axis.annotate(" not measured", (0, place), va="center", fontsize=8, color=FAINT)
                continue
            middle = statistics.median(values)
            axis.barh(place, middle, color=OURS if is_ours(row["workload"]) else OTHERS, height=0.62)
            if len(values) > 1:
                axis.plot([min(values), max(values)], [place, place], color=INK, linewidth=1.2, solid_capstyle="butt")
            text = f" {middle:,.0f}" if middle >= 100 else f" {middle:.3g}"
            if baseline and row["workload"] != table["baseline"] and baseline[at] and statistics.median(baseline[at]):
                text += f" ({middle / statistics.median(baseline[at]):.2g}×)"
            axis.annotate(text, (max(values), place), va="center", fontsize=8)
        unit = f", {column['unit']}" if column["unit"] else ""
        axis.set_title(column["name"] + unit, fontsize=9, loc="left")
        axis.set_xlim(left=0)
        axis.margins(x=0.34)
        axis.spines[["top", "right", "left"]].set_visible(False)
        axis.tick_params(labelsize=8, left=False)
        axis.locator_params(axis="x", nbins=4)
    axes[0][0].set_yticks(range(len(rows)), [row["workload"] for row in rows])
    axes[0][0].invert_yaxis()
    return figure


def curve(table: dict[str, Any]) -> Figure:
    """Plots the first measure over the number in each row name, with a linear reference."""
    figure, axis = plt.subplots(figsize=(6.4, 3.8))
    across = [float(re.split(r"\D", row["workload"])[0]) for row in table["rows"]]
    along = [statistics.median(row["values"][0]) for row in table["rows"]]
    ideal = [along[0] * across[0] / at for at in across]
    axis.loglog(across, ideal, color=FAINT, linestyle="--", linewidth=1)
    axis.loglog(across, along, color=OURS, marker="o")
    column = table["columns"][0]
    middle = len(across) // 2
    axis.annotate(
        "linear", (across[middle], ideal[middle]), (-6, -10), textcoords="offset points", fontsize=8, color=FAINT, ha="right"
    )
    axis.set_xticks(across, [f"{at:.0f}" for at in across])
    axis.set_yticks(along, [f"{value:.3g}" for value in along])
    axis.minorticks_off()
    axis.margins(x=0.12, y=0.14)
    axis.set_xlabel(table["plot"]["across"], fontsize=9)
    axis.set_ylabel(f"{column['name']}, {column['unit']}", fontsize=9)
    return figure


def growth(table: dict[str, Any]) -> Figure:
    """Plots the growth of each cost relative to the smallest size, with a linear reference."""
    figure, axis = plt.subplots(figsize=(9.2, 5))
    sizes = table["plot"]["sizes"]
    times = [size / sizes[0] for size in sizes]
    axis.loglog(times, times, color=FAINT, linestyle="--", linewidth=1)
    ends = [(times[-1], "linear: 1", FAINT)]
    for color, row in zip(LINES, table["rows"], strict=False):
        costs = [statistics.median(values) for values in row["values"]]
        relative = [cost / costs[0] for cost in costs[:-1]]
        axis.loglog(times, relative, color=color, marker="o", markersize=4)
        ends.append((relative[-1], f"{re.sub(r', [µm]s$|, MB$', '', row['workload'])}: {costs[-1]:.2f}", color))
    # The names are in a column, in the order of the ends of their lines.
    for place, (end, name, color) in enumerate(sorted(ends)):
        axis.annotate(
            name,
            (times[-1], end),
            (1.06, 0.04 + 0.92 * place / (len(ends) - 1)),
            textcoords="axes fraction",
            fontsize=8,
            color=color,
            va="center",
            arrowprops={"arrowstyle": "-", "color": color, "linewidth": 0.5, "shrinkB": 3, "relpos": (0, 0.5)},
        )
    axis.set_xticks(times, [f"{size:,.0f}" for size in sizes])
    axis.minorticks_off()
    axis.set_ylabel("cost relative to the smallest size", fontsize=9)
    axis.set_xlabel("size; the numbers next to the lines are exponents", fontsize=9)
    return figure


KINDS = {"bars": bars, "curve": curve, "growth": growth}


def main() -> None:
    folder = Path(sys.argv[1])
    for source in sorted(folder.glob("*.json")):
        table = json.loads(source.read_text())
        # Files of older runs may lack the plot kind.
        figure = KINDS[table.get("plot", {}).get("kind", "bars")](table)
        for axis in figure.axes:
            axis.spines[["top", "right"]].set_visible(False)
            axis.tick_params(labelsize=8)
        figure.suptitle(table["title"], x=0.01, ha="left", fontsize=11, fontweight="bold")
        figure.tight_layout()
        target = source.with_suffix(".svg")
        figure.savefig(target, metadata={"Date": None})
        plt.close(figure)
        print(f"drew {target}")


if __name__ == "__main__":
    main()
