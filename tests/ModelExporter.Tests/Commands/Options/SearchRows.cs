using System.Globalization;
using System.Text.Json;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelTraining.Search;

namespace EdgeInference.Tool.Tests.Commands.Options;

/// <summary>Options of <c>edge train</c> that say how a model is looked for, and those of <c>edge split</c>.</summary>
internal static class SearchRows
{
    internal static Dictionary<string, Action<OptionBench>> All { get; } = new()
    {
        ["train --learner"] = Learner,
        ["train --budget"] = Budget,
        ["train --group"] = Group,
        ["train --time"] = Time,
        ["train --balanced"] = Balanced,
        ["train --work"] = Work,
        ["train --minutes"] = Minutes,
        ["split data"] = SplitLabel,
        ["split --label"] = SplitLabel,
        ["split --group"] = SplitGroup,
        ["split --in-order"] = SplitInOrder,
        ["split --test"] = SplitShare,
        ["split --seed"] = SplitSeed,
        ["split --output"] = SplitShare,
        ["split --json"] = SplitJson,
    };

    private static JsonElement Search(OptionBench bench, string data, params string[] options) =>
        OptionBench.Json(["train", data, "--label", "y", "-o", bench.New(), .. options]).GetProperty("search");

    private static void Learner(OptionBench bench)
    {
        JsonElement search = Search(bench, bench.Train, "--learner", "logistic");
        Assert.All(search.GetProperty("candidates").EnumerateArray(), candidate => Assert.Equal("logistic", candidate.GetProperty("candidate").GetString()));
        Assert.Contains("choose one of", OptionBench.Misused("train", bench.Train, "--label", "y", "-o", bench.New(), "--learner", "svm"), StringComparison.Ordinal);
        Assert.Contains("--learner says how to look for a model, and --hidden describes one network", OptionBench.Refused("train", bench.Train, "--label", "y", "-o", bench.New(), "--learner", "logistic", "--hidden", "4"), StringComparison.Ordinal);
    }

    private static void Budget(OptionBench bench)
    {
        JsonElement search = Search(bench, bench.Train, "--budget", "esp32:700B");
        Assert.InRange(search.GetProperty("chosen").GetProperty("bytes").GetInt32(), 1, 700);
        JsonElement[] refused = [.. search.GetProperty("candidates").EnumerateArray().Where(candidate => candidate.GetProperty("refused").ValueKind == JsonValueKind.String)];
        Assert.NotEmpty(refused);
        Assert.All(refused, candidate => Assert.True(candidate.GetProperty("bytes").GetInt32() > 700));
        foreach (NanoBoard board in NanoBoard.All)
        {
            Assert.Equal(board, DeviceBudget.Parse($"{board.Name.ToLowerInvariant()}:1ms").Board);
        }

        string unknown = OptionBench.Misused("train", bench.Train, "--label", "y", "-o", bench.New(), "--budget", "esp8266:1ms");
        Assert.Contains($"use one of {NanoBoard.Names}, as in esp32:1ms,8KB.", unknown, StringComparison.Ordinal);
        Assert.Contains("No candidate fits", OptionBench.Refused("train", bench.Train, "--label", "y", "-o", bench.New(), "--budget", "esp32:10B"), StringComparison.Ordinal);
    }

    private static void Group(OptionBench bench)
    {
        // The feature says which machine, and a machine has one class: only rows apart show that nothing is learned.
        string csv = bench.Write("machines.csv", "who,a,y\n" + string.Concat(Enumerable.Range(0, 200).Select(i => string.Create(CultureInfo.InvariantCulture, $"m{i % 20},{(i % 20) + (0.01 * (i / 20)) + 0.5},{i % 20 * 7 % 3 % 2}\n"))));
        double mixed = Search(bench, csv, "--learner", "forest", "--ignore", "who").GetProperty("chosen").GetProperty("accuracy").GetDouble();
        double apart = Search(bench, csv, "--learner", "forest", "--group", "who").GetProperty("chosen").GetProperty("accuracy").GetDouble();
        Assert.True(mixed > 0.95 && apart < 0.8, $"{mixed} {apart}");
        Assert.Contains("--group names the column 'whom'", OptionBench.Refused("train", csv, "--label", "y", "-o", bench.New(), "--group", "whom"), StringComparison.Ordinal);
    }

    private static void Time(OptionBench bench)
    {
        string csv = bench.Write("drift.csv", "t,a,y\n" + string.Concat(Enumerable.Range(0, 240).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i + 0.5},{i % 16 * 0.7},{(i < 120 ? 0 : 1) ^ (i % 16 / 8)}\n"))));
        double forward = Search(bench, csv, "--learner", "logistic", "--time", "t").GetProperty("chosen").GetProperty("accuracy").GetDouble();
        double mixed = Search(bench, csv, "--learner", "forest").GetProperty("chosen").GetProperty("accuracy").GetDouble();
        Assert.True(mixed > 0.9 && forward < 0.9, $"{mixed} {forward}");
        Assert.Contains("give one of them", OptionBench.Misused("train", csv, "--label", "y", "-o", bench.New(), "--time", "t", "--group", "a"), StringComparison.Ordinal);
    }

    private static void Balanced(OptionBench bench)
    {
        string[] line = ["--learner", "logistic"];
        JsonElement plain = Search(bench, bench.Train, line).GetProperty("candidates")[0];
        JsonElement balanced = Search(bench, Rare(bench), [.. line, "--balanced"]).GetProperty("candidates")[0];
        JsonElement even = Search(bench, Rare(bench), line).GetProperty("candidates")[0];
        Assert.NotEqual(even.GetProperty("log_loss").GetDouble(), balanced.GetProperty("log_loss").GetDouble());
        Assert.True(plain.GetProperty("accuracy").GetDouble() > 0.5);
    }

    private static string Rare(OptionBench bench)
    {
        string[] lines = File.ReadAllLines(bench.Train);
        int kept = 0;
        return bench.Write("rare.csv", string.Join('\n', lines.Where((line, i) => i == 0 || !line.EndsWith(",1", StringComparison.Ordinal) || kept++ % 8 == 0)) + "\n");
    }

    private static void Work(OptionBench bench)
    {
        JsonElement little = Search(bench, bench.Train, "--work", "0.000001");
        Assert.Equal(1, little.GetProperty("candidates").GetArrayLength());
        Assert.NotEqual(0, little.GetProperty("not_tried").GetArrayLength());
        Assert.Contains("above 0", OptionBench.Misused("train", bench.Train, "--label", "y", "-o", bench.New(), "--work", "0"), StringComparison.Ordinal);
    }

    private static void Minutes(OptionBench bench)
    {
        (int exitCode, string text, string error) = OptionBench.Run("train", bench.Train, "--label", "y", "-o", bench.New(), "--minutes", "0.0000001", "--json");
        Assert.Equal(0, exitCode);
        Assert.Contains("another machine or another run may choose another model", error, StringComparison.Ordinal);
        Assert.Equal(1, JsonDocument.Parse(text).RootElement.GetProperty("search").GetProperty("candidates").GetArrayLength());
        Assert.Contains("above 0", OptionBench.Misused("train", bench.Train, "--label", "y", "-o", bench.New(), "--minutes", "0"), StringComparison.Ordinal);
    }

    private static void SplitLabel(OptionBench bench)
    {
        (string[] train, string[] test) = Split(bench, bench.Train, "--label", "y");
        string[] all = [.. File.ReadAllLines(bench.Train)[1..].Order()];
        Assert.Equal(all, train.Concat(test).Order());
        foreach (string end in (string[])[",0", ",1"])
        {
            Assert.Equal((int)(all.Count(line => line.EndsWith(end, StringComparison.Ordinal)) * 0.3), test.Count(line => line.EndsWith(end, StringComparison.Ordinal)));
        }

        Assert.Contains("did you mean 'y'?", OptionBench.Refused("split", bench.Train, "--label", "yy", "-o", bench.InFolder("s")), StringComparison.Ordinal);
    }

    private static void SplitGroup(OptionBench bench)
    {
        string csv = bench.Write("groups.csv", "g,a\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i * i % 7},\"{i},\"\"x\"\"\"\n")));
        (string[] train, string[] test) = Split(bench, csv, "--group", "g");
        Assert.NotEmpty(test);
        Assert.Empty(train.Select(line => line[0]).Intersect(test.Select(line => line[0])));
        Assert.Equal(File.ReadAllLines(csv)[1..].Order(), train.Concat(test).Order());
        Assert.Contains("give one of them", OptionBench.Misused("split", csv, "--group", "g", "--in-order", "-o", bench.InFolder("s")), StringComparison.Ordinal);
    }

    private static void SplitInOrder(OptionBench bench)
    {
        (string[] train, string[] test) = Split(bench, bench.Train, "--in-order");
        Assert.Equal(File.ReadAllLines(bench.Train)[1..], train.Concat(test));
    }

    private static void SplitShare(OptionBench bench)
    {
        Assert.Equal(OptionBench.TrainRows / 2, Split(bench, bench.Train, "--test", "0.5").Test.Length);
        Assert.Contains("above 0 and below 1", OptionBench.Misused("split", bench.Train, "--test", "1", "-o", bench.InFolder("s")), StringComparison.Ordinal);
    }

    private static void SplitSeed(OptionBench bench)
    {
        Assert.Equal(Split(bench, bench.Train).Test, Split(bench, bench.Train, "--seed", "1").Test);
        Assert.NotEqual(Split(bench, bench.Train).Test, Split(bench, bench.Train, "--seed", "2").Test);
    }

    private static void SplitJson(OptionBench bench)
    {
        JsonElement json = OptionBench.Json("split", bench.Train, "-o", bench.InFolder("j"));
        Assert.Equal(bench.InFolder("j.test.csv"), json.GetProperty("test").GetString());
        Assert.Equal(OptionBench.TrainRows, json.GetProperty("train_rows").GetInt32() + json.GetProperty("test_rows").GetInt32());
    }

    private static (string[] Train, string[] Test) Split(OptionBench bench, string csv, params string[] options)
    {
        string name = bench.InFolder("split");
        OptionBench.Done(["split", csv, "-o", name, .. options]);
        string[] train = File.ReadAllLines(name + ".train.csv");
        string[] test = File.ReadAllLines(name + ".test.csv");
        Assert.Equal((File.ReadLines(csv).First(), train[0]), (train[0], test[0]));
        return (train[1..], test[1..]);
    }
}
