extern alias nano;

using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;
using Engine = nano::EdgeInference.Nano;

namespace EdgeInference.Nano.Tests.Kernels.Reduction;

public class LogSoftmaxTests
{
    [Fact]
    public void Rows_equal_the_desktop_engine_within_1e_5()
    {
        // Rounding x − max in float32 moves the exponential by up to 2⁻¹⁸ of itself where the difference is 100.
        var random = new Random(5);
        for (int trial = 0; trial < 300; trial++)
        {
            int rows = random.Next(1, 4);
            int depth = random.Next(1, 40);
            float spread = MathF.Pow(10, (random.NextSingle() * 3) - 1);
            float[] x = [.. Enumerable.Range(0, rows * depth).Select(_ => (random.NextSingle() - 0.5f) * spread)];
            byte[] file = Model(rows, depth);
            float[] expected = Desktop(file, x);
            float[] actual = Device(file, x);
            for (int i = 0; i < x.Length; i++)
            {
                Assert.True(MathF.Abs(expected[i] - actual[i]) <= 1e-5f * MathF.Max(MathF.Abs(expected[i]), 1e-30f), $"{actual[i]:R} for {expected[i]:R}");
            }
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void What_is_no_number_makes_its_row_NaN(float x) => Assert.All(Device(Model(1, 3), [1, x, 2]), y => Assert.True(float.IsNaN(y)));

    private static byte[] Model(int rows, int depth)
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [rows, depth], 0);
        int output = builder.AddTensor(TensorType.Float32, [rows, depth], 1024);
        builder.AddInput(input);
        builder.AddOutput(output);
        builder.AddOperator(Opcode.LogSoftmax, [input], [output], []);
        return builder.Build();
    }

    private static float[] Desktop(byte[] file, float[] x)
    {
        using EdgeModel model = EdgeModel.Load(file);
        using Session session = model.CreateSession();
        var y = new float[x.Length];
        session.Run(x, y);
        return y;
    }

    private static float[] Device(byte[] file, float[] x)
    {
        var session = new Engine.NanoSession(Engine.NanoModel.Load(file));
        var y = new float[x.Length];
        session.Run(x, y);
        return y;
    }
}
