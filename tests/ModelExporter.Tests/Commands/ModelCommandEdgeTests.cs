using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;
using EdgeInference.Tool.Tests.Commands.Options;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>Second branches of the commands that read an .edge file: run, evaluate, bench, sign and verify.</summary>
public sealed class ModelCommandEdgeTests(OptionBench bench) : IClassFixture<OptionBench>
{
    private static readonly string data = Path.Combine(AppContext.BaseDirectory, "data");

    [Fact]
    public void What_is_no_edge_file_is_refused_by_name()
    {
        string upper = bench.InFolder("NET2.ONNX");
        File.Copy(bench.Net, upper, overwrite: true);
        string weights = bench.Write("only.weights.h5", "x");
        Assert.Equal($"'{upper}' is a trained model, not an .edge file; convert it with edge export {upper} -o NET2.edge.", OptionBench.Refused("verify", upper).TrimEnd());
        Assert.Equal($"'{weights}' is a trained model, not an .edge file; convert it with edge export {weights} -o only.weights.edge.", OptionBench.Refused("bench", weights).TrimEnd());
        string folder = Directory.CreateDirectory(bench.InFolder("folder.edge")).FullName;
        Assert.Equal($"'{folder}' is a folder; name a file.", OptionBench.Refused("inspect", folder).TrimEnd());
        Assert.StartsWith($"'{bench.Train}' holds rows and is no model; ", OptionBench.Refused("inspect", bench.Train), StringComparison.Ordinal);
    }

    // Two classes of one output: the column is that of class 1, with quotes where a CSV needs them.
    [Theory]
    [InlineData("a", "b,c", "\"b,c\"")]
    [InlineData("a", "b\"c", "\"b\"\"c\"")]
    [InlineData("a", "b c;d", "b c;d")]
    public void The_header_of_outputs_is_the_text_of_class_1(string first, string second, string header)
    {
        ModelBuilder builder = Identity(1);
        builder.AddTextList(MetadataKey.Labels, [first, second]);
        string text = OptionBench.Done("run", bench.Save(builder.Build()), "-i", bench.Write("one.csv", "x\n0.25\n-3\n")).Split('\n')[0];
        Assert.Equal(header, text);
    }

    [Fact]
    public void Outputs_without_texts_are_numbered_from_0_and_with_texts_named()
    {
        string three = bench.Write("three-values.csv", "x,y,z\n0.5,1.5,-2.5\n");
        Assert.Equal("output0,output1,output2\n0.5,1.5,-2.5\n", OptionBench.Done("run", bench.Save(Identity(3).Build()), "-i", three));
        ModelBuilder named = Identity(3);
        named.AddTextList(MetadataKey.Labels, ["p", "q", "r,s"]);
        Assert.Equal("p,q,\"r,s\"\n0.5,1.5,-2.5\n", OptionBench.Done("run", bench.Save(named.Build()), "-i", three));

        // As many digits as give the same float again.
        Assert.Equal("output0,output1,output2\n0.1,1E-10,16777216\n", OptionBench.Done("run", bench.Save(Identity(3).Build()), "-i", bench.Write("digits.csv", "x,y,z\n0.1,1e-10,16777217\n")));
    }

    [Fact]
    public void A_signed_model_runs_on_every_engine_as_before()
    {
        string secret = Key();
        string signed = bench.New();
        OptionBench.Done("sign", bench.Model, "--key", secret, "--model-version", "3", "-o", signed);
        string expected = OptionBench.Done("run", bench.Model, "-i", bench.Test, "--label", "y");
        Assert.Equal(expected, OptionBench.Done("run", signed, "-i", bench.Test, "--label", "y"));
        float[][] plain = OptionBench.Numbers(expected);
        float[][] nano = OptionBench.Numbers(OptionBench.Done("run", signed, "-i", bench.Test, "--label", "y", "--engine", "nano"));
        Assert.All(plain.Zip(nano), pair => Assert.Equal(pair.First[0], pair.Second[0], 1e-5f));

        // The signature is not the model: inspect counts the model, and signing again takes the place of the first.
        JsonElement before = OptionBench.Json("inspect", bench.Model);
        JsonElement after = OptionBench.Json("inspect", signed);
        Assert.Equal(before.GetProperty("nano").GetProperty("table").GetProperty("flash_bytes").GetInt32(), after.GetProperty("nano").GetProperty("table").GetProperty("flash_bytes").GetInt32());
        OptionBench.Done("sign", signed, "--key", secret, "--model-version", "4");
        Assert.Equal(new FileInfo(bench.Model).Length + SignatureBlock.Bytes, new FileInfo(signed).Length);
        Assert.Equal(4, OptionBench.Json("verify", signed).GetProperty("version").GetInt32());
    }

    [Fact]
    public void Verify_says_three_lines()
    {
        Assert.Equal("checksum: good\nself-test: 3 vectors reproduced\nsignature: none\n", OptionBench.Done("verify", bench.Model).ReplaceLineEndings("\n"));
        string signed = bench.New();
        OptionBench.Done("sign", bench.Model, "--key", Key(), "--model-version", "3", "-o", signed);
        string id = ModelSignature.Of(OptionBench.Contract(File.ReadAllBytes(signed)))!.KeyId;
        Assert.Equal($"checksum: good\nself-test: 3 vectors reproduced\nsignature: version 3, key {id}, not checked (no --key)\n", OptionBench.Done("verify", signed).ReplaceLineEndings("\n"));
        Assert.Equal($"checksum: good\nself-test: 3 vectors reproduced\nsignature: good, version 3, key {id}\n", OptionBench.Done("verify", signed, "--key", bench.InFolder("edges.pub.pem")).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Each_reason_not_to_trust_a_signature_has_its_sentence()
    {
        string signed = bench.New();
        OptionBench.Done("sign", bench.Model, "--key", Key(), "--model-version", "3", "-o", signed);
        byte[] forged = File.ReadAllBytes(signed);
        int length = forged.Length - SignatureBlock.Bytes;
        forged[length + SignatureBlock.ModelVersionOffset] = 6;
        int crc = length + SignatureBlock.CrcOffset;
        BitConverter.TryWriteBytes(forged.AsSpan(crc), new ModelBytes(forged).Crc32(length, forged.Length, crc));
        string changed = bench.Save(forged);
        string open = bench.InFolder("edges.pub.pem");
        Assert.Equal($"'{changed}' was changed after it was signed: the signature does not match its bytes.", OptionBench.Refused("verify", changed, "--key", open).TrimEnd());
        Assert.Equal($"'{bench.Model}' is not signed; sign it with 'edge sign'.", OptionBench.Refused("verify", bench.Model, "--key", open).TrimEnd());
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string stranger = bench.Write("stranger.pub.pem", other.ExportSubjectPublicKeyInfoPem());
        string id = ModelSignature.Of(OptionBench.Contract(File.ReadAllBytes(signed)))!.KeyId;
        Assert.Equal($"'{signed}' is signed with key {id}, which is not one of the given keys.", OptionBench.Refused("verify", signed, "--key", stranger).TrimEnd());
    }

    [Fact]
    public void A_key_that_cannot_be_read_or_is_locked_is_refused_by_name()
    {
        string folder = Directory.CreateDirectory(bench.InFolder("keys")).FullName;
        foreach (string[] line in new string[][] { ["sign", bench.Model, "--model-version", "1", "-o", bench.New(), "--key", folder], ["verify", bench.Model, "--key", folder] })
        {
            Assert.StartsWith($"The key '{folder}' cannot be read: ", OptionBench.Refused(line), StringComparison.Ordinal);
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string locked = bench.Write("locked.pem", key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 10)));
        Assert.StartsWith($"'{locked}' does not hold an unencrypted P-256 private key; make one with 'openssl ", OptionBench.Refused("sign", bench.Model, "--model-version", "1", "-o", bench.New(), "--key", locked), StringComparison.Ordinal);

        // Of several keys the one at fault is named; a private key is none to trust.
        string good = bench.Write("open.pem", key.ExportSubjectPublicKeyInfoPem());
        Assert.StartsWith($"'{Key()}' holds a private key, which only 'edge sign' takes; ", OptionBench.Refused("verify", bench.Model, "--key", Key()), StringComparison.Ordinal);
        Assert.StartsWith($"'{bench.Train}' does not hold a P-256 key; write the public half with 'openssl ", OptionBench.Refused("verify", bench.Model, "--key", good, "--key", bench.Train), StringComparison.Ordinal);
    }

    // Scores are no probabilities: what is said of probabilities is left out, and what is said of decisions is not.
    [Fact]
    public void Scores_have_no_log_loss_and_no_Brier_score()
    {
        string scores = bench.New();
        OptionBench.Done("export", Path.Combine(AppContext.BaseDirectory, "TestData", "contract", "torch_one_logit.onnx"), "-o", scores, "--head", "scores");
        using EdgeModel model = EdgeModel.Load(scores);
        string rows = bench.Write("score-rows.csv", string.Join(',', Enumerable.Range(0, model.InputLength).Select(i => $"x{i}")) + ",y\n"
            + string.Concat(Enumerable.Range(0, 8).Select(row => string.Join(',', Enumerable.Range(0, model.InputLength).Select(i => ((row * 31) + (i * 17)) % 23)) + $",{row % 2}\n")));
        JsonElement json = OptionBench.Json("evaluate", scores, "--data", rows, "--label", "y");
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null, JsonValueKind.Number), (json.GetProperty("log_loss").ValueKind, json.GetProperty("brier").ValueKind, json.GetProperty("accuracy").ValueKind));
        string text = OptionBench.Done("evaluate", scores, "--data", rows, "--label", "y");
        Assert.DoesNotContain("log loss", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Brier", text, StringComparison.Ordinal);
        Assert.Contains("accuracy", text, StringComparison.Ordinal);

        string page = bench.New(".html");
        Assert.Equal("The model returns scores, but a report needs probabilities; use 'edge evaluate'.", OptionBench.Refused("report", scores, "--data", rows, "--label", "y", "-o", page).TrimEnd());
        Assert.False(File.Exists(page));
    }

    [Fact]
    public void Several_classes_decide_for_the_highest_and_are_numbered_where_they_have_no_texts()
    {
        string digits = bench.New();
        OptionBench.Done("export", Path.Combine(data, "digits_mlp.onnx"), "-o", digits);
        string rows = Path.Combine(data, "digits.test.csv");
        Assert.Equal("The model has 10 classes and picks the highest; omit --threshold.", OptionBench.Refused("evaluate", digits, "--data", rows, "--label", "digit", "--threshold", "0.5").TrimEnd());
        string text = OptionBench.Done("evaluate", digits, "--data", rows, "--label", "digit");
        Assert.DoesNotContain("threshold", text, StringComparison.Ordinal);
        Assert.Contains(text.Split('\n'), line => line.StartsWith("AUC ", StringComparison.Ordinal) && line.TrimEnd().EndsWith("none: it is for two classes, and the model has 10", StringComparison.Ordinal));
        string[][] table = [.. text.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Trim().Trim('|').Split('|').Select(cell => cell.Trim()).ToArray())];
        Assert.Equal(["true \\ decided", .. Enumerable.Range(0, 10).Select(i => $"{i}"), "recall"], table[0]);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}").Append("precision"), table[1..].Select(row => row[0]));

        // Each row of the table is a true class: its sum is counted from the file.
        int column = Array.IndexOf(File.ReadLines(rows).First().Split(','), "digit");
        string[] labels = [.. File.ReadAllLines(rows)[1..].Select(line => line.Split(',')[column])];
        Assert.Equal(Enumerable.Range(0, 10).Select(i => labels.Count(label => double.Parse(label, CultureInfo.InvariantCulture) == i)), table[1..^1].Select(row => row[1..^1].Sum(cell => int.Parse(cell, CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void A_model_of_other_inputs_or_outputs_is_not_compared()
    {
        string line = "compare with a model that has the same inputs and outputs.";
        string three = bench.Write("three-features.csv", string.Join('\n', File.ReadAllLines(bench.Train).Select(row => string.Join(',', row.Split(',').Skip(1)))));
        string narrow = bench.New();
        string narrowNet = bench.New(".onnx");
        OptionBench.Done("train", three, "--label", "y", "-o", narrow, "--onnx", narrowNet, "--epochs", "1", "-q");
        string classes = bench.Write("three-classes.csv", File.ReadAllText(bench.Train) + "1,2,3,4,2\n4,3,2,1,2\n2,2,2,2,2\n");
        string wide = bench.New();
        OptionBench.Done("train", classes, "--label", "y", "-o", wide, "--epochs", "1", "-q");
        foreach ((string against, int inputs, int outputs) in new[] { (narrow, 3, 1), (narrowNet, 3, 1), (wide, 4, 3) })
        {
            Assert.Equal(
                $"'{against}' takes {inputs} values and returns {outputs} but this model takes 4 and returns 1; {line}",
                OptionBench.Refused("evaluate", bench.Model, "--data", bench.Test, "--label", "y", "--against", against).TrimEnd());
        }
    }

    [Theory]
    [InlineData(89)]
    [InlineData(91)]
    public void Stored_outputs_of_more_or_fewer_rows_are_not_compared(int rows)
    {
        string stored = bench.New(".npy");
        File.WriteAllBytes(stored, NpyFile.Write([rows, 1], new float[rows]));
        Assert.Equal(
            $"'{stored}' has outputs for {rows} rows but the data has 90; give the outputs of the same rows.",
            OptionBench.Refused("evaluate", bench.Model, "--data", bench.Test, "--label", "y", "--against", stored).TrimEnd());
    }

    [Theory]
    [InlineData(".EDGE")]
    [InlineData(".NPY")]
    public void What_is_compared_with_is_known_by_its_ending_in_any_case(string ending)
    {
        string other = bench.New(ending);
        byte[] model = bench.TrainWith("--epochs", "3", "--seed", "5");
        float[][] rows = OptionBench.Read(bench.Test).Rows;
        File.WriteAllBytes(other, ending == ".EDGE" ? model : NpyFile.Write([90, 1], [.. OptionBench.Outputs(model, rows).SelectMany(row => row)]));
        double worst = OptionBench.Outputs(File.ReadAllBytes(bench.Model), rows).Zip(OptionBench.Outputs(model, rows), (a, b) => Math.Abs((double)a[0] - b[0])).Max();
        Assert.Equal(worst, OptionBench.Json("evaluate", bench.Model, "--data", bench.Test, "--label", "y", "--against", other).GetProperty("worst_deviation").GetDouble(), 1e-9);
    }

    [Fact]
    public void A_report_takes_an_edge_file_in_any_case_for_its_source_and_no_quantized_one()
    {
        string integers = bench.Save(bench.TrainWith("--precision", "int8"));
        string upper = bench.New(".EDGE");
        File.Copy(bench.Model, upper);
        string page = bench.New(".html");
        OptionBench.Done("report", integers, "--data", bench.Test, "--label", "y", "--source", upper, "-o", page, "--no-timings");
        Assert.Equal(
            $"'{integers}' is quantized, so precisions cannot be compared with it; give the float32 model.",
            OptionBench.Refused("report", integers, "--data", bench.Test, "--label", "y", "--source", integers, "-o", page, "--no-timings").TrimEnd());

        // A float32 file is its own source.
        OptionBench.Done("report", bench.Model, "--data", bench.Test, "--label", "y", "-o", page, "--no-timings");
        Assert.Contains("int16", File.ReadAllText(page), StringComparison.Ordinal);
    }

    // One row is enough for every command that reads rows.
    [Fact]
    public void One_row_is_enough_and_none_is_not()
    {
        string one = bench.Write("one-row.csv", "a,b,c,d,y\n1,2,3,4,1\n");
        string none = bench.Write("no-row.csv", "a,b,c,d,y\n");
        Assert.Equal(2, OptionBench.Done("run", bench.Model, "-i", one, "--label", "y").TrimEnd().Split('\n').Length);
        JsonElement evaluation = OptionBench.Json("evaluate", bench.Model, "--data", one, "--label", "y");
        Assert.Equal((1, JsonValueKind.Null), (evaluation.GetProperty("rows").GetInt32(), evaluation.GetProperty("auc").ValueKind));
        Assert.Contains("per inference", OptionBench.Done("bench", bench.Model, "-i", one), StringComparison.Ordinal);
        foreach (string[] line in new string[][]
        {
            ["run", bench.Model, "-i", none], ["bench", bench.Model, "-i", none], ["evaluate", bench.Model, "--data", none, "--label", "y"],
            ["report", bench.Model, "--data", none, "--label", "y", "-o", bench.New(".html")], ["train", none, "--label", "y", "-o", bench.New()], ["export", bench.Net, "-o", bench.New(), "-c", none],
        })
        {
            Assert.Contains($"'{none}'", OptionBench.Refused(line), StringComparison.Ordinal);
        }
    }

    // At least 21 of 41 rounds took the median or longer, each of 64 inferences or more, and all of them were within the command's own time.
    [Fact]
    public void The_median_is_a_time_of_one_inference()
    {
        for (int attempt = 0; attempt < 2; attempt++)
        {
            var clock = Stopwatch.StartNew();
            double microseconds = OptionBench.Json("bench", bench.Model).GetProperty("microseconds_per_inference").GetDouble();
            Assert.InRange(microseconds, 1e-9, clock.Elapsed.TotalMicroseconds / (21 * 64));
        }

        // 400 · 1000 + 1000 · 400 products in float take longer than 0.5 µs on any machine.
        string large = bench.New();
        OptionBench.Done("train", bench.Train, "--label", "y", "-o", large, "--hidden", "1000,400", "--epochs", "1", "-q");
        Assert.True(OptionBench.Json("bench", large).GetProperty("microseconds_per_inference").GetDouble() > 0.5);
    }

    [Fact]
    public void The_table_of_operators_adds_up()
    {
        string large = bench.New();
        OptionBench.Done("train", bench.Train, "--label", "y", "-o", large, "--hidden", "300,200", "--epochs", "1", "-q");
        string text = OptionBench.Done("bench", large, "--operators");
        string[][] rows = [.. text.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).Select(line => line.Trim().Trim('|').Split('|').Select(cell => cell.Trim()).ToArray())];
        JsonElement[] operators = [.. OptionBench.Json("inspect", large).GetProperty("operators").EnumerateArray()];
        Assert.Equal(["0", "1", "2"], rows.Select(row => row[0]));
        Assert.Equal(operators.Select(row => row.GetProperty("operator").GetString()), rows.Select(row => row[1]));
        Assert.Equal(operators.Select(row => row.GetProperty("output").GetString()), rows.Select(row => row[2]));
        Assert.Equal(["1,200", "60,000", "200"], rows.Select(row => row[3]));
        double[] times = [.. rows.Select(row => double.Parse(row[4], NumberStyles.Number, CultureInfo.InvariantCulture))];
        double[] shares = [.. rows.Select(row => double.Parse(row[5].TrimEnd('%', ' '), CultureInfo.InvariantCulture))];
        Assert.All(times.Zip(shares), pair => Assert.Equal(100 * pair.First / times.Sum(), pair.Second, 1.5));
        Assert.InRange(shares.Sum(), 98, 102);
        Assert.All(rows, row => Assert.True(double.Parse(row[6], NumberStyles.Number, CultureInfo.InvariantCulture) > 0));
    }

    private static ModelBuilder Identity(int length)
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, length], 0);
        int output = builder.AddTensor(TensorType.Float32, [1, length], 64);
        builder.AddOperator(Opcode.Activation, [input], [output], [(int)ActivationKind.Linear, 0, 0]);
        builder.AddInput(input);
        builder.AddOutput(output, OutputRole.Value);
        return builder;
    }

    private string Key()
    {
        string secret = bench.InFolder("edges.pem");
        if (!File.Exists(secret))
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            File.WriteAllText(secret, key.ExportECPrivateKeyPem());
            File.WriteAllText(bench.InFolder("edges.pub.pem"), key.ExportSubjectPublicKeyInfoPem());
        }

        return secret;
    }
}
