"""A report drawn: an SVG of squares, darker where there was more, and a bar for each total. Pure.

    svg(report)         one file, without scripts, fonts or anything from elsewhere
    blocks(report)      lines of a terminal: ·▁▂▃▄▅▆▇█, and ? for what is not told

The hour and the weekday of a report make a heat map, its days a chart of days.
"""

from html import escape

from registry.oversight.reports import Report

_SIDE, _LEFT, _TOP, _BAR = 26, 210, 150, 220
_STEPS = "▁▂▃▄▅▆▇█"
_HIDDEN, _NONE = "?", "·"


def share(count: int | None, most: int) -> float:
    """Return how much a count is of the most."""
    return count / most if count and most else 0.0


def blocks(report: Report) -> list[str]:
    """Return a line for each row: a block for each cell, and its total."""
    most = _most(report)
    width = max((len(row) for row in report.rows), default=0)
    return [
        f"{name:>{width}}  {''.join(_block(cell, most) for cell in cells)}  {said(total)}"
        for name, cells, total in zip(report.rows, report.table.cells, report.table.rows, strict=True)
    ]


def said(count: int | None) -> str:
    """Return a count as people read it."""
    return _HIDDEN if count is None else f"{count:,}"


def _block(count: int | None, most: int) -> str:
    if count is None:
        return _HIDDEN
    return _STEPS[min(len(_STEPS) - 1, int(share(count, most) * len(_STEPS)))] if count else _NONE


def svg(report: Report) -> str:
    """Return the drawing."""
    table, most = report.table, _most(report)
    across = _LEFT + _SIDE * len(report.columns)
    highest = max((total or 0 for total in table.rows), default=0)
    height = _TOP + _SIDE * len(report.rows) + 50
    title = f"Accesses by {' and '.join(report.by)}, {report.since:%Y-%m-%d %H:%M}Z to {report.until:%Y-%m-%d %H:%M}Z"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{across + _BAR + 90}" height="{height}">',
        "<style>text { font: 12px sans-serif }</style>",
        f"<title>{escape(title)}</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="10" y="22" font-size="15">{escape(title)}</text>',
        f'<text x="10" y="42" fill="#555">{escape(_legend(report))}</text>',
    ]
    for place, name in enumerate(report.columns):
        x = _LEFT + place * _SIDE + _SIDE // 2 + 4
        parts.append(f'<text transform="translate({x},{_TOP - 6}) rotate(-60)">{escape(name)}</text>')
    for row, (name, cells, total) in enumerate(zip(report.rows, table.cells, table.rows, strict=True)):
        y = _TOP + row * _SIDE
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 17}" text-anchor="end">{escape(name)}</text>')
        if len(report.by) > 1:
            parts += [_square(_LEFT + at * _SIDE, y, cell, most, f"{name}, {report.columns[at]}")
                      for at, cell in enumerate(cells)]  # fmt: skip
        bar = round(share(total, highest) * _BAR)
        parts.append(f'<rect x="{across + 8}" y="{y + 4}" width="{bar}" height="{_SIDE - 8}" fill="#36648b"/>')
        parts.append(f'<text x="{across + 14 + bar}" y="{y + 17}">{said(total)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _legend(report: Report) -> str:
    return (
        f"{said(report.table.total)} in all. Counts from 1 to {report.least - 1}, and what would tell them: {_HIDDEN}"
    )


def _square(x: int, y: int, count: int | None, most: int, where: str) -> str:
    """Return a cell; what is not told is hatched by its sign, never by a shade."""
    words = escape(f"{where}: {said(count)}")
    shade = round(247 - 190 * share(count, most))
    fill = "#fff" if count is None else f"rgb({shade - 10 if count else 247},{shade},247)"
    square = f'<rect x="{x}" y="{y}" width="{_SIDE - 2}" height="{_SIDE - 2}" fill="{fill}" stroke="#ccc">'
    sign = f'<text x="{x + 8}" y="{y + 16}" fill="#777">{_HIDDEN}</text>' if count is None else ""
    return f"{square}<title>{words}</title></rect>{sign}"


def _most(report: Report) -> int:
    return max((cell or 0 for cells in report.table.cells for cell in cells), default=0)
