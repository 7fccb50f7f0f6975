using System.Globalization;
using System.Text.RegularExpressions;

namespace Documents.Tests;

/// <summary>A figure that several documents state is one figure: that of the table it comes from.</summary>
public sealed partial class FiguresTests
{
    [Fact]
    public void Documents_agree_on_how_much_faster_than_OnnxRuntime()
    {
        Dictionary<string, double[]> faster = SpeedPattern().Matches(CodeBlock.Text("docs/performance.md"))
            .ToDictionary(row => row.Groups["model"].Value, row => new[] { Number(row.Groups["float32"]), Number(row.Groups["int8"]) });
        Assert.Equal(6, faster.Count);
        double least = faster.Values.Min(both => both.Min());
        double most = faster.Values.Max(both => both.Max());
        Contains("docs/comparison.md", $"we were {Text(least)} to {most:0} times faster");

        double[] kws = faster["mlperf_tiny_kws"];
        double[] others = [.. faster.Where(row => row.Key is not ("mlperf_tiny_kws" or "digits_cnn" or "breast_cancer_mlp")).SelectMany(row => row.Value)];
        string classifier = Math.Round(faster["breast_cancer_mlp"][0] / 10).ToString("0", CultureInfo.InvariantCulture) + "0";
        Contains("README.md", $"some {classifier} times faster than ONNX Runtime");
        Contains("README.md", $"convolutional network runs {faster["digits_cnn"][0]:0} times faster");
        Contains("README.md", $"{Text(kws[0])} times in float32 and {Text(kws[1])} times in int8, others {others.Min():0} to {others.Max():0} times");
        Contains("README.zh-CN.md", $"小型卷积网络快 {faster["digits_cnn"][0]:0} 倍");
        Contains("README.zh-CN.md", $"float32 快 {Text(kws[0])} 倍、int8 快 {Text(kws[1])} 倍，其余快 {others.Min():0} 到 {others.Max():0} 倍");
    }

    [Fact]
    public void Who_counts_the_operators_of_ONNX_counts_right()
    {
        int count = ListedPattern().Count(CodeBlock.Text("docs/onnx.md"));
        Assert.InRange(count, 100, 1000);
        Assert.All(CodeBlock.Documents(), document => Assert.All(CountPattern().Matches(CodeBlock.Text(document)), match => Assert.True(match.Groups["count"].Value == count.ToString(CultureInfo.InvariantCulture), $"{document} says '{match.Value}'; docs/onnx.md lists {count}")));
    }

    [Fact]
    public void No_document_speaks_of_a_release_before_there_is_one()
    {
        bool released = ReleasePattern().IsMatch(CodeBlock.Text("CHANGELOG.md"));
        Assert.Equal(!released, CodeBlock.Text("docs/promises.md").Contains("Nothing is released yet", StringComparison.Ordinal));
        Assert.Equal(!released, CodeBlock.Text("docs/comparison.md").Contains("A release: there is none yet", StringComparison.Ordinal));
        Assert.All(CodeBlock.Documents().Where(_ => !released), document => Assert.DoesNotContain("one release", CodeBlock.Text(document), StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("src/ModelFormat/Reading/FormatLayout.cs")]
    public void The_promise_is_about_the_version_that_is_written(string layout)
    {
        string major = Regex.Match(File.ReadAllText(Path.Combine(CodeBlock.Root(), layout)), @"MajorVersion\w* = (?<major>\d+)").Groups["major"].Value;
        Assert.NotEmpty(major);
        Contains("docs/model-format.md", $"# The `.edge` file, version {major}.");
        Contains("CHANGELOG.md", $"The `.edge` format, version {major}.");
    }

    private static void Contains(string document, string expected) =>
        Assert.True(CodeBlock.Text(document).Contains(expected, StringComparison.Ordinal), $"{document} does not say '{expected}', as the table of its source does.");

    private static double Number(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\| (?<model>\w+) \| \d+ \| \d+ \| (?<float32>[\d.]+)[^|]* \| \d+ \| (?<int8>[\d.]+)[^|]* \|", RegexOptions.Multiline)]
    private static partial Regex SpeedPattern();

    [GeneratedRegex(@"^- `[\w.]+`", RegexOptions.Multiline)]
    private static partial Regex ListedPattern();

    [GeneratedRegex(@"ONNX[^.\n|]{0,40}?\b(?<count>\d{2,}) operators|\b(?<count>\d{2,}) (?:operators of ONNX|ONNX operators)")]
    private static partial Regex CountPattern();

    [GeneratedRegex(@"^## \[\d", RegexOptions.Multiline)]
    private static partial Regex ReleasePattern();
}
