using EdgeInference.ModelFormat;
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
    }

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
