using EdgeInference.ModelConverter.Import.Onnx;
using OnnxBackend.Tests.Operators;

namespace OnnxBackend.Tests.Forms;

/// <summary>The wire format beneath the models: fields that nobody knows, kinds that do not belong, numbers at their ends.</summary>
public class ProtobufFormTests
{
    // A field of a number that ONNX does not use, by the five kinds of the wire format: https://protobuf.dev/programming-guides/encoding/.
    private static readonly byte[][] unknown =
    [
        [0xC0, 0x3E, 0x96, 0x01],
        [0xC1, 0x3E, 1, 2, 3, 4, 5, 6, 7, 8],
        [0xC2, 0x3E, 3, 1, 2, 3],
        [0xC2, 0x3E, 0],
        [0xC3, 0x3E, 0x08, 0x01, 0xC4, 0x3E],
        [0xC5, 0x3E, 1, 2, 3, 4],
        [0xC0, 0x3E, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
    ];

    // Every message of a model of one node.
    private static byte[] Model(Func<OnnxBytes, OnnxBytes> more)
    {
        OnnxBytes attribute = more(new OnnxBytes().Text(1, "alpha").Float(2, 0.5f).Integer(20, 1));
        OnnxBytes node = more(OperatorCase.Node("LeakyRelu", ["s"], ["y"]).Message(5, attribute));
        OnnxBytes weights = more(new OnnxBytes().Integer(1, 3).Integer(2, 1).Text(8, "w").Float(4, 1).Float(4, -2).Float(4, 3));
        OnnxBytes dimension = more(new OnnxBytes().Integer(1, 3));
        OnnxBytes shape = more(new OnnxBytes().Message(1, dimension));
        OnnxBytes tensor = more(new OnnxBytes().Integer(1, 1).Message(2, shape));
        OnnxBytes type = more(new OnnxBytes().Message(1, tensor));
        OnnxBytes input = more(new OnnxBytes().Text(1, "x").Message(2, type));
        OnnxBytes graph = more(new OnnxBytes().Message(1, OperatorCase.Node("Add", ["x", "w"], ["s"])).Message(1, node).Text(2, "graph").Message(5, weights).Message(11, input).Message(12, new OnnxBytes().Text(1, "y")));
        return more(new OnnxBytes().Integer(1, 8).Text(2, "tool").Text(3, "1.5").Message(7, graph).Message(8, more(new OnnxBytes().Text(1, "").Integer(2, 17)))).ToArray();
    }

    [Fact]
    public void Fields_that_nobody_knows_are_skipped()
    {
        Assert.Equal([2f, -0.5f, 6f], ModelFolder.Run(OnnxImporter.Import(Model(message => message), "m.onnx"), 1, 1, 3));
        foreach (byte[] field in unknown)
        {
            Assert.Equal([2f, -0.5f, 6f], ModelFolder.Run(OnnxImporter.Import(Model(message => message.Raw(field)), "m.onnx"), 1, 1, 3));
        }
    }

    [Fact]
    public void The_producer_is_its_name_and_its_version() =>
        Assert.Equal("tool 1.5", OnnxImporter.Import(Model(message => message), "m.onnx").Metadata.SourceProducer);

    [Theory]
    [InlineData(1, 1, "field 1 has wire type Varint, expected LengthDelimited")]
    [InlineData(2, 1, "field 2 has wire type Varint, expected LengthDelimited")]
    [InlineData(4, 1, "field 4 has wire type Varint, expected LengthDelimited")]
    [InlineData(5, 1, "field 5 has wire type Varint, expected LengthDelimited")]
    public void A_field_of_another_kind_is_refused(int field, long value, string said)
    {
        byte[] model = new ModelBuilder().Input("x", 3).Node(OperatorCase.Node("Neg", ["x"], ["y"]).Integer(field, value)).Output("y").Build();
        Assert.Contains(said, Refusal(model), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData((long)int.MaxValue, false)]
    [InlineData((long)int.MinValue, false)]
    [InlineData(int.MaxValue + 1L, true)]
    [InlineData(int.MinValue - 1L, true)]
    public void A_number_of_32_bits_is_one(long kind, bool refused)
    {
        byte[] model = new ModelBuilder().Input("x", 3).Node(OperatorCase.Node("LeakyRelu", ["x"], ["y"]).Message(5, new OnnxBytes().Text(1, "alpha").Float(2, 0.5f).Integer(20, kind))).Output("y").Build();
        Assert.Equal(refused, Refusal(model).Contains($"the number {kind} is out of range", StringComparison.Ordinal));
    }

    [Fact]
    public void Numbers_in_lists_may_be_packed_or_not_and_below_zero()
    {
        OnnxBytes Transpose(Func<OnnxBytes, OnnxBytes> order) => OperatorCase.Node("Slice", ["x"], ["y"])
            .Message(5, order(new OnnxBytes().Text(1, "starts")).Integer(20, 7))
            .Message(5, new OnnxBytes().Text(1, "ends").Integer(8, int.MaxValue).Integer(20, 7));
        byte[] packed = [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01];
        foreach (OnnxBytes node in (OnnxBytes[])[Transpose(message => message.Integer(8, -2)), Transpose(message => message.Bytes(8, packed))])
        {
            Assert.Equal([2f, 3f], ModelFolder.Run(OnnxImporter.Import(new ModelBuilder(9).Input("x", 3).Node(node).Output("y").Build(), "m.onnx"), 1, 2, 3));
        }
    }

    [Theory]
    [InlineData(60, false)]
    [InlineData(70, true)]
    public void Messages_nest_so_deep_and_no_deeper(int depth, bool refused)
    {
        // A graph and an attribute in a node are three messages each time.
        OnnxBytes graph = new OnnxBytes();
        for (int i = 0; i < depth / 3; i++)
        {
            graph = new OnnxBytes().Message(1, OperatorCase.Node("Neg", ["x"], ["t"]).Message(5, new OnnxBytes().Text(1, "g").Message(6, graph)));
        }

        byte[] model = new OnnxBytes().Integer(1, 8).Message(7, graph).ToArray();
        Assert.Equal(refused, Refusal(model).Contains("messages nest deeper than 64", StringComparison.Ordinal));
    }

    [Fact]
    public void A_length_beyond_the_end_is_refused()
    {
        foreach (byte[] end in (byte[][])[[0x3A, 0x05, 0x0A], [0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07], [0x3A, 0x80], [0x3A]])
        {
            Assert.Contains("'m.onnx' is a damaged ONNX model", Refusal([0x08, 0x08, .. end]), StringComparison.Ordinal);
        }
    }

    // By the standard: bytes in a file, whether it counts as a real number, and the ends of its range.
    [Theory]
    [InlineData(OnnxElementType.Undefined, 0, false, double.NegativeInfinity, double.PositiveInfinity)]
    [InlineData(OnnxElementType.Float32, 4, true, double.NegativeInfinity, double.PositiveInfinity)]
    [InlineData(OnnxElementType.UInt8, 1, false, 0, 255)]
    [InlineData(OnnxElementType.Int8, 1, false, -128, 127)]
    [InlineData(OnnxElementType.UInt16, 2, false, 0, 65535)]
    [InlineData(OnnxElementType.Int16, 2, false, -32768, 32767)]
    [InlineData(OnnxElementType.Int32, 4, false, -2147483648d, 2147483647d)]
    [InlineData(OnnxElementType.Int64, 8, false, -9223372036854775808d, 9223372036854775807d)]
    [InlineData(OnnxElementType.Text, 0, false, double.NegativeInfinity, double.PositiveInfinity)]
    [InlineData(OnnxElementType.Bool, 1, false, 0, 1)]
    [InlineData(OnnxElementType.Float16, 2, true, double.NegativeInfinity, double.PositiveInfinity)]
    [InlineData(OnnxElementType.Float64, 8, true, double.NegativeInfinity, double.PositiveInfinity)]
    [InlineData(OnnxElementType.UInt32, 4, false, 0, 4294967295d)]
    [InlineData(OnnxElementType.UInt64, 8, false, 0, 18446744073709551615d)]
    [InlineData(OnnxElementType.BFloat16, 2, true, double.NegativeInfinity, double.PositiveInfinity)]
    [InlineData(OnnxElementType.Float8E4M3FN, 1, true, double.NegativeInfinity, double.PositiveInfinity)]
    [InlineData(OnnxElementType.Float8E4M3FNUZ, 1, true, double.NegativeInfinity, double.PositiveInfinity)]
    [InlineData(OnnxElementType.Float8E5M2, 1, true, double.NegativeInfinity, double.PositiveInfinity)]
    [InlineData(OnnxElementType.Float8E5M2FNUZ, 1, true, double.NegativeInfinity, double.PositiveInfinity)]
    [InlineData(OnnxElementType.UInt4, 0, false, 0, 15)]
    [InlineData(OnnxElementType.Int4, 0, false, -8, 7)]
    public void An_element_type_has_its_size_and_its_range(object kind, int bytes, bool isFloat, double low, double high)
    {
        var type = (OnnxElementType)kind;
        Assert.Equal((bytes, isFloat, (low, high)), (type.Bytes(), type.IsFloat(), type.Range()));
    }

    [Theory]
    [InlineData(OnnxElementType.Text, "has elements of type Text")]
    [InlineData(OnnxElementType.Undefined, "has elements of type Undefined")]
    [InlineData((OnnxElementType)14, "has elements of type 14")]
    public void Elements_that_are_no_numbers_are_refused(object kind, string said)
    {
        var type = (OnnxElementType)kind;
        OnnxTensor Tensor(Func<OnnxBytes, OnnxBytes> fill) => OnnxParser.ParseTensor(fill(new OnnxBytes().Integer(1, 1).Integer(2, (int)type).Text(8, "w")).ToArray(), "m");
        Assert.Contains(said, Assert.Throws<InputException>(() => Tensor(message => message.Bytes(9, [0, 0, 0, 0])).ToFloats("m")).Message, StringComparison.Ordinal);
        Assert.Contains(said, Assert.Throws<InputException>(() => Tensor(message => message.Integer(5, 1)).ToFloats("m")).Message, StringComparison.Ordinal);
    }

    private static string Refusal(byte[] model)
    {
        try
        {
            OnnxImporter.Import(model, "m.onnx");
            return "";
        }
        catch (InputException exception)
        {
            return exception.Message;
        }
    }
}
