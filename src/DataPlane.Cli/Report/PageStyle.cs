namespace DataPlane.Cli.Report;

/// <summary>How the page looks: on light and dark screens and on paper.</summary>
internal static class PageStyle
{
    /// <summary>All of it; nothing is loaded from elsewhere. The two series' colours keep a contrast of 4.5 to 1 on their ground.</summary>
    public const string Sheet = """
        :root { color-scheme: light dark; --ground: #fff; --ink: #1b1f24; --soft: #5a6470; --rule: #d5dae0; --plane: #f4f6f8;
          --first: #1d5fa8; --second: #a84b00; --good: #1a6b35; --bad: #b3261e; }
        @media (prefers-color-scheme: dark) { :root { --ground: #14171b; --ink: #e6e9ed; --soft: #a3adb8; --rule: #3a424c; --plane: #1d2127;
          --first: #7db4f5; --second: #f2a65a; --good: #6fd08c; --bad: #ff8f85; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 1.5rem 1.25rem 3rem; max-width: 62rem; background: var(--ground); color: var(--ink);
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
        h1 { font-size: 1.5rem; margin: 0 0 .5rem; } h2 { font-size: 1.3rem; margin: 2.5rem 0 .5rem; overflow-wrap: anywhere; }
        h3 { font-size: 1.05rem; margin: 1.75rem 0 .4rem; } p { margin: .4rem 0; max-width: 50rem; overflow-wrap: anywhere; }
        a { color: var(--first); }
        .verdict { border: 1px solid var(--rule); border-left: .5rem solid var(--soft); border-radius: 4px; background: var(--plane); padding: .8rem 1rem; }
        .verdict.good { border-left-color: var(--good); } .verdict.bad { border-left-color: var(--bad); }
        .verdict .headline { font-size: 1.15rem; font-weight: 650; margin: 0; }
        .soft { color: var(--soft); }
        .scroll { overflow-x: auto; margin: .5rem 0 1rem; }
        table { border-collapse: collapse; font-size: .87rem; min-width: 50%; } nav a { margin-right: 1rem; }
        caption { text-align: left; font-weight: 600; padding: .2rem 0; }
        th, td { padding: .22rem .7rem; border-bottom: 1px solid var(--rule); vertical-align: top; }
        thead th { border-bottom: 2px solid var(--rule); color: var(--soft); font-weight: 600; }
        th { font-weight: 500; } .text { text-align: left; } .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        td.text { overflow-wrap: break-word; min-width: 5rem; } thead th.number { white-space: normal; }
        figure { margin: 0 0 .8rem; } figcaption { font-weight: 600; font-size: .93rem; }
        svg { width: 100%; height: auto; display: block; } svg text { font-size: 12px; fill: var(--ink); } svg text.small { font-size: 10.5px; fill: var(--soft); }
        svg .middle { text-anchor: middle; } svg .end { text-anchor: end; } svg .legend { font-size: 12.5px; }
        .grid { stroke: var(--rule); stroke-width: 1; } .axis { stroke: var(--soft); stroke-width: 1; }
        .mark { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 1 4; opacity: .8; }
        .limit { stroke: var(--bad); stroke-width: 1.5; stroke-dasharray: 9 4; }
        line.first, polyline.first { stroke: var(--first); stroke-width: 2; fill: none; stroke-linejoin: round; }
        line.second, polyline.second { stroke: var(--second); stroke-width: 2; fill: none; stroke-dasharray: 6 4; stroke-linejoin: round; }
        .first.dot { fill: var(--first); } .second.dot { fill: var(--second); }
        rect.source { fill: var(--first); } rect.destination { fill: var(--second); stroke: var(--ink); stroke-width: 1; }
        rect.network { fill: var(--soft); } rect.stage { fill-opacity: .35; stroke: var(--ink); stroke-width: .8; }
        rect.apart { fill: none; stroke: var(--soft); stroke-width: 1.2; stroke-dasharray: 3 2; }
        .bar { fill: var(--first); } .spread { stroke: var(--ink); stroke-width: 1.5; }
        .failure { border-left: .3rem solid var(--bad); padding: .1rem .9rem; margin: .8rem 0; } .failure .headline { font-weight: 650; }
        details.run { border-top: 1px solid var(--rule); padding: .5rem 0; } summary { cursor: pointer; padding: .2rem 0; } details.run > summary { font-weight: 600; }
        .failure pre { overflow: auto; background: var(--plane); border: 1px solid var(--rule); padding: .5rem; font-size: .82rem; white-space: pre-wrap; overflow-wrap: anywhere; }
        /* On a phone a drawing keeps a size at which its words can be read, and is moved under the finger. */
        @media screen and (max-width: 700px) { body { padding: 1rem .8rem 2rem; } figure { overflow-x: auto; } svg { width: 700px; max-width: none; } }
        details pre { overflow: auto; max-height: 30rem; background: var(--plane); border: 1px solid var(--rule); padding: .7rem; font-size: .78rem; white-space: pre-wrap; overflow-wrap: anywhere; }
        @media print {
          :root { color-scheme: light; --ground: #fff; --ink: #000; --soft: #444; --rule: #bbb; --plane: #fff; --first: #1d5fa8; --second: #a84b00; --good: #1a6b35; --bad: #b3261e; }
          body { max-width: none; padding: 0; font-size: 10.5pt; } .scroll { overflow: visible; } table { font-size: 8.5pt; width: 100%; }
          th, td { padding: .12rem .3rem; } td.text { overflow-wrap: anywhere; } .number { white-space: normal; } figure, tr, .verdict { break-inside: avoid; } h2, h3, caption { break-after: avoid; }
          section.run + section.run { break-before: page; } details.raw { display: none; } .failure pre { background: none; } svg, .verdict { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        }
        """;
}
