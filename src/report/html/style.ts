/** The page's style sheet. Colours are Okabe and Ito's, lighter or darker with the theme; none tells anything alone. */
export const STYLE: string = `
:root { color-scheme: light dark;
  --paper: #fff; --card: #f6f7f9; --ink: #1a1d21; --muted: #59616b; --faint: #79818c; --grid: #d9dde2; --line: #d9dde2;
  --blue: #0072b2; --orange: #b35c00; --green: #007a5a; --purple: #a8518a; --bad: #c03d00; --good: #00704f;
  --good-back: #e3f4ec; --bad-back: #fdebe2; --open-back: #eef1f6; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #15181c; --card: #1d2126; --ink: #e8eaed; --muted: #a9b1bb; --faint: #8b939e; --grid: #343a42; --line: #343a42;
  --blue: #56b4e9; --orange: #e69f00; --green: #2fc49a; --purple: #dd94bf; --bad: #ff8a50; --good: #4fd1a5;
  --good-back: #15332a; --bad-back: #3d2216; --open-back: #242a33; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere; }
header, main, footer { max-width: 1240px; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1.5rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.25rem; margin: 0 0 .5rem; line-height: 1.3; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
p { margin: .25rem 0 .75rem; max-width: 80ch; }
header p, .facts, figcaption, footer { color: var(--muted); font-size: .875rem; }
a { color: var(--blue); }
code, pre { font-family: ui-monospace, "SF Mono", Consolas, "Liberation Mono", monospace; font-size: .85em; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; margin: .75rem 0 0; padding: 0; font-size: .9rem; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .5rem; z-index: 2; }
:focus-visible { outline: 3px solid var(--orange); outline-offset: 2px; border-radius: 2px; }
section { margin: 2.25rem 0; }
.verdict { margin-top: 1.25rem; padding: 1.1rem 1.25rem; border-radius: 10px; border-left: 8px solid var(--muted); background: var(--open-back); }
.verdict.pass { border-color: var(--good); background: var(--good-back); }
.verdict.fail { border-color: var(--bad); background: var(--bad-back); }
.verdict h2 { font-size: 1.5rem; }
.sign { display: inline-block; min-width: 1.3em; }
.verdict.pass .sign { color: var(--good); } .verdict.fail .sign { color: var(--bad); }
.advice li { max-width: 85ch; margin-bottom: .5rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: .75rem 1.25rem; margin: 1rem 0 0; }
.tiles dt { font-size: .8rem; color: var(--muted); }
.tiles dd { margin: 0; } .tiles strong { font-size: 1.2rem; font-weight: 600; display: block; font-variant-numeric: tabular-nums; }
.tiles span { font-size: .8rem; color: var(--muted); }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 330px), 1fr)); gap: .75rem 1.5rem; align-items: start; }
figure { margin: .5rem 0 0; min-width: 0; }
.grid > figure { max-width: 480px; }
.grid.two { grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); } .grid.two > * { max-width: 500px; min-width: 0; }
figcaption { margin-top: .15rem; max-width: 75ch; }
svg.plot { display: block; width: 100%; height: auto; color: var(--ink); font-family: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; font-size: 11px; overflow: visible; }
svg.plot text, svg.plot tspan { white-space: pre; }
article { border-top: 1px solid var(--line); margin-top: 1rem; padding-top: .25rem; }
.facts { margin: 0; } .why { border: 1px solid var(--line); border-radius: 1em; padding: 0 .6em; margin-left: .3em; white-space: nowrap; }
.key { font-weight: 600; } .key.bad, .fails { color: var(--bad); } .key.blue, .key.good { color: var(--blue); } .key.orange { color: var(--orange); }
.scroll { overflow-x: auto; max-width: 100%; } .tall { max-height: 36rem; overflow-y: auto; border: 1px solid var(--line); border-radius: 6px; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
caption { text-align: left; font-weight: 600; padding: .75rem 0 .25rem; }
th, td { padding: .25rem .7rem; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; white-space: nowrap; }
td.number, .summary td { text-align: right; } th { font-weight: 600; }
.gates td:last-child { white-space: normal; min-width: 10rem; }
tr.pass .mark { color: var(--good); font-weight: 600; } tr.fail .mark, .fails { color: var(--bad); font-weight: 700; }
.summary thead th { position: sticky; top: 0; background: var(--card); z-index: 1; padding: 0; }
.summary th:first-child { position: sticky; left: 0; background: var(--card); max-width: 46vw; overflow: hidden; text-overflow: ellipsis; }
.summary thead th:first-child { z-index: 2; }
.summary button { font: inherit; color: inherit; background: none; border: 0; padding: .35rem .7rem; cursor: pointer; width: 100%; text-align: inherit; }
.summary thead th:not(:first-child) { text-align: right; }
th[aria-sort=ascending] button::after { content: " ↑"; } th[aria-sort=descending] button::after { content: " ↓"; }
.named div { display: grid; grid-template-columns: minmax(9rem, 16rem) 1fr; gap: .25rem 1rem; padding: .2rem 0; border-bottom: 1px solid var(--line); font-size: .9rem; }
.named dt { color: var(--muted); } .named dd { margin: 0; }
@media (max-width: 480px) { .named div { grid-template-columns: 1fr; gap: 0; } header, main, footer { padding: 0 .9rem; } .verdict { padding: .9rem; } .why { white-space: normal; } .summary th:first-child { white-space: normal; min-width: 9rem; } }
details figure { max-width: 500px; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .75rem; overflow: auto; max-height: 30rem; overflow-wrap: normal; }
summary { cursor: pointer; font-weight: 600; margin: .5rem 0; } summary span { color: var(--muted); font-weight: 400; }
.controls { display: flex; flex-wrap: wrap; gap: .5rem 1rem; margin: .5rem 0; align-items: center; } .controls[hidden] { display: none; }
.controls label { display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; min-width: 0; }
.controls select { max-width: 100%; } .controls select, .controls button { font: inherit; font-size: .9rem; color: var(--ink); background: var(--card); border: 1px solid var(--faint); border-radius: 5px; padding: .25rem .6rem; margin-right: .3rem; }
#zoom-plot { width: 100%; overflow: hidden; min-height: 340px; } .u-select { background: var(--blue); opacity: .2; }
footer { padding-bottom: 2rem; border-top: 1px solid var(--line); }
@media print { nav, #zoom, .skip { display: none; } .tall { max-height: none; } section { break-inside: avoid-page; } }
`;
