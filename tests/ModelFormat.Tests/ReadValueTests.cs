using System.Text;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.ModelFormat.Tests;

/// <summary>What a reader says about a file that it accepted.</summary>
public class ReadValueTests
{
    [Fact]
    public void What_the_file_does_not_say_has_its_documented_value()
    {
        DecisionMetadata decision = DecisionRuleTests.Metadata(1, _ => { });
        Assert.Equal((0.5f, 0f, 0f, -1, DecisionHead.None, 1), (decision.Threshold, decision.AbstainLow, decision.AbstainHigh, decision.Output, decision.Head, decision.PositiveClass));
        Assert.Equal((0f, 0, 0, false), (decision.SamplePeriod, decision.WindowLength, decision.WindowHop, decision.AcceptsMissing));
        Assert.Null(decision.Calibration);
        Assert.Null(decision.InputStatistics);
    }

    [Theory]
    [InlineData(0, DecisionHead.Sigmoid, 0)]
    [InlineData(1, DecisionHead.Softmax, 1)]
    [InlineData(-1, DecisionHead.None, -1)]
    public void The_output_that_decides_is_read(int output, DecisionHead head, int expected)
    {
        DecisionMetadata decision = DecisionRuleTests.Metadata(1, builder => builder.AddDecision(output, head), models: 2);
        Assert.Equal((expected, head, 1), (decision.Output, decision.Head, decision.PositiveClass));
    }

    [Fact]
    public void What_the_file_says_is_read()
    {
        DecisionMetadata decision = DecisionRuleTests.Metadata(1, builder =>
        {
            builder.AddFloats(MetadataKey.Threshold, [0.25f]);
            builder.AddFloats(MetadataKey.AbstainBand, [0.125f, 0.75f]);
            builder.AddFloats(MetadataKey.Calibration, [(float)CalibrationMethod.Platt, 1f, 0f]);
            builder.AddFloats(MetadataKey.InputStatistics, [0f, 1f, -1f, 1f, 0f, 1f, -1f, 1f]);
            builder.AddBytes(MetadataKey.MissingValues, []);
            builder.AddWindow(0.5f, 2, 3);
        });
        Assert.Equal((0.25f, 0.125f, 0.75f, true), (decision.Threshold, decision.AbstainLow, decision.AbstainHigh, decision.AcceptsMissing));
        Assert.Equal((0.5f, 2, 3), (decision.SamplePeriod, decision.WindowLength, decision.WindowHop));
        Assert.Equal(CalibrationMethod.Platt, decision.Calibration.Method);

        // One deviation outside, and the default limits.
        Assert.Equal(1f, decision.InputStatistics.OutlierScore([2f, 0f]));
    }

    [Fact]
    public void Limits_of_a_file_take_the_place_of_the_defaults()
    {
        DecisionMetadata decision = DecisionRuleTests.Metadata(1, builder =>
        {
            builder.AddFloats(MetadataKey.InputStatistics, [0f, 1f, -1f, 1f, 0f, 1f, -9f, 9f]);
            builder.AddFloats(MetadataKey.InputLimits, [0.25f, 2f]);
        });
        Assert.Equal(4f, decision.InputStatistics.OutlierScore([2f, 0f]));
        Assert.Equal(4f, decision.InputStatistics.OutlierScore([0f, 4f]));
    }

    [Theory]
    [InlineData(OutputRole.Probability, null)]
    [InlineData(OutputRole.Score, null)]
    [InlineData(OutputRole.Unknown, "does not say what its output means")]
    [InlineData(OutputRole.Logit, "holds logits without a sigmoid or softmax")]
    [InlineData(OutputRole.Label, "only output is a label")]
    [InlineData(OutputRole.Value, "is a quantity or holds several results")]
    [InlineData(OutputRole.State, "is a quantity or holds several results")]
    public void A_classifier_takes_probabilities_and_scores_alone(OutputRole role, string? reason)
    {
        string? refusal = DecisionRuleTests.Metadata(2, _ => { }, role).Refusal;
        Assert.Equal(reason is null, refusal is null);
        Assert.Contains(reason ?? "", refusal ?? "", StringComparison.Ordinal);
        Assert.Equal(role, DecisionRuleTests.Metadata(2, _ => { }, role).Role(0));
    }

    [Theory]
    [InlineData(1, 2, OutputRole.Probability, null)]
    [InlineData(2, 2, OutputRole.Probability, null)]
    [InlineData(3, 3, OutputRole.Probability, null)]
    [InlineData(1, 1, OutputRole.Probability, "1 class texts but its output has 2 classes")]
    [InlineData(1, 3, OutputRole.Probability, "3 class texts but its output has 2 classes")]
    [InlineData(2, 3, OutputRole.Score, "3 class texts but its output has 2 classes")]
    [InlineData(3, 2, OutputRole.Unknown, "2 class texts but its output has 3 classes")]
    [InlineData(3, 2, OutputRole.Value, "is a quantity")]
    [InlineData(3, 2, OutputRole.State, "is a quantity")]
    public void Class_texts_are_one_for_each_class(int outputs, int texts, OutputRole role, string? reason)
    {
        string? refusal = DecisionRuleTests.Metadata(outputs, builder => builder.AddTextList(MetadataKey.Labels, Enumerable.Repeat("c", texts)), role).Refusal;
        Assert.Equal(reason is null, refusal is null);
        Assert.Contains(reason ?? "", refusal ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_classifier_takes_one_output_that_decides()
    {
        Assert.Contains("has 2 outputs but a classifier needs one", DecisionRuleTests.Metadata(1, _ => { }, models: 2).Refusal, StringComparison.Ordinal);
        Assert.Contains("says that its output does not decide", DecisionRuleTests.Metadata(1, builder => builder.AddDecision(-1, DecisionHead.None)).Refusal, StringComparison.Ordinal);
        Assert.Null(DecisionRuleTests.Metadata(1, builder => builder.AddDecision(0, DecisionHead.None)).Refusal);
    }

    [Theory]
    [InlineData(0f, true, true)]
    [InlineData(float.MaxValue, true, true)]
    [InlineData(-float.MaxValue, true, true)]
    [InlineData(float.NaN, false, true)]
    [InlineData(float.PositiveInfinity, false, false)]
    [InlineData(float.NegativeInfinity, false, false)]
    public void Inputs_are_finite_or_missing_where_that_is_defined(float value, bool accepted, bool acceptedAsMissing)
    {
        foreach (float[] input in new float[][] { [value], [1f, value], [value, 1f] })
        {
            Assert.Equal(accepted, DecisionMetadata.Accepts(input, false));
            Assert.Equal(acceptedAsMissing, DecisionMetadata.Accepts(input, true));
        }

        Assert.True(DecisionMetadata.Accepts([], false));
    }

    [Fact]
    public void Texts_of_every_length_and_names_are_read()
    {
        string[] texts = ["", "a", new('b', 127), new('c', 128), new('d', 129), new('e', 32767), "ä€𝄞", ""];
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1], 0);
        int y = builder.AddTensor(TensorType.Float32, [1], 4);
        builder.AddInput(x, new string('i', 200));
        builder.AddInput(x, "second");
        builder.AddInput(x);
        builder.AddOutput(x, OutputRole.Value, "first");
        builder.AddOutput(x, OutputRole.State, new string('o', 128));
        builder.AddTextList(MetadataKey.Labels, texts);
        builder.AddTensorNames([new string('t', 300), "y"]);
        ModelFile file = ModelFile.Read(new ModelBytes(builder.Build()));
        Assert.Equal(2, file.Tensors.Length);
        Assert.Equal(y, file.Tensors[1].Index);
        Assert.Equal(texts, file.Metadata.TextList(MetadataKey.Labels));
        Assert.Equal(texts.Length, file.Metadata.TextCount(MetadataKey.Labels));
        Assert.Equal(texts, Enumerable.Range(0, texts.Length).Select(i => file.Metadata.Text(MetadataKey.Labels, i)));
        Assert.Equal([new string('i', 200), "second", ""], Enumerable.Range(0, 3).Select(file.InputName));
        Assert.Equal(["first", new string('o', 128)], Enumerable.Range(0, 2).Select(file.OutputName));
        Assert.Equal([OutputRole.Value, OutputRole.State], Enumerable.Range(0, 2).Select(file.Decision.Role));
        Assert.Equal([new string('t', 300), "y"], file.TensorNames());
    }

    [Fact]
    public void What_is_absent_is_empty()
    {
        ModelFile file = ModelFile.Read(new ModelBytes(SampleModel.Int8()));
        foreach (MetadataKey key in new[] { MetadataKey.InputNames, MetadataKey.Name, MetadataKey.TrainingRows, (MetadataKey)255 })
        {
            Assert.Equal((-1, 0, 0, ""), (file.Metadata.PayloadOffset(key), file.Metadata.PayloadLength(key), file.Metadata.TextCount(key), file.Metadata.Text(key)));
            Assert.Empty(file.Metadata.TextList(key));
            Assert.Empty(file.Metadata.Floats(key));
        }

        Assert.Equal((0, 0), (file.SectionOffset(FormatLayout.SelfTestSection), file.SectionLength(FormatLayout.SelfTestSection)));
        Assert.Empty(file.TensorNames());
    }

    [Fact]
    public void A_list_that_breaks_off_has_no_texts()
    {
        foreach (byte[] bytes in new byte[][] { [2, 65], [1, 65, 128], [128, 1] })
        {
            Assert.Equal(-1, TextList.Count(new ModelBytes(bytes), 0, bytes.Length));
            Assert.Empty(TextList.All(new ModelBytes(bytes), 0, bytes.Length));
        }

        byte[] two = [1, 65, 0];
        Assert.Equal(["A", ""], TextList.All(new ModelBytes(two), 0, 3));
        Assert.Equal(32767, TextList.MaxBytes);
    }

    [Fact]
    public void Numbers_of_a_file_are_little_endian()
    {
        var bytes = new ModelBytes(new byte[] { 0xFF, 0x01, 0x02, 0x03, 0x84, 0x00, 0x00, 0x80, 0x3F });
        Assert.Equal((0xFF, 0x0201, 0x01FF, unchecked((int)0x84030201)), (bytes.U8(0), bytes.U16(1), bytes.U16(0), bytes.I32(1)));
        Assert.Equal(1f, bytes.F32(5));
        Assert.Equal(9, bytes.Length);
    }

    [Theory]
    [InlineData(new byte[] { 0x41, 0xC3, 0xA4 }, "Aä")]
    [InlineData(new byte[] { 0xF0, 0x9D, 0x84, 0x9E }, "𝄞")]
    [InlineData(new byte[] { 0xFF }, "\uFFFD")]
    [InlineData(new byte[] { 0xE2, 0x82 }, "\uFFFD\uFFFD")]
    [InlineData(new byte[] { 0xE2, 0x82, 0x41 }, "\uFFFD\uFFFDA")]
    [InlineData(new byte[] { 0xF0, 0x9D, 0x84 }, "\uFFFD\uFFFD\uFFFD")]
    [InlineData(new byte[] { 0xC0, 0x80 }, "\uFFFD\uFFFD")]
    public void Text_is_utf8_and_each_byte_that_is_none_a_replacement(byte[] bytes, string expected) => Assert.Equal(expected, new ModelBytes(bytes).Utf8(0, bytes.Length));

    [Theory]
    [InlineData("", 0u)]
    [InlineData("a", 0xE8B7BE43u)]
    [InlineData("123456789", 0xCBF43926u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void Checksums_are_those_of_the_standard_wherever_four_bytes_are_left_out(string text, uint expected)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        for (int skip = 0; skip <= utf8.Length; skip++)
        {
            byte[] bytes = [7, 7, .. utf8[..skip], 1, 2, 3, 4, .. utf8[skip..], 9];
            Assert.Equal(expected, new ModelBytes(bytes).Crc32(2, bytes.Length - 1, skip + 2));
        }
    }

    [Fact]
    public void A_tensor_says_its_size_and_shape()
    {
        foreach ((TensorType type, int size) in new[] { (TensorType.Float32, 4), (TensorType.Int8, 1), (TensorType.Int16, 2), (TensorType.Int32, 4), (TensorType.Int64, 8), ((TensorType)0, 0), ((TensorType)6, 0) })
        {
            Assert.Equal(size, TensorTypes.SizeOf(type));
        }

        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Int16, [2, 3, 4], 8, new TensorQuantization(0.5f, -7));
        int scalar = builder.AddTensor(TensorType.Float32, [], 0);
        builder.AddInput(x);
        builder.AddInput(scalar);
        builder.AddOutput(x);
        ModelFile file = ModelFile.Read(new ModelBytes(builder.Build()));
        TensorInfo tensor = file.Tensors[0];
        Assert.Equal((3, 24, 48, 8, 4), (tensor.Rank, tensor.Elements, tensor.Bytes, tensor.Offset, tensor.LastDimension));
        Assert.Equal((2, 3, 4, 4, 3, 2), (tensor.Dimension(0), tensor.Dimension(1), tensor.Dimension(2), tensor.Dimension(-1), tensor.Dimension(-2), tensor.Dimension(-3)));
        Assert.Equal((true, 0.5f, -7, "[2, 3, 4]", TensorStorage.Arena), (tensor.IsQuantized, tensor.Scale, tensor.ZeroPoint, tensor.ShapeText(), tensor.Storage));
        Assert.Equal((0, 1, 1, "[]", false), (file.Tensors[1].Rank, file.Tensors[1].Elements, file.Tensors[1].LastDimension, file.Tensors[1].ShapeText(), file.Tensors[1].IsQuantized));
        Assert.True(tensor.SameShape(tensor));
        Assert.False(tensor.SameShape(file.Tensors[1]));
    }

    [Fact]
    public void Operators_that_work_in_place_are_those_that_read_element_for_element()
    {
        Opcode[] first = [Opcode.Activation, Opcode.Unary, Opcode.Table];
        Opcode[] all = [Opcode.Add, Opcode.Sub, Opcode.Mul, Opcode.Div, Opcode.Binary, Opcode.Where];
        Opcode[] recurrent = [Opcode.RNN, Opcode.GRU, Opcode.LSTM, Opcode.QuantizedLSTM, Opcode.QuantizedRecurrent];
        for (int i = 0; i < OperatorTable.Count; i++)
        {
            Opcode opcode = OperatorTable.Row(i).Opcode;
            for (int input = 0; input < 7; input++)
            {
                for (int output = 0; output < 3; output++)
                {
                    bool expected = (first.Contains(opcode) && input == 0) || all.Contains(opcode) || (recurrent.Contains(opcode) && (input, output) is (4, 1) or (5, 2));
                    Assert.Equal(expected, InPlaceRule.Allows(opcode, input, output));
                }
            }
        }
    }

    [Fact]
    public void Every_operator_has_a_name_for_each_parameter_of_its_form()
    {
        Assert.All(Enum.GetValues<Opcode>(), opcode =>
        {
            int form = OperatorTable.FormOf((int)opcode);
            string[] names = OperatorNames.Parameters(opcode);
            Assert.Equal(names.Length, OperatorTable.Parameters(form));
            Assert.Equal(names.Select(name => name.EndsWith("(f)", StringComparison.Ordinal)), names.Select((_, i) => OperatorTable.IsFloat(form, i)));
            Assert.InRange(OperatorTable.MinInputs(form), 1, OperatorTable.MaxInputs(form));
            Assert.InRange(OperatorTable.Outputs(form), 1, 15);
        });
        Assert.Equal(0, OperatorTable.FormOf(0));
        Assert.Equal(0, OperatorTable.FormOf(255));
    }

    [Fact]
    public void A_header_says_what_the_format_says()
    {
        byte[] file = SampleModel.Float32();
        ModelFile read = ModelFile.Read(new ModelBytes(file));
        Assert.Equal((file.Length, 128), (read.Length, read.ArenaBytes));
        Assert.Equal("EDGE", Encoding.ASCII.GetString(file, 0, 4));
        Assert.Equal(file.Length, BitConverter.ToInt32(file, 8));
        Assert.True(read.SectionOffset(FormatLayout.ConstantsSection) % 8 == 0);
        Assert.Equal(Enum.GetValues<Opcode>().Length, OperatorTable.Count);
        Assert.Null(OperatorTable.Find(OperatorTable.Count + 1));
        Assert.Null(OperatorTable.Find(0));
    }
}
