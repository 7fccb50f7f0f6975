using System.Globalization;
using System.Xml.Linq;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.ModelTraining;
using EdgeInference.Runtime;
using EdgeInference.Tool.Execution;
using EdgeInference.Tool.Report;
using EdgeInference.Tool.Report.Sections;

namespace EdgeInference.Tool.Tests.Report;

/// <summary>What each other section says, and when it is left out.</summary>
public sealed class ReportSectionTests
{
    private const double Pixel = 0.0006;
    private static readonly float[][] twoRows = [[0.25f], [0.75f]];

    [Theory]
    [InlineData(12, false)]
    [InlineData(13, true)]
    public void More_than_twelve_features_are_folded_away(int features, bool folded)
    {
        using EdgeModel model = ReportCase.Identity(features);
        XElement section = ReportCase.Read(DataSection.Make(ReportCase.Facts(model, [new float[features], [.. Enumerable.Repeat(1f / features, features)]], [0, 1], [.. Enumerable.Range(0, features).Select(c => $"c{c}")])));
        Assert.Equal(folded ? [$"{features} features"] : [], section.Descendants("summary").Select(summary => summary.Value));
        Assert.Equal(folded, section.Descendants("details").SelectMany(details => details.Descendants("table")).Any());
        Assert.Equal(features, ReportCase.Table(section, 1).Length);
    }

    [Fact]
    public void Features_are_named_by_the_model_else_by_the_table_else_by_number()
    {
        var table = new LabelledTable(["t0"], [[0.2f, 0.4f], [0.6f, 0.8f], [1f, 0f]], [0, 1, 1], ["no", "yes"]);
        using (EdgeModel named = ReportCase.Identity(2, builder => builder.AddTextList(MetadataKey.InputNames, ["temp", "<flow>"])))
        {
            Assert.Equal(["temp", "<flow>"], ReportCase.Table(ReportCase.Read(DataSection.Make(ReportFacts.Of(named, table, "d", "y"))), 1).Select(row => row[0]));
        }

        using EdgeModel model = ReportCase.Identity(2);
        XElement section = ReportCase.Read(DataSection.Make(ReportFacts.Of(model, table, "d", "y")));
        Assert.Equal(["t0", "1"], ReportCase.Table(section, 1).Select(row => row[0]));

        // 0.2, 0.6, 1 and 0.4, 0.8, 0: mean, extremes, and √(mean of squares) of −0.4, 0, 0.4.
        Assert.Equal([["t0", "0.2", "0.6", "1", "0.3266"], ["1", "0", "0.4", "0.8", "0.3266"]], ReportCase.Table(section, 1));
        Assert.Equal([("33.3%", "s1"), ("66.7%", "s0")], ReportCase.Meters(section));
        Assert.Equal([["no", "", "1", "33.3%"], ["yes", "", "2", "66.7%"]], ReportCase.Table(section));
        Assert.Equal("3 rows, 2 features, 2 classes.", section.Element("p")!.Value);
    }

    // A shuffle of each of 1,024 features five times, over ten rows, is 2^36 steps from 1.3 million steps a row on.
    [Theory]
    [InlineData(1_300, true)]
    [InlineData(1_400, false)]
    public void Importance_is_left_out_in_a_sentence_where_the_model_would_run_for_minutes(int units, bool isShown)
    {
        const int Features = 1_024;
        const int Rows = 10;
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, Features], 0);
        int wide = builder.AddTensor(TensorType.Float32, [1, units], 4 * Features);
        int y = builder.AddTensor(TensorType.Float32, [1, 1], 4 * (Features + units));
        builder.AddOperator(Opcode.Dense, [x, builder.AddConstant(TensorType.Float32, [units, Features], new byte[4 * units * Features])], [wide], [0, 0, 0, 0, 0, 0]);
        builder.AddOperator(Opcode.Dense, [wide, builder.AddConstant(TensorType.Float32, [1, units], new byte[4 * units])], [y], [(int)ActivationKind.Sigmoid, 0, 0, 0, 0, 0]);
        builder.AddInput(x);
        builder.AddOutput(y, OutputRole.Probability);
        using var model = EdgeModel.Load(builder.Build());
        Assert.Equal(isShown, QualityStudy.IsCheapEnough(model, Features, Rows));
        if (isShown)
        {
            return;
        }

        // All rows are decided for the second class.
        ReportFacts facts = ReportCase.Facts(model, [.. Enumerable.Range(0, Rows).Select(_ => new float[Features])], [.. Enumerable.Range(0, Rows).Select(row => row % 2)], "no", "yes");
        facts = facts with { Quality = QualityStudy.Of(facts, null) };
        Assert.Empty(facts.Quality.Importance);
        Assert.Equal(Rows / 2, facts.Quality.MistakeCount);
        Assert.All(facts.Quality.Mistakes, mistake => Assert.Empty(mistake.Reasons));
        Assert.Contains("Left out: to shuffle each of 1,024 features", ReportCase.Read(ImportanceSection.Make(facts)!).Value, StringComparison.Ordinal);
        Assert.Contains("Which features speak for a mistake is left out", ReportCase.Read(MistakeSection.Make(facts)!).Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1_999, true)]
    [InlineData(2_000, false)]
    public void Precisions_of_a_large_file_are_compared_where_they_are_asked_for(int units, bool isQuick)
    {
        const int Features = 2_000;
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, Features], 0);
        int wide = builder.AddTensor(TensorType.Float32, [1, units], 4 * Features);
        int y = builder.AddTensor(TensorType.Float32, [1, 1], 4 * (Features + units));
        builder.AddOperator(Opcode.Dense, [x, builder.AddConstant(TensorType.Float32, [units, Features], new byte[4 * units * Features])], [wide], [0, 0, 0, 0, 0, 0]);
        builder.AddOperator(Opcode.Dense, [wide, builder.AddConstant(TensorType.Float32, [1, units], new byte[4 * units])], [y], [(int)ActivationKind.Sigmoid, 0, 0, 0, 0, 0]);
        builder.AddInput(x);
        builder.AddOutput(y, OutputRole.Probability);
        using var model = EdgeModel.Load(builder.Build());
        Assert.Equal(isQuick, PrecisionStudy.IsQuick(model));

        // Of which nothing was compared.
        using EdgeModel small = ReportCase.Identity(2);
        ReportFacts facts = ReportCase.Facts(small, [[0.2f, 0.8f]], [1], "no", "yes");
        Assert.Contains("give the file itself with --source", ReportCase.Read(PrecisionSection.Make(facts)).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_classes_keep_their_colours_in_the_balance()
    {
        using EdgeModel model = ReportCase.Identity(3);
        XElement section = ReportCase.Read(DataSection.Make(ReportCase.Facts(model, [[0.2f, 0.3f, 0.5f], [0.2f, 0.3f, 0.5f]], [0, 2], "a", "b", "c")));
        Assert.Equal([("50%", "s0"), ("0%", "s1"), ("50%", "s2")], ReportCase.Meters(section));
    }

    [Fact]
    public void A_model_without_records_says_so()
    {
        using EdgeModel model = ReportCase.Identity(3);
        Dictionary<string, string> facts = Facts(ReportCase.Facts(model, [[0.2f, 0.3f, 0.5f]], [2], "a", "b", "c"));
        Assert.Equal(("none", "not recorded", "nothing", "a, b, c"), (facts["name"], facts["SHA-256 of its source"], facts["probabilities calibrated by"], facts["classes"]));
        Assert.Equal(("3", "1: Activation", "0 bytes", "0", "0"), (facts["inputs"], facts["operators"], facts["constants"], facts["multiply-accumulates"], facts["self-test vectors"]));
        Assert.DoesNotContain("threshold", facts.Keys);
        Assert.DoesNotContain("no decision", facts.Keys);
    }

    [Fact]
    public void A_model_with_records_shows_them()
    {
        using EdgeModel model = ReportCase.Identity(3, builder =>
        {
            builder.AddText(MetadataKey.Name, "<pump>");
            builder.AddBytes(MetadataKey.SourceHash, [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 7))]);
            builder.AddTextList(MetadataKey.Labels, ["a", "x", "c"]);
            builder.AddFloats(MetadataKey.AbstainBand, [0f, 0.5f]);
        });

        // A row is given up where its highest probability is below 0.5.
        Dictionary<string, string> facts = Facts(ReportCase.Facts(model, [[0.2f, 0.3f, 0.5f], [0.3f, 0.49f, 0.21f], [0.6f, 0.2f, 0.2f]], [2, 1, 0], "a", "b", "c"));
        Assert.Equal("<pump>", facts["name"]);
        Assert.Equal(Convert.ToHexStringLower([.. Enumerable.Range(0, 32).Select(i => (byte)(i * 7))]), facts["SHA-256 of its source"]);
        Assert.Equal("a, x (b), c", facts["classes"]);
        Assert.Equal("from 0 to below 0.5: 1 of 3 rows; the figures of this page include a decision for them", facts["no decision"]);
        using EdgeModel pair = ReportCase.Identity(2, builder =>
        {
            builder.AddFloats(MetadataKey.AbstainBand, [0.25f, 0.75f]);
            builder.AddFloats(MetadataKey.Threshold, [0.625f]);
        });
        Dictionary<string, string> two = Facts(ReportCase.Facts(pair, [[0.75f, 0.25f], [0.25f, 0.75f], [0.3f, 0.7f], [0.9f, 0.1f]], [0, 1, 1, 0], "n", "y"));
        Assert.Equal("from 0.25 to below 0.75: 2 of 4 rows; the figures of this page include a decision for them", two["no decision"]);
        Assert.Equal("0.625", two["threshold"]);
    }

    [Fact]
    public void A_class_of_the_model_that_the_data_lacks_has_its_number_or_its_text()
    {
        using EdgeModel plain = ReportCase.Identity(3);
        Assert.Equal(["a", "b", "2"], ReportCase.Facts(plain, [[0.2f, 0.3f, 0.5f]], [0], "a", "b").Classes);
        using EdgeModel labelled = ReportCase.Identity(3, builder => builder.AddTextList(MetadataKey.Labels, ["a", "b", "c"]));
        Assert.Equal(["a", "b", "c (2)"], ReportCase.Facts(labelled, [[0.2f, 0.3f, 0.5f]], [0], "a", "b").Classes);
        using EdgeModel single = ReportCase.Identity(1);
        Assert.Equal(["0", "1"], ReportCase.Facts(single, [[0.5f]], [0], "0").Classes);
    }

    // A Softmax may end a few parts of 2⁻²⁴ above 1.
    [Theory]
    [InlineData(1.000009f, true)]
    [InlineData(1.00002f, false)]
    [InlineData(-0.000009f, true)]
    [InlineData(-0.00002f, false)]
    [InlineData(1f, true)]
    public void What_is_no_probability_is_refused_with_its_row(float value, bool accepted)
    {
        using EdgeModel model = ReportCase.Identity(1);
        Exception? fault = Record.Exception(() => ReportCase.Facts(model, [[0.5f], [value]], [0, 1], "0", "1"));
        Assert.True(accepted ? fault is null : fault is InputException, $"{fault}");
        Assert.Contains(accepted ? "" : string.Create(CultureInfo.InvariantCulture, $"The model returns {value:G4} for row 2 of 'rows.csv', which is not a probability"), fault?.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void One_output_and_three_classes_are_refused_by_their_number()
    {
        using EdgeModel model = ReportCase.Identity(1);
        Assert.Contains(
            "The column 'y' of 'rows.csv' has 3 different values but the model has one output",
            Assert.Throws<InputException>(() => ReportCase.Facts(model, twoRows, [0, 1], "0", "1", "2")).Message, StringComparison.Ordinal);
        using EdgeModel two = ReportCase.Identity(2);
        Assert.Contains("but the model has 2", Assert.Throws<InputException>(() => ReportCase.Facts(two, [[0.1f, 0.9f]], [2], "0", "1", "2")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Losses_are_drawn_by_epoch_with_the_lowest_of_validation()
    {
        TrainingProgress[] history = [new(1, 4, 0.8, 0.9), new(2, 4, 0.6, 0.5), new(3, 4, 0.4, 0.7), new(4, 4, 0.2, 0.5)];
        XElement section = Training(history)!;
        var chart = ChartReader.In(section, "Loss by epoch");
        (double, double)[] Points(Func<TrainingProgress, double> loss) => [.. history.Select(epoch => ((epoch.Epoch - 1) / 3.0, loss(epoch) / (0.9 * 1.04)))];
        Near(Points(epoch => epoch.TrainingLoss), chart.Lines("s0").Single());
        Near(Points(epoch => epoch.ValidationLoss), chart.Lines("s1").Single());
        Near([(1 / 3.0, 0.5 / (0.9 * 1.04))], chart.Dots("s1"));
        Assert.Equal([("s0", "training"), ("s1", "validation")], chart.Legend());
        Assert.Equal(["1", "2", "3", "4"], chart.Ticks(horizontal: true).Select(tick => tick.Text));
        Assert.Equal("4 epochs. The dot is the lowest validation loss, 0.5000 in epoch 2, whose weights are kept.", section.Descendants("figcaption").Single().Value);

        // One epoch: the axis still has a length. No validation: one line and no dot.
        XElement one = Training([new(1, 1, 0.8, double.NaN)])!;
        Assert.Equal("1 epochs.", one.Descendants("figcaption").Single().Value);
        chart = ChartReader.In(one, "Loss by epoch");
        Assert.Equal(["1", "2"], chart.Ticks(horizontal: true).Select(tick => tick.Text));
        Assert.Equal([("s0", "training")], chart.Legend());
        Assert.Empty(chart.Lines("s1"));
        Assert.Null(Training([]));
        Assert.Null(Training(null));
    }

    [Fact]
    public void Times_are_given_with_units_shares_and_their_ratio()
    {
        using EdgeModel model = Chain();
        ReportFacts facts = ReportCase.Facts(model, twoRows, [0, 1], "n", "y");
        Assert.Null(TimeSection.Make(facts));
        XElement section = ReportCase.Read(TimeSection.Make(facts with { Times = new OperatorTimes([999.94, 0, 2_000_000], [1999.88, 0, 1_000_000], 1000) { WholeRuns = 41, WholeLeast = 900, WholeMost = 2000, FastRuns = 9, ReferenceRuns = 3 } })!);
        Assert.Equal(
            [
                ["0", "Activation", "999.9 ns", "0.0%", "", "2.00 µs", "2.0"],
                ["1", "Reshape", "0", "0.0%", "", "0", ""],
                ["2", "Activation", "2.00 ms", "100.0%", "", "1.00 ms", "0.5"],
            ],
            ReportCase.Table(section));
        Assert.Contains("9 measurements of each operator; reference: the scalar kernels, 3.", section.Value, StringComparison.Ordinal);
        Assert.Contains("A whole inference takes 1.00 µs (41 measurements, 900.0 ns to 2.00 µs); the sum of its operators, each timed alone, is 2.00 ms.", section.Value, StringComparison.Ordinal);
        Assert.Equal(["0%", "0%", "100%"], ReportCase.Meters(section).Select(meter => meter.Width));

        XElement quarter = ReportCase.Read(TimeSection.Make(facts with { Times = new OperatorTimes([250, 250, 500], [1e6 - 1, 999, 1000], 999_994) })!);
        Assert.Equal(["25.0%", "25.0%", "50.0%"], ReportCase.Table(quarter).Select(row => row[3]));
        Assert.Equal(["1000.00 µs", "999.0 ns", "1.00 µs"], ReportCase.Table(quarter).Select(row => row[5]));
        Assert.Equal([("25%", "s0"), ("25%", "s0"), ("50%", "s0")], ReportCase.Meters(quarter));
        Assert.Contains("takes 999.99 µs (", quarter.Value, StringComparison.Ordinal);

        XElement nothing = ReportCase.Read(TimeSection.Make(facts with { Times = new OperatorTimes([0, 0, 0], [0, 0, 0], 0) })!);
        Assert.Equal(["", "", ""], ReportCase.Table(nothing).Select(row => row[3]));
    }

    [Fact]
    public void Boxes_of_the_arena_span_bytes_and_operators()
    {
        using EdgeModel model = Chain();
        XElement section = ReportCase.Read(ArenaSection.Make(ReportCase.Facts(model, twoRows, [0, 1], "n", "y"))!);
        var chart = ChartReader.In(section, "Arena over time");

        // The axis begins one before the first operator and ends one after the third.
        double bytes = model.File.ArenaBytes * 1.04;
        (int First, int End, int Offset, string Text)[] expected =
        [
            (-1, 1, 0, "in: 4 bytes from 0, written by the caller, last read by operator 0"),
            (0, 2, 64, "mid: 4 bytes from 64, written by operator 0, last read by operator 1"),
            (1, 3, 64, "same: 4 bytes from 64, written by operator 1, last read by operator 2"),
            (2, 4, 128, "out: 4 bytes from 128, written by operator 2, read by the caller"),
        ];
        foreach ((int i, (int first, int end, int offset, string text)) in expected.Index())
        {
            var box = chart.Boxes($"life s{i}").Single();
            Assert.Equal(text, box.Hint);
            Assert.Equal((first + 1) / 5.0, box.Left, Pixel);
            Assert.Equal((end + 1) / 5.0, box.Right, Pixel);
            Assert.Equal(offset / bytes, box.Bottom, Pixel);
            Assert.Equal((offset + 4) / bytes, box.Top, Pixel);
        }

        Assert.Equal(
            [
                ["in", "4", "0", "by the caller", "by 0"],
                ["mid", "4", "64", "by 0", "by 1"],
                ["same", "4", "64", "by 1", "by 2"],
                ["out", "4", "128", "by 2", "by the caller"],
            ],
            ReportCase.Table(section));
        Assert.Contains($"4 tensors of 16 bytes share {model.File.ArenaBytes}.", section.Value, StringComparison.Ordinal);
        Assert.Equal(["-1", "0", "1", "2", "3", "4"], chart.Ticks(horizontal: true).Select(tick => tick.Text));
    }

    [Fact]
    public void An_arena_of_one_tensor_that_is_worked_on_in_place_is_drawn()
    {
        var builder = new ModelBuilder();
        int[] tensors = [builder.AddTensor(TensorType.Float32, [1, 1], 0), builder.AddTensor(TensorType.Float32, [1, 1], 0)];
        builder.AddOperator(Opcode.Activation, [tensors[0]], [tensors[1]], [(int)ActivationKind.Linear, 0, 0]);
        builder.AddInput(tensors[0]);
        builder.AddOutput(tensors[1], OutputRole.Probability);
        using EdgeModel model = EdgeModel.Load(builder.Build());
        Assert.Equal(64, model.File.ArenaBytes);
        XElement section = ReportCase.Read(ArenaSection.Make(ReportCase.Facts(model, twoRows, [0, 1], "n", "y"))!);
        Assert.Equal([["tensor 0", "4", "0", "by the caller", "by 0"], ["tensor 1", "4", "0", "by 0", "by the caller"]], ReportCase.Table(section));
    }

    // 100,000 units: products at a quarter of the best rate twice, and 12 cycles an element between.
    [Fact]
    public void A_time_on_a_board_is_in_milliseconds_from_a_thousand_microseconds()
    {
        const int Units = 100_000;
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, 1], 0);
        int wide = builder.AddTensor(TensorType.Float32, [1, Units], 64);
        int copy = builder.AddTensor(TensorType.Float32, [1, Units], 64);
        int y = builder.AddTensor(TensorType.Float32, [1, 1], 0);
        builder.AddOperator(Opcode.Dense, [x, builder.AddConstant(TensorType.Float32, [Units, 1], new byte[4 * Units])], [wide], [0, 0, 0, 0, 0, 0]);
        builder.AddOperator(Opcode.Activation, [wide], [copy], [(int)ActivationKind.Linear, 0, 0]);
        builder.AddOperator(Opcode.Dense, [copy, builder.AddConstant(TensorType.Float32, [1, Units], new byte[4 * Units])], [y], [(int)ActivationKind.Sigmoid, 0, 0, 0, 0, 0]);
        builder.AddInput(x);
        builder.AddOutput(y, OutputRole.Probability);
        using EdgeModel model = EdgeModel.Load(builder.Build());
        XElement section = ReportCase.Read(FitSection.Make(ReportCase.Facts(model, twoRows, [0, 1], "n", "y")));

        // (450 + 14 × 100,000) / 1.0 and 1.5 GHz, (450 + 13 × 100,000) / 2.4 GHz.
        Assert.Equal(["about 1.4 ms", "about 933.6 µs", "about 541.9 µs"], ReportCase.Table(section).Select(row => row[4]));
    }

    // The second input is never read, the third is an output as it stands; state lives throughout.
    [Fact]
    public void Lives_of_inputs_outputs_and_state()
    {
        var builder = new ModelBuilder();
        int[] inputs = [.. Enumerable.Range(0, 3).Select(i => builder.AddTensor(TensorType.Float32, [1, 1], i * 64))];
        int output = builder.AddTensor(TensorType.Float32, [1, 1], 192);
        builder.AddOperator(Opcode.Activation, [inputs[0]], [output], [(int)ActivationKind.Linear, 0, 0]);
        foreach (int input in inputs)
        {
            builder.AddInput(input);
        }

        builder.AddOutput(output, OutputRole.Probability);
        builder.AddOutput(inputs[2], OutputRole.Probability);
        using EdgeModel model = EdgeModel.Load(builder.Build());
        Assert.Equal([(0, -1, 0), (1, -1, -1), (2, -1, 1), (3, 0, 1)], TensorLife.Of(model.File).Select(life => (life.Tensor.Index, life.First, life.Last)));
        XElement section = ReportCase.Read(ArenaSection.Make(ReportCase.Facts(model, [[0.5f, 0.5f, 0.5f]], [0], "n", "y"))!);
        Assert.Equal(["by the caller", "by the caller", "by the caller", "by 0"], ReportCase.Table(section).Select(row => row[3]));
        Assert.Equal(["by 0", "never", "by the caller", "by the caller"], ReportCase.Table(section).Select(row => row[4]));
        Assert.Equal(["tensor 0", "tensor 1", "tensor 2", "tensor 3"], ReportCase.Table(section).Select(row => row[0]));
        Assert.EndsWith("written by the caller, never read", ChartReader.In(section, "Arena over time").Boxes("life s1").Single().Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Operators_are_listed_with_their_share_of_the_most_costly()
    {
        using EdgeModel model = Layers();
        ReportFacts facts = ReportCase.Facts(model, [[0.5f, 0.5f]], [0], "n", "y");
        XElement section = ReportCase.Read(OperatorSection.Make(facts));
        string[][] rows = ReportCase.Table(section);

        // 2 × 4 and 4 × 1 weights with 4 and 1 biases, all float32.
        Assert.Equal([["0", "Dense"], ["1", "Dense + Sigmoid"]], rows.Select(row => row[..2]));
        Assert.Equal([["48", "8"], ["20", "4"]], rows.Select(row => row[4..6]));
        Assert.Equal(["100%", "50%"], ReportCase.Meters(section).Select(meter => meter.Width));
        Assert.Equal(["float32 [1, 2]", "float32 [1, 4]"], rows.Select(row => row[2]));
        Assert.Contains("what the loops of EdgeInference.Nano took on a 32-bit Arm", section.Value, StringComparison.Ordinal);
        Assert.All(rows, row => Assert.True(int.Parse(row[7], NumberStyles.AllowThousands, CultureInfo.InvariantCulture) > 0));

        XElement without = ReportCase.Read(OperatorSection.Make(facts with { Summary = facts.Summary with { Nano = null, NanoProblem = "it <cannot>." } }));
        Assert.All(ReportCase.Table(without), row => Assert.Equal("n/a", row[7]));
        Assert.Equal("it <cannot>.", without.Elements("p").Single().Value);

        // Without products there is nothing to share.
        using EdgeModel none = Chain();
        Assert.Equal(["0%", "0%", "0%"], ReportCase.Meters(ReportCase.Read(OperatorSection.Make(ReportCase.Facts(none, twoRows, [0, 1], "n", "y")))).Select(meter => meter.Width));
    }

    [Fact]
    public void Fits_are_judged_by_flash_then_memory_then_assemblies()
    {
        using EdgeModel model = ReportCase.Identity(1);
        ReportFacts facts = ReportCase.Facts(model, twoRows, [0, 1], "n", "y");
        (int small, int large, int heap) = (NanoBoard.Usual[0].DeploymentBytes, NanoBoard.Usual[1].DeploymentBytes, NanoBoard.Esp32.HeapBytes);
        (NanoForm Form, string OfSmall, string OfLarge)[] cases =
        [
            (new NanoForm(133798, 1, heap, small), "yes", "yes"),
            (new NanoForm(532, 1, heap + 1, small), "with PSRAM only", "with PSRAM only"),
            (new NanoForm(1662500, 1, heap, small + 1), "no: flash", "yes"),
            (new NanoForm(1662500, 1, heap + 1, large + 1), "no: flash", "no: flash"),
            (new NanoForm(1662500, 1, heap, large), "no: flash", "yes"),
            (new NanoForm(1662500, 1, heap, small) { Assemblies = 2 }, "yes, in 2 assemblies", "yes, in 2 assemblies"),
        ];
        foreach ((NanoForm form, string ofSmall, string ofLarge) in cases)
        {
            string[][] rows = Esp32(new NanoEstimate(form, null, "", []), out _);
            Assert.Equal(
                [
                    ["ESP32, 4 MB flash", "EdgeInference.Nano", $"{form.RamBytes:N0} of about {heap:N0}", $"{form.FlashBytes:N0} of {small:N0}", string.Create(CultureInfo.InvariantCulture, $"about {form.Milliseconds:0.00} ms"), ofSmall],
                    ["ESP32-S3, 16 MB flash", "EdgeInference.Nano", $"{form.RamBytes:N0} of about {heap:N0}", $"{form.FlashBytes:N0} of {large:N0}", string.Create(CultureInfo.InvariantCulture, $"about {form.Milliseconds:0.00} ms"), ofLarge],
                ],
                rows);
        }

        NanoForm Form(int ram) => new(1, 1, ram, 1);
        string[][] all = Esp32(new NanoEstimate(Form(10), Form(30), "", ["<w1>", "w2"]) { Resource = Form(20) }, out XElement section);
        string[] names = ["EdgeInference.Nano", "weights read in chunks", "emitted C#"];
        Assert.Equal([.. names, .. names], all.Select(row => row[1]));
        Assert.Equal([10, 20, 30, 10, 20, 30], all.Select(row => int.Parse(row[2].Split(' ')[0], CultureInfo.InvariantCulture)));
        Assert.Equal(["<w1>", "w2"], section.Elements("p").TakeLast(2).Select(note => note.Value));
        Esp32(new NanoEstimate(Form(10), null, "not emitted: x", ["w"]), out section);
        Assert.Equal(["w", "not emitted: x"], section.Elements("p").TakeLast(2).Select(note => note.Value));
        XElement without = ReportCase.Read(FitSection.Make(facts with { Summary = facts.Summary with { Nano = null, NanoProblem = "no <int>." } }));
        Assert.Equal("ESP32: no <int>.", without.Elements("p").Last().Value);
        Assert.Single(without.Descendants("table"));

        string[][] Esp32(NanoEstimate nano, out XElement tree)
        {
            tree = ReportCase.Read(FitSection.Make(facts with { Summary = facts.Summary with { Nano = nano } }));
            return ReportCase.Table(tree, 1);
        }
    }

    [Theory]
    [InlineData(50_000, "under 0.01%", "under 0.01%")] // 0.0093% of 512 MB
    [InlineData(60_000, "0.0%", "under 0.01%")]
    [InlineData(2_700_000, "0.5%", "0.3%")]
    [InlineData(268_435_456, "50.0%", "25.0%")]
    public void A_share_of_memory_is_of_file_and_arena(int bytes, string ofSmall, string ofLarge)
    {
        using EdgeModel model = ReportCase.Identity(1);
        ReportFacts facts = ReportCase.Facts(model, twoRows, [0, 1], "n", "y");
        string[][] rows = ReportCase.Table(ReportCase.Read(FitSection.Make(facts with { Summary = facts.Summary with { FileBytes = bytes - 1000, ArenaBytes = 1000 } })));
        Assert.Equal([$"{ofSmall} of 512 MB", $"{ofLarge} of 1,024 MB", $"{ofLarge} of 1,024 MB"], rows.Select(row => row[3]));
        Assert.All(rows, row => Assert.Equal($"{bytes:N0} bytes", row[2]));
    }

    [Fact]
    public void A_file_without_a_name_or_integers_alone_has_what_it_can_have()
    {
        using EdgeModel model = Chain();
        ReportFacts facts = ReportCase.Facts(model, twoRows, [0, 1], "n", "y");
        Assert.Null(ActivationSection.Make(facts));
        Assert.Contains("--source", PrecisionSection.Make(facts).Body, StringComparison.Ordinal);
        var page = new ReportPageReader(ReportPage.Make(facts));
        Assert.Equal("unnamed model", page.Root.Descendants("h1").Single().Value);
        Assert.Equal("unnamed model: model report", page.Root.Element("head")!.Element("title")!.Value);
        Assert.Equal($"float32 · file of {model.File.Length:N0} bytes · 0 multiply-accumulates · 2 classes · measured on 2 rows", page.Root.Descendants("header").Single().Elements("p").Last().Value);
        string[] sections = ["quality", "calibration", "model", "bytes", "data", "precision", "operators", "histograms", "arena", "fit", "provenance"];
        Assert.Equal(sections, page.Root.Descendants("section").Select(section => (string)section.Attribute("id")!));
        Assert.Equal(sections.Select(name => "#" + name), page.Root.Descendants("nav").Single().Elements("a").Select(link => (string)link.Attribute("href")!));
        Assert.Equal(page.Root.Descendants("section").Select(section => section.Element("h2")!.Value), page.Root.Descendants("nav").Single().Elements("a").Select(link => link.Value));

        ReportFacts full = facts with { History = [new(1, 1, 0.5, 0.5)], Times = new OperatorTimes([1, 1, 1], [1, 1, 1], 3), Summary = facts.Summary with { Name = "<x>" } };
        page = new ReportPageReader(ReportPage.Make(full));
        Assert.Equal("<x>", page.Root.Descendants("h1").Single().Value);
        Assert.Equal(["quality", "calibration", "model", "bytes", "data", "training", "precision", "operators", "histograms", "arena", "time", "fit", "provenance"], page.Root.Descendants("section").Select(section => (string)section.Attribute("id")!));
    }

    private static Dictionary<string, string> Facts(ReportFacts facts) =>
        ReportCase.Read(ModelSection.Make(facts)).Descendants("dt").ToDictionary(name => name.Value, name => name.ElementsAfterSelf("dd").Single().Value);

    private static XElement? Training(TrainingProgress[]? history)
    {
        using EdgeModel model = ReportCase.Identity(1);
        return TrainingSection.Make(ReportCase.Facts(model, twoRows, [0, 1], "n", "y") with { History = history }) is { } section ? ReportCase.Read(section) : null;
    }

    // A copy, a Reshape in place, a copy.
    private static EdgeModel Chain()
    {
        var builder = new ModelBuilder();
        int[] tensors = [builder.AddTensor(TensorType.Float32, [1, 1], 0), builder.AddTensor(TensorType.Float32, [1, 1], 64), builder.AddTensor(TensorType.Float32, [1, 1], 64), builder.AddTensor(TensorType.Float32, [1, 1], 128)];
        builder.AddOperator(Opcode.Activation, [tensors[0]], [tensors[1]], [(int)ActivationKind.Linear, 0, 0]);
        builder.AddOperator(Opcode.Reshape, [tensors[1]], [tensors[2]], []);
        builder.AddOperator(Opcode.Activation, [tensors[2]], [tensors[3]], [(int)ActivationKind.Linear, 0, 0]);
        builder.AddInput(tensors[0]);
        builder.AddOutput(tensors[3], OutputRole.Probability);
        builder.AddTensorNames(["in", "mid", "same", "out"]);
        return EdgeModel.Load(builder.Build());
    }

    // 2 → 4 → 1.
    private static EdgeModel Layers()
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, 2], 0);
        int h = builder.AddTensor(TensorType.Float32, [1, 4], 64);
        int y = builder.AddTensor(TensorType.Float32, [1, 1], 128);
        builder.AddOperator(Opcode.Dense, [x, Floats(4, 2), Floats(4)], [h], [0, 0, 0, 0, 0, 0]);
        builder.AddOperator(Opcode.Dense, [h, Floats(1, 4), Floats(1)], [y], [(int)ActivationKind.Sigmoid, 0, 0, 0, 0, 0]);
        builder.AddInput(x);
        builder.AddOutput(y, OutputRole.Probability);
        return EdgeModel.Load(builder.Build());

        int Floats(params int[] shape) => builder.AddConstant(TensorType.Float32, shape, new byte[4 * shape.Aggregate((a, b) => a * b)]);
    }

    private static void Near((double X, double Y)[] expected, (double X, double Y)[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < actual.Length; i++)
        {
            Assert.Equal(expected[i].X, actual[i].X, Pixel);
            Assert.Equal(expected[i].Y, actual[i].Y, Pixel);
        }
    }
}
