using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using EdgeRuntime.Kernels.Simd;
using ModelFormat;
using ModelFormat.Rules;

namespace EdgeRuntime.Kernels.Int8;

/// <summary>
/// Dense with int8 activations and weights: an int32 accumulator, requantized as in the TensorFlow Lite quantization
/// specification, clamped, and looked up in a table where the operator has one. Picks the kernel for this processor once,
/// when it is bound; holds the scalar twin that they are tested against.
/// </summary>
internal static unsafe class DenseKernel
{
    // Inputs that are prepared in whole vectors beyond a row.
    private const int VectorRoom = 64;

    internal static BoundKernel Bind(in BindContext context)
    {
        TensorRecord weights = context.Input(1);
        OperatorRecord record = context.Operator;
        int units = weights.Dimension(0);
        var arguments = new DenseArguments
        {
            Input = (sbyte*)context.InputData(0),
            Weights = context.InputData(1),
            Output = context.OutputData(),
            Units = units,
            Depth = weights.Dimension(1),
            Segments = 1,
            Rows = context.Elements(0) / weights.Dimension(1),
            OutputBytes = units * TensorTypes.SizeOf(context.Output().Type),
            Sums = (int*)context.Scratch((long)Requantizer.Padded(units) * sizeof(int)),
            Requantization = Requantizer.Bind(in context, 3, units),
        };
        arguments.Requantization.ZeroPoint = record.Int(DenseRule.ZeroPoint);
        arguments.Requantization.Min = record.Int(DenseRule.Min);
        arguments.Requantization.Max = record.Int(DenseRule.Max);
        arguments.Requantization.Table = context.InputData(5);

        // The fast kernels read up to a vector beyond a row; only the arena has room behind it.
        bool fast = context.Fast && context.Input(0).Storage != TensorStorage.Constant;
        arguments.Requantize = Requantizer.Function(fast, units);
        delegate*<void*, void> function = fast ? Prepare(in context, ref arguments) : null;
        return function == null ? BindReference(in context, arguments) : new BoundKernel(function, context.Keep(arguments));
    }

    // The kernel for this processor, or null where it has none or the weights are too large to pack.
    private static delegate*<void*, void> Prepare(in BindContext context, ref DenseArguments arguments) =>
        !Vector128.IsHardwareAccelerated ? null
            : AvxVnni.IsSupported ? Prepare<VnniLanes256, Vector256<int>>(in context, ref arguments)
            : Vector512.IsHardwareAccelerated ? Prepare<PairLanes512, Vector512<int>>(in context, ref arguments)
            : Avx2.IsSupported ? Prepare<PairLanes256, Vector256<int>>(in context, ref arguments)
            : Sse2.IsSupported ? Prepare<PairLanes128, Vector128<int>>(in context, ref arguments)
            : Dp.IsSupported ? Prepare<ArmDotLanes128, Vector128<int>>(in context, ref arguments)
            : AdvSimd.IsSupported ? Prepare<ArmWideningLanes128, Vector128<int>>(in context, ref arguments)
            : null;

    /// <summary>Packs the operator's weights and bias, or gives false where they are too large.</summary>
    internal static bool TryPack<TLanes, TVector>(in BindContext context, ref DenseArguments arguments)
        where TLanes : struct, IDotLanes<TVector>
        where TVector : struct
    {
        DensePacking packing = Packing(in context, arguments);
        long weightBytes = DensePanels<TLanes, TVector>.WeightBytes(packing);
        if (weightBytes > int.MaxValue)
        {
            return false;
        }

        arguments.Weights = context.Shared("weights", (int)weightBytes, packing, DensePanels<TLanes, TVector>.PackWeights);
        int biasBytes = DensePanels<TLanes, TVector>.PaddedUnits(arguments.Units) * sizeof(int);
        arguments.Bias = (int*)context.Shared("panel bias", biasBytes, packing, DensePanels<TLanes, TVector>.PackBias);
        return true;
    }

    private static delegate*<void*, void> Prepare<TLanes, TVector>(in BindContext context, ref DenseArguments arguments)
        where TLanes : struct, IDotLanes<TVector>
        where TVector : struct
    {
        if (!TryPack<TLanes, TVector>(in context, ref arguments))
        {
            return null;
        }

        if (TLanes.Size == 2)
        {
            arguments.Prepared = context.Scratch(((long)arguments.Depth + VectorRoom) * TLanes.Size);
        }

        return &DensePanels<TLanes, TVector>.Run;
    }

    private static BoundKernel BindReference(in BindContext context, DenseArguments arguments)
    {
        arguments.Requantize = Requantizer.Function(fast: false, arguments.Units);
        arguments.Bias = (int*)context.Shared("folded bias", (long)arguments.Units * sizeof(int), Packing(in context, arguments), FoldBias);
        return new BoundKernel(&RunReference, context.Keep(arguments));
    }

    private static DensePacking Packing(in BindContext context, DenseArguments arguments) => new()
    {
        Weights = (sbyte*)context.InputData(1),
        Bias = (int*)context.InputData(2),
        Units = arguments.Units,
        Depth = arguments.Depth,
        Segments = arguments.Segments,
        InputZeroPoint = context.Input(0).ZeroPoint,
    };

    private static void FoldBias(byte* destination, DensePacking packing)
    {
        for (int unit = 0; unit < packing.Units; unit++)
        {
            ((int*)destination)[unit] = packing.FoldedBias(unit, 0);
        }
    }

    private static void RunReference(void* pointer)
    {
        DenseArguments* a = (DenseArguments*)pointer;
        for (int row = 0; row < a->Rows; row++)
        {
            sbyte* x = a->Input + ((long)row * a->Depth);
            for (int unit = 0; unit < a->Units; unit++)
            {
                sbyte* w = (sbyte*)a->Weights + ((long)unit * a->Depth);
                int sum = a->Bias[unit];
                for (int i = 0; i < a->Depth; i++)
                {
                    sum += x[i] * w[i];
                }

                a->Sums[unit] = sum;
            }

            a->Requantize(a->Sums, &a->Requantization, a->Output + ((long)row * a->OutputBytes), a->Units);
        }
    }
}
