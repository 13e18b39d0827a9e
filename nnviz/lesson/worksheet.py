"""A worksheet to print: a mini-batch on paper with the results left blank, or filled in as the solution."""

from html import escape

from nnviz.lesson.phase_text import mini_batch_in_words
from nnviz.lesson.worked_lines import name, short, work_out
from nnviz.run.moment import Moment

STYLE = """
@page { size: A4; margin: 16mm; }
body { font: 11pt/1.5 Georgia, serif; color: #000; background: #fff; max-width: 178mm; margin: 0 auto; }
h1 { font-size: 16pt; margin: 0 0 2mm; }
h2 { font-size: 12pt; margin: 5mm 0 1mm; break-after: avoid; }
p { margin: 0 0 1mm; }
.line { break-inside: avoid; overflow-wrap: anywhere; margin: 1mm 0; }
.formula { font-style: italic; color: #444; break-after: avoid; }
.blank { display: inline-block; width: 28mm; border-bottom: 0.3mm solid #000; height: 1em; }
table { border-collapse: collapse; margin: 1mm 0; }
td, th { border: 0.2mm solid #999; padding: 0.5mm 2.5mm; text-align: right; font-weight: normal; }
sup, sub { font-size: 70%; line-height: 0; }
""".strip()


def worksheet(moment: Moment, *, solution: bool) -> str:
    """The worksheet as a page of HTML that needs nothing else."""
    kind = "Solution" if solution else "Worksheet"
    body = "\n".join(
        f"<h2>{escape(section.title)}</h2>\n<p class='formula'>{section.formula}</p>\n"
        + "\n".join(f"<p class='line'>{line.html(blank=not solution)}</p>" for line in section.lines)
        for section in work_out(moment)
    )
    experiment = moment.experiment
    run, at = escape(experiment.summary()), escape(mini_batch_in_words(experiment, moment.step))
    return f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{kind}: one step of backpropagation</title><style>{STYLE}</style></head>
<body>
<h1>{kind}: one step of backpropagation</h1>
<p>{run}. {at}. Work with six digits.</p>
{given(moment)}
{body}
</body>
</html>
"""


def given(moment: Moment) -> str:
    """What the reader starts from: input, target, weights and biases."""
    trace, rates, net = moment.trace, moment.rates, moment.network
    lines = [
        "<i>x</i> = " + ", ".join(short(v) for v in trace.x[:, 0]),
        "<i>y</i> = " + ", ".join(short(v) for v in trace.y[:, 0]),
        f"η = {short(rates.eta)}",
    ]
    if rates.lmbda:
        lines.append(f"λ = {short(rates.lmbda)}, n = {rates.n} (the size of the training set)")
    tables = []
    for i, (w, b) in enumerate(zip(net.weights, net.biases, strict=True)):
        layer = i + 2
        head = "".join(f"<th>{name('w', layer, 0, k).replace('1,', 'j,')}</th>" for k in range(w.shape[1]))
        rows = "".join(
            f"<tr><th>j = {j + 1}</th>" + "".join(f"<td>{short(v)}</td>" for v in (*w[j], b[j, 0])) + "</tr>"
            for j in range(len(w))
        )
        tables.append(f"<table><tr><th></th>{head}<th><i>b</i><sup>{layer}</sup></th></tr>{rows}</table>")
    return "<h2>Given</h2>\n<p>" + "; ".join(lines) + "</p>\n" + "\n".join(tables)
