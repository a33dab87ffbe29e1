"""From figures to rows: medians, ratios, verdicts, and a table that reads well as text and as Markdown."""

import statistics

UNITS = {
    "B/s": lambda figure: f"{figure / 1e9:.2f} GB/s",
    "/s": lambda figure: f"{figure:,.0f}/s",
    "ms": lambda figure: f"{figure * 1e3:.{1 if figure < 0.01 else 0}f} ms",
    "s": lambda figure: f"{figure:.2f} s",
    "x": lambda figure: f"{figure:.1f}x",
    "B": lambda figure: f"{figure / 1e6:.0f} MB",
}

# From here on other work takes enough of the machine to bend a ratio.
BUSY_PERCENT = 30

HEAD = ("line", "Acervo", "peer", "peer's", "ratio", "goal", "verdict", "runs: Acervo; peer", "busy")


def shown(figure, unit):
    return UNITS[unit](figure)


def rows(line, title, figures):
    """One row for each goal of a line."""
    return [row(line, title, goal, figures) for goal in line.goals]


def row(line, title, goal, figures):
    mine = figures[line.contenders[0].name]
    peers = [figures[name] for name in goal.peers]
    peer_name = goal.title or ", ".join(goal.peers) or "-"
    judged = {
        "line": line.key,
        "title": title,
        "unit": line.unit,
        "acervo": median(mine),
        "peer": peer_name,
        "peer_median": None,
        "ratio": None,
        "goal": goal.at_least or goal.under,
        "goal_text": goal_text(goal, line.unit),
        "verdict": "",
        "acervo_runs": mine.runs,
        "peer_runs": [],
        "busy_percent": max(mine.busy + [busy for peer in peers for busy in peer.busy], default=None),
    }
    if all(peer.runs and not peer.trouble for peer in peers) and peers:
        # The slower of several: more is better wherever there is a peer.
        slowest = min(peers, key=median)
        judged["peer_median"], judged["peer_runs"] = median(slowest), slowest.runs
    judged["verdict"] = verdict(goal, judged, mine, peers)
    return judged


def verdict(goal, judged, mine, peers):
    """`ok` or `below`, or why nothing can be said."""
    if mine.trouble:
        return mine.trouble
    for peer in peers:
        if peer.trouble:
            return f"peer {peer.trouble}"
    if judged["acervo"] is None:
        return "not measured"
    if not peers:
        return "ok" if judged["acervo"] < goal.under else "below"
    judged["ratio"] = judged["acervo"] / judged["peer_median"]
    return "ok" if judged["ratio"] >= goal.at_least else "below"


def median(figures):
    return statistics.median(figures.runs) if figures.runs and not figures.trouble else None


def goal_text(goal, unit):
    text = f"< {shown(goal.under, unit)}" if not goal.peers else f">= {goal.at_least:g}"
    return f"{text} (aim)" if goal.aim else text


def cells(judged):
    unit = judged["unit"]
    return (
        judged["title"],
        shown(judged["acervo"], unit) if judged["acervo"] is not None else "-",
        judged["peer"],
        shown(judged["peer_median"], unit) if judged["peer_median"] is not None else "-",
        f"{judged['ratio']:.2f}" if judged["ratio"] is not None else "-",
        judged["goal_text"],
        judged["verdict"],
        "; ".join(spread(runs, unit) for runs in (judged["acervo_runs"], judged["peer_runs"]) if runs) or "-",
        f"{judged['busy_percent']} %" if judged["busy_percent"] is not None else "-",
    )


def spread(runs, unit):
    if len(runs) == 1:
        return "1"
    return f"{len(runs)}, {shown(min(runs), unit)} to {shown(max(runs), unit)}"


def markdown(judged_rows):
    lines = [HEAD, *(cells(judged) for judged in judged_rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    texts = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in lines]
    return "\n".join([texts[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *texts[1:]])


def heading(facts, options, judged_rows):
    """The lines above the table: without them its figures mean nothing."""
    busiest = max((judged["busy_percent"] or 0 for judged in judged_rows), default=0)
    versions = ", ".join(f"{tool} {version}" for tool, version in facts["versions"].items())
    text = [
        f"Acervo benchmark, {facts['date']}",
        f"{facts['processors']} cores, {facts['processor']}, {facts['memory_gib']} GiB; {facts['system']}, "
        f"Linux {facts['kernel']}, {facts['file_system']}, TCP {facts['tcp']}",
        f"JDK {facts['jdk']}; Python {facts['python']}; {versions}",
        f"Load average before {facts['load_before']:.2f}, after {facts['load_after']:.2f}. Medians of {options.runs} "
        "after a warm-up, sides in turn; client and server share the cores. "
        "GB = 10^9 bytes; \"busy\" is the most that the processors were in use just before a run.",
    ]
    if options.quick:
        text.append("QUICK: less data, one run: shows that the harness works, not how fast anything is.")
    if busiest >= BUSY_PERCENT:
        text.append(f"Something else used up to {busiest} % of the processors: repeat this on a quiet machine.")
    if facts["file_system"] in ("tmpfs", "overlay", "ramfs"):
        text.append(f"The files lay on {facts['file_system']}: figures with fsync say little.")
    return "\n".join(text)
