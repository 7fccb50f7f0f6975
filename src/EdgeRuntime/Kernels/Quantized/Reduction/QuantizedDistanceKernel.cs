using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Kernels.Float32.Reduction;
using EdgeInference.Runtime.Simd.Int8;

namespace EdgeInference.Runtime.Kernels.Quantized.Reduction;

/// <summary>
/// The distances of an int8 vector from constant points, as quantized support vector machines and nearest neighbours begin: Sub of int8, Dequantize, and
/// Reduce to sums of squares, at once and with their bits. What Sub makes of a point before the difference is kept packed.
/// </summary>
internal static unsafe class QuantizedDistanceKernel
{
    private const int Operators = 3;

    /// <summary>Whether operators say such distances, and the kernel of all of them then.</summary>
    /// <param name="difference">The context of the first operator.</param>
    /// <param name="following">The operators behind it.</param>
    /// <param name="isOnlyReader">Whether a tensor is read by so many inputs and is no output.</param>
    /// <param name="kernel">The kernel.</param>
    /// <returns>Operators that the kernel does, 0 if it is none.</returns>
    internal static int Bind(in BindContext difference, ReadOnlySpan<OperatorRecord> following, Func<TensorInfo, int, bool> isOnlyReader, out BoundKernel kernel)
    {
        kernel = default;
        OperatorRecord record = difference.Operator;
        if (!QuantizedDistances.IsSupported || record.Opcode != Opcode.Sub || difference.Input(0).Type != TensorType.Int8 || following.Length < Operators - 1)
        {
            return 0;
        }

        OperatorRecord dequantize = following[0];
        OperatorRecord sum = following[1];
        TensorInfo differences = difference.Output();
        TensorInfo numbers = dequantize.Outputs[0];
        int points = SquaredDistanceKernel.Points(difference, out int x);

        // A difference whose last shift is to the right, as exporters write it, stays so far within int32 that it can be doubled and rounded.
        int shift = record.Int(BinaryRule.Shift);
        if (points < 0 || shift >= 0 || dequantize.Opcode != Opcode.Dequantize || dequantize.Inputs[0] != differences
            || differences.Storage != TensorStorage.Arena || !isOnlyReader(differences, 1)
            || numbers.Storage != TensorStorage.Arena || !isOnlyReader(numbers, 1)
            || !SquaredDistanceKernel.IsSum(sum, numbers, ReduceKind.SumSquare))
        {
            return 0;
        }

        int depth = differences.LastDimension;
        var packing = new Packing
        {
            Points = (sbyte*)difference.InputData(points),
            Count = differences.Elements / depth,
            Depth = depth,
            Side = Side.Of(in difference, points),
        };
        long rounded = (packing.Count + QuantizedDistances.Together - 1L) / QuantizedDistances.Together * QuantizedDistances.Together;
        var arguments = new Arguments
        {
            X = (sbyte*)difference.InputData(x),
            Side = Side.Of(in difference, x),
            Scaled = (int*)difference.Scratch((long)depth * sizeof(int)),
            Points = (int*)difference.Shared(rounded * depth * sizeof(int), packing, Pack, isForRunsOnly: true),
            Output = (float*)difference.Of(sum).OutputData(),
            Count = packing.Count,
            Factor = new DistanceFactor
            {
                Depth = depth,
                Multiplier = record.Int(BinaryRule.Multiplier),
                Right = -shift,
                Low = record.Int(BinaryRule.Min) - differences.ZeroPoint,
                High = record.Int(BinaryRule.Max) - differences.ZeroPoint,
                Scale = differences.Scale,
            },
        };
        kernel = new BoundKernel(&Run, difference.Keep(arguments));
        return Operators;
    }

    private static void Pack(byte* destination, Packing packing)
    {
        int* target = (int*)destination;
        for (int first = 0; first < packing.Count; first += QuantizedDistances.Together)
        {
            for (int i = 0; i < packing.Depth; i++)
            {
                for (int lane = 0; lane < QuantizedDistances.Together; lane++)
                {
                    int point = first + lane;
                    *target++ = point < packing.Count ? packing.Side.Scale(packing.Points[((nint)point * packing.Depth) + i]) : 0;
                }
            }
        }
    }

    private static void Run(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);

        // The sums may lie where x is, which only the first operator reads.
        for (int i = 0; i < a.Factor.Depth; i++)
        {
            a.Scaled[i] = a.Side.Scale(a.X[i]);
        }

        QuantizedDistances.Run(a.Scaled, a.Points, in a.Factor, a.Output, a.Count);
    }

    /// <summary>What an input of Sub becomes before the difference, negative for the second, in the units of <see cref="QuantizedDistances"/>.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Side
    {
        private int zeroPoint;
        private int multiplier;
        private int shift;
        private int times;

        internal static Side Of(in BindContext difference, int input) => new()
        {
            zeroPoint = difference.Input(input).ZeroPoint,
            multiplier = difference.Operator.Int(input == 0 ? BinaryRule.MultiplierA : BinaryRule.MultiplierB),
            shift = difference.Operator.Int(input == 0 ? BinaryRule.ShiftA : BinaryRule.ShiftB),
            times = input == 0 ? QuantizedDistances.Units : -QuantizedDistances.Units,
        };

        internal readonly int Scale(sbyte code) =>
            times * FixedPoint.Requantize((code - zeroPoint) << BinaryRule.LeftShiftOf(TensorType.Int8), multiplier, shift);
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Packing
    {
        internal sbyte* Points;
        internal int Count;
        internal int Depth;
        internal Side Side;
    }

    private struct Arguments
    {
        internal sbyte* X;
        internal Side Side;
        internal int* Scaled;
        internal int* Points;
        internal float* Output;
        internal int Count;
        internal DistanceFactor Factor;
    }
}
