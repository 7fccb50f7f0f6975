using System.Text.Json;
using EdgeInference.Tool.Tests.Commands.Options;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>The first minutes with the tool: what the demo tells to type works, and numbers are named.</summary>
public sealed class StrangerTests(OptionBench bench) : IClassFixture<OptionBench>
{
    [Fact]
    public void What_the_demo_tells_to_type_works_where_it_was_run()
    {
        string folder = bench.InFolder("first demo");
        string text = OptionBench.Done("demo", "-o", folder);
        Assert.DoesNotContain("dotnet", text, StringComparison.Ordinal);
        string[] lines = [.. text.Split('\n').Where(line => line.StartsWith("  edge ", StringComparison.Ordinal)).Select(line => line.Trim())];
        Assert.Equal(2, lines.Length);
        Assert.Contains("Quantize", Typed(lines[0]), StringComparison.Ordinal);
        string[] answers = Typed(lines[1]).TrimEnd().Split('\n');
        Assert.StartsWith("decision,class,probability of benign,", answers[0], StringComparison.Ordinal);
        Assert.Equal(1 + 171, answers.Length);
        Assert.All(answers[1..], line => Assert.Matches("^(0,malignant|1,benign),", line));
    }

    [Fact]
    public void Export_says_what_quantizing_costs_where_labels_are_at_hand()
    {
        string real = bench.New();
        string small = bench.New();
        string[] rows = ["-c", bench.Test, "--label", "y"];
        string text = OptionBench.Done(["export", bench.Net, "-o", real, .. rows]);
        JsonElement json = OptionBench.Json(["export", bench.Net, "-o", small, "-p", "int8", .. rows]).GetProperty("accuracy");
        double before = OptionBench.Json("evaluate", real, "-d", bench.Test, "-l", "y").GetProperty("accuracy").GetDouble();
        JsonElement after = OptionBench.Json("evaluate", small, "-d", bench.Test, "-l", "y", "--against", real);
        Assert.Equal((before, after.GetProperty("accuracy").GetDouble()), (json.GetProperty("before").GetDouble(), json.GetProperty("after").GetDouble()));
        Assert.Equal(90 - (int)Math.Round(90 * after.GetProperty("agreement").GetDouble()), json.GetProperty("decided_otherwise").GetInt32());
        Assert.Contains(FormattableString.Invariant($"Accuracy on 90 rows of 'test.csv': {before:0.0000}, AUC "), text, StringComparison.Ordinal);
        text = OptionBench.Done(["export", bench.Net, "-o", small, "-p", "int8", .. rows]);
        Assert.Contains(FormattableString.Invariant($"of 90 rows of 'test.csv' are decided otherwise; accuracy {before:0.0000} to {after.GetProperty("accuracy").GetDouble():0.0000}, log loss "), text, StringComparison.Ordinal);

        // Labels that are not the model's do not stop an export.
        string odd = bench.Write("odd-labels.csv", File.ReadAllText(bench.Test).Replace(",1\n", ",yes\n", StringComparison.Ordinal));
        (int exitCode, string said) = CommandLine.Run(out text, "export", bench.Net, "-o", small, "-p", "int8", "-c", odd, "--label", "y");
        Assert.Equal(0, exitCode);
        Assert.Contains("Accuracy is not known: ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("decided otherwise", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_speaks_in_the_texts_of_the_classes_and_has_a_reason_for_no_area()
    {
        string model = bench.New();
        OptionBench.Done("export", bench.Net, "-o", model, "--labels", "dry,wet", "-c", bench.Train, "--label", "y");
        string text = OptionBench.Done("evaluate", model, "-d", bench.Test, "-l", "y");
        Assert.Contains("0.5000 for 'wet'", text, StringComparison.Ordinal);
        string[] heads = [.. text.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Split('|')[1].Trim())];
        Assert.Equal(["true \\ decided", "dry", "wet", "precision"], heads);

        string one = bench.Write("one-class.csv", "a,b,c,d,y\n" + string.Concat(File.ReadLines(bench.Test).Where(line => line.EndsWith(",1", StringComparison.Ordinal)).Take(5).Select(line => line + "\n")));
        text = OptionBench.Done("evaluate", model, "-d", one, "-l", "y");
        Assert.Contains("none: all rows are of class 'wet'", text, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
        Assert.Contains("no row", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("-0.1")]
    public void A_threshold_that_is_no_probability_is_refused(string threshold) =>
        Assert.Equal($"--threshold {threshold} is not a probability; give a number from 0 to 1.", OptionBench.Misused("evaluate", bench.Model, "-d", bench.Test, "-l", "y", $"--threshold={threshold}").TrimEnd());

    [Fact]
    public void Rows_that_a_model_abstains_on_are_counted()
    {
        string model = bench.Save(bench.TrainWith("--abstain-below", "0.99", "--data", bench.Test));
        int undecided = OptionBench.Json("run", model, "-i", bench.Test, "--label", "y").EnumerateArray().Count(row => row.GetProperty("decision").GetInt32() < 0);
        Assert.True(undecided > 0);
        Assert.Contains($"{undecided} of 90 rows, counted by the class that the model leans to", OptionBench.Done("evaluate", model, "-d", bench.Test, "-l", "y"), StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_names_inputs_and_outputs_with_shape_type_and_unit()
    {
        string same = bench.Save(bench.TrainWith("--units", "m,m,m,m"));
        string text = OptionBench.Done("inspect", same);
        Assert.Matches(@"input +'[^']+' float32 \[1, 4\], in m *\n", text);
        Assert.Matches(@"output +'[^']+' float32 \[1, 1\], probability *\n", text);
        Assert.Equal("m", OptionBench.Json("inspect", same).GetProperty("contract").GetProperty("inputs")[0].GetProperty("unit").GetString());
        Assert.Contains("in the units of its features", OptionBench.Done("inspect", bench.Save(bench.TrainWith("--units", "m,s,,g"))), StringComparison.Ordinal);
        JsonElement source = OptionBench.Json("inspect", bench.Net);
        Assert.Equal(("[1, 4]", "float32"), (source.GetProperty("inputs")[0].GetProperty("shape").GetString(), source.GetProperty("inputs")[0].GetProperty("type").GetString()));
    }

    private static string Typed(string line)
    {
        string[] words = [.. System.CommandLine.Parsing.CommandLineParser.SplitCommandLine(line)];
        Assert.Equal("edge", words[0]);
        return OptionBench.Done(words[1..]);
    }
}
