extern alias nano;

using System.Globalization;
using System.Text.Json;
using EdgeInference.Tool.Tests.Commands.Options;
using NanoBytes = nano::EdgeInference.ModelFormat.ModelBytes;
using NanoLearner = nano::EdgeInference.Nano.Adaptation.AdaptiveClassifier;
using NanoModel = nano::EdgeInference.Nano.NanoModel;
using NanoSession = nano::EdgeInference.Nano.NanoSession;

namespace EdgeInference.Tool.Tests.Adaptation;

/// <summary>What <c>edge adapt</c> writes is what a nanoFramework device would keep, and what commands decide with it is what that device decides.</summary>
public sealed class AdaptedDecisionTests(OptionBench bench) : IClassFixture<OptionBench>
{
    private const int AddedFrom = 30;

    [Theory]
    [InlineData("int8", "layer,classes,anomalies")]
    [InlineData("int16", "layer,classes,anomalies")]
    [InlineData("int8", "classes:1")]
    [InlineData("int16", "layer")]
    public void The_state_and_the_decisions_are_those_of_a_device(string precision, string heads)
    {
        string model = bench.Save(bench.TrainWith("--precision", precision, $"--adaptable={heads}"));
        bool adds = heads.Contains("classes", StringComparison.Ordinal);
        string learned = Table(bench.Train, 60, adds);
        string state = bench.New(".edgestate");
        OptionBench.Done("adapt", model, "-d", learned, "--label", "y", "-o", state);

        NanoLearner device = Device(model);
        foreach ((float[] row, string label) in Rows(learned))
        {
            int number = label == "other" ? 2 : int.Parse(label, CultureInfo.InvariantCulture);
            if (number >= device.ClassCount)
            {
                Assert.Equal(2, device.AddClass(label));
            }

            Assert.True(device.Learn(row, number));
        }

        Assert.Equal(device.Save(), File.ReadAllBytes(state));

        // Another device takes the file, and decides as the commands do.
        NanoLearner other = Device(model);
        Assert.Null(other.Restore(File.ReadAllBytes(state)));
        string tried = Table(bench.Test, 90, adds);
        (float[] Row, string Label)[] rows = [.. Rows(tried)];
        string[] decisions = [.. rows.Select(pair => $"{other.Classify(pair.Row)}".Replace("-1", "", StringComparison.Ordinal))];
        string[] lines = OptionBench.Done("run", model, "-i", tried, "--label", "y", "--state", state).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(decisions, lines.Skip(1).Select(line => line.Split(',')[0]));
        JsonElement evaluation = OptionBench.Json("evaluate", model, "-d", tried, "--label", "y", "--state", state);
        int right = rows.Zip(decisions).Count(pair => other.ClassText(int.Parse(pair.Second, CultureInfo.InvariantCulture)) == pair.First.Label);
        Assert.Equal((double)right / rows.Length, evaluation.GetProperty("accuracy").GetDouble());
        Assert.Equal(adds ? 3 : 2, evaluation.GetProperty("classes").GetArrayLength());
    }

    [Fact]
    public void A_class_without_room_is_refused_by_name()
    {
        string layer = bench.Save(bench.TrainWith("--precision", "int8", "--adaptable=layer"));
        string refused = OptionBench.Refused("adapt", layer, "-d", Table(bench.Train, 60, adds: true), "--label", "y");
        Assert.Contains("'other' in column 'y', which is not a class of the model ('0', '1'), and it has no room for one", refused, StringComparison.Ordinal);
        string two = bench.Write("two.csv", "a,b,c,d,y\n1,2,3,4,p\n1,2,3,4,q\n");
        string one = bench.Save(bench.TrainWith("--precision", "int8", "--adaptable=layer,classes:1"));
        Assert.Contains("'p', 'q' in column 'y', which are not classes of the model ('0', '1'), and it has room for 1 more", OptionBench.Refused("adapt", one, "-d", two, "--label", "y"), StringComparison.Ordinal);
        string longer = bench.Write("long.csv", $"a,b,c,d,y\n1,2,3,4,{new string('x', 25)}\n");
        Assert.Contains("has 25 characters, and an added class may have 1 to 24", OptionBench.Refused("adapt", one, "-d", longer, "--label", "y"), StringComparison.Ordinal);
        string tried = OptionBench.Refused("adapt", one, "-d", bench.Train, "--label", "y", "--test", two);
        Assert.Contains("so that no head can be right", tried, StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_that_does_worse_falls_back_and_says_so()
    {
        // Every label is wrong.
        string wrong = bench.Write("wrong.csv", OptionBench.Csv(OptionBench.Samples(60, 3).Select(pair => (pair.Row, 1 - pair.Label))));
        string state = bench.New(".edgestate");
        string model = bench.Save(bench.TrainWith("--precision", "int8", "--adaptable=layer", "--epochs", "60"));
        JsonElement json = OptionBench.Json("adapt", model, "-d", wrong, "--label", "y", "-o", state);
        Assert.False(json.GetProperty("is_adapted").GetBoolean());
        string reason = json.GetProperty("reason").GetString()!;
        Assert.EndsWith("; the factory head decides.", reason, StringComparison.Ordinal);
        (int exitCode, string text, string error) = OptionBench.Run("run", model, "-i", bench.Test, "--label", "y", "--state", state);
        Assert.Equal((0, reason), (exitCode, error.TrimEnd()));
        Assert.Equal(OptionBench.Done("run", model, "-i", bench.Test, "--label", "y"), text);
    }

    [Fact]
    public void A_value_that_is_missing_is_not_learned()
    {
        string model = bench.Save(bench.TrainWith("--precision", "int8", "--adaptable"));
        string gap = bench.Write("gap.csv", "a,b,c,d,y\n1,,3,4,0\n");
        Assert.Contains("missing value", OptionBench.Refused("adapt", model, "-d", gap, "--label", "y"), StringComparison.Ordinal);
    }

    private static NanoLearner Device(string model) => new(new NanoSession(NanoModel.Make(new NanoBytes(File.ReadAllBytes(model)), 0, NanoModel.DefaultMaxSteps, NanoModel.DefaultMaxBytes)));

    // The first rows of a table; where a class is added, some far from all others have its label.
    private string Table(string path, int count, bool adds)
    {
        string[] lines = [.. File.ReadLines(path).Take(count + 1)];
        for (int i = AddedFrom; i < lines.Length && adds; i += 4)
        {
            lines[i] = string.Create(CultureInfo.InvariantCulture, $"{-9 - (0.1 * i)},{40 + i},{-100 + i},{300 - i},other");
        }

        return bench.Write($"table{count}{adds}.csv", string.Join('\n', lines) + "\n");
    }

    private static IEnumerable<(float[] Row, string Label)> Rows(string path) => File.ReadLines(path).Skip(1)
        .Select(line => line.Split(','))
        .Select(cells => (Array.ConvertAll(cells[..^1], cell => float.Parse(cell, CultureInfo.InvariantCulture)), cells[^1]));
}
