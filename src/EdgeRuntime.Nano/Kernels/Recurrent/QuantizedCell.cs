using System;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// QuantizedLSTM and QuantizedRecurrent, a step at a time: the products are those of Dense. The state and the cell lie where the
    /// last ones are to be.
    /// </summary>
    internal abstract class QuantizedCell : NanoKernel
    {
        private readonly Array firstState;
        private readonly Array firstCell;
        private readonly Array states;
        private readonly DenseRows inputRows;
        private readonly DenseRows stateRows;
        private readonly int steps;
        private readonly int batch;
        private readonly int features;
        private readonly bool isReverse;
        private readonly int outputMultiplier;
        private readonly int outputShift;
        private readonly int lowest;
        private readonly int highest;

        /// <param name="context">The operator.</param>
        /// <param name="gates">Weight matrices side by side.</param>
        /// <param name="byState">Those of them that the state is multiplied with.</param>
        /// <param name="output">Position of the multiplier of what is shown as the state; its shift follows.</param>
        protected QuantizedCell(BindContext context, int gates, int byState, int output)
        {
            OperatorRecord record = context.Operator;
            TensorInfo x = context.Input(0);
            steps = x.Dimension(0);
            batch = x.Dimension(1);
            features = x.Dimension(2);
            Hidden = context.Input(2).Dimension(1);
            firstState = context.InputElements(RecurrentRule.FirstState);
            firstCell = context.InputElements(RecurrentRule.FirstCell);
            states = context.OutputElements(0);
            State = context.OutputElements(1);
            Cell = (short[])context.OutputElements(2);
            ZeroPoint = record.Outputs[1].ZeroPoint;
            bool isInt8 = x.Type == TensorType.Int8;
            lowest = (isInt8 ? sbyte.MinValue : short.MinValue) - ZeroPoint;
            highest = (isInt8 ? sbyte.MaxValue : short.MaxValue) - ZeroPoint;
            FromInput = new short[gates * Hidden];
            FromState = new short[gates * Hidden];
            inputRows = Rows(context, DenseShape.OfGates(context, 1, 0, FromInput.Length, 3, QuantizedLSTMRule.InputFactors, x.ZeroPoint, FromInput), context.InputElements(0));
            stateRows = Rows(context, OfState(context, 0, byState * Hidden), State);
            isReverse = record.Int(QuantizedLSTMRule.Reverse) != 0;
            outputMultiplier = record.Int(output);
            outputShift = record.Int(output + 1);
            Lines = new int[SigmoidLines.Entries];
            for (int i = 0; i < Lines.Length; i++)
            {
                Lines[i] = context.File.U16(context.Input(QuantizedLSTMRule.Table).Offset + (2 * i));
            }
        }

        /// <summary>Units.</summary>
        protected readonly int Hidden;

        /// <summary>Of the state.</summary>
        protected readonly int ZeroPoint;

        /// <summary>The states of all sequences.</summary>
        protected readonly Array State;

        /// <summary>The cells of all sequences.</summary>
        protected readonly short[] Cell;

        /// <summary>The gates of one step by the input.</summary>
        protected readonly short[] FromInput;

        /// <summary>The gates of one step by the state.</summary>
        protected readonly short[] FromState;

        /// <summary>The table of <see cref="SigmoidLines"/>.</summary>
        protected readonly int[] Lines;

        internal override void Run()
        {
            Begin();
            int length = batch * Hidden;
            for (int i = 0; i < steps; i++)
            {
                int step = isReverse ? steps - 1 - i : i;
                for (int sequence = 0; sequence < batch; sequence++)
                {
                    inputRows.Row(((step * batch) + sequence) * features, 0);
                    stateRows.Row(sequence * Hidden, 0);
                    Step(sequence * Hidden);
                }

                Array.Copy(State, 0, states, step * length, length);
            }
        }

        /// <summary>One step of one sequence: from the gates to the next cell and state, both beginning at <paramref name="first"/>.</summary>
        protected abstract void Step(int first);

        /// <summary>The shape of some gates by the state.</summary>
        protected DenseShape OfState(BindContext context, int first, int units)
        {
            int bias = context.Operator.Opcode == Opcode.QuantizedRecurrent ? QuantizedRecurrentRule.StateBias : -1;
            return DenseShape.OfGates(context, 2, first, units, bias, QuantizedLSTMRule.StateFactors, ZeroPoint, FromState);
        }

        /// <summary>A product of rows of the operator's type.</summary>
        protected static DenseRows Rows(BindContext context, DenseShape shape, Array rows)
        {
            return context.Input(0).Type == TensorType.Int8 ? DenseKernels.Int8(context, shape, (sbyte[])rows) : DenseKernels.Int16(context, shape, (short[])rows);
        }

        /// <summary>Adds and opens the first gates: their sigmoid.</summary>
        protected void Open(int count)
        {
            short[] gates = FromInput;
            short[] more = FromState;
            int[] lines = Lines;
            for (int i = 0; i < count; i++)
            {
                gates[i] = SigmoidLines.Sigmoid(SigmoidLines.Step * Saturated(gates[i] + more[i]), lines);
            }
        }

        /// <summary>Writes a product of two int16 on the scale of the state.</summary>
        protected void Show(Array target, int index, int product)
        {
            int value = FixedPoint.Requantize(product, outputMultiplier, outputShift);
            value = (value < lowest ? lowest : value > highest ? highest : value) + ZeroPoint;
            sbyte[] bytes = target as sbyte[];
            if (bytes != null)
            {
                bytes[index] = (sbyte)value;
            }
            else
            {
                ((short[])target)[index] = (short)value;
            }
        }

        /// <summary>The nearest int16.</summary>
        protected static int Saturated(int value)
        {
            return value < short.MinValue ? short.MinValue : value > short.MaxValue ? short.MaxValue : value;
        }

        private void Begin()
        {
            int length = batch * Hidden;
            if (firstState != null)
            {
                Array.Copy(firstState, 0, State, 0, length);
            }
            else
            {
                for (int i = 0; i < length; i++)
                {
                    Show(State, i, 0);
                }
            }

            if (firstCell != null)
            {
                Array.Copy(firstCell, 0, Cell, 0, length);
            }
            else
            {
                Array.Clear(Cell, 0, length);
            }
        }
    }
}
