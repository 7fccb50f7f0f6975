using System.Text.Json;
using EdgeInference.Tool.Tests.Report;

namespace EdgeInference.Tool.Tests.Commands.Options;

/// <summary>Options that set one model beside another, and those of a report that need no model: each number counted again.</summary>
internal static class CompareRows
{
    internal static Dictionary<string, Action<OptionBench>> All { get; } = new()
    {
        ["report other"] = ReportOther,
        ["report --calibrate"] = ReportCalibrate,
        ["report --cost"] = ReportCost,
        ["diff first"] = DiffModels,
        ["diff second"] = DiffModels,
        ["diff --data"] = DiffData,
        ["diff --label"] = DiffData,
        ["diff --classes"] = DiffClasses,
        ["diff --json"] = DiffModels,
    };

    private static void ReportOther(OptionBench bench)
    {
        string other = bench.Save(bench.TrainWith("--hidden", "2", "--seed", "9"));
        JsonElement json = Report(bench, bench.Model, other).GetProperty("comparison");
        Assert.Equal(Accuracy(other, bench.Test), json.GetProperty("other").GetProperty("accuracy").GetDouble());
        int rows = json.GetProperty("other").GetProperty("rows").GetInt32();
        double gain = (json.GetProperty("only_this").GetInt32() - json.GetProperty("only_other").GetInt32()) / (double)rows;
        Assert.Equal(Accuracy(bench.Model, bench.Test) - Accuracy(other, bench.Test), gain, 1e-9);
        Assert.Equal(JsonValueKind.Null, Report(bench, bench.Model).GetProperty("comparison").ValueKind);
    }

    private static void ReportCalibrate(OptionBench bench)
    {
        string path = bench.New(".html");
        string[] line = ["report", bench.Model, "--data", bench.Test, "--label", "y", "-o", path, "--no-timings"];
        OptionBench.Done(line);
        string own = new ReportPageReader(File.ReadAllText(path)).Section("precision").Value;
        Assert.Contains("so they look a little better than they are", own, StringComparison.Ordinal);
        OptionBench.Done([.. line, "--calibrate", bench.Train]);
        string given = new ReportPageReader(File.ReadAllText(path)).Section("precision").Value;
        Assert.Contains("rows of --calibrate", given, StringComparison.Ordinal);
        Assert.NotEqual(own.Split("int8 and int16")[0], given.Split("int8 and int16")[0]);
    }

    private static void ReportCost(OptionBench bench)
    {
        JsonElement costs = Report(bench, bench.Model, "--cost", "7").GetProperty("costs");
        JsonElement seven = costs.EnumerateArray().Single(point => point.GetProperty("ratio").GetDouble() == 7);
        JsonElement evaluation = OptionBench.Json("evaluate", bench.Model, "--data", bench.Test, "--label", "y").GetProperty("confusion");
        double alarms = evaluation[0][1].GetInt32();
        double misses = evaluation[1][0].GetInt32();
        double rows = evaluation.EnumerateArray().Sum(row => row.EnumerateArray().Sum(count => count.GetInt32()));
        Assert.Equal((alarms + (7 * misses)) / rows, seven.GetProperty("own").GetDouble(), 1e-12);
        Assert.True(seven.GetProperty("least").GetDouble() <= seven.GetProperty("own").GetDouble());
        Assert.DoesNotContain(Report(bench, bench.Model).GetProperty("costs").EnumerateArray(), point => point.GetProperty("ratio").GetDouble() == 7);
        Assert.Contains("--cost", OptionBench.Misused("report", bench.Model, "--data", bench.Test, "--label", "y", "-o", bench.New(".html"), "--cost", "0"), StringComparison.Ordinal);
    }

    private static void DiffModels(OptionBench bench)
    {
        string other = bench.Save(bench.TrainWith("--hidden", "2"));
        Assert.True(OptionBench.Json("diff", bench.Model, bench.Model).GetProperty("same_bytes").GetBoolean());
        JsonElement changed = OptionBench.Json("diff", bench.Model, other);
        Assert.False(changed.GetProperty("same_bytes").GetBoolean());
        JsonElement bytes = changed.GetProperty("differences").EnumerateArray().Single(row => row.GetProperty("what").GetString() == "file_bytes");
        Assert.Equal(new FileInfo(bench.Model).Length.ToString(System.Globalization.CultureInfo.InvariantCulture), bytes.GetProperty("first").GetString());
        Assert.Equal(new FileInfo(other).Length.ToString(System.Globalization.CultureInfo.InvariantCulture), bytes.GetProperty("second").GetString());
        Assert.Contains("file_bytes", OptionBench.Done("diff", bench.Model, other), StringComparison.Ordinal);
        Assert.Contains("same bytes", OptionBench.Done("diff", other, other), StringComparison.Ordinal);
    }

    private static void DiffData(OptionBench bench)
    {
        string other = bench.Save(bench.TrainWith("--hidden", "2", "--seed", "9"));
        JsonElement json = OptionBench.Json("diff", bench.Model, other, "--data", bench.Test, "--label", "y");
        int rows = json.GetProperty("comparison").GetProperty("other").GetProperty("rows").GetInt32();
        Assert.Equal(1 - json.GetProperty("comparison").GetProperty("agreement").GetDouble(), json.GetProperty("otherwise_decided_rows").GetArrayLength() / (double)rows, 1e-9);
        Assert.Contains("0 of", OptionBench.Done("diff", other, other, "--data", bench.Test, "--label", "y"), StringComparison.Ordinal);
        Assert.Contains("both --data and --label", OptionBench.Refused("diff", other, other, "--data", bench.Test), StringComparison.Ordinal);
        Assert.Contains("both --data and --label", OptionBench.Refused("diff", other, other, "--label", "y"), StringComparison.Ordinal);
    }

    private static void DiffClasses(OptionBench bench)
    {
        string bare = bench.Save(bench.TrainWith("--labels", "0,1"));
        string texts = bench.Write("diff-texts.csv", string.Join('\n', File.ReadLines(bench.Test).Select((line, i) => i == 0 ? line : line.EndsWith(",1", StringComparison.Ordinal) ? line[..^1] + "on" : line[..^1] + "off")) + "\n");
        Assert.Contains("--classes", OptionBench.Refused("diff", bare, bare, "--data", texts, "--label", "y"), StringComparison.Ordinal);
        Assert.Contains("0 of", OptionBench.Done("diff", bare, bare, "--data", texts, "--label", "y", "--classes", "off,on"), StringComparison.Ordinal);
    }

    private static JsonElement Report(OptionBench bench, params string[] line) =>
        OptionBench.Json(["report", .. line, "--data", bench.Test, "--label", "y", "-o", bench.New(".html"), "--no-timings"]);

    private static double Accuracy(string model, string data) => OptionBench.Json("evaluate", model, "--data", data, "--label", "y").GetProperty("accuracy").GetDouble();
}
