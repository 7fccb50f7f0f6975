extern alias nano;

using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime;
using Engine = nano::EdgeInference.Nano;

namespace EdgeInference.Nano.Tests.Kernels;

/// <summary>Operators in float32 that add up many numbers stay within 1e-5 of the largest output in double precision, in every engine.</summary>
public class LargeSumTests
{
    private const double Promise = 1e-5;

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (string name in (string[])["AveragePool", "AveragePool5", "Sum", "Mean", "L1", "L2", "SumSquare", "LogSum", "LogSumExp", "Softmax", "LogSoftmax", "LayerNormalization", "RootMeanSquare", "CumSum"])
            {
                cases.Add(name, 160_000);
                cases.Add(name, 1_000_000);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_sum_of_many_numbers_keeps_the_promise(string name, int count)
    {
        // Equal numbers round all the same way; others are drawn.
        foreach (bool equal in (bool[])[true, false])
        {
            var random = new Random(16);
            float[] x = [.. Enumerable.Range(0, Channels(name) * count).Select(_ => equal ? 0.7f : 0.1f + (float)random.NextDouble())];
            double[] expected = Expected(name, x, count);
            // Where all outputs are 0, their inputs say what is large.
            double largest = Math.Max(expected.Max(Math.Abs), name == "LayerNormalization" ? 1 : 0);
            byte[] file = Build(name, count);
            using EdgeModel model = EdgeModel.Load(file);
            foreach (KernelSet kernels in (KernelSet[])[KernelSet.Fast, KernelSet.Reference])
            {
                float[] actual = new float[expected.Length];
                using Session session = model.CreateSession(kernels);
                session.Run(x, actual);
                Check(expected, actual, largest, $"{kernels}, equal: {equal}");
            }

            float[] device = new float[expected.Length];
            new Engine.NanoSession(Engine.NanoModel.Load(file, 1L << 34)).Run(x, device);
            Check(expected, device, largest, $"Nano, equal: {equal}");
        }
    }

    private static void Check(double[] expected, float[] actual, double largest, string engine)
    {
        double worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            worst = Math.Max(worst, Math.Abs(actual[i] - expected[i]) / largest);
            Assert.False(float.IsNaN(actual[i]), engine);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{engine}: {worst:0.0e+0}");
        Assert.True(worst <= Promise, $"{engine}: {worst:0.0e+0}");
    }

    private static int Channels(string name) => name is "AveragePool5" or "Depthwise" ? 5 : 1;

    private static byte[] Build(string name, int count)
    {
        var builder = new ModelBuilder();
        int channels = Channels(name);
        bool isWindow = name is "AveragePool" or "AveragePool5" or "Conv" or "Depthwise";
        int[] shape = isWindow ? [1, 400, count / 400, channels] : [1, count];
        int x = builder.AddTensor(TensorType.Float32, shape, 0);
        int[] outputShape = isWindow ? [1, 1, 1, channels] : Enum.TryParse(name, out ReduceKind _) ? [1, 1] : name is "Dense" or "MatMul" ? [1, 1] : name == "Dense5" ? [1, 5] : shape;
        int y = builder.AddTensor(TensorType.Float32, outputShape, ((channels * count * 4) + 63) / 64 * 64);
        switch (name)
        {
            case "AveragePool" or "AveragePool5":
                builder.AddOperator(Opcode.AveragePool, [x], [y], With(OperatorNames.Parameters(Opcode.AveragePool), ("kernel_h", 400), ("kernel_w", count / 400), ("stride_h", 1), ("stride_w", 1), ("dilation_h", 1), ("dilation_w", 1)));
                break;
            case "Softmax":
                builder.AddOperator(Opcode.Softmax, [x], [y], With(OperatorNames.Parameters(Opcode.Softmax), ("beta(f)", Bits(1f))));
                break;
            case "LogSoftmax":
                builder.AddOperator(Opcode.LogSoftmax, [x], [y], []);
                break;
            case "LayerNormalization" or "RootMeanSquare":
                int[] parameters = new int[OperatorNames.Parameters(Opcode.LayerNormalization).Length];
                parameters[LayerNormalizationRule.Axes] = 1;
                parameters[LayerNormalizationRule.Center] = name == "LayerNormalization" ? 1 : 0;
                parameters[LayerNormalizationRule.Epsilon] = Bits(1e-3f);
                builder.AddOperator(Opcode.LayerNormalization, [x], [y], parameters);
                break;
            case "CumSum":
                builder.AddOperator(Opcode.CumSum, [x], [y], With(OperatorNames.Parameters(Opcode.CumSum), ("axis", 1)));
                break;
            case "Dense" or "Dense5":
                builder.AddOperator(Opcode.Dense, [x, Weights(builder, [name == "Dense" ? 1 : 5, count])], [y], new int[OperatorNames.Parameters(Opcode.Dense).Length]);
                break;
            case "MatMul":
                builder.AddOperator(Opcode.MatMul, [x, Weights(builder, [count, 1])], [y], new int[OperatorNames.Parameters(Opcode.MatMul).Length]);
                break;
            case "Conv" or "Depthwise":
                builder.AddOperator(Opcode.Conv, [x, Weights(builder, [channels, 400, count / 400, 1])], [y], With(OperatorNames.Parameters(Opcode.Conv), ("stride_h", 1), ("stride_w", 1), ("dilation_h", 1), ("dilation_w", 1), ("groups", channels)));
                break;
            default:
                int[] reduce = new int[OperatorNames.Parameters(Opcode.Reduce).Length];
                reduce[ReduceRule.Kind] = (int)Enum.Parse<ReduceKind>(name);
                reduce[ReduceRule.Axes] = 2;
                builder.AddOperator(Opcode.Reduce, [x], [y], reduce);
                break;
        }

        builder.AddInput(x);
        builder.AddOutput(y, OutputRole.Value);
        return builder.Build();
    }

    private static int Weights(ModelBuilder builder, int[] shape)
    {
        int elements = shape.Aggregate((product, size) => product * size);
        return builder.AddConstant(TensorType.Float32, shape, MemoryMarshal.AsBytes<float>([.. Enumerable.Repeat(0.3f, elements)]));
    }

    private static double[] Expected(string name, float[] x, int count)
    {
        double sum = x.Sum(value => (double)value);
        double squares = x.Sum(value => (double)value * value);
        switch (name)
        {
            case "AveragePool": return [sum / count];
            case "AveragePool5": return [.. Enumerable.Range(0, 5).Select(channel => x.Where((_, i) => i % 5 == channel).Sum(value => (double)value) / count)];
            case "Depthwise": return [.. Enumerable.Range(0, 5).Select(channel => x.Where((_, i) => i % 5 == channel).Sum(value => (double)value * 0.3f))];
            case "Sum" or "L1": return [sum];
            case "Mean": return [sum / count];
            case "L2": return [Math.Sqrt(squares)];
            case "SumSquare": return [squares];
            case "LogSum": return [Math.Log(sum)];
            case "LogSumExp": return [Math.Log(x.Sum(value => Math.Exp(value)))];
            case "Softmax":
                double exponentials = x.Sum(value => Math.Exp(value));
                return [.. x.Select(value => Math.Exp(value) / exponentials)];
            case "LogSoftmax":
                double log = Math.Log(x.Sum(value => Math.Exp(value)));
                return [.. x.Select(value => value - log)];
            case "LayerNormalization":
                double mean = sum / count;
                double deviation = Math.Sqrt((x.Sum(value => (value - mean) * (value - mean)) / count) + 1e-3f);
                return [.. x.Select(value => (value - mean) / deviation)];
            case "RootMeanSquare": return [.. x.Select(value => value / Math.Sqrt((squares / count) + 1e-3f))];
            case "CumSum":
                double running = 0;
                return [.. x.Select(value => running += value)];
            default: return [.. Enumerable.Repeat(sum * 0.3f, name == "Dense5" ? 5 : 1)];
        }
    }

    private static int[] With(string[] names, params (string Name, int Value)[] values)
    {
        int[] parameters = new int[names.Length];
        foreach ((string name, int value) in values)
        {
            int at = Array.IndexOf(names, name);
            Assert.True(at >= 0, name);
            parameters[at] = value;
        }

        return parameters;
    }

    private static int Bits(float value) => BitConverter.SingleToInt32Bits(value);
}
