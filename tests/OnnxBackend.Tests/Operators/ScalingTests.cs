using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Onnx;
using EdgeInference.ModelFormat;
using static OnnxBackend.Tests.Operators.Make;

namespace OnnxBackend.Tests.Operators;

/// <summary>Which scales and zero points become those of an int8 tensor.</summary>
public class ScalingTests
{
    private const OnnxElementType S8 = OnnxElementType.Int8;
    private const OnnxElementType U8 = OnnxElementType.UInt8;

    public static TheoryData<double, bool> Scales => new()
    {
        { 0.5, true }, { 1e30, true }, { ScalingCases.Normal, true },
        { ScalingCases.Subnormal, false }, { 0, false }, { -0.5, false }, { -ScalingCases.Normal, false },
        { double.NaN, false }, { double.PositiveInfinity, false }, { double.NegativeInfinity, false },
    };

    [Theory]
    [MemberData(nameof(Scales))]
    public void A_scale_of_int8_is_a_positive_normal_number(double scale, bool isOne) => Holds(isOne, Scalar(scale), Scalar(3, S8));

    [Theory]
    [InlineData(S8, -128, true)]
    [InlineData(S8, 127, true)]
    [InlineData(U8, 0, true)]
    [InlineData(U8, 255, true)]
    [InlineData(OnnxElementType.Int16, 0, false)]
    [InlineData(OnnxElementType.UInt16, 128, false)]
    public void A_zero_point_of_int8_is_one_of_8_bits(object type, double zero, bool isOne) => Holds(isOne, Scalar(0.5), Scalar(zero, (OnnxElementType)type));

    [Fact]
    public void Several_scales_or_a_computed_one_are_none_of_int8()
    {
        Holds(true, Const([0.5]), Const(S8, [3]));
        Holds(false, Const([0.5, 0.25]), Const(S8, [3, 3]));
        Holds(false, new CaseTensor(OnnxElementType.Float32, [], [0.5], false), Scalar(3, S8));
        Holds(false, Scalar(0.5), new CaseTensor(S8, [], [3], false));
    }

    // uint8 is what a QuantizeLinear without a zero point writes.
    [Fact]
    public void A_zero_point_left_out_is_0_of_uint8()
    {
        Graph graph = OnnxImporter.Import(AndBack(Case("QuantizeLinear", [X(3, 2), Scalar(0.5)])).Write(), "m.onnx");
        Assert.Equal(-128, Assert.Single(graph.Nodes, node => node.Opcode == Opcode.Quantize).Output.Quantization!.ZeroPoint);
    }

    // What nobody reads as int8 would be left out.
    private static OperatorCase AndBack(OperatorCase test) => test with
    {
        Opset = 21, GraphOutputs = ["z"], More = [("DequantizeLinear", ["y", "x1", .. test.Inputs.Length > 2 ? new[] { "x2" } : []], ["z"], [])],
    };

    private static void Holds(bool isInt8, CaseTensor scale, CaseTensor zero)
    {
        Graph graph = OnnxImporter.Import(AndBack(Case("QuantizeLinear", [X(3, 2), scale, zero])).Write(), "m.onnx");
        Node[] found = [.. graph.Nodes.Where(node => node.Opcode == Opcode.Quantize)];
        Assert.Equal(isInt8 ? 1 : 0, found.Length);
        if (isInt8)
        {
            Assert.Equal((float)scale.Values[0], found[0].Output.Quantization!.Scale);
            Assert.Equal((int)zero.Values[0] - (zero.Type == U8 ? 128 : 0), found[0].Output.Quantization!.ZeroPoint);
        }
    }
}
