using System.Numerics;
using EdgeInference.ModelTraining;
using EdgeInference.Runtime.Activations;

namespace EdgeInference.Tool.Tests.Learners;

/// <summary>Exponentials of several numbers: near the scalar one, and in no way dependent on their neighbours.</summary>
public class VectorExpTests
{
    [Fact]
    public void It_is_within_two_units_of_the_scalar_one()
    {
        for (int i = -7000; i <= 7000; i++)
        {
            double x = i * 0.0999;
            double expected = PortableMath.Exp(x);
            double actual = VectorExp.Of(new Vector<double>(x))[0];
            Assert.True(Math.Abs(BitConverter.DoubleToInt64Bits(expected) - BitConverter.DoubleToInt64Bits(actual)) <= 2, $"e^{x}: {actual:R}, expected {expected:R}.");
        }
    }

    [Fact]
    public void An_element_has_the_same_bits_in_each_place()
    {
        double[] values = [0, -0.0, 1, -1, 30.5, -700, 699.9, 1e-300, -745, 1000];
        foreach (double x in values)
        {
            double[] all = new double[Vector<double>.Count];
            for (int place = 0; place < all.Length; place++)
            {
                Array.Fill(all, 3.25);
                all[place] = x;
                Assert.Equal(VectorExp.Of(new Vector<double>(x))[0], VectorExp.Of(new Vector<double>(all))[place]);
            }
        }

        Assert.Equal(1.0, VectorExp.Of(Vector<double>.Zero)[0]);
        Assert.Equal(VectorExp.Of(new Vector<double>(700.0))[0], VectorExp.Of(new Vector<double>(1000.0))[0]);
    }
}
