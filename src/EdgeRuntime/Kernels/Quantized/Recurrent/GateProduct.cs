using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Kernels.Int16;
using EdgeInference.Runtime.Kernels.Int8;
using EdgeInference.Runtime.Kernels.Int8.Dense;
using WideArguments = EdgeInference.Runtime.Kernels.Int16.Dense.DenseArguments;
using WideDense = EdgeInference.Runtime.Kernels.Int16.Dense.DenseKernel;

namespace EdgeInference.Runtime.Kernels.Quantized.Recurrent;

/// <summary>A product of a recurrent layer, of one step: rows of the input or of the state by the weights of all gates, to int16.</summary>
internal unsafe struct GateProduct
{
    private BoundKernel kernel;
    private byte** input;

    /// <summary>Of the input, with the bias.</summary>
    internal static GateProduct OfInput(in BindContext context, byte* rows, short* gates) =>
        Of(in context, 1, context.InputData(3), QuantizedLSTMRule.InputFactors, context.Input(0), rows, gates);

    /// <summary>Of the state, which has the place of the last.</summary>
    internal static GateProduct OfState(in BindContext context, byte* rows, short* gates) =>
        Of(in context, 2, null, QuantizedLSTMRule.StateFactors, context.Output(1), rows, gates);

    /// <summary>Writes the gates of one step.</summary>
    internal readonly void Run(byte* rows)
    {
        *input = rows;
        kernel.Run();
    }

    private static GateProduct Of(in BindContext context, int position, byte* bias, int factors, TensorInfo source, byte* rows, short* gates)
    {
        TensorInfo weights = context.Input(position);
        return source.Type == TensorType.Int8
            ? Narrow(in context, weights, (sbyte*)context.InputData(position), (int*)bias, factors, source, rows, gates)
            : Wide(in context, weights, (sbyte*)context.InputData(position), (long*)bias, factors, rows, gates);
    }

    private static GateProduct Narrow(in BindContext context, TensorInfo weights, sbyte* data, int* bias, int factors, TensorInfo source, byte* rows, short* gates)
    {
        int units = weights.Dimension(0);

        // The fast kernels read up to a vector beyond a row; only the arena has room behind it.
        bool fast = context.Fast && source.Storage != TensorStorage.Constant;
        var arguments = new DenseArguments
        {
            Input = (sbyte*)rows,
            Output = (byte*)gates,
            Units = units,
            Depth = weights.Dimension(1),
            Segments = 1,
            Rows = context.Input(0).Dimension(1),
            OutputBytes = units * sizeof(short),
            Sums = (int*)context.Scratch((long)Requantizer.Padded(units) * sizeof(int)),
            Requantization = Requantizer.BindInt16(in context, units, factors),
            Requantize = Requantizer.Function(in context, fast, units, factors, weights, source, bias),
        };
        var packing = new DensePacking { Weights = data, Bias = bias, Units = units, Depth = arguments.Depth, Segments = 1, InputZeroPoint = source.ZeroPoint };
        BoundKernel kernel = DenseKernel.Bind(in context, arguments, packing, fast, out DenseArguments* kept);
        return new GateProduct { kernel = kernel, input = (byte**)&kept->Input };
    }

    private static GateProduct Wide(in BindContext context, TensorInfo weights, sbyte* data, long* bias, int factors, byte* rows, short* gates)
    {
        int units = weights.Dimension(0);
        var arguments = new WideArguments
        {
            Input = (short*)rows,
            Weights = data,
            Output = (byte*)gates,
            OutputBytes = units * sizeof(short),
            Units = units,
            Depth = weights.Dimension(1),
            Rows = context.Input(0).Dimension(1),
            Requantization = WideRequantization.BindInt16(in context, units, bias, factors),
        };
        BoundKernel kernel = WideDense.Bind(in context, arguments, out WideArguments* kept);
        return new GateProduct { kernel = kernel, input = (byte**)&kept->Input };
    }
}
