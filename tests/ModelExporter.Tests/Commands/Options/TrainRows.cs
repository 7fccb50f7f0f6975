using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime;
using EdgeInference.Tool.Tests.Import.Onnx;

namespace EdgeInference.Tool.Tests.Commands.Options;

/// <summary>Options that <c>edge train</c> has alone. Most are held against logistic regression by the book.</summary>
internal static class TrainRows
{
    private const double Tolerance = 2e-5;

    internal static Dictionary<string, Action<OptionBench>> All { get; } = new()
    {
        ["train data"] = Data,
        ["train --label"] = Label,
        ["train --labels"] = Labels,
        ["train --output"] = Output,
        ["train --hidden"] = Hidden,
        ["train --activation"] = Activation,
        ["train --optimizer"] = Optimizer,
        ["train --epochs"] = Epochs,
        ["train --learning-rate"] = LearningRate,
        ["train --batch"] = Batch,
        ["train --l2"] = L2,
        ["train --validation"] = Validation,
        ["train --patience"] = Patience,
        ["train --seed"] = Seed,
        ["train --onnx"] = Onnx,
        ["train --history"] = History,
        ["train --quiet"] = Quiet,
        ["train --fine-tune"] = FineTune,
        ["train --json"] = Json,
    };

    private static void Data(OptionBench bench)
    {
        (LogisticReference reference, _) = Start(bench, bench.Test, 90);
        byte[] file = One(bench, bench.Test, 90, "--epochs", "2", "--optimizer", "Sgd", "--l2", "0");
        Close(reference.Descend(2, 0.05, 0).Parameters, reference.Of(file));
        NotClose(reference.Parameters, reference.Of(One(bench, bench.Train, 120, "--epochs", "2", "--optimizer", "Sgd", "--l2", "0")));
    }

    private static void Label(OptionBench bench)
    {
        string csv = bench.Write("two-labels.csv", "a,u,b,v\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i}.5,{i % 2},{(i * 7) % 11},{(i < 20 ? 0 : 1)}\n")));
        foreach ((string label, string[] features) in new[] { ("u", new[] { "a", "b", "v" }), ("v", ["a", "u", "b"]) })
        {
            string path = bench.New();
            OptionBench.Done("train", csv, "--label", label, "-o", path, "--epochs", "2", "-q");
            Assert.Equal(features, OptionBench.Contract(File.ReadAllBytes(path)).Metadata.TextList(MetadataKey.InputNames));
        }

        // A wholly separable label is learned, which the other column cannot be.
        string learned = bench.New();
        OptionBench.Done("train", csv, "--label", "v", "-o", learned, "--epochs", "200", "-q");
        Assert.Equal(1.0, OptionBench.Json("evaluate", learned, "--data", csv, "--label", "v").GetProperty("accuracy").GetDouble());
    }

    private static void Labels(OptionBench bench)
    {
        byte[] plain = bench.TrainWith("--epochs", "40");
        byte[] turned = bench.TrainWith("--epochs", "40", "--labels", "1,0");
        Assert.Equal(["0", "1"], OptionBench.Contract(plain).Metadata.TextList(MetadataKey.Labels));
        Assert.Equal(["1", "0"], OptionBench.Contract(turned).Metadata.TextList(MetadataKey.Labels));
        (float[][] rows, int[] labels) = OptionBench.Read(bench.Train);
        Assert.True(Right(plain, false) > 90, $"{Right(plain, false)}");
        Assert.True(Right(turned, true) > 90, $"{Right(turned, true)}");
        Assert.StartsWith("--labels", OptionBench.Refused("train", bench.Train, "--label", "y", "-o", bench.New(), "--labels", "0,2"), StringComparison.Ordinal);

        int Right(byte[] file, bool isTurned) => OptionBench.Outputs(file, rows).Where((output, i) => (output[0] >= 0.5f) != isTurned == (labels[i] == 1)).Count();
    }

    private static void Output(OptionBench bench)
    {
        string path = bench.InFolder("named.edge");
        string text = OptionBench.Done("train", bench.Train, "--label", "y", "-o", path, "--epochs", "1", "-q");
        using EdgeModel model = EdgeModel.Load(path);
        Assert.Equal("named", model.Name);
        Assert.Contains($"Wrote {path}: {new FileInfo(path).Length.ToString("N0", CultureInfo.InvariantCulture)} bytes, float32,", text, StringComparison.Ordinal);

        // Without the option the data's name, unless a file has it.
        string own = Path.ChangeExtension(Path.GetFileName(bench.Train), ".edge");
        File.Delete(own);
        OptionBench.Done("train", bench.Train, "--label", "y", "--learner", "logistic");
        Assert.True(new FileInfo(own).Length > 0);
        Assert.Contains($"'{own}' exists", OptionBench.Refused("train", bench.Train, "--label", "y", "--learner", "logistic"), StringComparison.Ordinal);
        File.Delete(own);
    }

    private static void Hidden(OptionBench bench)
    {
        Assert.Equal([(16, 4), (8, 16), (1, 8)], Shapes());
        Assert.Equal([(7, 4), (1, 7)], Shapes("--hidden", "7"));
        Assert.Equal([(7, 4), (3, 7), (2, 3), (1, 2)], Shapes("--hidden", "7, 3,2"));
        Assert.Equal([(1, 4)], Shapes("--hidden", ""));
        Assert.Contains("1 to 4096", OptionBench.Misused("train", bench.Train, "--label", "y", "-o", bench.New(), "--hidden", "4097"), StringComparison.Ordinal);
        Assert.Contains("1 to 4096", OptionBench.Misused("train", bench.Train, "--label", "y", "-o", bench.New(), "--hidden", "8,0"), StringComparison.Ordinal);
        Assert.Contains("integers separated by commas", OptionBench.Misused("train", bench.Train, "--label", "y", "-o", bench.New(), "--hidden", "8.5"), StringComparison.Ordinal);

        (int Units, int Inputs)[] Shapes(params string[] options)
        {
            string path = bench.New();
            OptionBench.Done(["train", bench.Train, "--label", "y", "-o", path, "--epochs", "1", "-q", .. options]);
            return [.. OptionBench.Graph(File.ReadAllBytes(path)).Nodes.Select(node => (node.Input(1).Shape[0], node.Input(1).Shape[1]))];
        }
    }

    private static void Activation(OptionBench bench)
    {
        Assert.Equal([ActivationKind.ReLU, ActivationKind.ReLU, ActivationKind.Sigmoid], Kinds());
        Assert.Equal([ActivationKind.Tanh, ActivationKind.Tanh, ActivationKind.Sigmoid], Kinds("--activation", "tanh"));
        Assert.Equal([ActivationKind.GELU, ActivationKind.GELU, ActivationKind.Sigmoid], Kinds("--activation", "gelu"));
        Assert.Contains("did you mean", OptionBench.Misused("train", bench.Train, "--label", "y", "-o", bench.New(), "--activation", "rellu"), StringComparison.Ordinal);

        ActivationKind[] Kinds(params string[] options) =>
            [.. OptionBench.Graph(bench.TrainWith(options)).Nodes.Select(node => (ActivationKind)node.Parameters[DenseRule.Activation])];
    }

    private static void Optimizer(OptionBench bench)
    {
        (LogisticReference descent, byte[] first) = Start(bench, bench.Train, 120);
        double[] byDescent = descent.Descend(9, 0.02, 0).Parameters;
        double[] byAdam = new LogisticReference(OptionBench.Read(bench.Train).Rows, OptionBench.Read(bench.Train).Labels).From(first).Adam(9, 0.02, 0).Parameters;
        string[] options = ["--epochs", "9", "--learning-rate", "0.02", "--l2", "0"];
        Close(byAdam, descent.Of(One(bench, bench.Train, 120, options)));
        Close(byAdam, descent.Of(One(bench, bench.Train, 120, [.. options, "--optimizer", "Adam"])));
        Close(byDescent, descent.Of(One(bench, bench.Train, 120, [.. options, "--optimizer", "Sgd"])));
        NotClose(byDescent, byAdam);
    }

    private static void Epochs(OptionBench bench)
    {
        foreach (int epochs in new[] { 1, 2, 6 })
        {
            (LogisticReference reference, _) = Start(bench, bench.Train, 120);
            Close(reference.Descend(epochs, 0.05, 0).Parameters, reference.Of(One(bench, bench.Train, 120, "--epochs", $"{epochs}", "--optimizer", "Sgd", "--l2", "0")));
        }

        string text = OptionBench.Done("train", bench.Train, "--label", "y", "-o", bench.New(), "--hidden", "2", "--validation", "0");
        Assert.Equal(200, text.Split('\n').Count(line => line.StartsWith("epoch", StringComparison.Ordinal)));
        Assert.Contains("1 or more", OptionBench.Misused("train", bench.Train, "--label", "y", "-o", bench.New(), "--epochs", "0"), StringComparison.Ordinal);
    }

    private static void LearningRate(OptionBench bench)
    {
        foreach ((string[] option, double rate) in new[] { (Array.Empty<string>(), 0.05), (["--learning-rate", "0.2"], 0.2), (["--learning-rate", "0.01"], 0.01) })
        {
            (LogisticReference reference, _) = Start(bench, bench.Train, 120);
            Close(reference.Descend(3, rate, 0).Parameters, reference.Of(One(bench, bench.Train, 120, ["--epochs", "3", "--optimizer", "Sgd", "--l2", "0", .. option])));
        }

        (LogisticReference adam, _) = Start(bench, bench.Train, 120);
        Close(adam.Adam(3, 0.005, 0).Parameters, adam.Of(One(bench, bench.Train, 120, "--epochs", "3", "--l2", "0")));
        Assert.Contains("above 0", OptionBench.Misused("train", bench.Train, "--label", "y", "-o", bench.New(), "--learning-rate", "0"), StringComparison.Ordinal);
        Assert.Contains("above 0", OptionBench.Misused("train", bench.Train, "--label", "y", "-o", bench.New(), "--learning-rate", "-1"), StringComparison.Ordinal);
    }

    // Where all gradients point the same way, Adam goes one rate a step: the distance counts the steps of an epoch.
    private static void Batch(OptionBench bench)
    {
        string csv = bench.Write("apart.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 120).Select(i => $"{(i % 2 == 0 ? -1 : 1) * (1 + (i % 3 * 0.01))},{i % 2}\n")));
        var reference = new LogisticReference(OptionBench.Read(csv).Rows, OptionBench.Read(csv).Labels);
        double start = reference.Of(Model("120", "1e-30"))[0];
        foreach ((string? batch, int steps) in new[] { ("120", 1), ("121", 1), ("119", 2), ("60", 2), ("50", 3), ("40", 3), (null, 4) })
        {
            Assert.Equal(steps, (reference.Of(Model(batch, "0.0001"))[0] - start) / 0.0001, 0.1);
        }

        Assert.Contains("1 or more", OptionBench.Misused("train", csv, "--label", "y", "-o", bench.New(), "--batch", "0"), StringComparison.Ordinal);

        byte[] Model(string? batch, string rate)
        {
            string path = bench.New();
            string[] option = batch is null ? [] : ["--batch", batch];
            OptionBench.Done(["train", csv, "--label", "y", "-o", path, "--hidden", "", "--validation", "0", "--epochs", "1", "--l2", "0", "--learning-rate", rate, "-q", .. option]);
            return File.ReadAllBytes(path);
        }
    }

    private static void L2(OptionBench bench)
    {
        var norms = new List<double>();
        foreach ((string[] option, double l2) in new[] { (["--l2", "0"], 0), (Array.Empty<string>(), 0.001), (["--l2", "0.5"], 0.5), (["--l2", "3"], 3) })
        {
            (LogisticReference reference, _) = Start(bench, bench.Train, 120);
            double[] trained = reference.Of(One(bench, bench.Train, 120, ["--epochs", "20", "--optimizer", "Sgd", "--learning-rate", "0.1", .. option]));
            Close(reference.Descend(20, 0.1, l2).Parameters, trained);
            norms.Add(trained[..^1].Sum(w => w * w));
        }

        Assert.Equal(norms.OrderDescending(), norms);
        Assert.True(norms[3] < 0.3 * norms[0], string.Join(' ', norms));
        Assert.Contains("0 or more", OptionBench.Misused("train", bench.Train, "--label", "y", "-o", bench.New(), "--l2", "-0.001"), StringComparison.Ordinal);
    }

    // A feature that never varies leaves the bias alone: after a step it tells the share of class 1 among the rows that were trained on.
    private static void Validation(OptionBench bench)
    {
        string csv = bench.Write("shares.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"5,{(i < 7 ? 0 : 1)}\n")));
        foreach ((string? share, int zeros, int ones) in new[] { ("0", 7, 13), ("0.3", 5, 10), ("0.7", 3, 4), (null, 6, 12) })
        {
            string path = bench.New();
            string[] option = share is null ? [] : ["--validation", share];
            string text = OptionBench.Done(["train", csv, "--label", "y", "-o", path, "--numeric", "x", "--hidden", "", "--epochs", "1", "--batch", "20", "--optimizer", "Sgd", "--learning-rate", "1", .. option]);
            Assert.Equal(((double)ones / (zeros + ones)) - 0.5, OptionBench.Graph(File.ReadAllBytes(path)).Nodes.Single().Input(2).Floats[0], 1e-6);
            Assert.Equal(share != "0", text.Contains("validation loss", StringComparison.Ordinal));
        }

        Assert.Contains("below 1", OptionBench.Misused("train", bench.Train, "--label", "y", "-o", bench.New(), "--validation", "1"), StringComparison.Ordinal);
        Assert.Contains("0 to", OptionBench.Misused("train", bench.Train, "--label", "y", "-o", bench.New(), "--validation", "-0.1"), StringComparison.Ordinal);
    }

    // Labels by chance: the validation loss rises soon.
    private static void Patience(OptionBench bench)
    {
        var random = new Random(9);
        string csv = bench.Write("chance.csv", OptionBench.Csv(OptionBench.Samples(80, 6).Select(row => (row.Row, random.Next(2)))));
        foreach ((string? patience, int expected) in new[] { ("1", 1), ("3", 3), ("8", 8), (null, 30) })
        {
            string[] option = patience is null ? [] : ["--patience", patience];
            JsonElement json = OptionBench.Json(["train", csv, "--label", "y", "-o", bench.New(), "--epochs", "1000", "--validation", "0.4", "-q", .. option]);
            Assert.Equal(expected, json.GetProperty("epochs").GetInt32() - json.GetProperty("best_epoch").GetInt32());
        }

        Assert.Contains("1 or more", OptionBench.Misused("train", bench.Train, "--label", "y", "-o", bench.New(), "--patience", "0"), StringComparison.Ordinal);
    }

    private static void Seed(OptionBench bench)
    {
        string path = bench.InFolder("seed.edge");
        string[] hashes = [.. new[] { "1", "1", "2", "18446744073709551615" }.Select(seed => Hash("--seed", seed)), Hash()];
        Assert.Equal(hashes[0], hashes[1]);
        Assert.Equal(3, hashes[..4].Distinct().Count());
        Assert.Equal(hashes[0], hashes[4]);

        // Of the tensors alone: the file also says which options it was made with.
        string Hash(params string[] option)
        {
            OptionBench.Done(["train", bench.Train, "--label", "y", "-o", path, "--epochs", "2", "-q", .. option]);
            return string.Join(' ', OptionBench.Graph(File.ReadAllBytes(path)).Nodes.SelectMany(node => node.Input(1).Floats).Select(BitConverter.SingleToInt32Bits));
        }
    }

    private static void Onnx(OptionBench bench)
    {
        string path = bench.New();
        string onnx = bench.New(".onnx");
        OptionBench.Done("train", bench.Train, "--label", "y", "-o", path, "--epochs", "5", "--precision", "int8", "--onnx", onnx, "-q");
        byte[] real = bench.TrainWith("--hidden", "16,8", "--epochs", "5");
        (float[][] rows, _) = OptionBench.Read(bench.Test);
        float[][] expected = OptionBench.Outputs(real, rows);
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.Equal(expected[i][0], Peer.Run(onnx, "", ("", [1, 4], rows[i])).Single(), 1e-5f);
        }

        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!, Path.GetFileNameWithoutExtension(onnx) + ".onnx"));
    }

    private static void History(OptionBench bench)
    {
        (LogisticReference reference, _) = Start(bench, bench.Train, 120);
        reference.Descend(6, 0.05, 0);
        string history = bench.New(".csv");
        One(bench, bench.Train, 120, "--epochs", "6", "--optimizer", "Sgd", "--l2", "0", "--history", history);
        string[] lines = File.ReadAllLines(history);
        Assert.Equal("epoch,training_loss", lines[0]);
        Assert.Equal(reference.Losses, lines[1..].Select(line => double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture)), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(["1", "2", "3", "4", "5", "6"], lines[1..].Select(line => line.Split(',')[0]));

        bench.TrainWith("--epochs", "3", "--history", history);
        Assert.Equal("epoch,training_loss,validation_loss", File.ReadLines(history).First());
    }

    private static void Quiet(OptionBench bench)
    {
        string[] line = ["train", bench.Train, "--label", "y", "-o", bench.New(), "--epochs", "4", "--hidden", "2"];
        string[] loud = OptionBench.Done(line).Split('\n');
        string[] quiet = OptionBench.Done([.. line, "--quiet"]).Split('\n');
        Assert.Equal(["epoch    1 of 4", "epoch    2 of 4", "epoch    3 of 4", "epoch    4 of 4"], loud[..4].Select(text => text[..15]));
        Assert.Equal(loud[4..], quiet);
        Assert.Equal(quiet, OptionBench.Done([.. line, "-q"]).Split('\n'));
    }

    private static void FineTune(OptionBench bench)
    {
        string[] line = ["train", bench.Train, "--label", "y", "--epochs", "6", "--hidden", "3", "--validation", "0"];
        string plain = bench.New();
        string tuned = bench.New();
        Assert.Equal(6, Epochs(OptionBench.Done([.. line, "-o", plain])));
        Assert.Equal(6 + 40, Epochs(OptionBench.Done([.. line, "-o", tuned, "--fine-tune"])));

        // Without rows kept out the last epoch's weights are taken: those of 46 epochs fit better than those of 6.
        Assert.True(LogLoss(tuned) < LogLoss(plain));

        double LogLoss(string model) => OptionBench.Json("evaluate", model, "--data", bench.Train, "--label", "y").GetProperty("log_loss").GetDouble();
        static int Epochs(string text) => text.Split('\n').Count(row => row.StartsWith("epoch", StringComparison.Ordinal));
    }

    private static void Json(OptionBench bench)
    {
        string path = bench.New();
        string[] line = ["train", bench.Train, "--label", "y", "-o", path, "--epochs", "30", "--hidden", "6,5", "--precision", "int8"];
        (int exitCode, string text, string error) = OptionBench.Run([.. line, "--json"]);
        Assert.Equal(0, exitCode);
        JsonElement json = JsonDocument.Parse(text).RootElement;
        string hash = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));
        string[] printed = OptionBench.Done(line).TrimEnd().Split('\n');
        Assert.Equal(hash, Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))));
        Assert.Equal(30, error.Split('\n').Count(row => row.StartsWith("epoch", StringComparison.Ordinal)));
        int parameters = (6 * 4) + 6 + (5 * 6) + 5 + 5 + 1;
        Assert.Equal(parameters, json.GetProperty("parameters").GetInt32());
        Assert.Equal(path, json.GetProperty("output").GetString());
        Assert.Equal("int8", json.GetProperty("precision").GetString());
        Assert.Equal(new FileInfo(path).Length, json.GetProperty("bytes").GetInt64());
        Assert.Equal(
            string.Create(CultureInfo.InvariantCulture, $"Wrote {path}: {json.GetProperty("bytes").GetInt64():N0} bytes, int8, {parameters} parameters, best epoch {json.GetProperty("best_epoch").GetInt32()} of {json.GetProperty("epochs").GetInt32()}."),
            printed[^3]);
        Assert.Equal("Left out: tensor names (only 'edge report' shows them; --tensor-names keeps them).", printed[^2]);
        Assert.Equal("names", json.GetProperty("left_out")[0].GetString());

        // The best epoch has the lowest validation loss of those printed.
        double[] losses = [.. printed.Where(row => row.StartsWith("epoch", StringComparison.Ordinal)).Select(row => double.Parse(row.Split(' ')[^1], CultureInfo.InvariantCulture))];
        Assert.Equal(losses.Min(), losses[json.GetProperty("best_epoch").GetInt32() - 1]);
        Assert.Equal(JsonValueKind.Object, json.GetProperty("check").ValueKind);
    }

    // The weights that training begins with, as a rate that moves nothing leaves them.
    private static (LogisticReference Reference, byte[] First) Start(OptionBench bench, string csv, int count)
    {
        byte[] first = One(bench, csv, count, "--epochs", "1", "--learning-rate", "1e-30", "--optimizer", "Sgd");
        (float[][] rows, int[] labels) = OptionBench.Read(csv);
        return (new LogisticReference(rows, labels).From(first), first);
    }

    // One layer that sees all rows in each step.
    private static byte[] One(OptionBench bench, string csv, int count, params string[] options)
    {
        string path = bench.New();
        OptionBench.Done(["train", csv, "--label", "y", "-o", path, "--hidden", "", "--validation", "0", "--batch", $"{count}", "-q", .. options]);
        return File.ReadAllBytes(path);
    }

    private static void Close(double[] expected, double[] actual) => Assert.Equal(expected, actual, (a, b) => Math.Abs(a - b) < Tolerance);

    private static void NotClose(double[] expected, double[] actual) => Assert.Contains(expected.Zip(actual), pair => Math.Abs(pair.First - pair.Second) > 20 * Tolerance);
}
