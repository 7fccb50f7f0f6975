using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using EdgeInference.Tool.Tests.Import.Onnx;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>What a model's file leaves open and the command line says: dimensions, batch, inputs, outputs, feature names. The right values are ONNX Runtime's.</summary>
public sealed class SourceOptionTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-source-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("gru_dynamic_time", "time", 7)]
    [InlineData("gru_dynamic_time", "x0.1", 12)]
    [InlineData("time_first", "steps", 5)]
    [InlineData("unnamed_time", "x.1", 9)]
    public void A_dimension_gets_its_size(string file, string name, int size)
    {
        using EdgeModel model = Export(file, "--dim", $"{name}={size}");
        Assert.Equal(3 * size, model.InputLength);
        Assert.Equal(OutputRole.Probability, model.File.Decision.Role(0));
        float[] row = Row(3 * size);
        int[] shape = file == "time_first" ? [size, 1, 3] : [1, size, 3];
        Assert.Equal(Peer.Run(Source(file), "y", (file == "gru_dynamic_time" ? "x0" : "x", shape, row)).Single(), Run(model, row).Single(), 1e-5f);
    }

    [Theory]
    [InlineData("gru_dynamic_time", "edge export --dim time=SIZE.")]
    [InlineData("time_first", "edge export --dim steps=SIZE.")]
    [InlineData("unnamed_time", "edge export --dim x.1=SIZE.")]
    [InlineData("gru_dynamic_time", "'tim' is not its name", "--dim", "tim=4")]
    [InlineData("gru_dynamic_time", "no open dimension 'tim' for --dim; did you mean 'time'", "--dim", "time=4", "--dim", "tim=4")]
    [InlineData("gru_dynamic_time", "two sizes, 4 and 5", "--dim", "time=4", "--dim", "time=5")]
    [InlineData("gru_dynamic_time", "contradict each other", "--dim", "time=4", "--dim", "batch=2", "--batch", "3")]
    [InlineData("dead_unsupported", "all of its dimensions are fixed", "--dim", "time=4")]
    [InlineData("two_inputs", "--inputs omits 'b', which the node 'hb' (Gemm) needs for 'y', 'only_a'", "--inputs", "a")]
    [InlineData("two_inputs", "names 'b', which 'only_a' does not need", "--inputs", "b,a", "--outputs", "only_a")]
    [InlineData("two_inputs", "no tensor 'c' to use as an input", "--inputs", "a,c")]
    [InlineData("two_inputs", "--inputs names 'a' twice", "--inputs", "a,b,a")]
    [InlineData("two_inputs", "--outputs names 'y' twice", "--outputs", "y,y")]
    [InlineData("behind_unsupported", "Det", "--outputs", "y")]
    [InlineData("computes_with_length", "computes with the length of 'steps'", "--streaming")]
    [InlineData("gru_dynamic_time", "--dim time=SIZE", "--streaming", "--calibrate", "x.npy")]
    [InlineData("dead_unsupported", "--features names 3 values but the model takes 4", "--features", "p,q,r")]
    [InlineData("dead_unsupported", "--features names 3 values but the model takes 4", "--features", "p,q,r,r")]
    public void What_does_not_fit_is_refused_by_name(string file, string sentence, params string[] options)
    {
        string output = Path.Combine(folder, "x.edge");
        (int exitCode, string error) = CommandLine.Run(out _, ["export", Source(file), "-o", output, .. options]);
        Assert.Equal(sentence.StartsWith("two sizes", StringComparison.Ordinal) ? 2 : 1, exitCode);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.False(File.Exists(output));
    }

    [Theory]
    [InlineData("--dim", "time")]
    [InlineData("--dim", "time=0")]
    [InlineData("--dim", "=4")]
    [InlineData("--batch", "0")]
    [InlineData("--batch", "many")]
    public void A_size_that_is_none_is_a_fault_of_the_command_line(string option, string value)
    {
        (int exitCode, string error) = CommandLine.Run(out _, "export", Source("gru_dynamic_time"), "-o", Path.Combine(folder, "x.edge"), option, value);
        Assert.Equal(2, exitCode);
        Assert.Contains($"{option} '{value}'", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gru_dynamic_time")]
    [InlineData("unnamed_time")]
    public void A_streamed_sequence_needs_no_length(string file)
    {
        using EdgeModel model = Export(file, "--streaming");
        Assert.Equal(3, model.InputLength);
        foreach (int length in (int[])[1, 6, 50])
        {
            float[] row = Row(3 * length);
            using Session session = model.CreateSession();
            float[] output = new float[1];
            for (int frame = 0; frame < length; frame++)
            {
                session.Run(row.AsSpan(3 * frame, 3), output);
            }

            Assert.Equal(Peer.Run(Source(file), "y", (file == "unnamed_time" ? "x" : "x0", [1, length, 3], row)).Single(), output[0], 1e-5f);
        }
    }

    [Fact]
    public void Inputs_are_taken_in_the_order_given()
    {
        using EdgeModel model = Export("two_inputs", "--inputs", "b,a", "--outputs", "y");
        float[] b = Row(3);
        float[] a = Row(2);
        Assert.Equal([3, 2], model.File.Inputs.Select(input => input.Elements));
        Assert.Equal(Peer.Run(Source("two_inputs"), "y", ("a", [1, 2], a), ("b", [1, 3], b)).Single(), Run(model, [.. b, .. a]).Single(), 1e-5f);
    }

    [Fact]
    public void An_input_that_no_kept_output_needs_is_left_out()
    {
        using EdgeModel model = Export("two_inputs", "--inputs", "a", "--outputs", "only_a");
        Assert.Equal(2, model.InputLength);
    }

    [Theory]
    [InlineData("two_inputs", "h", 4)]
    [InlineData("behind_unsupported", "features", 3)]
    public void A_tensor_within_the_graph_can_be_an_input(string file, string tensor, int length)
    {
        using EdgeModel model = Export(file, "--inputs", tensor, "--outputs", "y");
        Assert.Equal(length, model.InputLength);
        float[] row = Row(length);

        // The graph behind the cut, by its own numbers.
        float[] weights = Weights(file, file == "two_inputs" ? "wy" : "w");
        double sum = row.Zip(weights, (x, w) => (file == "two_inputs" ? Math.Tanh(x) : x) * w).Sum();
        Assert.Equal(1 / (1 + Math.Exp(-sum)), Run(model, row).Single(), 1e-5);
    }

    [Fact]
    public void A_batch_gives_as_many_results_on_which_nothing_is_decided()
    {
        using EdgeModel model = Export("two_inputs", "--outputs", "y", "--batch", "3");
        float[] a = Row(6);
        float[] b = Row(9);
        Assert.Equal(Peer.Run(Source("two_inputs"), "y", ("a", [3, 2], a), ("b", [3, 3], b)), Run(model, [.. a, .. b]), (x, y) => Math.Abs(x - y) < 1e-5f);
        Assert.Throws<ArgumentException>(() => new Classifier(model));
        (int exitCode, string error) = CommandLine.Run(out _, "export", Source("two_inputs"), "-o", Path.Combine(folder, "x.edge"), "--outputs", "y", "--batch", "3", "--head", "probability");
        Assert.Equal(1, exitCode);
        Assert.Contains("--batch", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fixed_batch_whose_rows_depend_on_each_other_stays_and_decides_nothing()
    {
        using (EdgeModel model = Export("rows_depend"))
        {
            Assert.Equal(12, model.InputLength);
            Assert.Equal(OutputRole.Value, model.File.Decision.Role(0));
        }

        (int exitCode, string error) = CommandLine.Run(out _, "export", Source("rows_depend"), "-o", Path.Combine(folder, "x.edge"), "--batch", "2");
        Assert.Equal(1, exitCode);
        Assert.Contains("--batch 2 is not possible", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, 128)]
    [InlineData(32, 512)]
    [InlineData(1, 16)]
    public void A_batch_that_the_file_fixes_becomes_the_one_asked_for(int batch, int length)
    {
        using EdgeModel model = Export(Path.Combine("..", "contract", "frozen_batch_32"), "--batch", $"{batch}");
        Assert.Equal(length, model.InputLength);
        float[] row = Row(512);
        float[] expected = Peer.Run(Source(Path.Combine("..", "contract", "frozen_batch_32")), "", ("", [32, 16], row));
        Assert.Equal(expected.Take(batch * expected.Length / 32), Run(model, row[..length]), (x, y) => Math.Abs(x - y) < 1e-5f);
    }

    [Fact]
    public void Features_get_the_names_given_and_columns_are_taken_by_them()
    {
        using (EdgeModel model = Export("dead_unsupported", "--features", "p,q,r,s", "--head", "value"))
        {
            Assert.Equal(["p", "q", "r", "s"], model.File.Metadata.TextList(MetadataKey.InputNames));
            string csv = Path.Combine(folder, "rows.csv");
            File.WriteAllText(csv, "s,p,r,q\n4,1,3,2\n");
            (int exitCode, string error) = CommandLine.Run(out string text, "run", Path.Combine(folder, "dead_unsupported.edge"), "--input", csv);
            Assert.True(exitCode == 0, error);
            float[] expected = Run(model, [1, 2, 3, 4]);
            Assert.Equal(expected, text.Split('\n')[1].Split(',').Select(cell => float.Parse(cell, System.Globalization.CultureInfo.InvariantCulture)));
        }

        (int code, string said) = CommandLine.Run(out _, "export", Source(Path.Combine("..", "contract", "named_scalar_inputs")), "-o", Path.Combine(folder, "x.edge"), "--features", string.Join(',', Enumerable.Range(0, 30)));
        Assert.Equal(1, code);
        Assert.Contains("--features", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run", "--input", "x.npy")]
    [InlineData("evaluate", "--data", "x.csv", "--label", "y")]
    public void A_trained_model_is_sent_to_export(string command, params string[] options)
    {
        (int exitCode, string error) = CommandLine.Run(out _, [command, Source("gru_dynamic_time"), .. options]);
        Assert.Equal(1, exitCode);
        Assert.Contains("edge export", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_takes_the_sizes_too()
    {
        (int exitCode, string error) = CommandLine.Run(out string text, "inspect", Source("gru_dynamic_time"), "--dim", "time=7", "--json");
        Assert.True(exitCode == 0, error);
        Assert.Contains("7", text, StringComparison.Ordinal);
    }

    private static string Source(string file) => Path.Combine(AppContext.BaseDirectory, "TestData", "import", file + ".onnx");

    private static float[] Row(int length)
    {
        var random = new Random(length);
        return [.. Enumerable.Range(0, length).Select(_ => (2 * random.NextSingle()) - 1)];
    }

    private static float[] Run(EdgeModel model, float[] row)
    {
        using Session session = model.CreateSession();
        float[] output = new float[model.OutputLength];
        session.Run(row, output);
        return output;
    }

    private static float[] Weights(string file, string name) =>
        EdgeInference.ModelConverter.Import.Onnx.OnnxParser.Parse(File.ReadAllBytes(Source(file)), file).Graph.Initializers.Single(tensor => tensor.Name == name).ToFloats(file);

    private EdgeModel Export(string file, params string[] options)
    {
        string model = Path.Combine(folder, Path.GetFileName(file) + ".edge");
        (int exitCode, string said) = CommandLine.Run(out _, ["export", Source(file), "-o", model, .. options]);
        Assert.True(exitCode == 0, said);
        return EdgeModel.Load(model);
    }
}
