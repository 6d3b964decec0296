/** The page's style sheet: colours and letters of the report's pages, light and dark. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf6; --raised: #fffefb; --ink: #23211d; --muted: #6d675d; --line: #e5e0d5; --accent: #14646e; --on-slice: #fff;
  --slice-0: #2b62b8; --slice-1: #14646e; --slice-2: #7a4ea0; --slice-3: #8a6a00; --slice-4: #c2571a; --slice-5: #2f7d3b; --slice-6: #b03a6b; --slice-7: #5d6470;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #17181a; --raised: #1e2022; --ink: #e6e2da; --muted: #9d978b; --line: #33353a; --accent: #67c3cb; --on-slice: #17181a;
    --slice-0: #82aef2; --slice-1: #67c3cb; --slice-2: #bfa0e4; --slice-3: #d9bb4d; --slice-4: #f09a58; --slice-5: #82c78a; --slice-6: #ee8fb6; --slice-7: #a9b2bf;
  }
}
*, *::before, *::after { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 56px 28px 96px; }
h1, h2, h3 { font-family: Charter, "Bitstream Charter", Cambria, Georgia, "Liberation Serif", serif; font-weight: 600; overflow-wrap: anywhere; }
h1 { margin: 0 0 28px; font-size: clamp(24px, 3.4vw, 36px); font-weight: 500; line-height: 1.24; }
h2 { font-size: 22px; }
h3 { margin: 40px 0 12px; font-size: 18px; }
.kicker { margin: 0 0 12px; color: var(--accent); font-size: 13px; font-weight: 600; letter-spacing: .08em; text-transform: uppercase; }
.note, small, figcaption, caption { color: var(--muted); font-size: 13px; }
.sets.two { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 40px; }
.composition { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 32px; align-items: center; }
.two .composition { grid-template-columns: 1fr; }
.sunburst { width: 100%; height: auto; }
.sunburst path { stroke: var(--paper); stroke-width: 1.5; }
.sunburst text { font-size: 11.5px; fill: var(--ink); }
.sunburst .slice { fill: var(--on-slice); font-size: 13px; font-weight: 600; text-anchor: middle; pointer-events: none; }
.sunburst .total, .sunburst .unit { text-anchor: middle; }
.sunburst .total { font-size: 28px; font-weight: 600; }
.sunburst .unit { fill: var(--muted); font-size: 14px; }
.legend > div { padding: 7px 0 7px 14px; border-left: 4px solid var(--color); margin-bottom: 8px; overflow-wrap: anywhere; }
.legend p { margin: 2px 0 0; color: var(--muted); font-size: 12.5px; line-height: 1.45; }
.tables { display: grid; grid-template-columns: repeat(auto-fit, minmax(280px, 1fr)); gap: 24px 40px; margin-top: 24px; align-items: start; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: 4px; }
td, th { padding: 4px 8px 4px 0; border-top: 1px solid var(--line); text-align: right; font-weight: 400; }
th[scope=row], .differences td:first-child { text-align: left; overflow-wrap: anywhere; }
.bars { table-layout: fixed; }
.bars th { width: 38%; }
.bars .bar span { display: block; height: 10px; border-radius: 2px; background: var(--accent); }
.histograms { display: grid; grid-template-columns: repeat(auto-fit, minmax(260px, 1fr)); gap: 24px 32px; }
.histogram { margin: 0; }
.histogram svg { width: 100%; height: auto; }
.histogram rect { fill: var(--accent); opacity: .8; }
.histogram .median { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 3 3; }
.histogram text { font-size: 11px; fill: var(--muted); }
.histogram p { margin: 0; }
.samples { display: grid; grid-template-columns: repeat(auto-fit, minmax(320px, 1fr)); gap: 24px; }
article { padding: 14px; border: 1px solid var(--line); border-radius: 6px; background: var(--raised); overflow-wrap: anywhere; }
article img { display: block; max-width: 100%; height: auto; border-radius: 3px; }
article p { margin: 8px 0 0; }
article ul, .failures { margin: 6px 0 0; padding-left: 1.1em; font-size: 13.5px; }
.gold { font-weight: 600; color: var(--accent); }
.wide { overflow-x: auto; }
code { font: .92em ui-monospace, Menlo, Consolas, "Liberation Mono", monospace; }
@media (max-width: 820px) {
  main { padding: 32px 16px 64px; }
  .composition, .sets.two { grid-template-columns: minmax(0, 1fr); }
}
`;
