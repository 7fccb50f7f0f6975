using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeInference.Tool.Tests.Commands.Options;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>A class that is rare: most of its rows are found, or it is said that they are not (../shared/cases/csv/pump_imbalanced.csv).</summary>
public sealed partial class RareClassTests(OptionBench bench) : IClassFixture<OptionBench>
{
    private static readonly string pump = Path.Combine(TestData.Root, "tests", "ModelExporter.Tests", "TestData", "csv", "pump_imbalanced.csv");

    [Fact]
    public void Twenty_faults_in_881_rows_are_said_and_half_of_them_found()
    {
        string model = bench.New();
        string text = OptionBench.Done("train", pump, "--label", "fault", "-o", model, "--learner", "logistic");
        Match said = Sentence().Match(text);
        Assert.True(said.Success, text);
        int Number(int group) => int.Parse(said.Groups[group].Value, CultureInfo.InvariantCulture);
        Assert.Equal((20, 881, 20), (Number(1), Number(2), Number(4)));
        Assert.True(Number(3) * 2 >= 20 || text.Contains("Most rows of '1' are missed: more of them are needed.", StringComparison.Ordinal), text);
        Assert.InRange(Number(5), 0, 881 / 10);

        // The file decides by the threshold that was tuned, and so does evaluate.
        JsonElement evaluated = OptionBench.Json("evaluate", model, "-d", pump, "-l", "fault");
        Assert.InRange(evaluated.GetProperty("threshold").GetDouble(), 0.001, 0.3);
        int[][] confusion = [.. evaluated.GetProperty("confusion").EnumerateArray().Select(row => row.EnumerateArray().Select(count => count.GetInt32()).ToArray())];
        Assert.Equal((861, 20), (confusion[0].Sum(), confusion[1].Sum()));
        Assert.True(confusion[1][1] >= 10, text);
    }

    [Fact]
    public void A_class_of_few_rows_in_many_can_be_learned()
    {
        // Twenty thousand of them are compared on; a share of three rows would be none.
        string csv = bench.Write("many.csv", "a,b,y\n" + string.Concat(Enumerable.Range(0, 60_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"{(i % 20_000 == 7 ? 90 : i * 7 % 31)}.5,{i * 13 % 17}.5,{(i % 20_000 == 7 ? "broken" : i * 7 % 31 > 15 ? "high" : "low")}\n"))));
        string text = OptionBench.Done("train", csv, "--label", "y", "-o", bench.New(), "--learner", "logistic", "--work", "1");
        Assert.Contains("Classes are unequal: 'broken' has 3 of 60000 rows", text, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"'1' has (\d+) of (\d+) rows, so look at the balanced accuracy, 0\.\d+\. Out of fold (\d+) of (\d+) rows of '1' were found, with (\d+) false alarms\.")]
    private static partial Regex Sentence();
}
