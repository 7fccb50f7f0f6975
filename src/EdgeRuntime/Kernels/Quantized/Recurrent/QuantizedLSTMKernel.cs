using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Kernels.Int8;
using EdgeInference.Runtime.Simd.Int16;

namespace EdgeInference.Runtime.Kernels.Quantized.Recurrent;

/// <summary>
/// QuantizedLSTM by <see cref="QuantizedLSTMRule"/>: a step at a time for all sequences, the state and the cell where the
/// last ones are to lie. The products are those of Dense, with its instructions and packed weights.
/// </summary>
internal static unsafe class QuantizedLSTMKernel
{
    private const int MostOfProduct = 1 << 30;

    internal static BoundKernel Bind(in BindContext context)
    {
        TensorInfo x = context.Input(0);
        OperatorRecord parameters = context.Operator;
        int hidden = context.Input(2).Dimension(1);
        int batch = x.Dimension(1);
        long gateBytes = 4L * batch * hidden * sizeof(short);
        int clip = parameters.Int(QuantizedLSTMRule.CellClip);
        var arguments = new Arguments
        {
            Input = context.InputData(0),
            InputBytes = (nint)batch * x.Dimension(2) * TensorTypes.SizeOf(x.Type),
            FirstState = context.InputData(RecurrentRule.FirstState),
            FirstCell = (short*)context.InputData(RecurrentRule.FirstCell),
            States = context.OutputData(),
            State = context.OutputData(1),
            Cell = (short*)context.OutputData(2),
            FromInput = (short*)context.Scratch(gateBytes),
            FromState = (short*)context.Scratch(gateBytes),
            Products = (int*)context.Scratch((long)Requantizer.Padded(hidden) * sizeof(int)),
            Steps = x.Dimension(0),
            Batch = batch,
            Hidden = hidden,
            StateBytes = (nint)hidden * TensorTypes.SizeOf(x.Type),
            ZeroPoint = context.Output(1).ZeroPoint,
            IsInt8 = x.Type == TensorType.Int8,
            Reverse = parameters.Int(QuantizedLSTMRule.Reverse) != 0,
            CellLow = (short)(clip > 0 ? -clip : short.MinValue),
            CellHigh = (short)(clip > 0 ? clip : short.MaxValue),
            CellMultiplier = parameters.Int(QuantizedLSTMRule.CellPosition),
            CellShift = parameters.Int(QuantizedLSTMRule.CellPosition + 1),
            Table = (ushort*)context.InputData(QuantizedLSTMRule.Table),
        };
        arguments.Forget = Scaling.Of(in context, hidden, QuantizedLSTMRule.Forget, 0, outputIsInt16: true);
        arguments.Take = Scaling.Of(in context, hidden, QuantizedLSTMRule.Input, 0, outputIsInt16: true);
        arguments.Show = Scaling.Of(in context, hidden, QuantizedLSTMRule.Output, arguments.ZeroPoint, !arguments.IsInt8);
        arguments.InputProduct = GateProduct.OfInput(in context, arguments.Input, arguments.FromInput);
        arguments.StateProduct = GateProduct.OfState(in context, arguments.State, arguments.FromState);
        return new BoundKernel(context.Fast ? &Run<Vectors> : &Run<Scalars>, context.Keep(arguments));
    }

    private static void Run<TStep>(void* pointer)
        where TStep : struct, IStep
    {
        ref Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        Begin(in a);
        nint bytes = a.Batch * a.StateBytes;
        for (int i = 0; i < a.Steps; i++)
        {
            nint t = a.Reverse ? a.Steps - 1 - i : i;
            a.InputProduct.Run(a.Input + (t * a.InputBytes));
            a.StateProduct.Run(a.State);
            for (int n = 0; n < a.Batch; n++)
            {
                Step<TStep>(ref a, n);
            }

            Buffer.MemoryCopy(a.State, a.States + (t * bytes), bytes, bytes);
        }
    }

    // The first state may have the place of the last.
    private static void Begin(in Arguments a)
    {
        int count = a.Batch * a.Hidden;
        if (a.FirstState == null && a.IsInt8)
        {
            new Span<sbyte>(a.State, count).Fill((sbyte)a.ZeroPoint);
        }
        else if (a.FirstState == null)
        {
            new Span<short>(a.State, count).Clear();
        }
        else
        {
            Buffer.MemoryCopy(a.FirstState, a.State, a.Batch * a.StateBytes, a.Batch * a.StateBytes);
        }

        if (a.FirstCell == null)
        {
            new Span<short>(a.Cell, count).Clear();
        }
        else
        {
            new ReadOnlySpan<short>(a.FirstCell, count).CopyTo(new Span<short>(a.Cell, count));
        }
    }

    // Gates lie in the order i, o, f, c.
    private static void Step<TStep>(ref Arguments a, int sequence)
        where TStep : struct, IStep
    {
        int hidden = a.Hidden;
        short* input = a.FromInput + ((nint)4 * sequence * hidden);
        short* output = input + hidden;
        short* forget = output + hidden;
        short* candidate = forget + hidden;
        short* more = a.FromState + ((nint)4 * sequence * hidden);
        short* cell = a.Cell + ((nint)sequence * hidden);
        TStep.Gates(in a, input, more);
        TStep.Multiply(forget, cell, a.Products, hidden);
        a.Forget.Run(a.Products, (byte*)forget, hidden);
        TStep.Multiply(input, candidate, a.Products, hidden);
        a.Take.Run(a.Products, (byte*)input, hidden);
        TStep.Next(in a, forget, input, cell, candidate);
        TStep.Multiply(output, candidate, a.Products, hidden);
        a.Show.Run(a.Products, a.State + (sequence * a.StateBytes), hidden);
    }

    private interface IStep
    {
        /// <summary>Adds the sums of the state to those of the input, and applies sigmoid and tanh.</summary>
        static abstract void Gates(in Arguments a, short* gates, short* more);

        static abstract void Multiply(short* left, short* right, int* products, int count);

        /// <summary>The next cell of what is kept and taken, and its tanh.</summary>
        static abstract void Next(in Arguments a, short* kept, short* taken, short* cell, short* tanh);
    }

    private readonly struct Vectors : IStep
    {
        public static void Gates(in Arguments a, short* gates, short* more)
        {
            SigmoidGates.Sigmoid(gates, more, 3 * a.Hidden, a.Table);
            SigmoidGates.Tanh(gates + (3 * a.Hidden), more + (3 * a.Hidden), a.Hidden, a.Table);
        }

        public static void Multiply(short* left, short* right, int* products, int count) => Int16Vectors.Multiply(left, right, products, count);

        public static void Next(in Arguments a, short* kept, short* taken, short* cell, short* tanh)
        {
            Int16Vectors.AddWithin(kept, taken, a.CellLow, a.CellHigh, cell, a.Hidden);
            SigmoidGates.Tanh(cell, a.CellMultiplier, a.CellShift, tanh, a.Hidden, a.Table);
        }
    }

    private readonly struct Scalars : IStep
    {
        public static void Gates(in Arguments a, short* gates, short* more)
        {
            for (int i = 0; i < 4 * a.Hidden; i++)
            {
                int position = SigmoidLines.Step * Math.Clamp(gates[i] + more[i], short.MinValue, short.MaxValue);
                gates[i] = i < 3 * a.Hidden ? SigmoidGates.Sigmoid(position, a.Table) : SigmoidGates.Tanh(position, a.Table);
            }
        }

        public static void Multiply(short* left, short* right, int* products, int count)
        {
            for (int i = 0; i < count; i++)
            {
                products[i] = left[i] * right[i];
            }
        }

        public static void Next(in Arguments a, short* kept, short* taken, short* cell, short* tanh)
        {
            for (int i = 0; i < a.Hidden; i++)
            {
                cell[i] = (short)Math.Clamp(kept[i] + taken[i], a.CellLow, a.CellHigh);
                tanh[i] = SigmoidGates.Tanh(SigmoidLines.Position(cell[i], a.CellMultiplier, a.CellShift), a.Table);
            }
        }
    }

    // From the product of two int16 to what it counts for.
    private struct Scaling
    {
        private Requantization how;
        private delegate*<int*, Requantization*, byte*, nint, void> function;

        internal static Scaling Of(in BindContext context, int hidden, int position, int zeroPoint, bool outputIsInt16)
        {
            int shift = context.Operator.Int(position + 1);
            return new Scaling
            {
                how = Requantizer.BindUniform(in context, hidden, context.Operator.Int(position), shift, zeroPoint, outputIsInt16),
                function = Requantizer.Function(context.Fast, hidden, shift > 0 && (long)MostOfProduct << shift > int.MaxValue),
            };
        }

        internal void Run(int* products, byte* output, int count)
        {
            fixed (Requantization* requantization = &how)
            {
                function(products, requantization, output, count);
            }
        }
    }

    private struct Arguments
    {
        internal byte* Input;
        internal nint InputBytes;
        internal byte* FirstState;
        internal short* FirstCell;
        internal byte* States;
        internal byte* State;
        internal short* Cell;

        /// <summary>Scratch: the gates of one step by the input, which become what they let through, and those by the state.</summary>
        internal short* FromInput;
        internal short* FromState;

        /// <summary>Scratch: a product for each unit, up to a whole vector.</summary>
        internal int* Products;
        internal GateProduct InputProduct;
        internal GateProduct StateProduct;
        internal int Steps;
        internal int Batch;
        internal int Hidden;

        /// <summary>Of one sequence.</summary>
        internal nint StateBytes;
        internal int ZeroPoint;
        internal bool IsInt8;
        internal bool Reverse;
        internal short CellLow;
        internal short CellHigh;
        internal int CellMultiplier;
        internal int CellShift;
        internal ushort* Table;
        internal Scaling Forget;
        internal Scaling Take;
        internal Scaling Show;
    }
}
