using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Reduction;

/// <summary>
/// The distances of a vector from constant points, as support vector machines and nearest neighbours begin: Sub and Reduce to sums of squares,
/// or Sub, Mul by itself and Reduce to sums, at once and with their bits.
/// </summary>
internal static unsafe class SquaredDistanceKernel
{
    /// <summary>Whether operators say such distances, and the kernel of all of them then.</summary>
    /// <param name="difference">The context of the first operator.</param>
    /// <param name="following">The operators behind it.</param>
    /// <param name="isOnlyReader">Whether a tensor is read by so many inputs and is no output.</param>
    /// <param name="kernel">The kernel.</param>
    /// <returns>Operators that the kernel does, 0 if it is none.</returns>
    internal static int Bind(in BindContext difference, ReadOnlySpan<OperatorRecord> following, Func<TensorInfo, int, bool> isOnlyReader, out BoundKernel kernel)
    {
        kernel = default;
        if (difference.Operator.Opcode != Opcode.Sub || difference.Input(0).Type != TensorType.Float32 || following.IsEmpty)
        {
            return 0;
        }

        TensorInfo differences = difference.Output();
        bool squares = following.Length > 1 && following[0].Opcode == Opcode.Mul
            && following[0].Inputs[0] == differences && following[0].Inputs[1] == differences
            && following[0].Outputs[0].Storage == TensorStorage.Arena && isOnlyReader(following[0].Outputs[0], 1);
        OperatorRecord sum = following[squares ? 1 : 0];
        int points = Points(difference, out int x);
        if (points < 0 || differences.Storage != TensorStorage.Arena || !isOnlyReader(differences, squares ? 2 : 1)
            || !IsSum(sum, squares ? following[0].Outputs[0] : differences, squares ? ReduceKind.Sum : ReduceKind.SumSquare))
        {
            return 0;
        }

        int depth = differences.LastDimension;
        var packing = new Packing { Points = (float*)difference.InputData(points), Count = differences.Elements / depth, Depth = depth };
        long rounded = (packing.Count + SquaredDistances.Together - 1L) / SquaredDistances.Together * SquaredDistances.Together;
        var arguments = new Arguments
        {
            X = (float*)difference.InputData(x),
            Copy = (float*)difference.Scratch((long)depth * sizeof(float)),
            Points = (float*)difference.Shared(rounded * depth * sizeof(float), packing, Pack, isForRunsOnly: true),
            Output = (float*)difference.Of(sum).OutputData(),
            Count = packing.Count,
            Depth = depth,
            RoundsSquares = squares,
        };
        kernel = new BoundKernel(&Run, difference.Keep(arguments));
        return squares ? 3 : 2;
    }

    /// <summary>The input that holds points, or −1 where the other is not one vector that all of them are compared with.</summary>
    internal static int Points(in BindContext difference, out int x)
    {
        int points = difference.Input(0).Storage == TensorStorage.Constant ? 0 : 1;
        x = 1 - points;
        TensorInfo all = difference.Output();
        TensorInfo vector = difference.Input(x);
        return difference.Input(points).Storage == TensorStorage.Constant && vector.Storage != TensorStorage.Constant
            && all.Rank > 0 && vector.Rank > 0
            && difference.Input(points).Elements == all.Elements
            && vector.Elements == all.LastDimension && vector.LastDimension == all.LastDimension ? points : -1;
    }

    /// <summary>Whether an operator adds a tensor's numbers, or their squares, along its last axis.</summary>
    internal static bool IsSum(OperatorRecord record, TensorInfo of, ReduceKind kind) =>
        record.Opcode == Opcode.Reduce && record.Inputs[0] == of
            && record.Int(ReduceRule.Kind) == (int)kind && record.Int(ReduceRule.Axes) == 1 << (of.Rank - 1);

    private static void Pack(byte* destination, Packing packing)
    {
        float* target = (float*)destination;
        for (int first = 0; first < packing.Count; first += SquaredDistances.Together)
        {
            for (int i = 0; i < packing.Depth; i++)
            {
                for (int lane = 0; lane < SquaredDistances.Together; lane++)
                {
                    int point = first + lane;
                    *target++ = point < packing.Count ? packing.Points[((nint)point * packing.Depth) + i] : 0f;
                }
            }
        }
    }

    private static void Run(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);

        // The sums may lie where x is, which only the first operator reads.
        for (int i = 0; i < a.Depth; i++)
        {
            a.Copy[i] = a.X[i];
        }

        SquaredDistances.Run(a.Copy, a.Points, a.Depth, a.Output, a.Count, a.RoundsSquares);
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Packing
    {
        internal float* Points;
        internal int Count;
        internal int Depth;
    }

    private struct Arguments
    {
        internal float* X;
        internal float* Copy;
        internal float* Points;
        internal float* Output;
        internal int Count;
        internal int Depth;
        internal bool RoundsSquares;
    }
}
