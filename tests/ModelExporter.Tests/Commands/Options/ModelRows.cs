extern alias nano;

using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using NanoModel = nano::EdgeInference.Nano.NanoModel;
using NanoSession = nano::EdgeInference.Nano.NanoSession;

namespace EdgeInference.Tool.Tests.Commands.Options;

/// <summary>Options of the commands that take an .edge file: run, bench, inspect, sign and verify.</summary>
internal static class ModelRows
{
    internal static Dictionary<string, Action<OptionBench>> All { get; } = new()
    {
        ["run model"] = RunModel,
        ["run --input"] = RunInput,
        ["run --output"] = RunOutput,
        ["run --label"] = RunLabel,
        ["run --no-header"] = RunNoHeader,
        ["run --engine"] = RunEngine,
        ["run --sequence"] = RunSequence,
        ["run --json"] = RunJson,
        ["bench model"] = BenchModel,
        ["bench --input"] = BenchInput,
        ["bench --operators"] = BenchOperators,
        ["bench --json"] = BenchJson,
        ["inspect model"] = InspectModel,
        ["inspect --json"] = InspectJson,
        ["sign model"] = SignModel,
        ["sign --key"] = SignKey,
        ["sign --model-version"] = SignVersion,
        ["sign --output"] = SignOutput,
        ["sign --json"] = SignJson,
        ["sign --any-version"] = SignAnyVersion,
        ["verify model"] = VerifyModel,
        ["verify --key"] = VerifyKey,
        ["verify --json"] = VerifyJson,
    };

    /// <summary>A model on which the three engines differ in their last bits: by the order of sums, and by how they compute a function.</summary>
    internal static (string Model, float[] Row) Rounding(OptionBench bench)
    {
        var random = new Random(7);
        float[] weights = [.. Enumerable.Range(0, 96 * 40).Select(_ => (float)((random.NextDouble() - 0.5) * 0.4))];
        string source = bench.InFolder("rounding.safetensors");
        File.WriteAllBytes(source, new Import.Weights.SafetensorsBuilder().Add("fc.weight", [40, 96], weights).Add("fc.bias", [40], new float[40]).Build());
        string layers = bench.Write("rounding.json", """{"input": [96], "layers": [{"type": "Linear", "name": "fc", "activation": "GELU"}]}""");
        string path = bench.InFolder("rounding.edge");
        OptionBench.Done("export", source, "-o", path, "--layers", layers, "--head", "value");
        return (path, [.. Enumerable.Range(0, 96).Select(_ => (float)((random.NextDouble() - 0.5) * 4))]);
    }

    internal static float[][] ByNano(string path, IEnumerable<float[]> rows)
    {
        var session = new NanoSession(NanoModel.Load(File.ReadAllBytes(path)));
        return [.. rows.Select(row =>
        {
            float[] output = new float[session.OutputLength];
            session.Run(row, output);
            return output;
        })];
    }

    /// <summary>A model that keeps a state between calls of three values, as <c>edge export --streaming</c> makes it.</summary>
    internal static string Recurrent(OptionBench bench)
    {
        string path = bench.InFolder("gru.edge");
        OptionBench.Done("export", Path.Combine(AppContext.BaseDirectory, "TestData", "import", "gru_dynamic_time.onnx"), "-o", path, "--streaming");
        return path;
    }

    private static void RunModel(OptionBench bench)
    {
        string other = bench.Save(bench.TrainWith());
        float[][] rows = OptionBench.Read(bench.Test).Rows;
        foreach (string model in new[] { bench.Model, other })
        {
            Assert.Equal(OptionBench.Outputs(File.ReadAllBytes(model), rows), OptionBench.Numbers(OptionBench.Done("run", model, "-i", bench.Test, "--label", "y")));
        }
    }

    private static void RunInput(OptionBench bench)
    {
        float[][] rows = OptionBench.Read(bench.Test).Rows;
        string array = bench.InFolder("rows.npy");
        File.WriteAllBytes(array, NpyFile.Write([rows.Length, 4], [.. rows.SelectMany(row => row)]));
        string csv = bench.Write("two.csv", "d,c,b,a\n4,3,2,1\n-8,7,6,5\n");
        byte[] model = File.ReadAllBytes(bench.Model);
        Assert.Equal(OptionBench.Outputs(model, rows), OptionBench.Numbers(OptionBench.Done("run", bench.Model, "--input", array)));
        Assert.Equal(OptionBench.Outputs(model, [[1, 2, 3, 4], [5, 6, 7, -8]]), OptionBench.Numbers(OptionBench.Done("run", bench.Model, "-i", csv)));
        Assert.Equal(2, OptionBench.Run("run", bench.Model).ExitCode);
    }

    private static void RunOutput(OptionBench bench)
    {
        float[][] expected = OptionBench.Outputs(File.ReadAllBytes(bench.Model), OptionBench.Read(bench.Test).Rows);
        string csv = bench.New(".csv");
        string array = bench.New(".NPY");
        string printed = OptionBench.Done("run", bench.Model, "-i", bench.Test, "--label", "y");
        Assert.Equal("", OptionBench.Done("run", bench.Model, "-i", bench.Test, "--label", "y", "-o", csv));
        Assert.Equal("", OptionBench.Done("run", bench.Model, "-i", bench.Test, "--label", "y", "--output", array));
        Assert.Equal(printed, File.ReadAllText(csv));
        Assert.Equal("decision,class,probability of 1,output 1", printed.Split('\n')[0]);
        Assert.Equal(expected, OptionBench.Numbers(printed));
        (int[] shape, float[] data) = NpyFile.Read(array);
        Assert.Equal([90, 1], shape);
        Assert.Equal(expected.Select(row => row[0]), data);
    }

    private static void RunJson(OptionBench bench)
    {
        JsonElement[] rows = [.. OptionBench.Json("run", bench.Model, "-i", bench.Test, "--label", "y").EnumerateArray()];
        Assert.Equal(OptionBench.Outputs(File.ReadAllBytes(bench.Model), OptionBench.Read(bench.Test).Rows), rows.Select(row => row.GetProperty("outputs").EnumerateArray().Select(value => value.GetSingle()).ToArray()));
    }

    private static void RunLabel(OptionBench bench)
    {
        (int exitCode, string error) = CommandLine.Run(out string with, "run", bench.Model, "-i", bench.Test, "--label", "y");
        Assert.Equal((0, ""), (exitCode, error));
        (exitCode, error) = CommandLine.Run(out string without, "run", bench.Model, "-i", bench.Test);
        Assert.Equal(0, exitCode);
        Assert.Contains("the column 'y' is left out", error, StringComparison.Ordinal);
        Assert.Equal(with, without);

        // Where columns are taken by position, a label in the middle is left out by the option alone.
        string bare = bench.Write("label-first.csv", "7,1,2,3,4\n");
        Assert.Equal(OptionBench.Outputs(File.ReadAllBytes(bench.Model), [[1, 2, 3, 4]]), OptionBench.Numbers(OptionBench.Done("run", bench.Model, "-i", bare, "--no-header", "--label", "1")));
        Assert.Contains("5 feature columns but the model takes 4", OptionBench.Refused("run", bench.Model, "-i", bare, "--no-header"), StringComparison.Ordinal);
    }

    private static void RunNoHeader(OptionBench bench)
    {
        string bare = bench.Write("bare.csv", "1,2,3,4\n5,6,7,8\n");
        Assert.Equal(OptionBench.Outputs(File.ReadAllBytes(bench.Model), [[1, 2, 3, 4], [5, 6, 7, 8]]), OptionBench.Numbers(OptionBench.Done("run", bench.Model, "-i", bare, "--no-header")));
        Assert.Contains("--no-header", OptionBench.Refused("run", bench.Model, "-i", bare), StringComparison.Ordinal);
    }

    private static void RunEngine(OptionBench bench)
    {
        (string model, float[] row) = Rounding(bench);
        string input = bench.InFolder("row.npy");
        File.WriteAllBytes(input, NpyFile.Write([1, row.Length], row));
        byte[] file = File.ReadAllBytes(model);
        float[] fast = OptionBench.Outputs(file, [row])[0];
        float[] reference = OptionBench.Outputs(file, [row], KernelSet.Reference)[0];
        float[] nano = ByNano(model, [row])[0];
        Assert.NotEqual(fast, reference);
        Assert.NotEqual(nano, fast);
        Assert.NotEqual(nano, reference);
        Assert.Equal(fast, By());
        Assert.Equal(fast, By("--engine", "fast"));
        Assert.Equal(reference, By("--engine", "reference"));
        Assert.Equal(nano, By("--engine", "nano"));

        float[] By(params string[] option) => OptionBench.Numbers(OptionBench.Done(["run", model, "-i", input, .. option]))[0];
    }

    // Rows of a sequence are run as a file of their own would be.
    private static void RunSequence(OptionBench bench)
    {
        string model = Recurrent(bench);
        var random = new Random(5);
        float[][] rows = [.. Enumerable.Range(0, 12).Select(_ => Enumerable.Range(0, 3).Select(_ => (float)random.NextDouble()).ToArray())];
        float[][] all = Results(rows);
        foreach (string engine in new[] { "fast", "reference", "nano" })
        {
            foreach (int length in new[] { 1, 3, 5, 12, 13 })
            {
                float[][] expected = [.. rows.Chunk(length).SelectMany(chunk => Results(chunk, "--engine", engine))];
                Assert.Equal(expected, Results(rows, "--sequence", $"{length}", "--engine", engine));
            }

            Assert.Equal(Results(rows, "--engine", engine), Results(rows, "--sequence", "0", "--engine", engine));
        }

        Assert.NotEqual(all[3], Results(rows, "--sequence", "3")[3]);
        Assert.Equal(all, Results(rows, "--sequence", "12"));
        Assert.Contains("1 or more", OptionBench.Refused("run", model, "-i", bench.InFolder("steps.npy"), "--sequence=-1"), StringComparison.Ordinal);

        float[][] Results(float[][] steps, params string[] option)
        {
            string input = bench.InFolder("steps.npy");
            File.WriteAllBytes(input, NpyFile.Write([steps.Length, 3], [.. steps.SelectMany(step => step)]));
            return OptionBench.Numbers(OptionBench.Done(["run", model, "-i", input, .. option]));
        }
    }

    private static void BenchModel(OptionBench bench)
    {
        string other = bench.New();
        OptionBench.Done("train", bench.Train, "--label", "y", "-o", other, "--hidden", "", "--epochs", "1", "-q");
        Assert.Equal(3, OptionBench.Json("bench", bench.Model, "--operators").GetProperty("operators").GetArrayLength());
        Assert.Equal(1, OptionBench.Json("bench", other, "--operators").GetProperty("operators").GetArrayLength());
    }

    // Rows that do not fit are found at once; rows that fit are run.
    private static void BenchInput(OptionBench bench)
    {
        string wrong = bench.Write("three.csv", "a,b,c\n1,2,3\n");
        Assert.Contains("no column 'd'", OptionBench.Refused("bench", bench.Model, "--input", wrong), StringComparison.Ordinal);
        Assert.Contains("not found; check the path", OptionBench.Refused("bench", bench.Model, "-i", bench.InFolder("absent.csv")), StringComparison.Ordinal);
        string right = bench.Write("four.csv", "a,b,c,d\n1,2,3,4\n");
        Assert.Contains("per inference", OptionBench.Done("bench", bench.Model, "-i", right), StringComparison.Ordinal);
        Assert.Contains("per inference", OptionBench.Done("bench", bench.Model), StringComparison.Ordinal);
    }

    private static void BenchOperators(OptionBench bench)
    {
        Assert.Equal(0, OptionBench.Json("bench", bench.Model).GetProperty("operators").GetArrayLength());
        JsonElement[] operators = [.. OptionBench.Json("bench", bench.Model, "--operators").GetProperty("operators").EnumerateArray()];
        Assert.Equal([24L, 30, 5], operators.Select(row => row.GetProperty("multiply_accumulates").GetInt64()));
        Assert.Equal([0, 1, 2], operators.Select(row => row.GetProperty("index").GetInt32()));
        Assert.All(operators, row => Assert.True(row.GetProperty("fast_nanoseconds").GetDouble() > 0 && row.GetProperty("reference_nanoseconds").GetDouble() > 0));
        Assert.Contains("scalar kernel, ns", OptionBench.Done("bench", bench.Model, "--operators"), StringComparison.Ordinal);
        Assert.DoesNotContain("scalar kernel, ns", OptionBench.Done("bench", bench.Model), StringComparison.Ordinal);
    }

    private static void BenchJson(OptionBench bench)
    {
        JsonElement json = OptionBench.Json("bench", bench.Model);
        Assert.True(json.GetProperty("microseconds_per_inference").GetDouble() > 0);
        Assert.Equal(0, json.GetProperty("bytes_allocated_per_inference").GetInt64());
        Assert.EndsWith("µs per inference (median), 0 bytes allocated per inference.\n", OptionBench.Done("bench", bench.Model).ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    private static void InspectModel(OptionBench bench)
    {
        string other = bench.Save(bench.TrainWith("--hidden", "3", "--precision", "int8"));
        JsonElement first = OptionBench.Json("inspect", bench.Model);
        JsonElement second = OptionBench.Json("inspect", other);
        Assert.Equal(("float32", "int8"), (first.GetProperty("precision").GetString(), second.GetProperty("precision").GetString()));
        Assert.Equal((24 + 30 + 5, 12 + 3), (first.GetProperty("multiply_accumulates").GetInt32(), second.GetProperty("multiply_accumulates").GetInt32()));
        Assert.Equal("Gemm", OptionBench.Json("inspect", bench.Net).GetProperty("source").EnumerateObject().First(property => property.Name == "Gemm").Name);
    }

    private static void InspectJson(OptionBench bench)
    {
        string path = bench.Save(bench.TrainWith("--threshold", "0.25", "--units", "m,s,,g", "--window", "20", "--hop", "5", "--sample-period", "0.5", "--precision", "int8"));
        ModelFile file = OptionBench.Contract(File.ReadAllBytes(path));
        JsonElement json = OptionBench.Json("inspect", path);
        string text = OptionBench.Done("inspect", path);
        JsonElement contract = json.GetProperty("contract");
        Assert.Equal(0.25f, contract.GetProperty("decision").GetProperty("threshold").GetSingle());
        Assert.Equal(["m", "s", "", "g"], contract.GetProperty("units").EnumerateArray().Select(unit => unit.GetString()));
        Assert.Equal((0.5f, 20, 5), (contract.GetProperty("sample_period").GetSingle(), contract.GetProperty("window_length").GetInt32(), contract.GetProperty("window_hop").GetInt32()));
        Assert.Equal(["a", "b", "c", "d"], contract.GetProperty("features").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(new FileInfo(path).Length, json.GetProperty("file_bytes").GetInt64());
        Assert.Equal(file.ArenaBytes, json.GetProperty("arena_bytes").GetInt32());
        Assert.Equal(3, json.GetProperty("self_test_vectors").GetInt32());
        Assert.Equal(file.Operators.Length, json.GetProperty("operators").GetArrayLength());
        foreach ((string row, string property) in new[] { ("file bytes", "file_bytes"), ("constant bytes", "constant_bytes"), ("arena bytes", "arena_bytes"), ("multiply-accumulates", "multiply_accumulates"), ("self-test vectors", "self_test_vectors") })
        {
            string line = text.Split('\n').Single(line => line.TrimStart().StartsWith(row, StringComparison.Ordinal));
            Assert.Equal(json.GetProperty(property).GetInt64().ToString("N0", CultureInfo.InvariantCulture), line.Trim().Split(' ')[^1]);
        }

        foreach ((string row, string property) in new[] { ("session bytes", "session_bytes"), ("packed bytes", "packed_bytes") })
        {
            string bytes = json.GetProperty("runtime").GetProperty(property).GetInt64().ToString("N0", CultureInfo.InvariantCulture);
            Assert.Contains(text.Split('\n'), line => line.TrimStart().StartsWith(row, StringComparison.Ordinal) && line.Contains($" {bytes} ", StringComparison.Ordinal));
        }

        Assert.Contains("0.25", text, StringComparison.Ordinal);
    }

    private static void SignModel(OptionBench bench)
    {
        (string secret, _) = Keys(bench, "one");
        foreach (string model in new[] { bench.Model, bench.Save(bench.TrainWith()) })
        {
            string signed = bench.New();
            OptionBench.Done("sign", model, "--key", secret, "--model-version", "3", "-o", signed);
            Assert.Equal(File.ReadAllBytes(model).AsSpan(64).ToArray(), File.ReadAllBytes(signed).AsSpan(64, (int)new FileInfo(model).Length - 64).ToArray());
        }
    }

    private static void SignKey(OptionBench bench)
    {
        (string secret, string open) = Keys(bench, "one");
        (string other, string otherOpen) = Keys(bench, "two");
        string first = bench.New();
        string second = bench.New();
        OptionBench.Done("sign", bench.Model, "-k", secret, "--model-version", "3", "-o", first);
        OptionBench.Done("sign", bench.Model, "--key", other, "--model-version", "3", "-o", second);
        OptionBench.Done("verify", first, "--key", open);
        OptionBench.Done("verify", second, "--key", otherOpen);
        OptionBench.Refused("verify", first, "--key", otherOpen);
        OptionBench.Refused("verify", second, "--key", open);
        Assert.Equal(2, OptionBench.Run("sign", bench.Model, "--model-version", "3").ExitCode);
    }

    private static void SignVersion(OptionBench bench)
    {
        (string secret, _) = Keys(bench, "one");
        foreach (string version in new[] { "0", "1", "18446744073709551615" })
        {
            string signed = bench.New();
            OptionBench.Done("sign", bench.Model, "--key", secret, "--model-version", version, "-o", signed);
            Assert.Equal(version, $"{ModelSignature.Of(OptionBench.Contract(File.ReadAllBytes(signed)))!.Version}");
        }

        Assert.Equal(2, OptionBench.Run("sign", bench.Model, "--key", secret, "--model-version", "-1").ExitCode);
        Assert.Equal(2, OptionBench.Run("sign", bench.Model, "--key", secret).ExitCode);
    }

    private static void SignOutput(OptionBench bench)
    {
        (string secret, string open) = Keys(bench, "one");
        string model = bench.Save(bench.TrainWith());
        byte[] before = File.ReadAllBytes(model);
        string signed = bench.New();
        OptionBench.Done("sign", model, "--key", secret, "--model-version", "3", "--output", signed);
        Assert.Equal(before, File.ReadAllBytes(model));
        OptionBench.Done("verify", signed, "--key", open);

        // Left out, the model itself is signed.
        OptionBench.Done("sign", model, "--key", secret, "--model-version", "4");
        OptionBench.Done("verify", model, "--key", open);
        Assert.NotEqual(before, File.ReadAllBytes(model));
    }

    private static void SignAnyVersion(OptionBench bench)
    {
        (string secret, _) = Keys(bench, "one");
        string signed = bench.New();
        OptionBench.Done("sign", bench.Model, "--key", secret, "--model-version", "3", "-o", signed);
        byte[] before = File.ReadAllBytes(signed);
        foreach (string version in new[] { "3", "2", "0" })
        {
            Assert.Contains($"give a --model-version above 3, or --any-version to sign it with {version} all the same", OptionBench.Refused("sign", signed, "--key", secret, "--model-version", version), StringComparison.Ordinal);
            Assert.Equal(before, File.ReadAllBytes(signed));
        }

        OptionBench.Done("sign", signed, "--key", secret, "--model-version", "2", "--any-version");
        Assert.Equal(2ul, ModelSignature.Of(OptionBench.Contract(File.ReadAllBytes(signed)))!.Version);
    }

    private static void SignJson(OptionBench bench)
    {
        (string secret, _) = Keys(bench, "one");
        string signed = bench.New();
        JsonElement json = OptionBench.Json("sign", bench.Model, "--key", secret, "--model-version", "3", "-o", signed);
        Assert.Equal((signed, 3), (json.GetProperty("output").GetString(), json.GetProperty("version").GetInt32()));
        Assert.Equal($"{signed}: version 3, key {json.GetProperty("key").GetString()}", OptionBench.Done("sign", bench.Model, "--key", secret, "--model-version", "3", "-o", signed).TrimEnd());
        Assert.Equal(ModelSignature.Of(OptionBench.Contract(File.ReadAllBytes(signed)))!.KeyId, json.GetProperty("key").GetString());
    }

    private static void VerifyModel(OptionBench bench)
    {
        Assert.Contains("self-test: 3 vectors reproduced", OptionBench.Done("verify", bench.Model), StringComparison.Ordinal);
        string bare = bench.New();
        OptionBench.Done("export", bench.Net, "-o", bare);
        Assert.Contains("self-test: the model has no vectors", OptionBench.Done("verify", bare), StringComparison.Ordinal);
        byte[] damaged = File.ReadAllBytes(bench.Model);
        damaged[damaged.Length / 2] ^= 1;
        Assert.Contains("is not usable", OptionBench.Refused("verify", bench.Save(damaged)), StringComparison.Ordinal);
    }

    private static void VerifyKey(OptionBench bench)
    {
        (string secret, string open) = Keys(bench, "one");
        (_, string other) = Keys(bench, "two");
        string signed = bench.New();
        OptionBench.Done("sign", bench.Model, "--key", secret, "--model-version", "3", "-o", signed);
        Assert.Contains("not checked (no --key)", OptionBench.Done("verify", signed), StringComparison.Ordinal);
        Assert.Contains("signature: good, version 3", OptionBench.Done("verify", signed, "--key", open), StringComparison.Ordinal);
        Assert.Contains("signature: good, version 3", OptionBench.Done("verify", signed, "-k", other, "-k", open), StringComparison.Ordinal);
        Assert.Contains("which is not one of the given keys", OptionBench.Refused("verify", signed, "--key", other), StringComparison.Ordinal);
        Assert.Contains("is not signed", OptionBench.Refused("verify", bench.Model, "--key", open), StringComparison.Ordinal);
    }

    private static void VerifyJson(OptionBench bench)
    {
        (string secret, string open) = Keys(bench, "one");
        string signed = bench.New();
        OptionBench.Done("sign", bench.Model, "--key", secret, "--model-version", "3", "-o", signed);
        JsonElement plain = OptionBench.Json("verify", bench.Model);
        Assert.Equal((3, JsonValueKind.Null, false), (plain.GetProperty("self_test_vectors").GetInt32(), plain.GetProperty("version").ValueKind, plain.GetProperty("signature_checked").GetBoolean()));
        JsonElement unchecked_ = OptionBench.Json("verify", signed);
        Assert.Equal((3, false), (unchecked_.GetProperty("version").GetInt32(), unchecked_.GetProperty("signature_checked").GetBoolean()));
        JsonElement good = OptionBench.Json("verify", signed, "--key", open);
        Assert.True(good.GetProperty("signature_checked").GetBoolean());
        Assert.Contains($"key {good.GetProperty("key").GetString()}", OptionBench.Done("verify", signed, "--key", open), StringComparison.Ordinal);
        Assert.False(OptionBench.Json("verify", bench.Model).GetProperty("signature_checked").GetBoolean());
    }

    private static (string Secret, string Open) Keys(OptionBench bench, string name)
    {
        string secret = bench.InFolder(name + ".pem");
        string open = bench.InFolder(name + ".pub.pem");
        if (!File.Exists(secret))
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            File.WriteAllText(secret, key.ExportECPrivateKeyPem());
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(secret, UnixFileMode.UserRead);
            }

            File.WriteAllText(open, key.ExportSubjectPublicKeyInfoPem());
        }

        return (secret, open);
    }
}
