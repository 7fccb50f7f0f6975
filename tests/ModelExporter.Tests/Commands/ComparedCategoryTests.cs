using System.Text.Json;
using EdgeInference.Tool.Tests.Commands.Options;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>Two models that number the same texts otherwise are compared on the texts, not on the numbers.</summary>
public sealed class ComparedCategoryTests(OptionBench bench) : IClassFixture<OptionBench>
{
    [Fact]
    public void A_model_that_knows_one_category_more_decides_as_it_does_alone()
    {
        // 'amber' comes before all others, so that every code moves; the first model does not know it.
        string first = Train("first.csv", ["blue", "green", "red"]);
        string second = Train("second.csv", ["amber", "blue", "green", "red"]);
        string test = bench.Write("test.csv", Table(["amber", "blue", "green", "red"], 64));
        double alone = OptionBench.Json("evaluate", second, "-d", test, "-l", "y").GetProperty("accuracy").GetDouble();
        Assert.Equal(1, alone);
        JsonElement diff = OptionBench.Json("diff", first, second, "-d", test, "-l", "y").GetProperty("comparison");
        Assert.Equal(alone, diff.GetProperty("other").GetProperty("accuracy").GetDouble());
        string page = bench.New(".html");
        JsonElement report = OptionBench.Json("report", first, second, "-d", test, "-l", "y", "-o", page, "--no-timings").GetProperty("comparison");
        Assert.Equal(alone, report.GetProperty("other").GetProperty("accuracy").GetDouble());

        // And the other way about: the worst deviation is that of the outputs that run gives for each.
        double[] ours = Outputs(first, test);
        double[] theirs = Outputs(second, test);
        double worst = OptionBench.Json("evaluate", first, "-d", test, "-l", "y", "--against", second).GetProperty("worst_deviation").GetDouble();
        Assert.Equal(ours.Zip(theirs, (a, b) => Math.Abs(a - b)).Max(), worst, 1e-6);
    }

    [Fact]
    public void Texts_of_another_case_are_the_category_and_that_is_said()
    {
        string model = Train("case.csv", ["blue", "green", "red"]);
        string test = bench.Write("upper.csv", Table(["BLUE", "Green ", "red"], 60));
        (int exitCode, string error) = CommandLine.Run(out string text, "evaluate", model, "-d", test, "-l", "y", "--json");
        Assert.Equal(0, exitCode);
        Assert.Equal(1, JsonDocument.Parse(text).RootElement.GetProperty("accuracy").GetDouble());
        Assert.Contains("texts of column 'c' are taken as the model's categories: 'BLUE' as 'blue', 'Green' as 'green'.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_value_that_one_model_does_not_define_is_refused()
    {
        string gaps = bench.Write("gaps.csv", "a,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{(i % 6 == 5 ? "" : $"{i % 10}.5")},{(i % 10 < 5 ? 0 : 1)}\n")));
        string whole = bench.Write("whole.csv", "a,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i % 10}.5,{(i % 10 < 5 ? 0 : 1)}\n")));
        string first = bench.New();
        string second = bench.New();
        OptionBench.Done("train", gaps, "--label", "y", "-o", first, "--learner", "logistic");
        OptionBench.Done("train", whole, "--label", "y", "-o", second, "--learner", "logistic");
        Assert.Contains("Row 6 has a missing value, and", OptionBench.Refused("diff", first, second, "-d", gaps, "-l", "y"), StringComparison.Ordinal);
    }

    private static double[] Outputs(string model, string csv) =>
        [.. OptionBench.Numbers(OptionBench.Done("run", model, "-i", csv, "--label", "y")).Select(row => (double)row[0])];

    private string Train(string name, string[] colours)
    {
        string model = bench.New();
        OptionBench.Done("train", bench.Write(name, Table(colours, 240)), "--label", "y", "-o", model, "--learner", "boosting");
        return model;
    }

    // Amber and red are hot.
    private static string Table(string[] colours, int rows) =>
        "c,n,y\n" + string.Concat(Enumerable.Range(0, rows).Select(i => $"{colours[i % colours.Length]},{i * 7 % 11}.5,{(colours[i % colours.Length].ToUpperInvariant().Trim() is "AMBER" or "RED" ? 1 : 0)}\n"));
}
