using System.Globalization;
using System.Text.Json;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Adaptation;
using EdgeInference.Tool.Tests.Report;

namespace EdgeInference.Tool.Tests.Commands.Options;

/// <summary>Options of learning on a device: each result held against an <see cref="AdaptiveClassifier"/> that learns the same rows.</summary>
internal static class AdaptRows
{
    internal static Dictionary<string, Action<OptionBench>> All { get; } = new()
    {
        ["train --adaptable"] = bench => Adaptable(bench, "train"),
        ["export --adaptable"] = bench => Adaptable(bench, "export"),
        ["adapt model"] = Model,
        ["adapt --data"] = Data,
        ["adapt --label"] = Label,
        ["adapt --state"] = State,
        ["adapt --output"] = Data,
        ["adapt --test"] = Test,
        ["adapt --normal"] = Normal,
        ["adapt --report"] = Report,
        ["adapt --json"] = Test,
        ["evaluate --state"] = EvaluateState,
        ["run --state"] = RunState,
    };

    /// <summary>What a model has learned from rows, as a state file.</summary>
    internal static byte[] Learned(string model, IEnumerable<(float[] Row, int Label)> rows)
    {
        using EdgeModel edge = EdgeModel.Load(model);
        using var learner = new AdaptiveClassifier(edge);
        foreach ((float[] row, int label) in rows)
        {
            Assert.True(learner.Learn(row, label));
        }

        return learner.Save();
    }

    private static void Adaptable(OptionBench bench, string command)
    {
        var make = new ModelMaker(command);
        Assert.Equal(LearningHeads.None, Heads([]));
        Assert.Equal(LearningHeads.LastLayer | LearningHeads.AddedClasses | LearningHeads.Anomalies, Heads(["--adaptable"]) & ~LearningHeads.Anchored);
        Assert.Equal(LearningHeads.LastLayer, Heads(["--adaptable=layer"]) & ~LearningHeads.Anchored);
        Assert.Equal(LearningHeads.Anomalies, Heads(["--adaptable=anomalies"]));
        byte[] file = make.Make(bench, "--precision", "int16", "--adaptable=classes:7,layer");
        using (EdgeModel model = EdgeModel.Load(file))
        using (var learner = new AdaptiveClassifier(model))
        {
            Assert.Equal(7, learner.MaxAddedClasses);
            JsonElement said = OptionBench.Json("inspect", bench.Save(file)).GetProperty("learning");
            Assert.Equal((learner.MemoryBytes, learner.StateBytes, 16), (said.GetProperty("memory_bytes").GetInt32(), said.GetProperty("state_bytes").GetInt32(), said.GetProperty("self_test_samples").GetInt32()));
            Assert.Equal(learner.MaxLogitChange, said.GetProperty("max_logit_change").GetSingle());
            string text = OptionBench.Done("inspect", bench.Save(file));
            Assert.Contains($"{learner.MemoryBytes.ToString("N0", CultureInfo.InvariantCulture)} bytes of RAM beside the session", text, StringComparison.Ordinal);
            Assert.Contains("up to 7 added classes", text, StringComparison.Ordinal);
        }

        Assert.Contains("--precision int8", command == "train" ? make.Misuse(bench, "--adaptable") : make.Fault(bench, "--adaptable"), StringComparison.Ordinal);
        Assert.Contains("does not know 'tail'", make.Misuse(bench, "--precision", "int8", "--adaptable=tail"), StringComparison.Ordinal);
        Assert.Contains("names 'layer' twice", make.Misuse(bench, "--precision", "int8", "--adaptable=layer,layer"), StringComparison.Ordinal);
        Assert.Contains("classes:1 to classes:32", make.Misuse(bench, "--precision", "int8", "--adaptable=classes:33"), StringComparison.Ordinal);

        LearningHeads Heads(string[] options)
        {
            using EdgeModel model = EdgeModel.Load(make.Make(bench, ["--precision", "int8", .. options]));
            return AdaptiveClassifier.HeadsOf(model);
        }
    }

    private static void Model(OptionBench bench)
    {
        byte[] before = File.ReadAllBytes(bench.Adaptable);
        OptionBench.Done("adapt", bench.Adaptable, "-d", bench.Test, "--label", "y");
        Assert.Equal(before, File.ReadAllBytes(bench.Adaptable));
        Assert.Contains("was not prepared to learn on a device", OptionBench.Refused("adapt", bench.Model, "-d", bench.Test, "--label", "y"), StringComparison.Ordinal);
        Assert.Contains("is the same file as the input of the model", OptionBench.Refused("adapt", bench.Adaptable, "-d", bench.Test, "--label", "y", "-o", bench.Adaptable), StringComparison.Ordinal);
    }

    private static void Data(OptionBench bench)
    {
        string state = bench.New(".edgestate");
        OptionBench.Done("adapt", bench.Adaptable, "-d", bench.Test, "--label", "y", "-o", state);
        Assert.Equal(Learned(bench.Adaptable, Rows(bench.Test)), File.ReadAllBytes(state));
        OptionBench.Done("adapt", bench.Adaptable, "-d", bench.Train, "--label", "y", "-o", state);
        Assert.Equal(Learned(bench.Adaptable, Rows(bench.Train)), File.ReadAllBytes(state));
    }

    private static void Label(OptionBench bench)
    {
        Assert.Contains("no column 'z'", OptionBench.Refused("adapt", bench.Adaptable, "-d", bench.Test, "--label", "z"), StringComparison.Ordinal);
        Assert.Contains("'--label' is required", OptionBench.Misused("adapt", bench.Adaptable, "-d", bench.Test), StringComparison.Ordinal);
    }

    private static void State(OptionBench bench)
    {
        string state = bench.New(".edgestate");
        OptionBench.Done("adapt", bench.Adaptable, "-d", bench.Test, "--label", "y", "-o", state);

        // The file of --state may be the one that is written.
        OptionBench.Done("adapt", bench.Adaptable, "-d", bench.Train, "--label", "y", "--state", state, "-o", state);
        Assert.Equal(Learned(bench.Adaptable, Rows(bench.Test).Concat(Rows(bench.Train))), File.ReadAllBytes(state));
        string other = bench.Save(bench.TrainWith("--precision", "int8", "--adaptable", "--seed", "9"));
        string refused = OptionBench.Refused("adapt", other, "-d", bench.Test, "--label", "y", "--state", state);
        Assert.Contains($"'{state}' is no state of '{other}': it was learned by another model", refused, StringComparison.Ordinal);
    }

    private static void Test(OptionBench bench)
    {
        JsonElement json = OptionBench.Json("adapt", bench.Adaptable, "-d", bench.Train, "--label", "y", "--test", bench.Test);
        Assert.True(json.GetProperty("is_held_out").GetBoolean());
        JsonElement[] points = [.. json.GetProperty("points").EnumerateArray()];
        Assert.Equal([0, 1, 2, 5, 10, 20, 50, 100, 120], points.Select(point => point.GetProperty("samples").GetInt32()));
        Assert.All(points, point => Assert.Equal(90, point.GetProperty("rows").GetInt32()));
        using EdgeModel edge = EdgeModel.Load(bench.Adaptable);
        using var learner = new AdaptiveClassifier(edge);
        int learned = 0;
        (float[] Row, int Label)[] rows = [.. Rows(bench.Train)];
        double factory = Accuracy(learner, Rows(bench.Test));
        foreach (JsonElement point in points)
        {
            for (; learned < point.GetProperty("samples").GetInt32(); learned++)
            {
                learner.Learn(rows[learned].Row, rows[learned].Label);
            }

            Assert.Equal((factory, Accuracy(learner, Rows(bench.Test))), (point.GetProperty("factory").GetDouble(), point.GetProperty("adapted").GetDouble()));
            Assert.Equal(learner.IsAdapted, point.GetProperty("is_adapted").GetBoolean());
            Assert.InRange(point.GetProperty("logit_change").GetDouble(), learned == 0 ? 0 : 1e-9, learned == 0 ? 0 : learner.MaxLogitChange);
        }

        // Without it: the rows not yet learned.
        JsonElement own = OptionBench.Json("adapt", bench.Adaptable, "-d", bench.Train, "--label", "y");
        Assert.False(own.GetProperty("is_held_out").GetBoolean());
        Assert.Equal(own.GetProperty("points").EnumerateArray().Select(point => 120 - point.GetProperty("samples").GetInt32()), own.GetProperty("points").EnumerateArray().Select(point => point.GetProperty("rows").GetInt32()));
    }

    private static void Normal(OptionBench bench)
    {
        string state = bench.New(".edgestate");
        JsonElement json = OptionBench.Json("adapt", bench.Adaptable, "-d", bench.Train, "--label", "y", "--normal", "--test", bench.Test, "-o", state);
        using EdgeModel edge = EdgeModel.Load(bench.Adaptable);
        using var learner = new AdaptiveClassifier(edge);
        foreach ((float[] row, _) in Rows(bench.Train))
        {
            learner.LearnNormal(row);
        }

        Assert.Equal(learner.Save(), File.ReadAllBytes(state));
        Assert.Equal((120, learner.AnomalyThreshold), (json.GetProperty("samples").GetInt32(), json.GetProperty("threshold").GetSingle()));
        int anomalies = Rows(bench.Test).Count(pair => learner.Classify(pair.Row).ClassIndex >= -1 && learner.IsAnomaly);
        Assert.Equal(anomalies, json.GetProperty("groups").EnumerateArray().Where(group => group.GetProperty("group").GetString() != "learned").Sum(group => group.GetProperty("anomalies").GetInt32()));
        Assert.StartsWith("decision,class,probability of 1,anomaly,anomaly score,", OptionBench.Done("run", bench.Adaptable, "-i", bench.Test, "--label", "y", "--state", state), StringComparison.Ordinal);
        string layer = bench.Save(bench.TrainWith("--precision", "int8", "--adaptable=layer"));
        Assert.Contains("--adaptable=anomalies", OptionBench.Refused("adapt", layer, "-d", bench.Train, "--label", "y", "--normal"), StringComparison.Ordinal);
    }

    private static void Report(OptionBench bench)
    {
        string page = bench.New(".html");
        OptionBench.Done("adapt", bench.Adaptable, "-d", bench.Train, "--label", "y", "--test", bench.Test, "--report", page);
        string section = new ReportPageReader(File.ReadAllText(page)).Section("learning").Value;
        Assert.Contains("Accuracy by samples learned", section, StringComparison.Ordinal);
        Assert.Contains("90 rows that it did not learn", section, StringComparison.Ordinal);
        Assert.Contains("give one of the two", OptionBench.Misused("adapt", bench.Adaptable, "-d", bench.Train, "--normal", "--report", page), StringComparison.Ordinal);
    }

    private static void EvaluateState(OptionBench bench)
    {
        string state = bench.InFolder("evaluated.edgestate");
        byte[] bytes = Learned(bench.Adaptable, Rows(bench.Train).Take(20));
        File.WriteAllBytes(state, bytes);
        using EdgeModel edge = EdgeModel.Load(bench.Adaptable);
        using var learner = new AdaptiveClassifier(edge);
        Assert.Null(learner.Restore(bytes));
        JsonElement json = OptionBench.Json("evaluate", bench.Adaptable, "-d", bench.Test, "--label", "y", "--state", state);
        Assert.Equal(Accuracy(learner, Rows(bench.Test)), json.GetProperty("accuracy").GetDouble());
        Assert.NotEqual(OptionBench.Json("evaluate", bench.Adaptable, "-d", bench.Test, "--label", "y").GetProperty("log_loss").GetDouble(), json.GetProperty("log_loss").GetDouble());
        Assert.Contains("engines fast and reference", OptionBench.Misused("evaluate", bench.Adaptable, "-d", bench.Test, "--label", "y", "--state", state, "--engine", "nano"), StringComparison.Ordinal);
        bytes[^1] ^= 1;
        File.WriteAllBytes(state, bytes);
        Assert.Contains("CRC-32 does not match", OptionBench.Refused("evaluate", bench.Adaptable, "-d", bench.Test, "--label", "y", "--state", state), StringComparison.Ordinal);
    }

    private static void RunState(OptionBench bench)
    {
        string state = bench.InFolder("run.edgestate");
        byte[] bytes = Learned(bench.Adaptable, Rows(bench.Train).Take(20));
        File.WriteAllBytes(state, bytes);
        using EdgeModel edge = EdgeModel.Load(bench.Adaptable);
        using var learner = new AdaptiveClassifier(edge);
        Assert.Null(learner.Restore(bytes));
        string[] lines = OptionBench.Done("run", bench.Adaptable, "-i", bench.Test, "--label", "y", "--state", state).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Rows(bench.Test).Select(pair => learner.Classify(pair.Row)).Select(decision => string.Create(CultureInfo.InvariantCulture, $"{decision.ClassIndex},{decision.ClassText},{decision.Probability:R}")), lines.Skip(1).Select(line => string.Join(',', line.Split(',').Take(3))));
        Assert.NotEqual(OptionBench.Done("run", bench.Adaptable, "-i", bench.Test, "--label", "y").Split('\n'), lines);
    }

    internal static IEnumerable<(float[] Row, int Label)> Rows(string path)
    {
        (float[][] rows, int[] labels) = OptionBench.Read(path);
        return rows.Zip(labels);
    }

    private static double Accuracy(AdaptiveClassifier learner, IEnumerable<(float[] Row, int Label)> rows)
    {
        (float[] Row, int Label)[] all = [.. rows];
        return (double)all.Count(pair => learner.Classify(pair.Row).ClassIndex == pair.Label) / all.Length;
    }
}
