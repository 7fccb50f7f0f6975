using System;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

// x == x is the test for NaN that costs the interpreter no call.
#pragma warning disable CS1718

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// What RNN, GRU and LSTM share in float32: sizes, arrays, the sums of the gates, and the walk over sequences and steps. The
    /// first state may lie in the last one's array: that is how a model keeps its state between inferences.
    /// </summary>
    internal abstract class RecurrentCell : NanoKernel
    {
        private readonly float[] input;
        private readonly float[] firstState;
        private readonly float[] firstCell;
        private readonly float[] states;
        private readonly float[] lastState;
        private readonly float[] lastCell;
        private readonly float[] dots;
        private readonly FloatMatrix weights;
        private readonly int steps;
        private readonly int batch;
        private readonly int features;
        private readonly float clip;
        private readonly bool isReverse;

        protected RecurrentCell(BindContext context, int gates)
        {
            OperatorRecord record = context.Operator;
            TensorInfo x = context.Input(0);
            Hidden = context.Input(2).Dimension(1);
            steps = x.Dimension(0);
            batch = x.Dimension(1);
            features = x.Dimension(2);
            input = context.InputFloats(0);
            firstState = context.InputFloats(4);
            firstCell = context.InputFloats(5);
            states = context.OutputFloats(0);
            lastState = context.OutputFloats(1);
            lastCell = context.OutputFloats(2);
            clip = record.Float(RecurrentRule.Clip);
            isReverse = record.Int(RecurrentRule.Reverse) != 0;
            IsVariant = record.Int(RecurrentRule.Variant) != 0;
            State = new float[Hidden];
            Cell = new float[Hidden];
            Gates = new float[gates * Hidden];
            dots = new float[gates * Hidden];
            Bias = new float[2 * gates * Hidden];
            if (record.HasInput(3))
            {
                Array.Copy(context.InputFloats(3), Bias, Bias.Length);
            }

            weights = new FloatMatrix(context.FileBytes, context.Input(1).Offset, features, gates * Hidden, features);
        }

        /// <summary>Number of units.</summary>
        protected readonly int Hidden;

        /// <summary>Whether the operator's variant is on.</summary>
        protected readonly bool IsVariant;

        /// <summary>The state of the current sequence.</summary>
        protected readonly float[] State;

        /// <summary>The cell of the current sequence, LSTM only.</summary>
        protected readonly float[] Cell;

        /// <summary>Sums of the gates, in the operator's order.</summary>
        protected readonly float[] Gates;

        /// <summary>Bias of the weights, and after it that of the recurrent weights; 0 if the operator has none.</summary>
        protected readonly float[] Bias;

        internal override void Run()
        {
            int n = Hidden;
            for (int sequence = 0; sequence < batch; sequence++)
            {
                Load(firstState, State, sequence);
                Load(firstCell, Cell, sequence);
                for (int i = 0; i < steps; i++)
                {
                    int place = ((isReverse ? steps - 1 - i : i) * batch) + sequence;
                    Array.Clear(dots, 0, dots.Length);
                    weights.Accumulate(input, place * features, dots);
                    Step(dots);
                    Array.Copy(State, 0, states, place * n, n);
                }

                Array.Copy(State, 0, lastState, sequence * n, n);
                if (lastCell != null)
                {
                    Array.Copy(Cell, 0, lastCell, sequence * n, n);
                }
            }
        }

        /// <summary>One step: from the products of the input with the weights of all gates, and the state, to the next state.</summary>
        protected abstract void Step(float[] products);

        /// <summary>The recurrent weights of some gates, one after the other.</summary>
        protected FloatMatrix Recurrent(BindContext context, int firstGate, int gates)
        {
            return new FloatMatrix(context.FileBytes, context.Input(2).Offset + (firstGate * Hidden * Hidden * 4), Hidden, gates * Hidden, Hidden);
        }

        /// <summary>An activation of the operator: 0 for f, 1 for g, 2 for h.</summary>
        protected static Activation Function(BindContext context, int index)
        {
            return Activation.Of(context, RecurrentRule.Activations + (3 * index));
        }

        /// <summary>Clips and applies an activation.</summary>
        protected void Activate(Activation function, float[] values)
        {
            float limit = clip;
            for (int i = 0; i < values.Length && 0f < limit; i++)
            {
                float value = values[i];
                value = limit < value && value == value ? limit : value;
                values[i] = value < -limit ? -limit : value;
            }

            function.Apply(values, values, values.Length);
        }

        private static void Load(float[] source, float[] target, int sequence)
        {
            if (source == null)
            {
                Array.Clear(target, 0, target.Length);
            }
            else
            {
                Array.Copy(source, sequence * target.Length, target, 0, target.Length);
            }
        }
    }
}
