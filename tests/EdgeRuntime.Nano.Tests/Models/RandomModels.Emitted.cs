using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Tests.Models;

/// <summary>What the operators of a random model are.</summary>
internal enum Family
{
    Convolution,
    Pool,
    Arithmetic,
    Movement,
    Reduction,
    All,
}

/// <summary>Models of the operators that code is emitted for.</summary>
internal sealed partial class RandomModels
{
    /// <summary>A few operators of one family, and what converts its type from and to float32 where there is room.</summary>
    internal static byte[] Emitted(int seed, TensorType type, Family family) => new RandomModels(seed).MakeEmitted(type, family);

    private byte[] MakeEmitted(TensorType type, Family family)
    {
        quantization = type == TensorType.Int16 ? RandomInt16Quantization() : RandomQuantization();
        BeginImage(type);
        for (int i = random.Next(1, family == Family.All ? 7 : 4); i > 0; i--)
        {
            switch (family == Family.All ? (Family)random.Next((int)Family.All) : family)
            {
                case Family.Convolution:
                    AddConv(type, canTranspose: false);
                    break;
                case Family.Pool:
                    AddPool(type);
                    break;
                case Family.Arithmetic when type == TensorType.Float32:
                    AddBinary();
                    break;
                case Family.Arithmetic:
                    AddQuantizedArithmetic(type);
                    break;
                case Family.Movement:
                    AddMove(type, random.Next(Moves - 2));
                    break;
                case Family.Reduction when type == TensorType.Float32:
                    AddFloatReduce();
                    break;
                default:
                    AddQuantizedReduce(type);
                    break;
            }
        }

        return End(type != TensorType.Float32 && random.Next(2) == 0);
    }

    private void AddFloatReduce()
    {
        int axes = random.Next(1, 16);
        ReduceKind[] kinds = [ReduceKind.Sum, ReduceKind.Mean, ReduceKind.Max, ReduceKind.Min];
        shape = [.. shape.Select((size, axis) => (axes & (1 << axis)) == 0 ? size : 1)];
        Append(Opcode.Reduce, TensorType.Float32, [(int)kinds[random.Next(kinds.Length)], axes, 0, 0]);
    }
}
