using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeInference.ModelConverter.Activations;
using EdgeInference.Nano.Tests.Emit;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Commands.Options;

/// <summary>Options of the commands that write code, pictures, scripts and tables.</summary>
internal static class WriteRows
{
    internal static Dictionary<string, Action<OptionBench>> All { get; } = new()
    {
        ["emit model"] = Model,
        ["emit --target"] = Target,
        ["emit --form"] = Form,
        ["emit --output"] = Output,
        ["emit --namespace"] = Namespace,
        ["emit --class"] = Class,
        ["emit --assemblies"] = Assemblies,
        ["emit --counts-scale"] = CountsScale,
        ["emit --counts-offset"] = CountsOffset,
        ["emit --json"] = Json,
        ["emit --engine"] = Engine,
        ["emit --no-classifier"] = NoClassifier,
        ["emit --chunks"] = Chunks,
        ["activations --output"] = Activations,
        ["demo --output"] = Demo,
        ["data --output"] = Data,
        ["accuracy-table --json"] = AccuracyTable,
        ["completion shell"] = Shell,
        ["help topic"] = Topic,
        ["complete --position"] = Position,
        ["complete line"] = Line,
    };

    private static void Model(OptionBench bench)
    {
        float[][] rows = OptionBench.Read(bench.Test).Rows[..10];
        foreach (string model in new[] { Integers(bench), bench.Save(bench.TrainWith("--precision", "int8", "--epochs", "2")) })
        {
            Type type = Compiled(bench, out _, model);
            Assert.Equal(OptionBench.Outputs(File.ReadAllBytes(model), rows).Select(output => output[0]), rows.Select(row => EmittedCode.Run(type, row, OptionBench.Contract(File.ReadAllBytes(model))).Single()));
        }
    }

    private static void Target(OptionBench bench)
    {
        Assert.Equal(Text(bench, Integers(bench)), Text(bench, Integers(bench), "--target", "nano"));
        Assert.Equal(2, OptionBench.Run("emit", Integers(bench), "-o", bench.New(".cs"), "--target", "micro").ExitCode);
    }

    private static void Form(OptionBench bench)
    {
        string code = Text(bench, Integers(bench), "--form", "code");
        string table = Text(bench, Integers(bench), "--form", "table");
        Assert.Equal(code, Text(bench, Integers(bench)));
        Assert.Equal(code, Text(bench, Integers(bench), "--form", "auto"));
        Assert.DoesNotContain("NanoModel", code, StringComparison.Ordinal);
        Assert.Contains("NanoModel", table, StringComparison.Ordinal);
        string path = Path.Combine(Directory.CreateDirectory(bench.New("")).FullName, "M.g.cs");
        OptionBench.Done("emit", Integers(bench), "-o", path, "--form", "resource");
        string resource = Directory.GetFiles(Path.GetDirectoryName(path)!).Single(file => file != path);
        Assert.Equal(File.ReadAllBytes(Integers(bench)), File.ReadAllBytes(resource)[..(int)new FileInfo(Integers(bench)).Length]);
        Assert.Equal(2, OptionBench.Run("emit", Integers(bench), "-o", path, "--form", "bytes").ExitCode);
    }

    private static void Output(OptionBench bench)
    {
        string path = bench.InFolder("Motion.g.cs");
        string text = OptionBench.Done("emit", Integers(bench), "-o", path);
        Assert.StartsWith($"Wrote {path}: ", text, StringComparison.Ordinal);
        Assert.Contains("class Motion", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Contains("is not a C# name; give one with --class", OptionBench.Refused("emit", Integers(bench), "-o", bench.InFolder("1.g.cs")), StringComparison.Ordinal);
    }

    private static void Namespace(OptionBench bench)
    {
        Assert.Contains("namespace Models\n", Text(bench, Integers(bench)), StringComparison.Ordinal);
        Assert.Contains("namespace Plant.Pump_2\n", Text(bench, Integers(bench), "--namespace", "Plant.Pump_2"), StringComparison.Ordinal);
        foreach (string wrong in new[] { "", "2nd", "a..b", "a-b", ".a" })
        {
            Assert.Contains("give one with --namespace", OptionBench.Refused("emit", Integers(bench), "-o", bench.InFolder("M.g.cs"), "--namespace", wrong), StringComparison.Ordinal);
        }
    }

    private static void Class(OptionBench bench)
    {
        Assert.Matches(@"class M\b", Text(bench, Integers(bench)));
        Assert.Matches(@"class _Motion\b", Text(bench, Integers(bench), "--class", "_Motion"));
        Assert.Matches(@"class 泵\b", Text(bench, Integers(bench), "--class", "泵"));
        Assert.Contains("'ArgumentException' is a type that the emitted code uses", OptionBench.Refused("emit", Integers(bench), "-o", bench.InFolder("M.g.cs"), "--class", "ArgumentException"), StringComparison.Ordinal);
        Assert.Contains("give one with --class", OptionBench.Refused("emit", Integers(bench), "-o", bench.InFolder("M.g.cs"), "--class", "9"), StringComparison.Ordinal);
    }

    // A model too large for one assembly.
    private static void Assemblies(OptionBench bench)
    {
        string csv = bench.Write("wide-train.csv", "y," + string.Join(',', Enumerable.Range(0, 120).Select(i => $"x{i}")) + "\n" + string.Concat(Enumerable.Range(0, 20).Select(row => $"{row % 2}," + string.Join(',', Enumerable.Range(0, 120).Select(i => ((row * 31) + (i * 17)) % 101)) + "\n")));
        string model = bench.New();
        OptionBench.Done("train", csv, "--label", "y", "-o", model, "--hidden", "200,100", "--epochs", "1", "--precision", "int8", "--calibration-method", "MinMax", "-q");
        string folder = Directory.CreateDirectory(bench.New("")).FullName;
        string path = Path.Combine(folder, "M.g.cs");
        string refusal = OptionBench.Refused("emit", model, "-o", path, "--form", "code");
        int needed = int.Parse(Regex.Match(refusal, @"--assemblies (\d+)").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.True(needed > 1, refusal);
        Assert.Empty(Directory.GetFiles(folder));
        JsonElement json = OptionBench.Json("emit", model, "-o", path, "--form", "code", "--assemblies", $"{needed}");
        Assert.Equal(json.GetProperty("files").GetInt32(), Directory.GetFiles(folder).Length);
        Assert.Equal(needed, json.GetProperty("files").GetInt32());

        // No file beside the code is written over the model.
        string taken = Path.Combine(Directory.CreateDirectory(bench.New("")).FullName, Path.GetFileName(Directory.GetFiles(folder).First(file => file != path)));
        File.Copy(model, taken);
        Assert.Contains("the same file", OptionBench.Refused("emit", taken, "-o", Path.Combine(Path.GetDirectoryName(taken)!, "M.g.cs"), "--form", "code", "--assemblies", $"{needed}"), StringComparison.Ordinal);
        Assert.Equal([taken], Directory.GetFiles(Path.GetDirectoryName(taken)!));
    }

    // (count + offset) · scale, from the classifier on real units.
    private static void CountsScale(OptionBench bench)
    {
        Assert.DoesNotContain("int[] counts", Text(bench, Integers(bench)), StringComparison.Ordinal);
        int[][] counts = [.. Enumerable.Range(0, 12).Select(row => Enumerable.Range(0, 4).Select(i => ((row * 37) + (i * 53)) % 90 - 40).ToArray())];
        foreach ((string scale, double[] factors) in new[] { ("0.25", new[] { 0.25, 0.25, 0.25, 0.25 }), ("0.125, 0.5,1,0.0625", [0.125, 0.5, 1, 0.0625]) })
        {
            Counted(bench, counts, (count, i) => count * factors[i], "--counts-scale", scale);
        }

        foreach (string wrong in new[] { "0", "NaN", "a", "" })
        {
            Assert.Contains("--counts-scale has", OptionBench.Refused("emit", Integers(bench), "-o", bench.InFolder("M.g.cs"), "--counts-scale", wrong), StringComparison.Ordinal);
        }

        Assert.Contains("--form table", OptionBench.Misused("emit", Integers(bench), "-o", bench.InFolder("M.g.cs"), "--counts-scale", "1", "--form", "table"), StringComparison.Ordinal);
    }

    private static void CountsOffset(OptionBench bench)
    {
        int[][] counts = [.. Enumerable.Range(0, 12).Select(row => Enumerable.Range(0, 4).Select(i => (((row * 37) + (i * 53)) % 90) * (int)Math.Pow(3, i)).ToArray())];
        Counted(bench, counts, (count, _) => (count - 45) * 0.0625, "--counts-scale", "0.0625", "--counts-offset", "-45");
        Counted(bench, counts, (count, i) => (count - (45 * Math.Pow(3, i))) * 0.0625, "--counts-scale", "0.0625", "--counts-offset=-45,-135,-405,-1215");
        Assert.Contains("needs --counts-scale", OptionBench.Misused("emit", Integers(bench), "-o", bench.InFolder("M.g.cs"), "--counts-offset", "3"), StringComparison.Ordinal);
    }

    private static void Engine(OptionBench bench)
    {
        string folder = bench.New("");
        string said = OptionBench.Done("emit", Integers(bench), "--engine", folder);
        string source = Path.Combine(folder, "EdgeInference.Nano.g.cs");
        Assert.Equal([source, Path.Combine(folder, "EdgeInference.Nano.nfproj"), Path.Combine(folder, "packages.config")], Directory.GetFiles(folder).Order(StringComparer.Ordinal));
        Assert.Contains("Dense Int8", said, StringComparison.Ordinal);
        Assert.Contains("//   Dense Int8\n", File.ReadAllText(source), StringComparison.Ordinal);
        Assert.DoesNotContain("ConvWindows", File.ReadAllText(source), StringComparison.Ordinal);
        JsonElement json = OptionBench.Json("emit", Integers(bench), "--engine", folder);
        Assert.InRange(json.GetProperty("assembly_bytes").GetInt32(), 15_000, 40_000);
        Assert.Contains("--output is for code", OptionBench.Misused("emit", Integers(bench), "--engine", folder, "-o", bench.New(".cs")), StringComparison.Ordinal);
        Assert.Contains("--form is for code", OptionBench.Misused("emit", Integers(bench), "--engine", folder, "--form", "auto"), StringComparison.Ordinal);
        foreach (string wrong in new[] { "", "-", source })
        {
            Assert.Contains("is not a folder", OptionBench.Refused("emit", Integers(bench), "--engine", wrong), StringComparison.Ordinal);
        }

        Assert.Contains("'--output' is required", OptionBench.Misused("emit", Integers(bench)), StringComparison.Ordinal);
    }

    private static void NoClassifier(OptionBench bench)
    {
        Assert.Contains("class Classifier", EngineText(bench), StringComparison.Ordinal);
        Assert.DoesNotContain("class Classifier", EngineText(bench, "--no-classifier"), StringComparison.Ordinal);
        Assert.Contains("--no-classifier needs --engine", OptionBench.Refused("emit", Integers(bench), "-o", bench.New(".cs"), "--no-classifier"), StringComparison.Ordinal);
    }

    private static void Chunks(OptionBench bench)
    {
        Assert.DoesNotContain("delegate byte[] ChunkReader", EngineText(bench), StringComparison.Ordinal);
        Assert.Contains("delegate byte[] ChunkReader", EngineText(bench, "--chunks"), StringComparison.Ordinal);
        Assert.Contains("--chunks needs --engine", OptionBench.Refused("emit", Integers(bench), "-o", bench.New(".cs"), "--chunks"), StringComparison.Ordinal);
    }

    private static string EngineText(OptionBench bench, params string[] options)
    {
        string folder = bench.New("");
        OptionBench.Done(["emit", Integers(bench), "--engine", folder, .. options]);
        return File.ReadAllText(Path.Combine(folder, "EdgeInference.Nano.g.cs"));
    }

    private static void Json(OptionBench bench)
    {
        string path = bench.InFolder("M.g.cs");
        JsonElement json = OptionBench.Json("emit", Integers(bench), "-o", path);
        string printed = OptionBench.Done("emit", Integers(bench), "-o", path);
        Assert.Equal((path, 1, false), (json.GetProperty("output").GetString(), json.GetProperty("files").GetInt32(), json.GetProperty("needs_engine").GetBoolean()));
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"About {json.GetProperty("instructions").GetInt64():N0} machine instructions per inference, {json.GetProperty("milliseconds").GetDouble():0.0} ms"),
            printed,
            StringComparison.Ordinal);
        Assert.True(OptionBench.Json("emit", Integers(bench), "-o", path, "--form", "table").GetProperty("needs_engine").GetBoolean());
    }

    private static void Activations(OptionBench bench)
    {
        string folder = bench.New("");
        string text = OptionBench.Done("activations", "--output", folder);
        Assert.Equal(ActivationFunctions.All.Select(function => $"{function.Name}.svg").Order(StringComparer.Ordinal), Directory.GetFiles(folder).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
        Assert.Equal($"Wrote {ActivationFunctions.All.Count} pictures to {folder}.", text.TrimEnd());
        Assert.Contains("cannot be made", OptionBench.Refused("activations", "-o", bench.Train), StringComparison.Ordinal);
    }

    private static void Data(OptionBench bench)
    {
        string folder = bench.New("");
        string text = OptionBench.Done("data", "--output", folder);
        string[] files = [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "data"))];
        Assert.Equal(files.Select(File.ReadAllBytes), files.Select(file => File.ReadAllBytes(Path.Combine(folder, Path.GetFileName(file)))));
        Assert.StartsWith($"{files.Length} files are in {folder}; ", text, StringComparison.Ordinal);

        // Again: what is missing is written, what is there stays as it is.
        string gone = Path.Combine(folder, "sonar.test.csv");
        string kept = Path.Combine(folder, "sonar.train.csv");
        File.Delete(gone);
        File.SetLastWriteTimeUtc(kept, DateTime.UnixEpoch);
        Assert.Equal(text, OptionBench.Done("data", "-o", folder));
        Assert.True(File.Exists(gone));
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(kept));

        // A file of the reader's own is not replaced, and nothing is written beside it.
        File.Delete(gone);
        File.WriteAllText(kept, "mine");
        Assert.Contains($"'{kept}' is there and is not the file that belongs there; name another folder with -o.", OptionBench.Refused("data", "-o", folder), StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(kept));
        Assert.False(File.Exists(gone));
        Assert.Contains("cannot be used", OptionBench.Refused("data", "-o", bench.Train), StringComparison.Ordinal);
    }

    private static void Demo(OptionBench bench)
    {
        string folder = bench.New("");
        string text = OptionBench.Done("demo", "--output", folder);
        Assert.Equal(["breast_cancer.edge", "breast_cancer.int8.edge", "breast_cancer.test.csv", "breast_cancer.train.csv", "breast_cancer_mlp.onnx", "trained.edge", "trained.int8.edge"], Directory.GetFiles(folder).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));

        // As many rows as the files have, and as many columns but the label's.
        string[] training = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "data", "breast_cancer.train.csv"));
        int held = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "data", "breast_cancer.test.csv")).Length - 1;
        Assert.StartsWith($"Wisconsin Diagnostic Breast Cancer: {training.Length - 1} rows to train on, {held} held out, {training[0].Split(',').Length - 1} features.", text, StringComparison.Ordinal);
        Assert.Contains($"  edge inspect {Path.Combine(folder, "breast_cancer.int8.edge")}", text, StringComparison.Ordinal);
        foreach (string path in Directory.GetFiles(folder, "*.edge"))
        {
            EdgeInference.ModelFormat.ModelMetadata metadata = OptionBench.Contract(File.ReadAllBytes(path)).Metadata;
            Assert.Equal(Path.GetFileNameWithoutExtension(path), metadata.Text(EdgeInference.ModelFormat.MetadataKey.Name));
            Assert.Equal(["malignant", "benign"], metadata.TextList(EdgeInference.ModelFormat.MetadataKey.Labels));
            Assert.Equal(training[0].Split(',').Where(name => name != "benign"), metadata.TextList(EdgeInference.ModelFormat.MetadataKey.InputNames));
            Assert.Contains("3 vectors reproduced", OptionBench.Done("verify", path), StringComparison.Ordinal);
        }

        // PyTorch's own outputs have no file: their accuracy is counted from what it stored.
        string[] stored = [.. text.Split('\n').Single(line => line.Contains("PyTorch's stored outputs", StringComparison.Ordinal)).Trim().Trim('|').Split('|').Select(cell => cell.Trim())];
        (_, float[] probabilities) = EdgeInference.ModelConverter.Data.NpyFile.Read(Path.Combine(AppContext.BaseDirectory, "data", "breast_cancer_mlp.expected.npy"));
        int column = Array.IndexOf(training[0].Split(','), "benign");
        string[] answers = [.. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "data", "breast_cancer.test.csv")).Skip(1).Select(line => line.Split(',')[column])];
        double right = answers.Where((answer, i) => (probabilities[i] >= 0.5f) == (double.Parse(answer, CultureInfo.InvariantCulture) == 1)).Count();
        Assert.Equal([(right / held).ToString("0.000", CultureInfo.InvariantCulture), "", "", "", ""], [stored[1], .. stored[3..]]);

        // The table's numbers are those of evaluate on the files.
        string data = Path.Combine(AppContext.BaseDirectory, "data", "breast_cancer.test.csv");
        foreach ((string row, string file) in new[] { ("imported, float32", "breast_cancer.edge"), ("imported, int8", "breast_cancer.int8.edge"), ("edge train, float32", "trained.edge"), ("edge train, int8", "trained.int8.edge") })
        {
            string[] cells = [.. text.Split('\n').Single(line => line.Contains(row, StringComparison.Ordinal)).Trim().Trim('|').Split('|').Select(cell => cell.Trim())];
            string path = Path.Combine(folder, file);
            JsonElement evaluation = OptionBench.Json("evaluate", path, "--data", data, "--label", "benign");
            Assert.Equal(evaluation.GetProperty("accuracy").GetDouble().ToString("0.000", CultureInfo.InvariantCulture), cells[1]);
            Assert.Equal(evaluation.GetProperty("auc").GetDouble().ToString("0.0000", CultureInfo.InvariantCulture), cells[2]);
            Assert.Equal(new FileInfo(path).Length.ToString("N0", CultureInfo.InvariantCulture), cells[4]);
            Assert.Equal(OptionBench.Contract(File.ReadAllBytes(path)).ArenaBytes.ToString("N0", CultureInfo.InvariantCulture), cells[5]);
            string against = row switch
            {
                "edge train, int8" => Path.Combine(folder, "trained.edge"),
                _ => Path.Combine(AppContext.BaseDirectory, "data", "breast_cancer_mlp.expected.npy"),
            };
            string deviation = row == "edge train, float32" ? "" : OptionBench.Json("evaluate", path, "--data", data, "--label", "benign", "--against", against).GetProperty("worst_deviation").GetDouble().ToString("0.0E+0", CultureInfo.InvariantCulture);
            Assert.Equal(deviation, cells[3]);
        }
    }

    private static void AccuracyTable(OptionBench bench)
    {
        JsonElement[] json = OptionBench.AccuracyTable;
        string[] lines = [.. OptionBench.Done("accuracy-table").TrimEnd().Split('\n')[2..]];
        Assert.Equal(24, json.Length);
        Assert.Equal(json.Length, lines.Length);
        foreach ((JsonElement row, string line) in json.Zip(lines))
        {
            JsonElement evaluation = row.GetProperty("evaluation");
            double? auc = evaluation.GetProperty("auc").ValueKind == JsonValueKind.Null ? null : evaluation.GetProperty("auc").GetDouble();
            double? brier = evaluation.GetProperty("brier").ValueKind == JsonValueKind.Null ? null : evaluation.GetProperty("brier").GetDouble();
            Assert.Equal(
                string.Create(CultureInfo.InvariantCulture, $"| {row.GetProperty("data_set").GetString()} | {row.GetProperty("precision").GetString()} | {evaluation.GetProperty("accuracy").GetDouble():0.0000} | {auc:0.0000} | {brier:0.0000} | {evaluation.GetProperty("worst_deviation").GetDouble():0.0E+0} | {row.GetProperty("bytes").GetInt32()} |"),
                line);
            string precision = row.GetProperty("precision").GetString()!;
            Assert.True(precision == "auto" || precision == "float32" == (evaluation.GetProperty("worst_deviation").GetDouble() == 0), line);
        }

        foreach (JsonElement[] set in json.Chunk(4))
        {
            double[] deviations = [.. set.Select(row => row.GetProperty("evaluation").GetProperty("worst_deviation").GetDouble())];
            Assert.True(deviations[1] < deviations[2], "int16 is nearer to float32 than int8");
        }

        Assert.Equal(["float32", "int16", "int8", "auto"], json[..4].Select(row => row.GetProperty("precision").GetString()));
        _ = bench;
    }

    private static void Shell(OptionBench bench)
    {
        string[] scripts = [.. new[] { "bash", "zsh", "fish", "powershell" }.Select(shell => OptionBench.Done("completion", shell))];
        Assert.Equal(4, scripts.Distinct().Count());
        Assert.All(scripts, script => Assert.Contains("edge complete --position", script, StringComparison.Ordinal));
        Assert.Equal(2, OptionBench.Run("completion", "cmd").ExitCode);
        _ = bench;
    }

    private static void Topic(OptionBench bench)
    {
        string[] texts = [OptionBench.Done("help"), OptionBench.Done("help", "onnx"), OptionBench.Done("help", "keras"), OptionBench.Done("help", "export")];
        Assert.Equal(4, texts.Distinct().Count());
        Assert.Contains("There is no help on 'qqq'", OptionBench.Refused("help", "qqq"), StringComparison.Ordinal);
        _ = bench;
    }

    // The cursor decides which word is completed, and a space that a shell dropped is put back.
    private static void Position(OptionBench bench)
    {
        Assert.Equal("inspect", OptionBench.Done("complete", "--position", "8", "edge ins model.edge").Trim());
        Assert.Contains("export", OptionBench.Done("complete", "--position", "5", "edge").Split('\n').Select(line => line.Trim()));
        Assert.Equal(["fast", "nano", "reference"], OptionBench.Done("complete", "--position", "25", "edge run m.edge --engine").TrimEnd().Split('\n').Select(line => line.Trim()));
        Assert.Contains("--json", OptionBench.Done("complete", "--position", "16", "edge inspect --j --json").Split('\n').Select(line => line.Trim()));
        OptionBench.Done("complete", "--position=-1", "edge ex");
        OptionBench.Done("complete", "--position", "2147483647", "edge ex");
        _ = bench;
    }

    private static void Line(OptionBench bench)
    {
        Assert.Equal("evaluate", OptionBench.Done("complete", "--position", "7", "edge ev").Trim());
        Assert.Equal(["verify", "--version"], OptionBench.Done("complete", "--position", "7", "edge ve").Trim().Split('\n').Select(line => line.Trim()));
        Assert.Equal(2, OptionBench.Run("complete", "--position", "7").ExitCode);
        _ = bench;
    }

    private static string Integers(OptionBench bench)
    {
        string path = bench.InFolder("integers.edge");
        if (!File.Exists(path))
        {
            File.WriteAllBytes(path, bench.TrainWith("--precision", "int8", "--epochs", "30"));
        }

        return path;
    }

    private static void Counted(OptionBench bench, int[][] counts, Func<int, int, double> real, params string[] options)
    {
        string model = Integers(bench);
        Type type = Compiled(bench, out _, model, options);
        System.Reflection.MethodInfo classify = type.GetMethods().Single(method => method.Name == "Classify" && method.GetParameters() is [{ ParameterType: var parameter }] && parameter == typeof(int[]));
        using EdgeModel edge = EdgeModel.Load(model);
        using var classifier = new Classifier(edge);
        int[] expected = [.. counts.Select(row => classifier.Classify([.. row.Select((count, i) => (float)real(count, i))]).ClassIndex)];
        Assert.Equal(expected, counts.Select(row => (int)classify.Invoke(null, [row])!));
        Assert.Equal(2, expected.Distinct().Count());
    }

    private static Type Compiled(OptionBench bench, out string text, string model, params string[] options)
    {
        text = Text(bench, model, options);
        return System.Reflection.Assembly.Load(EmittedCode.Compile([("M.g.cs", text)], "Emitted" + Guid.NewGuid().ToString("N"), [])).GetTypes().Single(type => type.Name == "M");
    }

    private static string Text(OptionBench bench, string model, params string[] options)
    {
        string path = Path.Combine(Directory.CreateDirectory(bench.New("")).FullName, "M.g.cs");
        OptionBench.Done(["emit", model, "-o", path, .. options]);
        return File.ReadAllText(path).ReplaceLineEndings("\n");
    }
}
