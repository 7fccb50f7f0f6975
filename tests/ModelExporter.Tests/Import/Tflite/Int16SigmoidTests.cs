using EdgeInference.ModelConverter.Import.Tflite.Tables;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.Tool.Tests.Import.Tflite;

public class Int16SigmoidTests
{
    [Theory]
    [InlineData(ActivationKind.Sigmoid, 1f / 4096)]
    [InlineData(ActivationKind.Sigmoid, 0.00093f)]
    [InlineData(ActivationKind.Tanh, 1f / 4096)]
    [InlineData(ActivationKind.Tanh, 1f / 2048)]
    [InlineData(ActivationKind.Tanh, 0.0018f)]
    public void A_table_that_fits_follows_the_rule_everywhere(ActivationKind kind, float scale)
    {
        Int16Table table = Int16SigmoidTables.Table(kind, scale, 1f / 32768);
        Assert.InRange(table.Bytes, 20, Int16SigmoidTables.MostBytes);
        Assert.Equal((0, 0), Distance(table, kind, scale));
    }

    // The rule itself is held to the reference kernels by the operator cases.
    [Theory]
    [InlineData(ActivationKind.Sigmoid, 2)]
    [InlineData(ActivationKind.Tanh, 3)]
    public void Another_table_is_correctly_rounded_and_a_few_steps_from_the_rule(ActivationKind kind, int most)
    {
        int rounded = 0;
        for (int i = 0; i < 12; i++)
        {
            float scale = (float)Math.Pow(2, -16 + (i * 0.43));
            Int16Table table = Int16SigmoidTables.Table(kind, scale, 1f / 32768);
            (int differ, int steps) = Distance(table, kind, scale);
            Assert.InRange(steps, 0, most);
            rounded += differ > 0 ? 1 : 0;
            Assert.True(differ == 0 || table.Bytes <= Int16TableBuilder.DefaultBudget, $"scale {scale}: {table.Bytes} bytes");
        }

        Assert.InRange(rounded, 6, 12);
    }

    private static (int Differ, int Steps) Distance(Int16Table table, ActivationKind kind, float scale)
    {
        var rule = Int16SigmoidTables.At(kind, scale);
        int[] prepared = InterpolationTable.Prepare(table.Segments);
        int differ = 0;
        int steps = 0;
        for (int x = short.MinValue; x <= short.MaxValue; x++)
        {
            int expected = kind == ActivationKind.Tanh ? rule.Tanh(x) : rule.Logistic(x);
            int distance = Math.Abs(InterpolationTable.Evaluate(x, prepared) - expected);
            differ += distance == 0 ? 0 : 1;
            steps = Math.Max(steps, distance);
        }

        return (differ, steps);
    }
}
