using System.Globalization;
using System.Xml.Linq;
using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;
using EdgeInference.Tool.Execution;
using EdgeInference.Tool.Report;
using EdgeInference.Tool.Report.Sections;
using EdgeInference.Tool.Tests.Commands.Options;

namespace EdgeInference.Tool.Tests.Report;

/// <summary>Histograms, activation functions, precisions and times of a report, counted again from tensors and outputs.</summary>
public sealed class ReportTensorTests(OptionBench bench) : IClassFixture<OptionBench>
{
    private const double Pixel = 0.0006;

    [Fact]
    public void Values_are_counted_in_64_bins_from_the_lowest_to_the_highest()
    {
        var random = new Random(4);
        float[][] rows = [.. Enumerable.Range(0, 200).Select(_ => new[] { (float)random.NextDouble(), (float)(random.NextDouble() * random.NextDouble()) })];
        rows[17] = [1f, 0f];
        using EdgeModel model = ReportCase.Identity(2);
        XElement section = ReportCase.Read(HistogramSection.Make(ReportCase.Facts(model, rows, new int[200], "0", "1")));
        XElement figure = section.Descendants("figure").Single();
        Assert.EndsWith("400 values, 0 to 1; stays in float32.", figure.Element("figcaption")!.Value, StringComparison.Ordinal);
        var chart = new ChartReader(figure.Element("svg")!);
        CheckBins(chart, "bar s0", [.. rows.SelectMany(row => row).Select(value => (double)value)], 0, 1, "values");
        Assert.Empty(chart.Verticals("steps"));
        Assert.Equal("Weights rounded to int8; activations in float32, with the int8 grid from minimum to maximum.", section.Element("p")!.Value);
    }

    [Fact]
    public void Equal_values_lie_in_the_middle_of_an_axis_of_two()
    {
        using EdgeModel model = ReportCase.Identity(1);
        XElement section = ReportCase.Read(HistogramSection.Make(ReportCase.Facts(model, [[0.5f], [0.5f], [0.5f]], [0, 0, 1], "0", "1")));
        var chart = new ChartReader(section.Descendants("svg").Single());
        Assert.Equal([.. Enumerable.Range(0, 64).Select(i => i == 32 ? "3 values" : "0 values")], chart.Boxes("bar s0").Select(box => box.Hint));
        Assert.Equal(["-0.5", "0", "0.5", "1", "1.5"], chart.Ticks(horizontal: true).Select(tick => tick.Text));
    }

    [Theory]
    [InlineData(12, 12, "maximum.")]
    [InlineData(13, 12, " The first 12 of 13 tensors.")]
    public void The_first_twelve_tensors_are_drawn(int operators, int drawn, string note)
    {
        var builder = new ModelBuilder();
        int current = builder.AddTensor(TensorType.Float32, [1, 1], 0);
        builder.AddInput(current);
        for (int i = 0; i < operators; i++)
        {
            int next = builder.AddTensor(TensorType.Float32, [1, 1], 64 * (i + 1));
            builder.AddOperator(Opcode.Activation, [current], [next], [(int)ActivationKind.Linear, 0, 0]);
            current = next;
        }

        builder.AddOutput(current, OutputRole.Probability);
        using EdgeModel model = EdgeModel.Load(builder.Build());
        XElement section = ReportCase.Read(HistogramSection.Make(ReportCase.Facts(model, [[0.5f], [0.25f]], [0, 1], "0", "1")));
        Assert.Equal(drawn, section.Descendants("figure").Count());
        Assert.EndsWith(note, section.Element("p")!.Value, StringComparison.Ordinal);
    }

    // 100 rows fill the wide tensor; the narrow one goes on to the last row.
    [Fact]
    public void A_tensor_is_watched_until_it_has_a_hundred_thousand_values()
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, 1000], 0);
        int copy = builder.AddTensor(TensorType.Float32, [1, 1000], 4096);
        int y = builder.AddTensor(TensorType.Float32, [1, 1], 8192);
        builder.AddOperator(Opcode.Activation, [x], [copy], [(int)ActivationKind.Linear, 0, 0]);
        builder.AddOperator(Opcode.Dense, [copy, builder.AddConstant(TensorType.Float32, [1, 1000], new byte[4000]), builder.AddConstant(TensorType.Float32, [1], new byte[4])], [y], [(int)ActivationKind.Sigmoid, 0, 0, 0, 0, 0]);
        builder.AddInput(x);
        builder.AddOutput(y, OutputRole.Probability);
        using EdgeModel model = EdgeModel.Load(builder.Build());
        float[][] rows = [.. Enumerable.Range(0, 103).Select(i => new float[1000])];
        rows[99][0] = 0.5f;
        rows[100][0] = 1f;
        XElement section = ReportCase.Read(HistogramSection.Make(ReportCase.Facts(model, rows, new int[103], "0", "1")));
        Assert.Equal(["100,000 values, 0 to 0.5; stays in float32.", "103 values, 0.5 to 0.5; stays in float32."], section.Descendants("figcaption").Select(caption => caption.Value));
    }

    [Theory]
    [InlineData(0, "none is 0")]
    [InlineData(1, "one is 0")]
    [InlineData(2, "2 are 0")]
    public void Weights_are_counted_by_level(int zeros, string text)
    {
        Graph graph = OptionBench.Graph(bench.TrainWith("--precision", "int8"));
        Node layer = graph.Nodes.First(node => node.Opcode == Opcode.Dense);
        sbyte[] weights = (sbyte[])layer.Input(1).Data!;
        Assert.Equal(24, weights.Length);
        for (int i = 0; i < 24; i++)
        {
            weights[i] = i < zeros ? (sbyte)0 : new sbyte[] { -128, -125, -124, -1, 1, 3, 4, 124, 127 }[i % 9];
        }

        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(graph));
        XElement section = ReportCase.Read(HistogramSection.Make(Facts(model)));
        XElement figure = section.Descendants("figure").First();
        var chart = new ChartReader(figure.Element("svg")!);
        Assert.StartsWith("Weights ", figure.Element("h3")!.Value, StringComparison.Ordinal);
        Assert.StartsWith("24 weights; ", figure.Element("figcaption")!.Value, StringComparison.Ordinal);
        Assert.EndsWith($"; {text}. A line every 4 levels.", figure.Element("figcaption")!.Value, StringComparison.Ordinal);

        // A bar holds the four levels from its line on, and lies half a level to the left.
        var boxes = chart.Boxes("bar s4");
        double most = Enumerable.Range(0, 64).Max(Count);
        for (int bin = 0; bin < 64; bin++)
        {
            Assert.Equal($"{Count(bin)} weights", boxes[bin].Hint);
            Assert.Equal(Math.Max(0, ((4 * bin) - 0.5) / 256), boxes[bin].Left, Pixel);
            Assert.Equal(((4 * bin) + 3.5) / 256, boxes[bin].Right, Pixel);
            Assert.Equal(Count(bin) / (most * 1.04), boxes[bin].Top, Pixel);
            Assert.Equal(0, boxes[bin].Bottom, Pixel);
        }

        double[] lines = chart.Verticals("steps");
        Assert.Equal(65, lines.Length);
        Assert.All(lines.Index(), line => Assert.Equal(line.Index / 64.0, line.Item, Pixel));
        Assert.StartsWith("Weights and activations as stored in this file.", section.Element("p")!.Value, StringComparison.Ordinal);

        int Count(int bin) => weights.Count(level => level >= (4 * bin) - 128 && level < (4 * bin) - 124);
    }

    [Theory]
    [InlineData("int8")]
    [InlineData("int16")]
    public void Activations_of_integers_lie_on_their_grid(string precision)
    {
        byte[] file = bench.TrainWith("--precision", precision);
        using EdgeModel model = EdgeModel.Load(file);
        XElement section = ReportCase.Read(HistogramSection.Make(Facts(model)));
        Graph graph = GraphReader.Read(model.File);
        Value[] watched = [.. graph.Nodes.Where(node => node.Opcode is not (Opcode.Quantize or Opcode.Dequantize or Opcode.Reshape)).Select(node => node.Output)];
        Dictionary<string, XElement> figures = section.Descendants("figure").Where(figure => !figure.Element("h3")!.Value.StartsWith("Weights ", StringComparison.Ordinal)).ToDictionary(figure => figure.Element("h3")!.Value);
        Assert.Equal(watched.Select(value => value.Name), figures.Keys);
        using var runner = new GraphRunner(graph, watched);
        var values = watched.Select(_ => new List<double>()).ToArray();
        foreach (float[] row in OptionBench.Read(bench.Test).Rows)
        {
            runner.Run(row);
            for (int i = 0; i < watched.Length; i++)
            {
                values[i].AddRange(runner.Values(i).ToArray().Select(value => (double)value));
            }
        }

        // A Sigmoid's result may stay in int16 in a file of int8.
        Assert.Contains(watched, value => value.Type == (precision == "int8" ? TensorType.Int8 : TensorType.Int16));
        foreach ((int i, Value value) in watched.Index())
        {
            var chart = new ChartReader(figures[value.Name].Element("svg")!);
            string caption = figures[value.Name].Element("figcaption")!.Value;
            double scale = value.Quantization!.Scale;
            int zero = value.Quantization.ZeroPoint;
            if (value.Type == TensorType.Int16)
            {
                CheckBins(chart, "bar s0", values[i], values[i].Min(), values[i].Max(), "values");
                Assert.Matches(@"^\d+ values, .* to .*; int16 in steps of [\d.e-]+, finer than can be drawn\.$", caption);
                Assert.Empty(chart.Verticals("steps"));
                continue;
            }

            // The axis ends half a level beyond the grid.
            double low = Math.Min(values[i].Min(), scale * (-128.5 - zero));
            double high = Math.Max(values[i].Max(), scale * (127.5 - zero));
            CheckBins(chart, "bar s0", values[i], low, high, "values");

            // Lines at levels so many apart that they are four of 340 pixels or more apart, one of them at 0.
            int every = 1;
            while (340 * every * scale / (high - low) < 4)
            {
                every++;
            }

            Assert.EndsWith($"; int8 in steps of {Short(scale)}, zero at level {zero.ToString(CultureInfo.InvariantCulture)}; a line every {every} levels.", caption, StringComparison.Ordinal);
            Assert.StartsWith($"{values[i].Count} values, {Short(values[i].Min())} to {Short(values[i].Max())};", caption, StringComparison.Ordinal);
            double[] expected = [.. Enumerable.Range(-128, 256).Where(level => (level - zero) % every == 0).Select(level => ((scale * (level - zero)) - low) / (high - low))];
            double[] lines = chart.Verticals("steps");
            Assert.Equal(expected.Length, lines.Length);
            Assert.All(expected.Zip(lines), pair => Assert.Equal(pair.First, pair.Second, Pixel));
        }
    }

    [Fact]
    public void A_study_gives_weights_their_steps_and_activations_their_grid()
    {
        using EdgeModel model = EdgeModel.Load(bench.Model);
        ReportFacts facts = Studied(model);
        XElement section = ReportCase.Read(HistogramSection.Make(facts));
        XElement[] figures = [.. section.Descendants("figure")];
        XElement[] weights = [.. figures.Where(figure => figure.Element("h3")!.Value.StartsWith("Weights ", StringComparison.Ordinal))];
        Assert.Equal(["24 weights", "30 weights", "5 weights"], weights.Select(figure => figure.Element("figcaption")!.Value.Split(';')[0]));
        Assert.Matches(@"; each of 6 units has its own step, [\d.e-]+ to [\d.e-]+;", weights[0].Element("figcaption")!.Value);
        Assert.Matches("; a step is [0-9.e-]+;", weights[2].Element("figcaption")!.Value);
        Assert.Contains(figures, figure => figure.Element("figcaption")!.Value.Contains("int8 in steps of", StringComparison.Ordinal));
        Assert.StartsWith("Weights rounded to int8;", section.Element("p")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Activation_functions_are_drawn_over_what_reaches_them()
    {
        using EdgeModel model = EdgeModel.Load(bench.Model);
        ReportFacts facts = Studied(model);
        XElement section = ReportCase.Read(ActivationSection.Make(facts)!);
        double[][] sums = Sums(GraphReader.Read(model.File), OptionBench.Read(bench.Test).Rows);
        XElement relu = ChartReader.Figure(section, "ReLU in 2 places");
        XElement sigmoid = section.Descendants("figure").Single(figure => figure.Element("h3")!.Value.StartsWith("Sigmoid in ", StringComparison.Ordinal) && figure.Element("svg") is not null);
        CheckRange(relu, [.. sums[0], .. sums[1]]);
        CheckRange(sigmoid, sums[2]);
        Assert.Equal("No table and no extra error: the layer's result is clamped.", ChartReader.Figure(section, "ReLU in fixed point").Element("figcaption")!.Value);

        // 256 entries, each at most half a step from the exact value; of so many some come near to that.
        XElement table = ChartReader.Figure(section, "Sigmoid as a table");
        var chart = new ChartReader(table.Element("svg")!);
        var dots = chart.Dots("s0");
        Assert.Equal(256, dots.Length);
        double largest = dots.Max(dot => Math.Abs((dot.Y - 0.5) * 1.2));
        Assert.InRange(largest, 0.4, 0.5006);
        string caption = table.Element("figcaption")!.Value;
        Assert.Equal(largest, double.Parse(caption.Split("at most ")[1].Split(' ')[0], CultureInfo.InvariantCulture), 0.001);
        Assert.Contains("int8: 256 entries, ", caption, StringComparison.Ordinal);
        Assert.Matches(@"int16: [\d,]+ bytes, at most 0\.[5-9]\d* LSB, [\d,]+ of 65,536 inputs not correctly rounded\.$", caption);
        Assert.All(chart.Lines("s9 thin dash").Zip([0.5, -0.5]), line => Assert.All(line.First, point => Assert.Equal((line.Second + 0.6) / 1.2, point.Y, Pixel)));
        Assert.All(dots.Zip(dots.Skip(1)), pair => Assert.True(pair.Second.X > pair.First.X));
    }

    // The first ReLU takes −0.3 to 0.6, the second −0.8 to 0.2, the Sigmoid −0.1 to 0.1.
    [Fact]
    public void Functions_of_small_inputs_are_drawn_from_minus_1_to_1()
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, 2], 0);
        int a = builder.AddTensor(TensorType.Float32, [1, 2], 64);
        int b = builder.AddTensor(TensorType.Float32, [1, 2], 128);
        int y = builder.AddTensor(TensorType.Float32, [1, 1], 192);
        builder.AddOperator(Opcode.Dense, [x, Constant([2, 2], 0.3f, 0.3f, -0.3f, 0), Constant([2], 0, 0)], [a], [(int)ActivationKind.ReLU, 0, 0, 0, 0, 0]);
        builder.AddOperator(Opcode.Dense, [a, Constant([2, 2], -4 / 3f, 0, 1 / 3f, 0), Constant([2], 0, 0)], [b], [(int)ActivationKind.ReLU, 0, 0, 0, 0, 0]);
        builder.AddOperator(Opcode.Dense, [b, Constant([1, 2], 0, 1), Constant([1], -0.1f)], [y], [(int)ActivationKind.Sigmoid, 0, 0, 0, 0, 0]);
        builder.AddInput(x);
        builder.AddOutput(y, OutputRole.Probability);
        using EdgeModel model = EdgeModel.Load(builder.Build());
        float[][] rows = [.. Enumerable.Range(0, 25).Select(i => new[] { i % 5 / 4f, i / 5 / 4f })];
        ReportFacts facts = ReportCase.Facts(model, rows, [.. rows.Select(row => row[0] > 0.5f ? 1 : 0)], "0", "1");
        XElement section = ReportCase.Read(ActivationSection.Make(facts with { Precisions = PrecisionStudy.Of(GraphReader.Read(model.File), facts) })!);
        double[][] sums = Sums(GraphReader.Read(model.File), rows);
        CheckRange(ChartReader.Figure(section, "ReLU in 2 places"), [.. sums[0], .. sums[1]]);
        CheckRange(section.Descendants("figure").Single(figure => figure.Element("h3")!.Value.StartsWith("Sigmoid in ", StringComparison.Ordinal) && figure.Element("svg") is not null), sums[2]);

        int Constant(int[] shape, params float[] values) => builder.AddConstant(TensorType.Float32, shape, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
    }

    [Fact]
    public void A_graph_without_functions_has_no_section_of_them()
    {
        Graph graph = OptionBench.Graph(File.ReadAllBytes(bench.Model));
        foreach (Node node in graph.Nodes.Where(node => node.Opcode == Opcode.Dense))
        {
            node.WithActivation(EdgeInference.ModelFormat.Rules.DenseRule.Activation, ActivationKind.Linear);
        }

        using EdgeModel model = EdgeModel.Load(bench.Model);
        ReportFacts facts = Facts(model);
        Assert.Null(ActivationSection.Make(facts with { Precisions = PrecisionStudy.Of(graph, facts) }));
        Assert.NotNull(ActivationSection.Make(Studied(model)));
    }

    [Fact]
    public void A_study_rounds_one_layer_at_a_time()
    {
        using EdgeModel model = EdgeModel.Load(bench.Model);
        ReportFacts facts = Studied(model);
        PrecisionStudy study = facts.Precisions!;
        Assert.Equal([24, 30, 5], study.Layers.Select(layer => layer.Layer.Weights));
        IReadOnlyList<float[]> rows = study.Prepared.Calibration.Rows;
        float[][] real = GraphRunner.RunAll(study.Prepared.Graph, rows);
        foreach (LayerNoise layer in study.Layers)
        {
            foreach ((Precision precision, double found) in new[] { (Precision.Int8, layer.Int8), (Precision.Int16, layer.Int16) })
            {
                float[][] rounded = GraphRunner.RunAll(Quantizer.Quantize(study.Prepared, node => layer.Layer.Nodes.Contains(node) ? precision : Precision.Float32), rows);
                Assert.Equal(Decibels(real, rounded), found, 1e-6);
            }

            Assert.True(layer.Int16 > layer.Int8 + 5, $"{layer.Int8}, {layer.Int16}");
        }

        XElement section = ReportCase.Read(PrecisionSection.Make(facts));
        string[][] table = ReportCase.Table(section, 1);
        double best = study.Layers.Max(layer => Math.Max(layer.Int8, layer.Int16));
        Assert.Equal(study.Layers.Select(layer => new[] { layer.Layer.Name, Format(layer.Int8), "", Format(layer.Int16), "", $"{layer.Layer.Weights}", $"{layer.Layer.Weights}" }), table);
        Assert.Equal(
            study.Layers.SelectMany(layer => new[] { (Width(layer.Int8 / best), "s0"), (Width(layer.Int16 / best), "s2") }),
            ReportCase.Meters(section));

        static string Format(double decibels) => decibels.ToString("0.0", CultureInfo.InvariantCulture) + " dB";
        static string Width(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#}%");
    }

    [Fact]
    public void Each_precision_has_its_size_outputs_and_distance()
    {
        using EdgeModel model = EdgeModel.Load(bench.Model);
        ReportFacts facts = Studied(model);
        IReadOnlyList<PrecisionVariant> variants = facts.Precisions!.Variants;
        Assert.Equal(["float32", "int16", "int8"], variants.Select(variant => variant.Name));
        Assert.Equal(facts.Probabilities, variants[0].Outputs);
        Assert.Equal(double.PositiveInfinity, variants[0].Decibels);
        Assert.Null(variants[0].Evaluation.Agreement);

        // 59 weights and 12 biases, without self-test vectors and records.
        Assert.InRange(variants[0].Bytes, 4 * (59 + 12), model.File.Length - 1);
        Assert.Equal(3, variants.Select(variant => variant.Bytes).Distinct().Count());
        foreach (PrecisionVariant variant in variants.Skip(1))
        {
            Assert.Equal(Decibels(variants[0].Outputs, variant.Outputs), variant.Decibels, 1e-9);
            Assert.Equal(variants[0].Outputs.Zip(variant.Outputs).Max(pair => Math.Abs((double)pair.First[0] - pair.Second[0])), variant.Evaluation.WorstDeviation!.Value, 1e-12);
        }

        XElement section = ReportCase.Read(PrecisionSection.Make(facts));
        Assert.Equal(variants.Select(variant => $"{variant.Bytes:N0}"), ReportCase.Table(section).Select(row => row[6]));
        CheckDeviations(section, variants, [.. Enumerable.Range(0, 90)]);
        Assert.StartsWith("One dot for each of the rows:", ChartReader.Figure(section, "Deviation from float32").Element("figcaption")!.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(800)]
    [InlineData(801)]
    public void At_most_800_rows_are_drawn_spread_over_the_data(int count)
    {
        using EdgeModel model = EdgeModel.Load(bench.Model);
        (float[][] test, _) = OptionBench.Read(bench.Test);
        float[][] rows = [.. Enumerable.Range(0, count).Select(i => test[i % 90])];
        var table = new LabelledTable(["a", "b", "c", "d"], rows, [.. Enumerable.Range(0, count).Select(i => i % 2)], ["0", "1"]);
        ReportFacts facts = ReportFacts.Of(model, table, "rows", "y");
        facts = facts with { Precisions = PrecisionStudy.Of(GraphReader.Read(model.File), facts) };
        XElement section = ReportCase.Read(PrecisionSection.Make(facts));
        CheckDeviations(section, facts.Precisions.Variants, [.. Enumerable.Range(0, 800).Select(i => i * count / 800)]);
        Assert.StartsWith(count > 800 ? "One dot for each of 800 rows spread over the data:" : "One dot for each of the rows:", ChartReader.Figure(section, "Deviation from float32").Element("figcaption")!.Value, StringComparison.Ordinal);
        Assert.Contains("calibrated on 512 rows of this data", section.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_integers_stands_beside_them_and_is_calibrated_as_they_are()
    {
        byte[] file = bench.TrainWith("--precision", "int8", "--calibrate-probability", "Platt", "--data", bench.Test);
        using EdgeModel model = EdgeModel.Load(file);
        ReportFacts facts = Facts(model);
        Graph source = OptionBench.Graph(bench.TrainWith());
        PrecisionStudy study = PrecisionStudy.Of(source, facts);
        Assert.Equal(["float32", "int16", "int8", "this file (int8)"], study.Variants.Select(variant => variant.Name));
        Assert.Equal(facts.Probabilities, study.Variants[3].Outputs);
        Assert.Equal(model.File.Length, study.Variants[3].Bytes);
        float[] record = model.File.Metadata.Floats(MetadataKey.Calibration);
        float[][] raw = OptionBench.Outputs(bench.TrainWith(), facts.Table.Rows);
        Assert.All(raw.Zip(study.Variants[0].Outputs), pair => Assert.Equal(1 / (1 + Math.Exp(-((record[1] * Math.Log(pair.First[0] / (1 - (double)pair.First[0]))) + record[2]))), pair.Second[0], 1e-4));
        XElement section = ReportCase.Read(PrecisionSection.Make(facts with { Precisions = study }));
        CheckDeviations(section, study.Variants, [.. Enumerable.Range(0, 90)]);
        Assert.Equal([("s2", "int16"), ("s0", "int8"), ("s1", "this file (int8)")], ChartReader.In(section, "Deviation from float32").Legend());
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(4, 3)]
    public void A_source_of_another_width_is_refused(int inputs, int outputs)
    {
        using EdgeModel model = EdgeModel.Load(bench.Model);
        var graph = new Graph();
        graph.Inputs.Add(new Value("x", TensorType.Float32, 1, inputs));
        graph.Outputs.Add(new Value("y", TensorType.Float32, 1, outputs));
        string message = Assert.Throws<InputException>(() => PrecisionStudy.Of(graph, Facts(model))).Message;
        Assert.Equal($"The source takes {inputs} values and returns {outputs} but the model takes 4 and returns 1; give the model that the file was exported from.", message);
    }

    [Theory]
    [InlineData(double.PositiveInfinity, "∞ dB")]
    [InlineData(double.NegativeInfinity, "−∞ dB")]
    [InlineData(12.345, "12.3 dB")]
    [InlineData(-0.06, "-0.1 dB")]
    public void A_ratio_has_one_decimal_or_is_infinite(double value, string expected) => Assert.Equal(expected, PrecisionSection.Decibels(value));

    // No processor does 500 products in a nanosecond, and a Reshape that stays in place does nothing.
    [Fact]
    public void Times_are_in_nanoseconds_and_nothing_takes_none()
    {
        const int Width = 512;
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, Width], 0);
        int same = builder.AddTensor(TensorType.Float32, [Width], 0);
        int y = builder.AddTensor(TensorType.Float32, [Width], 4096);
        builder.AddOperator(Opcode.Reshape, [x], [same], []);
        builder.AddOperator(Opcode.Dense, [same, builder.AddConstant(TensorType.Float32, [Width, Width], new byte[4 * Width * Width]), builder.AddConstant(TensorType.Float32, [Width], new byte[4 * Width])], [y], [0, 0, 0, 0, 0, 0]);
        builder.AddInput(x);
        builder.AddOutput(y, OutputRole.Probability);
        using EdgeModel model = EdgeModel.Load(builder.Build());
        var times = OperatorTimes.Measure(model, [new float[Width]]);
        Assert.Equal((0, 0), (times.Fast[0], times.Reference[0]));
        Assert.All(new[] { times.Fast[1], times.Reference[1], times.WholeFast }, time => Assert.InRange(time, Width * Width / 500, 1e9));
    }

    // The chart's axis is the range of the inputs, at least −1 to 1.
    private static void CheckRange(XElement figure, double[] inputs)
    {
        string[] words = figure.Element("figcaption")!.Value.TrimEnd('.').Split("in the data, ")[1].Split(" to ");
        Assert.Equal(inputs.Min(), double.Parse(words[0], CultureInfo.InvariantCulture), 2e-3 * Math.Abs(inputs.Min()));
        Assert.Equal(inputs.Max(), double.Parse(words[1], CultureInfo.InvariantCulture), 2e-3 * Math.Abs(inputs.Max()));
        (double low, double high) = (Math.Min(inputs.Min(), -1), Math.Max(inputs.Max(), 1));
        var drawn = new ChartReader(figure.Element("svg")!);
        Assert.All(drawn.Ticks(horizontal: true), tick => Assert.Equal((double.Parse(tick.Text, CultureInfo.InvariantCulture) - low) / (high - low), tick.Place, 0.002));
        Assert.Equal([-1, 0, 1], drawn.Dots("s0").Select(dot => Math.Round(low + (dot.X * (high - low)), 1)));
    }

    private static double Decibels(float[][] real, float[][] rounded)
    {
        double signal = 0;
        double noise = 0;
        foreach ((float[] a, float[] b) in real.Zip(rounded))
        {
            for (int i = 0; i < a.Length; i++)
            {
                signal += (double)a[i] * a[i];
                noise += Math.Pow((double)a[i] - b[i], 2);
            }
        }

        return 10 * Math.Log10(signal / noise);
    }

    private static void CheckDeviations(XElement section, IReadOnlyList<PrecisionVariant> variants, int[] rows)
    {
        var chart = ChartReader.In(section, "Deviation from float32");
        string[] styles = ["", "s2", "s0", "s1"];
        double[] all = [0, .. variants.Skip(1).SelectMany(variant => rows.Select(row => (double)variant.Outputs[row][0] - variants[0].Outputs[row][0]))];
        double room = 0.04 * (all.Max() - all.Min());
        for (int i = 1; i < variants.Count; i++)
        {
            var dots = chart.Dots(styles[i]);
            Assert.Equal(rows.Length, dots.Length);
            foreach ((int row, (double x, double y)) in rows.Zip(dots))
            {
                float real = variants[0].Outputs[row][0];
                Assert.Equal(real, x, Pixel);
                Assert.Equal(((double)variants[i].Outputs[row][0] - real - (all.Min() - room)) / (all.Max() - all.Min() + (2 * room)), y, Pixel);
            }
        }
    }

    private static void CheckBins(ChartReader chart, string style, List<double> values, double low, double high, string unit)
    {
        var boxes = chart.Boxes(style);
        Assert.Equal(64, boxes.Length);
        int[] counts = [.. boxes.Select(box => int.Parse(box.Hint.Split(' ')[0], CultureInfo.InvariantCulture))];
        Assert.All(boxes, box => Assert.EndsWith(" " + unit, box.Hint, StringComparison.Ordinal));
        Assert.Equal(values.Count, counts.Sum());
        double width = (high - low) / 64;
        int seen = 0;
        for (int bin = 0; bin < 64; bin++)
        {
            // A value on an edge to the last bit may lie on either side.
            seen += counts[bin];
            double edge = low + ((bin + 1) * width);
            Assert.InRange(seen, values.Count(value => value < edge - (1e-9 * (high - low))), values.Count(value => value <= edge + (1e-9 * (high - low))));
            Assert.Equal(bin / 64.0, boxes[bin].Left, Pixel);
            Assert.Equal((bin + 1) / 64.0, boxes[bin].Right, Pixel);
            Assert.Equal(counts[bin] / (1.04 * counts.Max()), boxes[bin].Top, Pixel);
        }

        Assert.All(chart.Ticks(horizontal: true), tick => Assert.Equal(low + (tick.Place * (high - low)), double.Parse(tick.Text, CultureInfo.InvariantCulture), 0.001 * (high - low)));
    }

    // What reaches each layer's function, in double precision.
    private static double[][] Sums(Graph graph, float[][] rows)
    {
        var sums = new List<double>[] { [], [], [] };
        foreach (float[] row in rows)
        {
            double[] values = [.. row.Select(value => (double)value)];
            foreach ((int i, Node node) in graph.Nodes.Where(node => node.Opcode == Opcode.Dense).Index())
            {
                float[] weights = node.Input(1).Floats;
                float[] bias = node.Input(2).Floats;
                double[] next = [.. bias.Select((b, unit) => b + values.Select((value, k) => value * weights[(unit * values.Length) + k]).Sum())];
                sums[i].AddRange(next);
                values = [.. next.Select(value => Math.Max(value, 0))];
            }
        }

        return [.. sums.Select(list => list.ToArray())];
    }

    private ReportFacts Facts(EdgeModel model)
    {
        (float[][] rows, int[] labels) = OptionBench.Read(bench.Test);
        return ReportFacts.Of(model, new LabelledTable(["a", "b", "c", "d"], rows, labels, ["0", "1"]), "rows", "y");
    }

    private ReportFacts Studied(EdgeModel model)
    {
        ReportFacts facts = Facts(model);
        return facts with { Precisions = PrecisionStudy.Of(GraphReader.Read(model.File), facts) };
    }

    private static string Short(double value) => value == 0 ? "0" : EdgeInference.Tool.Report.Charts.Html.Short(value);
}
