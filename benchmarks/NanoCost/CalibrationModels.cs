using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Writing;
using EdgeInference.Runtime.Stress;

namespace EdgeInference.Benchmarks.NanoCost;

/// <summary>Models of one operator in several shapes, from which the terms of the cost model are fitted.</summary>
internal static class CalibrationModels
{
    private const int LargestFile = 6_000;
    private const int Rounds = 2;

    // Rows long and short, few and many, with as many dimensions as operators ask for.
    private static readonly int[][] shapes = [[1, 3], [1, 40], [12, 4], [4, 4, 6], [1, 6, 6, 4], [1, 9, 5, 8]];

    /// <summary>The models by name, the same on every run.</summary>
    internal static IEnumerable<(string Name, byte[] File)> All()
    {
        int seed = 1;
        foreach (RandomPrograms.Row row in RandomPrograms.Rows)
        {
            bool isMovement = row.Type is TensorType.Int16 or TensorType.Int32 && row.Opcode is Opcode.Transpose or Opcode.Slice or Opcode.Expand or Opcode.Concat or Opcode.Pad or Opcode.Gather or Opcode.Reshape;
            int rounds = isMovement && row.Type is TensorType.Int16 or TensorType.Int32 ? 1 : row.Opcode is Opcode.Unary or Opcode.Binary or Opcode.Reduce or Opcode.Conv ? 2 * Rounds : Rounds;
            for (int round = 0; round < rounds; round++)
            {
                for (int i = 0; i < shapes.Length; i++)
                {
                    byte[] file = new RandomPrograms(seed++).Next(row, shapes[i]);
                    if (file.Length <= LargestFile)
                    {
                        yield return ($"{row.Opcode}_{row.Type}_{round}_{i}", file);
                    }
                }
            }
        }

        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>().Where(kind => kind != ActivationKind.PReLU))
        {
            foreach (int elements in (int[])[4, 40])
            {
                yield return ($"Activation_{kind}_{elements}", Elementwise(Opcode.Activation, (int)kind, elements));
            }
        }

        foreach (UnaryKind kind in Enum.GetValues<UnaryKind>())
        {
            yield return ($"Unary_{kind}", Elementwise(Opcode.Unary, (int)kind, 40));
        }

        // As trained ones are: many trees, small numbers.
        foreach (int levels in (int[])[1, 3, 5, 6])
        {
            yield return ($"Forest_{levels}", ReferenceModels.Trees(24, levels, 9, 1));
            yield return ($"Boosted_{levels}", ReferenceModels.Trees(24, levels, 9, 3));
        }

        foreach (FeatureKind kind in Enum.GetValues<FeatureKind>())
        {
            foreach ((int outputs, int count) in ((int, int)[])[(2, 2), (9, 2), (40, 2), (6, 9), (24, 9)])
            {
                yield return ($"FeatureTransform_{kind}_{outputs}_{count}", Features(kind, outputs, count));
            }
        }
    }

    // The knots or boundaries lie on both sides of 0, the input that programs run with.
    private static byte[] Features(FeatureKind kind, int outputs, int count)
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, outputs], 0);
        int y = builder.AddTensor(TensorType.Float32, [1, outputs], 1024);
        builder.AddInput(x);
        builder.AddOutput(y);
        byte[] sources = [.. Enumerable.Range(0, outputs).Select(i => (byte)i)];
        byte[] kinds = [.. Enumerable.Repeat((byte)kind, outputs)];
        byte[] counts = FeatureTransformRule.HasCount((int)kind) ? [.. Enumerable.Repeat((byte)count, outputs)] : [];
        float[] values = [.. Enumerable.Repeat(0, outputs).SelectMany(_ => Enumerable.Range(0, FeatureTransformRule.ValueCount((int)kind, count)).Select(i => i - (count / 2f) - 0.25f))];
        builder.AddOperator(
            Opcode.FeatureTransform,
            [x, builder.AddConstant(TensorType.Int8, [outputs], sources), builder.AddConstant(TensorType.Int8, [outputs], kinds), Constant(builder, TensorType.Int8, counts, counts.Length), Constant(builder, TensorType.Float32, MemoryMarshal.AsBytes<float>(values), values.Length)],
            [y],
            []);
        return builder.Build();
    }

    private static int Constant(ModelBuilder builder, TensorType type, ReadOnlySpan<byte> data, int elements) =>
        elements == 0 ? -1 : builder.AddConstant(type, [elements], data);

    private static byte[] Elementwise(Opcode opcode, int kind, int elements)
    {
        var builder = new ModelBuilder();
        int x = builder.AddTensor(TensorType.Float32, [1, elements], 0);
        int y = builder.AddTensor(TensorType.Float32, [1, elements], 1024);
        builder.AddInput(x);
        builder.AddOutput(y);
        int one = BitConverter.SingleToInt32Bits(1f);
        builder.AddOperator(opcode, [x], [y], [kind, one, one]);
        return builder.Build();
    }
}
