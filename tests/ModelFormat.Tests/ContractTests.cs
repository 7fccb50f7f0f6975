using System.Buffers.Binary;
using System.Runtime.InteropServices;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.ModelFormat.Tests;

/// <summary>The contract section and the layout of version 2: what is read back, and what is refused, by section and reason.</summary>
public class ContractTests
{
    [Fact]
    public void What_goes_in_and_what_comes_out_is_read_back()
    {
        string longName = new('ä', 100);
        ModelFile file = Read(Build(builder =>
        {
            builder.AddTextList(MetadataKey.InputNames, ["a", "", longName]);
            builder.AddTextList(MetadataKey.InputUnits, ["°C", "", "hPa"]);
            builder.AddTextList(MetadataKey.Labels, ["still", "shaking"]);
            builder.AddDecision(0, DecisionHead.Sigmoid);
            builder.AddWindow(0.02f, 50, 25);
            builder.AddText(MetadataKey.Source, "net.onnx");
        }));
        Assert.Equal("x", file.InputName(0));
        Assert.Equal("p", file.OutputName(0));
        Assert.Equal(["a", "", longName], file.Metadata.TextList(MetadataKey.InputNames));
        Assert.Equal(longName, file.Metadata.Text(MetadataKey.InputNames, 2));
        Assert.Equal(3, file.Metadata.TextCount(MetadataKey.InputUnits));
        Assert.Equal("hPa", file.Metadata.Text(MetadataKey.InputUnits, 2));
        Assert.Equal("shaking", file.Metadata.Text(MetadataKey.Labels, 1));
        Assert.Equal("net.onnx", file.Metadata.Text(MetadataKey.Source));
        Assert.Equal("", file.Metadata.Text(MetadataKey.Options));
        DecisionMetadata decision = file.Decision;
        Assert.Equal((0, DecisionHead.Sigmoid, 1, OutputRole.Probability), (decision.Output, decision.Head, decision.PositiveClass, decision.Role(0)));
        Assert.Equal((0.02f, 50, 25), (decision.SamplePeriod, decision.WindowLength, decision.WindowHop));
    }

    [Fact]
    public void An_output_without_a_role_is_unknown_and_refused_by_classifiers()
    {
        DecisionMetadata decision = Read(Build(_ => { }, role: OutputRole.Unknown)).Decision;
        Assert.Contains("--head", decision.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void An_optional_record_that_the_reader_does_not_know_is_skipped_and_another_is_refused()
    {
        ModelFile file = Read(Build(builder => builder.AddBytes((MetadataKey)200, [1, 2, 3])));
        Assert.Equal("x", file.InputName(0));
        Refused("contract", "record 100", () => Build(builder => builder.AddBytes((MetadataKey)100, [1])));
    }

    [Theory]
    [InlineData(new byte[] { 255, 3, 1 }, "head")]
    [InlineData(new byte[] { 1, 0, 1 }, "output that decides")]
    [InlineData(new byte[] { 0, 0, 2 }, "positive class")]
    [InlineData(new byte[] { 0, 0 }, "an output, a head")]
    [InlineData(new byte[] { 0, 0, 0, 0 }, "an output, a head")]
    public void A_malformed_decision_is_refused(byte[] payload, string reason) =>
        Refused("contract", reason, () => Build(builder => builder.AddBytes(MetadataKey.Decision, payload)));

    [Theory]
    [InlineData(-1f, 1, 1)]
    [InlineData(float.NaN, 1, 1)]
    [InlineData(float.PositiveInfinity, 1, 1)]
    [InlineData(0f, -1, 1)]
    [InlineData(0f, 1, -1)]
    public void A_malformed_window_is_refused(float period, int length, int hop) =>
        Refused("contract", "window", () => Build(builder => builder.AddWindow(period, length, hop)));

    [Fact]
    public void Names_for_another_number_of_values_are_refused()
    {
        Refused("contract", "not one name for each", () => Build(builder => builder.AddTextList(MetadataKey.InputNames, ["a", "b"])));
        Refused("contract", "not one unit for each", () => Build(builder => builder.AddTextList(MetadataKey.InputUnits, ["a", "b"])));
        Assert.Equal(1, Read(Build(builder => builder.AddTextList(MetadataKey.InputNames, ["each"]))).Metadata.TextCount(MetadataKey.InputNames));
    }

    [Fact]
    public void Names_and_units_fit_each_other_and_the_window()
    {
        Refused("contract", "not one unit for each name", () => Build(builder => builder.AddTextList(MetadataKey.InputUnits, ["a", "b", "c"])));
        Refused("contract", "not one unit for each name", () => Build(builder =>
        {
            builder.AddTextList(MetadataKey.InputNames, ["a", "b", "c"]);
            builder.AddTextList(MetadataKey.InputUnits, ["each"]);
        }));
        Refused("contract", "not one name for each", () => Build(builder => builder.AddTextList(MetadataKey.InputNames, [])));
        Refused("contract", "not one name for each", () => Build(builder =>
        {
            builder.AddTextList(MetadataKey.InputNames, ["each"]);
            builder.AddWindow(0f, 2, 1);
        }));
        Assert.Equal(3, Read(Build(builder =>
        {
            builder.AddTextList(MetadataKey.InputNames, ["each"]);
            builder.AddWindow(0f, 3, 1);
        })).Decision.WindowLength);
    }

    [Fact]
    public void A_byte_that_is_not_utf8_is_one_replacement_on_every_engine()
    {
        ModelFile file = Read(Build(builder => builder.AddBytes(MetadataKey.Labels, [4, 0xE2, 0x82, (byte)'A', 0xFF, 2, 0xC3, 0xA4])));
        Assert.Equal(["\uFFFD\uFFFDA\uFFFD", "ä"], file.Metadata.TextList(MetadataKey.Labels));
    }

    [Fact]
    public void Inputs_of_more_values_than_an_int_holds_are_refused()
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Int8, [1 << 28], 0);
        for (int i = 0; i < 9; i++)
        {
            builder.AddInput(x);
        }

        builder.AddOutput(x);
        Refused("contract", "the inputs have more than 268435456 values together", () => builder.Build());
    }

    [Fact]
    public void A_quantized_float_is_refused()
    {
        var quantized = new ModelBuilder();
        int q = quantized.AddTensor(TensorType.Float32, [1], 0, new TensorQuantization(1f, 0));
        quantized.AddInput(q);
        quantized.AddOutput(q);
        Refused("tensors", "is float32 but has a scale", () => quantized.Build());
    }

    [Fact]
    public void A_classifier_is_told_of_texts_for_another_number_of_classes_and_of_an_output_that_does_not_decide()
    {
        DecisionMetadata texts = Read(Build(builder => builder.AddTextList(MetadataKey.Labels, ["a", "b", "c"]))).Decision;
        Assert.Equal("The model has 3 class texts but its output has 2 classes; export it again with --classes and a text for each.", texts.Refusal);
        DecisionMetadata none = Read(Build(builder => builder.AddDecision(-1, DecisionHead.None))).Decision;
        Assert.StartsWith("The model says that its output does not decide", none.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_texts_that_ends_elsewhere_than_its_record_is_refused()
    {
        Refused("contract", "list of texts", () => Build(builder => builder.AddBytes(MetadataKey.Labels, [1, 65, 2, 66])));
        Refused("contract", "list of texts", () => Build(builder => builder.AddBytes(MetadataKey.Labels, [128])));
        Refused("contract", "SHA-256", () => Build(builder => builder.AddBytes(MetadataKey.SourceHash, new byte[31])));
        Refused("contract", "not a multiple of four bytes", () => Build(builder => builder.AddBytes(MetadataKey.Threshold, new byte[5])));
    }

    [Fact]
    public void Records_out_of_order_or_twice_are_refused()
    {
        byte[] file = Build(builder =>
        {
            builder.AddText(MetadataKey.Source, "s");
            builder.AddText(MetadataKey.Producer, "p");
        });
        int source = Read(file).Metadata.PayloadOffset(MetadataKey.Source) - FormatLayout.ContractHeaderBytes;
        Damage(file, source, (byte)MetadataKey.Producer, "comes after");
        Damage(file, source, (byte)MetadataKey.Options, "comes after");
    }

    [Fact]
    public void Without_inputs_or_outputs_a_file_is_refused()
    {
        byte[] file = Build(_ => { });
        int contract = Read(file).SectionOffset(FormatLayout.ContractSection);
        Damage(file, contract, 4, "record of the inputs is missing");
        var empty = new ModelBuilder();
        int x = empty.AddTensor(TensorType.Float32, [1], 0);
        empty.AddInput(x);
        Refused("contract", "number of inputs or outputs", () => empty.Build());
    }

    [Fact]
    public void Roles_and_tensors_beyond_the_known_are_refused()
    {
        byte[] file = Build(_ => { });
        int outputs = Read(file).Metadata.PayloadOffset(MetadataKey.Outputs);
        Damage(file, outputs + 2, (byte)(OutputRole.State + 1), "role");
        Damage(file, outputs, 200, "tensor 200 does not exist");
    }

    [Fact]
    public void Sections_that_do_not_end_with_the_model_are_refused()
    {
        byte[] file = [.. Build(_ => { }), 0];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(FormatLayout.LengthOffset), file.Length);
        ModelBuilder.WriteCrc(file);
        Refused("section table", "sections end at byte", () => Read(file));
    }

    [Fact]
    public void Vectors_and_names_that_do_not_fit_are_refused()
    {
        Refused("self-test", "do not fit", () => Build(builder => builder.AddSelfTest([1f, 2f, 3f], [1])));
        Refused("tensor names", "one name for each tensor", () => Build(builder => builder.AddTensorNames(["only"])));
        ModelFile file = Read(Build(builder => builder.AddTensorNames(["x", "p", "w"])));
        Assert.Equal(["x", "p", "w"], file.TensorNames());
    }

    [Theory]
    [InlineData(65535)]
    [InlineData(65536)]
    public void Dimensions_are_wide_where_they_must_be(int size)
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, size], 0);
        int y = builder.AddTensor(TensorType.Float32, [1, size], 4 * size);
        builder.AddInput(x);
        builder.AddOutput(y);
        builder.AddOperator(Opcode.Activation, [x], [y], [(int)ActivationKind.ReLU, 0, 0]);
        Assert.Equal(size, Read(builder.Build()).Inputs[0].Dimension(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-128)]
    [InlineData(-129)]
    [InlineData(32767)]
    [InlineData(-32768)]
    [InlineData(32768)]
    [InlineData(int.MinValue)]
    public void Parameters_of_every_size_are_read_back(int value)
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, 4], 0);
        int y = builder.AddTensor(TensorType.Float32, [1, 4], 64);
        builder.AddInput(x);
        builder.AddOutput(y);
        builder.AddOperator(Opcode.Activation, [x], [y], [(int)ActivationKind.LeakyReLU, BitConverter.SingleToInt32Bits(0.01f), value & 0x7FFF]);
        OperatorRecord record = Read(builder.Build()).Operators[0];
        Assert.Equal(0.01f, record.Float(1));
        Assert.Equal(value & 0x7FFF, record.Int(2));

        var slice = new ModelBuilder();
        int input = slice.AddTensor(TensorType.Float32, [100000], 0);
        int output = slice.AddTensor(TensorType.Float32, [1], 400000);
        slice.AddInput(input);
        slice.AddOutput(output);
        int start = Math.Clamp(value, 0, 99999);
        int[] parameters = new int[OperatorTable.Find((int)Opcode.Slice).Parameters.Length];
        parameters[Rules.SliceRule.Start] = start;
        for (int i = 0; i < FormatLayout.MaxRank; i++)
        {
            parameters[Rules.SliceRule.Step + i] = 1;
        }

        slice.AddOperator(Opcode.Slice, [input], [output], parameters);
        Assert.Equal(start, Read(slice.Build()).Operators[0].Int(Rules.SliceRule.Start));
    }

    [Fact]
    public void A_float_parameter_of_two_bytes_is_refused()
    {
        byte[] file = SampleModel.Float32();
        ModelFile model = Read(file);

        // Three inputs and an output before the codes; α and β, four bytes and none, become two bytes each.
        int codes = model.Operators[0].Offset + FormatLayout.OperatorHeaderBytes + (4 * 2);
        Damage(file, codes, (byte)((file[codes] & ~60) | (2 << 2) | (2 << 4)), "not four bytes long");
    }

    private static void Damage(byte[] file, int offset, byte value, string reason)
    {
        byte[] bad = (byte[])file.Clone();
        bad[offset] = value;
        ModelBuilder.WriteCrc(bad);
        ModelFormatException fault = Assert.Throws<ModelFormatException>(() => Read(bad));
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    private static void Refused(string section, string reason, Func<object> read)
    {
        ModelFormatException fault = Assert.Throws<ModelFormatException>(read);
        Assert.Equal(section, fault.Section);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    private static byte[] Build(Action<ModelBuilder> more, OutputRole role = OutputRole.Probability)
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, 3], 0);
        int output = builder.AddTensor(TensorType.Float32, [1, 1], 64);
        int weights = builder.AddConstant(TensorType.Float32, [1, 3], MemoryMarshal.AsBytes<float>([1f, 2f, 3f]));
        builder.AddInput(input, "x");
        builder.AddOutput(output, role, "p");
        builder.AddOperator(Opcode.Dense, [input, weights], [output], [(int)ActivationKind.Sigmoid, 0, 0, 0, 0, 0]);
        more(builder);
        return builder.Build();
    }

    private static ModelFile Read(byte[] file) => ModelFile.Read(new ModelBytes(file));
}
