using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Tool.Tests.Commands.Options;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>What <c>edge inspect</c> says of a file, to a program and to a person, each held to the file.</summary>
public sealed class InspectNumbersTests(OptionBench bench) : IClassFixture<OptionBench>
{
    [Fact]
    public void The_contract_is_the_files()
    {
        string path = bench.Save(bench.TrainWith(
            "--threshold", "auto", "--abstain-below", "0.95", "--calibrate-probability", "Platt", "--data", bench.Test, "--units", "m,,s,g", "--window", "64", "--hop", "16", "--sample-period", "0.25"));
        DecisionMetadata decision = OptionBench.Contract(File.ReadAllBytes(path)).Decision;
        JsonElement contract = OptionBench.Json("inspect", path).GetProperty("contract");
        JsonElement told = contract.GetProperty("decision");
        Assert.Equal(("platt", 1, decision.Threshold), (told.GetProperty("calibration").GetString(), told.GetProperty("positive_class").GetInt32(), told.GetProperty("threshold").GetSingle()));
        Assert.Equal([decision.AbstainLow, decision.AbstainHigh], told.GetProperty("abstain_band").EnumerateArray().Select(end => end.GetSingle()));
        Assert.True(decision.AbstainLow < decision.AbstainHigh);
        Assert.Equal(JsonValueKind.Null, told.GetProperty("refusal").ValueKind);
        Assert.Equal((64, 16, 0.25f), (contract.GetProperty("window_length").GetInt32(), contract.GetProperty("window_hop").GetInt32(), contract.GetProperty("sample_period").GetSingle()));
        Assert.Equal("[1, 4] float32", $"{contract.GetProperty("inputs")[0].GetProperty("shape").GetString()} {contract.GetProperty("inputs")[0].GetProperty("type").GetString()}");
        Assert.Equal("probability", contract.GetProperty("outputs")[0].GetProperty("role").GetString());

        string text = string.Join(' ', OptionBench.Done("inspect", path).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("features 4: 'a [m]', 'b', 'c [s]', 'd [g]'", text, StringComparison.Ordinal);
        Assert.Contains("window 64 samples, a new one every 16, 0.25 s from sample to sample", text, StringComparison.Ordinal);
        Assert.Contains("calibrated by platt", text, StringComparison.Ordinal);
        Assert.Contains("classes 0 '0', 1 '1'", text, StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"threshold {decision.Threshold} for class 1; no decision from {decision.AbstainLow} to below {decision.AbstainHigh}"), text, StringComparison.Ordinal);
        Assert.Contains("missing values none;", text, StringComparison.Ordinal);
        Assert.Contains("source train.csv", text, StringComparison.Ordinal);

        JsonElement plain = OptionBench.Json("inspect", bench.Model).GetProperty("contract");
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null, 0.5f), (plain.GetProperty("decision").GetProperty("calibration").ValueKind, plain.GetProperty("decision").GetProperty("abstain_band").ValueKind, plain.GetProperty("decision").GetProperty("threshold").GetSingle()));
        Assert.Equal((0, 0, 0f), (plain.GetProperty("window_length").GetInt32(), plain.GetProperty("window_hop").GetInt32(), plain.GetProperty("sample_period").GetSingle()));
    }

    [Fact]
    public void What_cannot_decide_says_why()
    {
        string path = bench.New();
        OptionBench.Done("export", Path.Combine(AppContext.BaseDirectory, "TestData", "contract", "torch_one_logit.onnx"), "-o", path, "--head", "value");
        string refusal = OptionBench.Contract(File.ReadAllBytes(path)).Decision.Refusal;
        Assert.NotNull(refusal);
        Assert.Equal(refusal, OptionBench.Json("inspect", path).GetProperty("contract").GetProperty("decision").GetProperty("refusal").GetString());
        Assert.Equal(refusal, OptionBench.Refused("evaluate", path, "--data", bench.Test, "--label", "y").TrimEnd());
    }

    // A convolution of 2 filters of 3 × 3 × 1 over 6 × 5 gives 4 × 3 × 2, each a sum of 9; its weights are 18 numbers.
    [Fact]
    public void Products_and_constants_are_counted_by_their_definition()
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, 6, 5, 1], 0);
        int output = builder.AddTensor(TensorType.Float32, [1, 4, 3, 2], 256);
        int weights = builder.AddConstant(TensorType.Float32, [2, 3, 3, 1], MemoryMarshal.AsBytes<float>(new float[18]));
        OperatorInfo info = OperatorTable.Find((int)Opcode.Conv);
        int[] parameters = new int[info.Parameters.Length];
        foreach ((int i, string name) in info.Parameters.Index())
        {
            parameters[i] = name.StartsWith("stride", StringComparison.Ordinal) || name.StartsWith("dilation", StringComparison.Ordinal) || name is "groups" or "group" ? 1 : 0;
        }

        builder.AddOperator(Opcode.Conv, [input, weights], [output], parameters);
        builder.AddInput(input);
        builder.AddOutput(output, OutputRole.Value);
        string path = bench.Save(builder.Build());
        JsonElement json = OptionBench.Json("inspect", path);
        Assert.Equal((4 * 3 * 2 * 9, 72), (json.GetProperty("multiply_accumulates").GetInt32(), json.GetProperty("constant_bytes").GetInt32()));
        Assert.Equal((216, 72), (json.GetProperty("operators")[0].GetProperty("multiply_accumulates").GetInt32(), json.GetProperty("operators")[0].GetProperty("constant_bytes").GetInt32()));
        Assert.Equal(0, json.GetProperty("self_test_vectors").GetInt32());
    }

    [Fact]
    public void Scales_of_integers_are_those_of_the_file()
    {
        string path = bench.Save(bench.TrainWith("--precision", "int8"));
        OperatorRecord[] records = OptionBench.Contract(File.ReadAllBytes(path)).Operators;
        JsonElement[] rows = [.. OptionBench.Json("inspect", path).GetProperty("operators").EnumerateArray()];
        Assert.Equal(records.Length, rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            TensorInfo output = records[i].Outputs[0];
            Assert.Equal((i, records[i].Info.Name), (rows[i].GetProperty("index").GetInt32(), rows[i].GetProperty("operator").GetString()));
            Assert.Equal(output.IsQuantized, rows[i].GetProperty("output_scale").ValueKind == JsonValueKind.Number);
            Assert.Equal(output.IsQuantized, rows[i].GetProperty("output_zero_point").ValueKind == JsonValueKind.Number);
            if (output.IsQuantized)
            {
                Assert.Equal((output.Scale, output.ZeroPoint), (rows[i].GetProperty("output_scale").GetSingle(), rows[i].GetProperty("output_zero_point").GetInt32()));
            }
        }

        Assert.Contains(rows, row => row.GetProperty("output_scale").ValueKind != JsonValueKind.Null);
    }
}
