using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EdgeInference.Tool.Tests.Report;

/// <summary>
/// The report in a headless Chromium: EDGE_CHROMIUM names it, else it is looked for on the path. A script that is added to a
/// copy of the page moves the slider as a hand would.
/// </summary>
public sealed partial class BrowserTests(BrowserTests.Pages pages) : IClassFixture<BrowserTests.Pages>
{
    private const int PhonePixels = 360;
    private static readonly TimeSpan longest = TimeSpan.FromMinutes(3);
    private static readonly Lazy<string?> browser = new(Find);

    [Fact]
    public async Task The_page_opens_without_an_error_and_the_slider_moves_the_matrix()
    {
        Assert.SkipWhen(browser.Value is null, "no Chromium is here; name one in EDGE_CHROMIUM");
        string html = pages.Of("breast_cancer", "benign");
        using JsonDocument steps = JsonDocument.Parse(new ReportPageReader(html).Text("steps"));
        const int Position = 900;
        int truePositives = steps.RootElement.GetProperty("tp")[Position].GetInt32();
        int falsePositives = steps.RootElement.GetProperty("fp")[Position].GetInt32();
        int positives = steps.RootElement.GetProperty("positives").GetInt32();
        int negatives = steps.RootElement.GetProperty("negatives").GetInt32();

        (string dom, string console) = await Open(html, $$"""
            var s = document.getElementById('slider'), states = [], keep = function () { states.push(document.body.outerHTML); };
            keep();
            s.value = {{Position}}; s.dispatchEvent(new Event('input'));
            keep();
            document.getElementById('reset').click();
            keep();
            document.title = 'states ' + encodeURIComponent(JSON.stringify(states));
            """);
        Assert.Equal("", console);
        string[] states = JsonSerializer.Deserialize<string[]>(Uri.UnescapeDataString(Regex.Match(dom, @"<title>states ([^<]*)</title>").Groups[1].Value))!;
        (string before, string after, string reset) = (states[0], states[1], states[2]);
        Assert.Equal(steps.RootElement.GetProperty("tp0").GetInt32().ToString(CultureInfo.InvariantCulture), Cell(before, "tp"));
        Assert.DoesNotMatch("id=\"controls\"[^>]*hidden", before);

        Assert.NotEqual(Cell(before, "tp"), Cell(after, "tp"));
        Assert.Equal($"{truePositives}", Cell(after, "tp"));
        Assert.Equal($"{falsePositives}", Cell(after, "fp"));
        Assert.Equal($"{positives - truePositives}", Cell(after, "fn"));
        Assert.Equal($"{negatives - falsePositives}", Cell(after, "tn"));
        Assert.Equal("0.900", Cell(after, "t"));
        Assert.Equal(((double)(truePositives + negatives - falsePositives) / (positives + negatives)).ToString("0.0000", CultureInfo.InvariantCulture), Cell(after, "m-accuracy"));
        Assert.NotEqual(Mark(before, "roc-mark"), Mark(after, "roc-mark"));
        Assert.NotEqual(Mark(before, "cut-mark"), Mark(after, "cut-mark"));

        Assert.Equal(Cell(before, "tp"), Cell(reset, "tp"));
        Assert.Equal(Mark(before, "roc-mark"), Mark(reset, "roc-mark"));
    }

    // Frames as wide as a phone, in one browser: what a page asks about its width, it asks about its frame.
    [Fact]
    public async Task A_phone_shows_the_whole_width()
    {
        Assert.SkipWhen(browser.Value is null, "no Chromium is here; name one in EDGE_CHROMIUM");
        (string Name, string Label)[] reports = [("breast_cancer", "benign"), ("digits", "digit")];
        var frames = new StringBuilder();
        foreach ((string name, string label) in reports)
        {
            string script = $"parent.postMessage('{name} ' + innerWidth + ' ' + document.documentElement.scrollWidth + ' ' + document.body.scrollWidth, '*');";
            await File.WriteAllTextAsync(Path.Combine(pages.Folder, name + ".html"), With(pages.Of(name, label), script), TestContext.Current.CancellationToken);
            frames.Append(CultureInfo.InvariantCulture, $"<iframe width=\"{PhonePixels}\" height=\"800\" style=\"border: 0\" src=\"{name}.html\"></iframe>");
        }

        (string dom, string console) = await Open($"<html><body><script>addEventListener('message', function (e) {{ document.title += e.data + ';'; }});</script>{frames}</body></html>", "");
        Assert.Equal("", console);
        foreach ((string name, _) in reports)
        {
            Match width = Regex.Match(dom, $@"<title>[^<]*{name} (\d+) (\d+) (\d+);");
            Assert.Equal($"{PhonePixels}", width.Groups[1].Value);
            Assert.InRange(int.Parse(width.Groups[2].Value, CultureInfo.InvariantCulture), 1, PhonePixels);
            Assert.InRange(int.Parse(width.Groups[3].Value, CultureInfo.InvariantCulture), 1, PhonePixels);
        }
    }

    // A wide table scrolls in its own box and keeps its first column in sight, whose words stay whole; ten classes need no scrolling.
    [Fact]
    public async Task Tables_scroll_by_themselves_on_a_phone()
    {
        Assert.SkipWhen(browser.Value is null, "no Chromium is here; name one in EDGE_CHROMIUM");
        const string Script = """
            var wide = 0, still = 0, fixedFirst = 0;
            document.querySelectorAll('.scroll').forEach(function (box) {
              if (box.scrollWidth <= box.clientWidth) { return; }
              wide++;
              var cell = box.querySelector('tbody td'), at = cell.getBoundingClientRect().left;
              box.scrollLeft = 60;
              if (box.scrollLeft === 0) { still++; }
              if (Math.abs(cell.getBoundingClientRect().left - at) < 1) { fixedFirst++; }
            });
            var broken = 0, range = document.createRange();
            document.querySelectorAll('.scroll table:not(.matrix) tr > :first-child').forEach(function (cell) {
              range.selectNodeContents(cell);
              var tops = new Set(Array.from(range.getClientRects()).map(function (line) { return Math.round(line.top); }));
              if (tops.size > Math.max(cell.textContent.split(' ').length, cell.textContent.length / 4)) { broken++; }
            });
            var matrix = document.querySelector('.matrix').parentElement;
            parent.postMessage('wide=' + wide + ' still=' + still + ' fixed=' + fixedFirst + ' matrix=' + (matrix.scrollWidth - matrix.clientWidth) + ' broken=' + broken, '*');
            """;
        await File.WriteAllTextAsync(Path.Combine(pages.Folder, "tables.html"), With(pages.Of("digits", "digit"), Script), TestContext.Current.CancellationToken);
        (string dom, string console) = await Open($"<html><body><script>addEventListener('message', function (e) {{ document.title += e.data; }});</script><iframe width=\"{PhonePixels}\" height=\"800\" style=\"border: 0\" src=\"tables.html\"></iframe></body></html>", "");
        Assert.Equal("", console);
        Match found = Regex.Match(dom, @"<title>wide=(\d+) still=(\d+) fixed=(\d+) matrix=(-?\d+) broken=(\d+)<");
        Assert.True(found.Success, dom[..Math.Min(500, dom.Length)]);
        Assert.InRange(int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture), 2, 100);
        Assert.Equal("0", found.Groups[2].Value);
        Assert.Equal(found.Groups[1].Value, found.Groups[3].Value);
        Assert.Equal("0", found.Groups[4].Value);
        Assert.Equal("0", found.Groups[5].Value);
    }

    [Fact]
    public async Task No_table_of_features_and_reasons_is_wider_than_a_desk_screen()
    {
        Assert.SkipWhen(browser.Value is null, "no Chromium is here; name one in EDGE_CHROMIUM");
        (string dom, _) = await Open(pages.Of("breast_cancer", "benign"), "document.title = 'cut ' + Array.from(document.querySelectorAll('.scroll')).filter(function (box) { return box.scrollWidth > box.clientWidth; }).map(function (box) { return box.closest('section').id; }).join(',');");
        Assert.Equal("cut ", Regex.Match(dom, "<title>([^<]*)</title>").Groups[1].Value);
    }

    // The tile of the model's threshold and the rates beside the slider are written by two languages: 777 of 800 is 0.97125.
    [Fact]
    public async Task The_slider_rounds_as_the_tiles_do_and_goes_back_to_every_digit_of_the_threshold()
    {
        Assert.SkipWhen(browser.Value is null, "no Chromium is here; name one in EDGE_CHROMIUM");
        using EdgeInference.Runtime.EdgeModel model = ReportCase.Identity(1, builder => builder.AddFloats(EdgeInference.ModelFormat.MetadataKey.Threshold, [0.99996f]));
        float[][] rows = [.. Enumerable.Range(0, 800).Select(i => new[] { i % 2 == 0 ? 0.25f : 1f })];
        int[] labels = [.. Enumerable.Range(0, 800).Select(i => i < 23 ? 1 - (i % 2) : i % 2)];
        string html = EdgeInference.Tool.Report.ReportPage.Make(ReportCase.Facts(model, rows, labels, "n", "y"));
        var page = new ReportPageReader(html);
        (string dom, string console) = await Open(html, "document.getElementById('slider').value = 3; document.getElementById('slider').dispatchEvent(new Event('input')); document.getElementById('reset').click();");
        Assert.Equal("", console);
        Assert.Equal("0.9713", page.Text("accuracy"));
        foreach (string rate in new[] { "t", "m-accuracy", "m-precision", "m-recall", "m-specificity", "m-f1" })
        {
            Assert.Equal((rate, page.Text(rate)), (rate, Cell(dom, rate)));
        }

        Assert.Equal("0.99996", Cell(dom, "t"));
        Assert.Equal(page.Text("accuracy"), Cell(dom, "m-accuracy"));
    }

    [Fact]
    public async Task A_script_at_fault_would_be_seen()
    {
        Assert.SkipWhen(browser.Value is null, "no Chromium is here; name one in EDGE_CHROMIUM");
        (_, string console) = await Open(pages.Of("breast_cancer", "benign"), "document.getElementById('nothing').remove();");
        Assert.Contains("TypeError", console, StringComparison.Ordinal);
    }

    private static string Cell(string dom, string identifier) => Regex.Match(dom, $"id=\"{identifier}\"[^>]*>([^<]*)<").Groups[1].Value;

    private static string Mark(string dom, string identifier) => Regex.Match(dom, $"<circle[^>]*id=\"{identifier}\"[^>]*>").Value;

    private static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("EDGE_CHROMIUM");
        string[] names = ["chromium", "chromium-browser", "google-chrome"];
        return !string.IsNullOrEmpty(named) ? named
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }

    private static string With(string html, string script) => html.Replace("</body>", $"<script>{script}</script></body>", StringComparison.Ordinal);

    // The page's elements after its scripts and this one have run, and what they wrote to the console.
    private async Task<(string Dom, string Console)> Open(string html, string script)
    {
        string copy = Path.Combine(pages.Folder, "copy.html");
        await File.WriteAllTextAsync(copy, With(html, script), TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo(browser.Value!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "--headless", "--no-sandbox", "--disable-gpu", $"--user-data-dir={Path.Combine(pages.Folder, "profile")}", "--window-size=1280,900",
                "--enable-logging=stderr", "--virtual-time-budget=2000", "--dump-dom", new Uri(copy).AbsoluteUri,
            },
        };
        using Process process = Process.Start(start)!;
        Task<string> dom = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> log = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var timeout = new CancellationTokenSource(longest);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{browser.Value} took longer than {longest}.");
        }

        Assert.Contains("</html>", await dom, StringComparison.Ordinal);
        return (await dom, string.Join('\n', (await log).Split('\n').Where(line => ConsolePattern().IsMatch(line))));
    }

    /// <summary>The reports, each made once, and the browser's profile, which takes it longer than a page.</summary>
    public sealed class Pages : IDisposable
    {
        private readonly Dictionary<string, string> made = [];

        public string Folder { get; } = Directory.CreateTempSubdirectory("edge-browser-").FullName;

        public void Dispose() => Directory.Delete(Folder, recursive: true);

        internal string Of(string name, string label)
        {
            if (!made.TryGetValue(name, out string? html))
            {
                string model = Path.Combine(Folder, "m.edge");
                string page = Path.Combine(Folder, "r.html");
                Assert.Equal((0, ""), CommandLine.RunUnnamed(out _, "export", TestData.Data($"{name}_mlp.onnx"), "-o", model));
                Assert.Equal((0, ""), CommandLine.RunUnnamed(out _, "report", model, "--data", TestData.Data($"{name}.test.csv"), "--label", label, "-o", page, "--no-timings"));
                made[name] = html = File.ReadAllText(page);
            }

            return html;
        }
    }

    [GeneratedRegex(@":CONSOLE[:(]")]
    private static partial Regex ConsolePattern();
}
