using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize;

namespace EdgeInference.Tool.Tests.Quantize;

/// <summary>Scales and zero points of ranges, worked out by hand: scale = width / 255, zero point = −128 − low / scale.</summary>
public class ValueRangeBoundTests
{
    [Theory]
    [InlineData(-1f, 254f, 1.0, -127)]
    [InlineData(-128f, 127f, 1.0, 0)]
    [InlineData(-127.5f, 127.5f, 1.0, -1)]
    [InlineData(-126.5f, 128.5f, 1.0, -2)]
    [InlineData(-128.5f, 126.5f, 1.0, 1)]
    [InlineData(-1f, 3f, 4.0 / 255, -64)]
    [InlineData(2f, 510f, 2.0, -128)]
    [InlineData(-510f, -2f, 2.0, 127)]
    [InlineData(0f, 255f, 1.0, -128)]
    [InlineData(-255f, 0f, 1.0, 127)]
    [InlineData(5f, 5f, 5.0 / 255, -128)]
    [InlineData(-5f, -5f, 5.0 / 255, 127)]
    [InlineData(0f, 0f, 1.0, -128)]
    [InlineData(0f, 1e-28f, 1.0, -128)]
    [InlineData(0f, 1e-27f, 1e-27 / 255, -128)]
    [InlineData(-3e38f, 3e38f, 6e38 / 255, 0)]
    public void An_int8_range_holds_0_in_255_steps(float low, float high, double scale, int zeroPoint)
    {
        Quantization actual = new ValueRange(low, high).ToInt8();
        Assert.Equal(scale, actual.Scale, scale * 1e-7);
        Assert.InRange(actual.ZeroPoint, low == -3e38f ? -1 : zeroPoint, zeroPoint);
        Assert.Null(actual.Scales);
    }

    [Theory]
    [InlineData(-32767f, 100f, 1.0)]
    [InlineData(-100f, 32767f, 1.0)]
    [InlineData(2f, 65534f, 2.0)]
    [InlineData(-65534f, -2f, 2.0)]
    [InlineData(0f, 0f, 1.0)]
    [InlineData(0f, 3e-26f, 1.0)]
    [InlineData(0f, 3.6e-26f, 3.6e-26 / 32767)]
    public void An_int16_range_is_symmetric_around_0(float low, float high, double scale)
    {
        Quantization actual = new ValueRange(low, high).ToInt16();
        Assert.Equal(scale, actual.Scale, scale * 1e-7);
        Assert.Equal(0, actual.ZeroPoint);
    }

    [Fact]
    public void Widening_multiplies_both_ends() => Assert.Equal(new ValueRange(-3f, 8f), new ValueRange(-1.5f, 4f).Widened(2f));
}
