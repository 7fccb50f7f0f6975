using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators.Reference;

/// <content>RNN, GRU and LSTM, by the equations of ONNX's operators.</content>
internal static partial class DoubleKernels
{
    internal static double[][] RNN(Node node, double[]?[] inputs) => Recurrent(node, inputs, 1);

    internal static double[][] GRU(Node node, double[]?[] inputs) => Recurrent(node, inputs, 3);

    internal static double[][] LSTM(Node node, double[]?[] inputs) => Recurrent(node, inputs, 4);

    private static double[][] Recurrent(Node node, double[]?[] inputs, int gates)
    {
        int[] shape = node.Input(0).Shape;
        (int steps, int batch, int features) = (shape[0], shape[1], shape[2]);
        int hidden = node.Input(2).Shape[1];
        double[] weights = inputs[1]!;
        double[] recurrent = inputs[2]!;
        double[] bias = inputs.ElementAtOrDefault(3) ?? new double[2 * gates * hidden];
        double[]? firstState = inputs.ElementAtOrDefault(4);
        double[]? firstCell = inputs.ElementAtOrDefault(5);
        double[]? peepholes = inputs.ElementAtOrDefault(6);
        bool isReverse = node.Parameters[RecurrentRule.Reverse] != 0;
        bool isVariant = node.Parameters[RecurrentRule.Variant] != 0;
        var states = new double[steps * batch * hidden];
        var lastState = new double[batch * hidden];
        var lastCell = new double[batch * hidden];
        for (int sequence = 0; sequence < batch; sequence++)
        {
            double[] h = firstState?[(sequence * hidden)..((sequence + 1) * hidden)] ?? new double[hidden];
            double[] c = firstCell?[(sequence * hidden)..((sequence + 1) * hidden)] ?? new double[hidden];
            for (int t = 0; t < steps; t++)
            {
                int place = ((isReverse ? steps - 1 - t : t) * batch) + sequence;
                double[] x = inputs[0]![(place * features)..((place + 1) * features)];
                switch (gates)
                {
                    case 1:
                        h = Function(0, k => Input(0, k) + Recur(0, k, h));
                        break;
                    case 3:
                        double[] z = Function(0, k => Input(0, k) + Recur(0, k, h));
                        double[] r = Function(0, k => Input(1, k) + Recur(1, k, h));
                        double[] reset = [.. r.Zip(h, (a, b) => a * b)];
                        double[] candidate = Function(1, k => Input(2, k) + (isVariant ? r[k] * Recur(2, k, h) : Recur(2, k, reset)));
                        h = [.. h.Select((old, k) => ((1 - z[k]) * candidate[k]) + (z[k] * old))];
                        break;
                    case 4:
                        double[] take = Function(0, k => Input(0, k) + Recur(0, k, h) + Peephole(0, k));
                        double[] keep = isVariant ? Array.ConvertAll(take, value => 1 - value) : Function(0, k => Input(2, k) + Recur(2, k, h) + Peephole(2, k));
                        double[] cell = Function(1, k => Input(3, k) + Recur(3, k, h));
                        c = [.. c.Select((old, k) => (keep[k] * old) + (take[k] * cell[k]))];
                        double[] output = Function(0, k => Input(1, k) + Recur(1, k, h) + Peephole(1, k));
                        double[] shown = Function(2, k => c[k]);
                        h = [.. output.Zip(shown, (a, b) => a * b)];
                        break;
                    default:
                        throw new ArgumentOutOfRangeException(nameof(gates), gates, null);
                }

                h.CopyTo(states, place * hidden);

                double Input(int gate, int unit) => bias[(gate * hidden) + unit] + Dot(x, weights.AsSpan(((gate * hidden) + unit) * features, features));
            }

            h.CopyTo(lastState, sequence * hidden);
            c.CopyTo(lastCell, sequence * hidden);

            double Recur(int gate, int unit, double[] state) =>
                bias[((gates + gate) * hidden) + unit] + Dot(state, recurrent.AsSpan(((gate * hidden) + unit) * hidden, hidden));

            double Peephole(int index, int unit) => peepholes is null ? 0 : peepholes[(index * hidden) + unit] * c[unit];
        }

        return [.. new[] { states, lastState, lastCell }.Take(node.Outputs.Count)];

        double[] Function(int index, Func<int, double> sum)
        {
            var values = new double[hidden];
            double clip = node.Float(RecurrentRule.Clip);
            for (int k = 0; k < hidden; k++)
            {
                double value = sum(k);
                values[k] = clip > 0 ? Math.Clamp(value, -clip, clip) : value;
            }

            int first = RecurrentRule.Activations + (3 * index);
            Apply((ActivationKind)node.Parameters[first], node.Float(first + 1), node.Float(first + 2), values);
            return values;
        }
    }
}
