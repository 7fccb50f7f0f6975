using System;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// QuantizedLSTM by its rule: the products are those of Dense. The state and the cell lie where the last ones
    /// are to be. Gates lie in the order i, o, f, c.
    /// </summary>
    internal sealed class QuantizedLSTM : NanoKernel
    {
        private readonly Array firstState;
        private readonly Array firstCell;
        private readonly Array states;
        private readonly Array state;
        private readonly sbyte[] state8;
        private readonly short[] state16;
        private readonly short[] cell;
        private readonly short[] fromInput;
        private readonly short[] fromState;
        private readonly DenseRows inputRows;
        private readonly DenseRows stateRows;
        private readonly int steps;
        private readonly int batch;
        private readonly int features;
        private readonly int hidden;
        private readonly int zeroPoint;
        private readonly int cellClip;
        private readonly bool isReverse;
        private readonly int[] table;
        private readonly int cellMultiplier;
        private readonly int cellShift;
        private readonly int forgetMultiplier;
        private readonly int forgetShift;
        private readonly int inputMultiplier;
        private readonly int inputShift;
        private readonly int outputMultiplier;
        private readonly int outputShift;

        internal QuantizedLSTM(BindContext context)
        {
            OperatorRecord record = context.Operator;
            TensorInfo x = context.Input(0);
            steps = x.Dimension(0);
            batch = x.Dimension(1);
            features = x.Dimension(2);
            hidden = context.Input(2).Dimension(1);
            firstState = context.InputElements(RecurrentRule.FirstState);
            firstCell = context.InputElements(RecurrentRule.FirstCell);
            states = context.OutputElements(0);
            state = context.OutputElements(1);
            state8 = x.Type == TensorType.Int8 ? (sbyte[])state : null;
            state16 = x.Type == TensorType.Int8 ? null : (short[])state;
            cell = (short[])context.OutputElements(2);
            zeroPoint = record.Outputs[1].ZeroPoint;
            fromInput = new short[4 * hidden];
            fromState = new short[4 * hidden];
            DenseShape ofInput = DenseShape.OfGates(context, 1, 3, QuantizedLSTMRule.InputFactors, x.ZeroPoint, fromInput);
            DenseShape ofState = DenseShape.OfGates(context, 2, -1, QuantizedLSTMRule.StateFactors, zeroPoint, fromState);
            inputRows = state8 == null ? DenseKernels.Int16(context, ofInput, context.InputInt16s(0)) : DenseKernels.Int8(context, ofInput, context.InputInt8s(0));
            stateRows = state8 == null ? DenseKernels.Int16(context, ofState, state16) : DenseKernels.Int8(context, ofState, state8);
            cellClip = record.Int(QuantizedLSTMRule.CellClip);
            isReverse = record.Int(QuantizedLSTMRule.Reverse) != 0;
            table = new int[SigmoidLines.Entries];
            for (int i = 0; i < table.Length; i++)
            {
                table[i] = context.File.U16(context.Input(QuantizedLSTMRule.Table).Offset + (2 * i));
            }

            cellMultiplier = record.Int(QuantizedLSTMRule.CellPosition);
            cellShift = record.Int(QuantizedLSTMRule.CellPosition + 1);
            forgetMultiplier = record.Int(QuantizedLSTMRule.Forget);
            forgetShift = record.Int(QuantizedLSTMRule.Forget + 1);
            inputMultiplier = record.Int(QuantizedLSTMRule.Input);
            inputShift = record.Int(QuantizedLSTMRule.Input + 1);
            outputMultiplier = record.Int(QuantizedLSTMRule.Output);
            outputShift = record.Int(QuantizedLSTMRule.Output + 1);
        }

        internal override void Run()
        {
            Begin();
            int length = batch * hidden;
            for (int i = 0; i < steps; i++)
            {
                int step = isReverse ? steps - 1 - i : i;
                for (int sequence = 0; sequence < batch; sequence++)
                {
                    inputRows.Row(((step * batch) + sequence) * features, 0);
                    stateRows.Row(sequence * hidden, 0);
                    Step(sequence * hidden);
                }

                Array.Copy(state, 0, states, step * length, length);
            }
        }

        private void Begin()
        {
            int length = batch * hidden;
            if (firstState != null)
            {
                Array.Copy(firstState, 0, state, 0, length);
            }
            else
            {
                for (int i = 0; i < length; i++)
                {
                    Store(i, zeroPoint);
                }
            }

            if (firstCell != null)
            {
                Array.Copy(firstCell, 0, cell, 0, length);
            }
            else
            {
                Array.Clear(cell, 0, length);
            }
        }

        private void Step(int first)
        {
            short[] gates = fromInput;
            short[] more = fromState;
            short[] c = cell;
            int n = hidden;
            int all = 4 * n;
            int[] lines = table;
            for (int i = 0; i < all; i++)
            {
                int position = SigmoidLines.Step * Saturated(gates[i] + more[i]);
                gates[i] = i < 3 * n ? SigmoidLines.Sigmoid(position, lines) : SigmoidLines.Tanh(position, lines);
            }

            int low = cellClip == 0 ? short.MinValue : -cellClip;
            int high = cellClip == 0 ? short.MaxValue : cellClip;
            int lowest = (state8 == null ? short.MinValue : sbyte.MinValue) - zeroPoint;
            int highest = (state8 == null ? short.MaxValue : sbyte.MaxValue) - zeroPoint;
            for (int i = 0; i < n; i++)
            {
                int kept = Saturated(FixedPoint.Requantize(gates[(2 * n) + i] * c[first + i], forgetMultiplier, forgetShift));
                int next = kept + Saturated(FixedPoint.Requantize(gates[i] * gates[(3 * n) + i], inputMultiplier, inputShift));
                next = next < low ? low : next > high ? high : next;
                c[first + i] = (short)next;
                int shown = FixedPoint.Requantize(gates[n + i] * SigmoidLines.Tanh(SigmoidLines.Position(next, cellMultiplier, cellShift), lines), outputMultiplier, outputShift);
                Store(first + i, (shown < lowest ? lowest : shown > highest ? highest : shown) + zeroPoint);
            }
        }

        private void Store(int index, int value)
        {
            if (state8 != null)
            {
                state8[index] = (sbyte)value;
            }
            else
            {
                state16[index] = (short)value;
            }
        }

        private static int Saturated(int value)
        {
            return value < short.MinValue ? short.MinValue : value > short.MaxValue ? short.MaxValue : value;
        }
    }
}
