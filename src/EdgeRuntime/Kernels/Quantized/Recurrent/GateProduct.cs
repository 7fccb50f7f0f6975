using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Kernels.Int16;
using EdgeInference.Runtime.Kernels.Int8;
using EdgeInference.Runtime.Kernels.Int8.Dense;
using WideArguments = EdgeInference.Runtime.Kernels.Int16.Dense.DenseArguments;
using WideDense = EdgeInference.Runtime.Kernels.Int16.Dense.DenseKernel;

namespace EdgeInference.Runtime.Kernels.Quantized.Recurrent;

/// <summary>A product of a recurrent layer, of one step or more: rows of the input or of the state by the weights of all gates, to int16.</summary>
internal unsafe struct GateProduct
{
    private BoundKernel kernel;
    private byte** input;
    private int* rows;

    /// <summary>Of the input, with the bias.</summary>
    internal static GateProduct OfInput(in BindContext context, int units, int rows, short* gates) =>
        Of(in context, new Part(1, 3, QuantizedLSTMRule.InputFactors, 0, units, rows), context.Input(0), gates);

    /// <summary>Of some units by the state, which has the place of the last, with the bias where the operator has one.</summary>
    internal static GateProduct OfState(in BindContext context, int first, int units, short* gates)
    {
        int bias = context.Operator.Opcode == Opcode.QuantizedRecurrent ? QuantizedRecurrentRule.StateBias : -1;
        return Of(in context, new Part(2, bias, QuantizedLSTMRule.StateFactors, first, units, context.Input(0).Dimension(1)), context.Output(1), gates);
    }

    /// <summary>Writes the gates of some rows, no more than it was made for.</summary>
    internal readonly void Run(byte* first, int count)
    {
        *input = first;
        *rows = count;
        kernel.Run();
    }

    private static GateProduct Of(in BindContext context, Part part, TensorInfo source, short* gates)
    {
        byte* bias = part.Bias < 0 ? null : context.InputData(part.Bias);
        if (bias != null)
        {
            bias += (nint)part.First * TensorTypes.SizeOf(context.Input(part.Bias).Type);
        }

        return source.Type == TensorType.Int8
            ? Narrow(in context, part, (int*)bias, source, gates)
            : Wide(in context, part, (long*)bias, gates);
    }

    private static GateProduct Narrow(in BindContext context, Part part, int* bias, TensorInfo source, short* gates)
    {
        TensorInfo weights = context.Input(part.Weights);

        // The fast kernels read up to a vector beyond a row; only the arena has room behind it.
        bool fast = context.Fast && source.Storage != TensorStorage.Constant;
        var arguments = new DenseArguments
        {
            Output = (byte*)gates,
            Units = part.Units,
            Depth = weights.Dimension(1),
            Segments = 1,
            Rows = part.Rows,
            OutputBytes = weights.Dimension(0) * sizeof(short),
            Sums = (int*)context.Scratch((long)Requantizer.Padded(part.Units) * sizeof(int)),
            Requantization = Requantizer.BindInt16(in context, part.Units, part.Factors, part.First),
            Requantize = Requantizer.Function(in context, fast, part.Units, part.Factors, weights.Dimension(1), source, bias),
        };
        var packing = new DensePacking
        {
            Weights = (sbyte*)context.InputData(part.Weights) + ((nint)part.First * arguments.Depth),
            Bias = bias,
            Units = part.Units,
            Depth = arguments.Depth,
            Segments = 1,
            InputZeroPoint = source.ZeroPoint,
        };
        if (fast)
        {
            RowRequantizer.Bind(in context, ref arguments.Requantization, packing.Weights, bias, part.Units, arguments.Depth, source.ZeroPoint);
        }

        BoundKernel kernel = DenseKernel.Bind(in context, arguments, packing, fast, out DenseArguments* kept);
        return new GateProduct { kernel = kernel, input = (byte**)&kept->Input, rows = &kept->Rows };
    }

    private static GateProduct Wide(in BindContext context, Part part, long* bias, short* gates)
    {
        TensorInfo weights = context.Input(part.Weights);
        int depth = weights.Dimension(1);
        var arguments = new WideArguments
        {
            Weights = (sbyte*)context.InputData(part.Weights) + ((nint)part.First * depth),
            Output = (byte*)gates,
            OutputBytes = weights.Dimension(0) * sizeof(short),
            Units = part.Units,
            Depth = depth,
            Rows = part.Rows,
            Requantization = WideRequantization.BindInt16(in context, part.Units, bias, part.Factors, part.First),
        };
        BoundKernel kernel = WideDense.Bind(in context, arguments, out WideArguments* kept);
        return new GateProduct { kernel = kernel, input = (byte**)&kept->Input, rows = &kept->Rows };
    }

    /// <summary>Some units of a product.</summary>
    /// <param name="Weights">Position of the weights among the inputs.</param>
    /// <param name="Bias">Position of the bias, −1 for none.</param>
    /// <param name="Factors">Position of the multipliers.</param>
    /// <param name="First">The first unit.</param>
    /// <param name="Units">Number of units.</param>
    /// <param name="Rows">Rows at once, at most.</param>
    private readonly record struct Part(int Weights, int Bias, int Factors, int First, int Units, int Rows);
}
