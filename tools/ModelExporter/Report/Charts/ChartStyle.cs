namespace EdgeInference.Tool.Report.Charts;

/// <summary>The style sheet of charts: colours as variables, in a light and a dark set, and the rules that use them.</summary>
internal static class ChartStyle
{
    /// <summary>Series that have their own colour.</summary>
    internal const int Series = 10;

    /// <summary>The variables; series colours keep their distance in both sets for most kinds of colour blindness.</summary>
    internal const string Colours = """
        :root { color-scheme: light dark; --ink: #1c2430; --soft: #5c6675; --faint: #dfe3e8; --paper: #ffffff; --page: #f4f5f7; --tint: #eef2f7;
          --c0: #0b62c4; --c1: #d9590f; --c2: #0f8a5f; --c3: #b3307d; --c4: #7a5ad6; --c5: #a47a00; --c6: #1292a8; --c7: #c0392b; --c8: #5f7d1f; --c9: #6b7280; --dead: #c0392b; --flat: #d9a000; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e8ebf0; --soft: #a0aab8; --faint: #343c48; --paper: #1b2129; --page: #12161c; --tint: #242c37;
          --c0: #6cb0ff; --c1: #ff9a5c; --c2: #4fd6a0; --c3: #f07fc0; --c4: #b49dff; --c5: #e3bd4a; --c6: #5fd0e3; --c7: #ff8a7c; --c8: #b4d268; --c9: #aab2bf; --dead: #ff8a7c; --flat: #e3bd4a; } }

        """;

    /// <summary>The rules.</summary>
    internal static string Rules { get; } = """
        .chart { font-family: system-ui, sans-serif; font-size: 11px; }
        .chart text { fill: var(--soft); }
        .chart .note, .chart .title { fill: var(--ink); }
        .chart .middle { text-anchor: middle; }
        .chart .end { text-anchor: end; }
        .chart .paper { fill: var(--paper); }
        .chart .grid { stroke: var(--faint); stroke-width: 1; fill: none; }
        .chart .frame { stroke: var(--soft); stroke-width: 1; fill: none; }
        .chart .line { fill: none; stroke: var(--c); stroke-width: 2; stroke-linejoin: round; }
        .chart .key { stroke: var(--c); stroke-width: 3; fill: none; }
        .chart .dot { fill: var(--c); }
        .chart .thin { stroke-width: 1.2; }
        .chart .dash { stroke-dasharray: 5 4; }
        .chart .bar { fill: var(--c); fill-opacity: .75; }
        .chart .life { fill: var(--c); fill-opacity: .8; stroke: var(--paper); stroke-width: 1; }
        .chart .mark { fill: var(--c7); stroke: var(--paper); stroke-width: 2; }
        .chart .steps { stroke: var(--c1); stroke-width: .7; stroke-opacity: .4; fill: none; }
        .chart .flat { fill: var(--flat); fill-opacity: .14; }
        .chart .dead { fill: var(--dead); fill-opacity: .14; }
        .chart .flat.key { stroke: var(--flat); fill: none; stroke-width: 9; stroke-opacity: .4; }
        .chart .dead.key { stroke: var(--dead); fill: none; stroke-width: 9; stroke-opacity: .4; }

        """ + string.Concat(Enumerable.Range(0, Series).Select(i => $".s{i} {{ --c: var(--c{i}); }}\n"));
}
