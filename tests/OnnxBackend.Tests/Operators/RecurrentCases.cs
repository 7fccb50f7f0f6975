using EdgeInference.ModelConverter.Import.Onnx;
using static OnnxBackend.Tests.Operators.Make;

namespace OnnxBackend.Tests.Operators;

/// <summary>RNN, GRU and LSTM: directions, activations with their parameters, initial states, peepholes, both layouts of the reset gate.</summary>
internal static class RecurrentCases
{
    private const int Steps = 4;
    private const int Batch = 2;
    private const int Features = 3;
    private const int Hidden = 2;

    internal static IEnumerable<OperatorCase> All() => [.. Of("RNN", 1), .. Of("GRU", 3), .. Of("LSTM", 4), ClippedLstm()];

    private static IEnumerable<OperatorCase> Of(string type, int gates)
    {
        bool isLstm = type == "LSTM";
        string[] outputs = isLstm ? ["y", "h", "c"] : ["y", "h"];
        string[] plain = type switch { "RNN" => ["Tanh"], "GRU" => ["Sigmoid", "Tanh"], _ => ["Sigmoid", "Tanh", "Tanh"] };
        foreach (string? direction in new[] { null, "forward", "reverse", "bidirectional" })
        {
            int directions = direction == "bidirectional" ? 2 : 1;
            CaseTensor[] inputs = Inputs(gates, directions, isLstm);
            CaseAttribute[] way = direction is null ? [A("hidden_size", Hidden)] : [A("hidden_size", Hidden), A("direction", direction)];
            for (int count = 3; count <= inputs.Length; count++)
            {
                yield return Case(type, inputs[..count], way) with { Outputs = outputs, Note = $"{count} inputs" };
            }

            if (!isLstm)
            {
                yield return Case(type, inputs[..4], [.. way, A("clip", 0.4)]) with { Outputs = outputs };
            }
            if (type == "GRU")
            {
                yield return Case(type, inputs[..4], [.. way, A("linear_before_reset", 1)]) with { Outputs = outputs };
                yield return Case(type, inputs[..4], [.. way, A("linear_before_reset", 0)]) with { Outputs = outputs };
            }

            if (isLstm)
            {
                yield return Case(type, inputs, [.. way, A("input_forget", 1)]) with { Outputs = outputs };
            }

            foreach ((string name, float[]? alpha, float[]? beta) in new (string, float[]?, float[]?)[]
            {
                ("Relu", null, null), ("Tanh", null, null), ("Sigmoid", null, null), ("Softsign", null, null), ("Softplus", null, null),
                ("LeakyRelu", null, null), ("LeakyRelu", [0.3f], null), ("ThresholdedRelu", null, null), ("ThresholdedRelu", [0.2f], null),
                ("HardSigmoid", null, null), ("HardSigmoid", [0.35f], [0.25f]), ("Elu", null, null), ("Elu", [0.5f], null),
            })
            {
                // ONNX Runtime wants a sigmoid where a gate is one.
                string[] one = [.. plain[..^1], name];
                string[] names = [.. Enumerable.Repeat(one, directions).SelectMany(list => list)];
                var chosen = new List<CaseAttribute>([.. way, A("activations", names)]);
                if (alpha is not null)
                {
                    chosen.Add(A("activation_alpha", Enumerable.Repeat(alpha[0], directions).ToArray()));
                }

                if (beta is not null)
                {
                    chosen.Add(A("activation_beta", Enumerable.Repeat(beta[0], directions).ToArray()));
                }

                OperatorCase test = Case(type, inputs[..4], [.. chosen]) with { Outputs = outputs };

                // The standard has the default of the operator of that name, 1; ONNX Runtime has 0.
                yield return name == "ThresholdedRelu" && alpha is null
                    ? test with { Peer = test with { Attributes = [.. chosen, A("activation_alpha", Enumerable.Repeat(1f, directions).ToArray())] } }
                    : test;
            }
        }

        CaseTensor[] forward = Inputs(gates, 1, isLstm);
        string[] mixed = ["HardSigmoid", "LeakyRelu", "HardSigmoid"];
        yield return Case(type, forward[..4], A("hidden_size", Hidden), A("activations", mixed[..plain.Length]),
            A("activation_alpha", new[] { 0.3f, 0.15f, 0.4f }[..plain.Length]), A("activation_beta", new[] { 0.4f, 0.6f }[..(type == "LSTM" ? 2 : 1)])) with { Outputs = outputs };
        CaseTensor[] both = Inputs(gates, 2, isLstm);
        yield return Case(type, both[..4], A("hidden_size", Hidden), A("direction", "bidirectional"),
            A("activations", (string[])[.. plain[..^1], "LeakyRelu", .. plain[..^1], "Elu"]), A("activation_alpha", new[] { 0.3f, 0.6f })) with { Outputs = outputs, Note = "of its own each way" };
        yield return Case(type, both[..4], A("hidden_size", Hidden), A("direction", "bidirectional")) with { Outputs = ["", "h"], Note = "last only" };
        yield return Case(type, [.. forward[..4], Const(OnnxElementType.Int32, [Steps, Steps])], A("hidden_size", Hidden)) with { Outputs = outputs };
        yield return Case(type, [.. forward[..4], Const(OnnxElementType.Int32, [Steps, Steps - 1])], A("hidden_size", Hidden)) with { Outputs = outputs, Refusal = "stops some sequences early" };
        yield return Case(type, forward[..4], A("hidden_size", Hidden + 1)) with { Outputs = outputs, Refusal = "3 units" };
        yield return Case(type, forward[..4], A("hidden_size", Hidden), A("direction", "backward")) with { Outputs = outputs, Refusal = "has the unknown direction 'backward'" };
        yield return Case(type, forward[..4], A("hidden_size", Hidden), A("activations", (string[])[.. plain[..^1], "Affine"])) with { Outputs = outputs, Refusal = "has the activation 'Affine', which is not supported" };
        yield return Case(type, forward[..4], A("hidden_size", Hidden), A("activations", (string[])[.. plain, "Tanh"])) with { Outputs = outputs, Refusal = "activations, expected" };
        yield return Case(type, [X(Steps, Batch, Features), X2(1, gates * Hidden, Features), forward[2]], A("hidden_size", Hidden)) with { Outputs = outputs, Refusal = "needs a constant as input" };

        // ONNX Runtime has no layout 1: the same sequence in the other order gives the same states in the other order.
        foreach (string direction in new[] { "forward", "bidirectional" })
        {
            int directions = direction == "forward" ? 1 : 2;
            CaseTensor[] inputs = Inputs(gates, directions, isLstm);
            OperatorCase first = Case(type, inputs[..6], A("hidden_size", Hidden), A("direction", direction)) with { Outputs = outputs };
            OnnxRuntimePeer.Result[] results = OnnxRuntimePeer.Run(first.Write(), first);
            for (int output = 0; output < 2; output++)
            {
                double[] expected = output == 0
                    ? Moved(results[0].Values, [Steps, directions, Batch, Hidden], [2, 0, 1, 3])
                    : Moved(results[1].Values, [directions, Batch, Hidden], [1, 0, 2]);
                CaseTensor[] turned = [.. inputs[..6]];
                turned[0] = inputs[0] with { Shape = [Batch, Steps, Features], Values = Moved(inputs[0].Values, [Steps, Batch, Features], [1, 0, 2]) };
                turned[5] = inputs[5] with { Shape = [Batch, directions, Hidden], Values = Moved(inputs[5].Values, [directions, Batch, Hidden], [1, 0, 2]) };
                yield return Case(type, turned, A("hidden_size", Hidden), A("direction", direction), A("layout", 1)) with { Outputs = outputs, GraphOutputs = [outputs[output]], Expected = expected };
            }
        }
    }

    // The standard clips what goes into every activation; ONNX Runtime does not clip the cell before the last one.
    private static OperatorCase ClippedLstm()
    {
        const double Clip = 0.4;
        CaseTensor[] inputs = Inputs(4, 1, true);
        double[] h = new double[Batch * Hidden];
        double[] c = new double[Batch * Hidden];
        var expected = new List<double>();
        for (int step = 0; step < Steps; step++)
        {
            double[] before = [.. h];
            for (int row = 0; row < Batch; row++)
            {
                for (int unit = 0; unit < Hidden; unit++)
                {
                    double Gate(int gate)
                    {
                        int line = (gate * Hidden) + unit;
                        double sum = inputs[3].Values[line] + inputs[3].Values[(4 * Hidden) + line];
                        for (int k = 0; k < Features; k++)
                        {
                            sum += inputs[1].Values[(line * Features) + k] * inputs[0].Values[(((step * Batch) + row) * Features) + k];
                        }

                        for (int k = 0; k < Hidden; k++)
                        {
                            sum += inputs[2].Values[(line * Hidden) + k] * before[(row * Hidden) + k];
                        }

                        return Math.Clamp(sum, -Clip, Clip);
                    }

                    static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
                    int at = (row * Hidden) + unit;
                    c[at] = (Sigmoid(Gate(2)) * c[at]) + (Sigmoid(Gate(0)) * Math.Tanh(Gate(3)));
                    h[at] = Sigmoid(Gate(1)) * Math.Tanh(Math.Clamp(c[at], -Clip, Clip));
                }
            }

            expected.AddRange(h);
        }

        return Case("LSTM", inputs[..4], A("hidden_size", Hidden), A("clip", Clip)) with { Expected = [.. expected] };
    }

    private static CaseTensor[] Inputs(int gates, int directions, bool isLstm)
    {
        var inputs = new List<CaseTensor>
        {
            X(Steps, Batch, Features),
            C(directions, gates * Hidden, Features),
            Const(Numbers(directions * gates * Hidden * Hidden, 7), directions, gates * Hidden, Hidden),
            Const(Numbers(directions * 2 * gates * Hidden, 8), directions, 2 * gates * Hidden),
            None,
            Const(Numbers(directions * Batch * Hidden, 9), directions, Batch, Hidden),
        };
        if (isLstm)
        {
            inputs.Add(Const(Numbers(directions * Batch * Hidden, 10), directions, Batch, Hidden));
            inputs.Add(Const(Numbers(directions * 3 * Hidden, 11), directions, 3 * Hidden));
        }

        // Gentle weights: saturated gates would hide what differs.
        return [.. inputs.Select(input => input == None ? input : input with { Values = [.. input.Values.Select(value => (double)(float)(value / 3))] })];
    }

    private static double[] Moved(double[] values, int[] shape, int[] order)
    {
        int[] strides = new int[shape.Length];
        for (int i = shape.Length - 1, stride = 1; i >= 0; stride *= shape[i--])
        {
            strides[i] = stride;
        }

        double[] result = new double[values.Length];
        int[] place = new int[shape.Length];
        for (int i = 0; i < result.Length; i++)
        {
            int rest = i;
            for (int axis = order.Length - 1; axis >= 0; axis--)
            {
                place[order[axis]] = rest % shape[order[axis]];
                rest /= shape[order[axis]];
            }

            result[i] = values[place.Select((at, axis) => at * strides[axis]).Sum()];
        }

        return result;
    }
}
