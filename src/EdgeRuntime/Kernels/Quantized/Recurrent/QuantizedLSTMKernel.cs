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
    internal static BoundKernel Bind(in BindContext context)
    {
        OperatorRecord parameters = context.Operator;
        int clip = parameters.Int(QuantizedLSTMRule.CellClip);
        var arguments = new Arguments
        {
            Steps = QuantizedSteps.Of(in context, 4, 4),
            CellLow = (short)(clip > 0 ? -clip : short.MinValue),
            CellHigh = (short)(clip > 0 ? clip : short.MaxValue),
            CellMultiplier = parameters.Int(QuantizedLSTMRule.CellPosition),
            CellShift = parameters.Int(QuantizedLSTMRule.CellPosition + 1),
            Table = GateTable.Of(in context),
        };
        int hidden = arguments.Steps.Hidden;
        bool isInt8 = context.Input(0).Type == TensorType.Int8;
        arguments.Products = (int*)context.Scratch((long)Requantizer.Padded(hidden) * sizeof(int));
        arguments.Forget = ProductScaling.Of(in context, hidden, QuantizedLSTMRule.Forget, 0, outputIsInt16: true);
        arguments.Take = ProductScaling.Of(in context, hidden, QuantizedLSTMRule.Input, 0, outputIsInt16: true);
        arguments.Show = ProductScaling.Of(in context, hidden, QuantizedLSTMRule.Output, context.Output(1).ZeroPoint, !isInt8);
        return new BoundKernel(context.Fast ? &Run<Vectors> : &Run<Scalars>, context.Keep(arguments));
    }

    private static void Run<TStep>(void* pointer)
        where TStep : struct, IStep
    {
        ref Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        a.Steps.Begin();
        for (int step = 0; step < a.Steps.Count; step++)
        {
            a.Steps.Products(step);
            for (int sequence = 0; sequence < a.Steps.Batch; sequence++)
            {
                Step<TStep>(ref a, sequence);
            }

            a.Steps.Write(step);
        }
    }

    // Gates lie in the order i, o, f, c.
    private static void Step<TStep>(ref Arguments a, int sequence)
        where TStep : struct, IStep
    {
        int hidden = a.Steps.Hidden;
        short* input = a.Steps.FromInput + ((nint)4 * sequence * hidden);
        short* output = input + hidden;
        short* forget = output + hidden;
        short* candidate = forget + hidden;
        short* more = a.Steps.FromState + ((nint)4 * sequence * hidden);
        short* cell = a.Steps.Cell + ((nint)sequence * hidden);
        TStep.Gates(in a, input, more);
        a.Forget.Run(forget, cell, a.Products, (byte*)forget, hidden);
        a.Take.Run(input, candidate, a.Products, (byte*)input, hidden);
        TStep.Next(in a, forget, input, cell, candidate);
        a.Show.Run(output, candidate, a.Products, a.Steps.State + (sequence * a.Steps.StateBytes), hidden);
    }

    private interface IStep
    {
        /// <summary>Adds the sums of the state to those of the input, and applies sigmoid and tanh.</summary>
        static abstract void Gates(in Arguments a, short* gates, short* more);

        /// <summary>The next cell of what is kept and taken, and its tanh.</summary>
        static abstract void Next(in Arguments a, short* kept, short* taken, short* cell, short* tanh);
    }

    private readonly struct Vectors : IStep
    {
        public static void Gates(in Arguments a, short* gates, short* more)
        {
            a.Table.Sigmoid(gates, more, 3 * a.Steps.Hidden);
            a.Table.Tanh(gates + (3 * a.Steps.Hidden), more + (3 * a.Steps.Hidden), a.Steps.Hidden);
        }

        public static void Next(in Arguments a, short* kept, short* taken, short* cell, short* tanh)
        {
            Int16Vectors.AddWithin(kept, taken, a.CellLow, a.CellHigh, cell, a.Steps.Hidden);
            a.Table.Tanh(cell, a.CellMultiplier, a.CellShift, tanh, a.Steps.Hidden);
        }
    }

    private readonly struct Scalars : IStep
    {
        public static void Gates(in Arguments a, short* gates, short* more)
        {
            for (int i = 0; i < 4 * a.Steps.Hidden; i++)
            {
                int position = SigmoidLines.Step * Math.Clamp(gates[i] + more[i], short.MinValue, short.MaxValue);
                gates[i] = i < 3 * a.Steps.Hidden ? SigmoidGates.Sigmoid(position, a.Table.Table) : SigmoidGates.Tanh(position, a.Table.Table);
            }
        }

        public static void Next(in Arguments a, short* kept, short* taken, short* cell, short* tanh)
        {
            for (int i = 0; i < a.Steps.Hidden; i++)
            {
                cell[i] = (short)Math.Clamp(kept[i] + taken[i], a.CellLow, a.CellHigh);
                tanh[i] = SigmoidGates.Tanh(SigmoidLines.Position(cell[i], a.CellMultiplier, a.CellShift), a.Table.Table);
            }
        }
    }

    private struct Arguments
    {
        internal QuantizedSteps Steps;

        /// <summary>Scratch: a product for each unit, up to a whole vector.</summary>
        internal int* Products;
        internal short CellLow;
        internal short CellHigh;
        internal int CellMultiplier;
        internal int CellShift;
        internal GateTable Table;
        internal ProductScaling Forget;
        internal ProductScaling Take;
        internal ProductScaling Show;
    }
}
