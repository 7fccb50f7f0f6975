using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Quantize;

public class Int16TableBuilderTests
{
    // SHA-256 of the 65,536 correctly rounded outputs, drawn with mpmath from formulas written apart from this code.
    private static readonly string[][] rows =
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "TestData", "int16-tables.csv")).Skip(1).Select(line => line.Split(','))];

    public static TheoryData<string> Names => [.. ActivationFunctions.All.Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void All_outputs_are_the_correctly_rounded_ones_in_two_kibibytes(string name)
    {
        string[][] mine = [.. rows.Where(row => row[0] == name)];
        Assert.True(mine.Length >= 2, $"{mine.Length} reference tables of {name}");
        foreach (string[] row in mine)
        {
            UnaryFunction function = UnaryFunction.Of(ActivationFunctions.Find(name)!.Kind, Float(row[1]), Float(row[2]));
            Int16Table table = Int16TableBuilder.Build(function, Float(row[3]), Float(row[4]));
            Assert.Equal(row[5], Hash(table.Segments));
            Assert.Equal(0, table.Misrounded);
            Assert.InRange(table.Bytes, 20, 2048);
        }
    }

    [Theory]
    [InlineData("Sigmoid")]
    [InlineData("Tanh")]
    public void At_any_scale_none_is_misrounded(string name)
    {
        UnaryFunction function = UnaryFunction.Of(ActivationFunctions.Find(name)!.Kind);
        var random = new Random(16);
        for (int i = 0; i < 20; i++)
        {
            float inputScale = (float)Math.Pow(2, -16 + (random.NextDouble() * 12));
            float outputScale = (float)((0.5 + random.NextDouble()) / 32768);
            Int16Table table = Int16TableBuilder.Build(function, inputScale, outputScale);
            Assert.True(table is { Misrounded: 0, Bytes: <= 2048 }, $"scales {inputScale:R} and {outputScale:R}: {table.Misrounded} misrounded, {table.Bytes} bytes");
        }
    }

    [Fact]
    public void A_function_too_wild_for_the_budget_stays_within_one_of_the_exact_value()
    {
        Int16Table wild = Int16TableBuilder.Build(x => Math.Sin(x * 50), 1f / 4096, 1f / 32768);
        Assert.True(wild.MaxError <= 1, $"{wild.MaxError}");
        AssertErrorIs(wild, x => Math.Sin(x * 50), 1f / 4096, 1f / 32768);
    }

    [Fact]
    public void A_function_slightly_too_wild_is_followed_as_closely_as_fits()
    {
        static double Wave(double x) => Math.Sin(x * 2);
        Int16Table table = Int16TableBuilder.Build(Wave, 1f / 4096, 1f / 32768);
        Assert.InRange(table.Bytes, 1500, 2048);
        Assert.InRange(table.Misrounded, 1, 8000);
        AssertErrorIs(table, Wave, 1f / 4096, 1f / 32768);
    }

    [Theory]
    [InlineData(TensorType.Int16)]
    [InlineData(TensorType.Int8)]
    public void Fast_and_reference_kernels_agree_on_all_inputs(TensorType output)
    {
        Int16Table table = output == TensorType.Int16
            ? Int16TableBuilder.Build(UnaryFunction.Of(ActivationKind.GELU), 1f / 4096, 1f / 4096)
            : Int16TableBuilder.Build(UnaryFunction.Of(ActivationKind.Sigmoid), 1f / 4096, 1f / 256, outputZeroPoint: -128, min: -128, max: 127);
        int[] prepared = InterpolationTable.Prepare(table.Segments);
        using EdgeModel model = EdgeModel.Load(Model(table.Segments, output));
        foreach (KernelSet kernels in Enum.GetValues<KernelSet>())
        {
            using Session session = model.CreateSession(kernels);
            Span<short> input = session.Input<short>();
            for (int i = 0; i < input.Length; i++)
            {
                input[i] = (short)(i + short.MinValue);
            }

            session.Run();
            for (int i = 0; i < input.Length; i++)
            {
                int actual = output == TensorType.Int16 ? session.Output<short>()[i] : session.Output<sbyte>()[i];
                Assert.Equal(InterpolationTable.Evaluate(i + short.MinValue, prepared), actual);
            }
        }
    }

    [Theory]
    [InlineData(0, 1, "order")]
    [InlineData(5, -32768 * 32, "order")]
    [InlineData(5, 32768 * 32, "order")]
    [InlineData(5, 17, "shift")]
    public void A_damaged_table_is_refused(int element, int value, string expected)
    {
        int[] segments = Int16TableBuilder.Build(UnaryFunction.Of(ActivationKind.Tanh), 1f / 4096, 1f / 32768).Segments;
        segments[element] = value;
        var exception = Assert.Throws<ModelFormatException>(() => Model(segments, TensorType.Int16));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    private static byte[] Model(int[] segments, TensorType output)
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Int16, [1, 65536], 0, new TensorQuantization(1f / 4096, 0));
        int y = builder.AddTensor(output, [1, 65536], 131072, new TensorQuantization(1f / 256, output == TensorType.Int8 ? -128 : 0));
        int table = builder.AddConstant(TensorType.Int32, [segments.Length], MemoryMarshal.AsBytes<int>(segments));
        builder.AddInput(x);
        builder.AddOutput(y);
        builder.AddOperator(Opcode.Table, [x, table], [y], []);
        return builder.Build();
    }

    private static void AssertErrorIs(Int16Table table, Func<double, double> function, float inputScale, float outputScale)
    {
        int[] prepared = InterpolationTable.Prepare(table.Segments);
        double worst = 0;
        for (int x = short.MinValue; x <= short.MaxValue; x++)
        {
            double exact = Math.Clamp(function((double)inputScale * x) / outputScale, short.MinValue, short.MaxValue);
            worst = Math.Max(worst, Math.Abs(InterpolationTable.Evaluate(x, prepared) - exact));
        }

        Assert.Equal(worst, table.MaxError, 1e-9);
    }

    private static string Hash(int[] segments)
    {
        int[] prepared = InterpolationTable.Prepare(segments);
        short[] outputs = [.. Enumerable.Range(short.MinValue, 65536).Select(x => (short)InterpolationTable.Evaluate(x, prepared))];
        return Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<short>(outputs)));
    }

    private static float Float(string bits) => BitConverter.Int32BitsToSingle(int.Parse(bits, CultureInfo.InvariantCulture));
}
