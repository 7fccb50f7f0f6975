using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Tests.Kernels.Reduction;

public unsafe class VectorReductionTests
{
    public static TheoryData<int> Lengths => [.. Enumerable.Range(1, 40), 63, 64, 65, 127, 1000];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Sums_have_the_bits_of_the_scalar_twin(int length)
    {
        float[] x = Draw(length);
        fixed (float* elements = x)
        {
            Assert.Equal(VectorReduction.SumScalar(elements, length), VectorReduction.Sum(elements, length));
            Assert.Equal(x.Sum(value => (double)value), VectorReduction.Sum(elements, length), 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Each_element_goes_to_its_own_sum(int length)
    {
        float[] x = Draw(length);
        double[] sums = [.. Enumerable.Range(0, length + 1).Select(i => i / 3.0)];
        fixed (float* elements = x)
        fixed (double* totals = sums)
        {
            VectorReduction.AddEach(totals, elements, length);
        }

        Assert.Equal(x.Select((value, i) => (i / 3.0) + value).Append(length / 3.0), sums);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void The_largest_and_the_smallest_are_found_wherever_they_are(int length)
    {
        for (int place = 0; place < length; place++)
        {
            float[] x = Draw(length);
            x[place] = 7;
            Assert.Equal(7, Of<Larger>(x));
            Assert.Equal(7, Of<LargerIfNumbers>(x));
            x[place] = -7;
            Assert.Equal(-7, Of<Smaller>(x));
            x[place] = float.NaN;
            Assert.True(float.IsNaN(Of<Larger>(x)));
            Assert.True(float.IsNaN(Of<Smaller>(x)));
        }
    }

    [Fact]
    public void Of_two_zeros_the_positive_is_larger()
    {
        Assert.False(float.IsNegative(Of<Larger>([-0f, 0f])));
        Assert.False(float.IsNegative(Of<Larger>([0f, -0f])));
        Assert.True(float.IsNegative(Of<Smaller>([-0f, 0f])));
        Assert.True(float.IsNegative(Of<Smaller>([0f, -0f])));
    }

    private static float Of<TChoice>(float[] x)
        where TChoice : struct, IChoice
    {
        fixed (float* elements = x)
        {
            return VectorExtreme<TChoice>.Of(elements, x.Length);
        }
    }

    private static float[] Draw(int length)
    {
        var random = new Random(length);
        return [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f)];
    }
}
