using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Reference.Rows;

/// <summary>Recurrent layers, with all that may be left out left out in turn.</summary>
internal static class StateRows
{
    internal static IEnumerable<OperatorRow> All()
    {
        int seed = 0;
        foreach (Opcode opcode in new[] { Opcode.RNN, Opcode.GRU, Opcode.LSTM })
        {
            int gates = opcode switch { Opcode.RNN => 1, Opcode.GRU => 3, _ => 4 };
            foreach ((int steps, int batch, int features, int hidden) in new[] { (1, 1, 1, 1), (4, 1, 3, 2), (3, 2, 5, 4), (2, 3, 8, 8), (2, 1, 17, 9), (3, 1, 4, 17), (2, 1, 33, 33), (70, 1, 3, 64), (40, 3, 2, 40) })
            {
                // Long ones are done in blocks of steps. Small weights: an error must not grow from step to step.
                bool isLong = steps > 4;
                double most = isLong ? 0.05 : 0.5;
                for (int form = isLong ? 2 : 0; form < (isLong ? 4 : 12); form++)
                {
                    seed++;
                    bool bias = form % 3 != 0;
                    bool first = form % 2 == 0;
                    bool peepholes = opcode == Opcode.LSTM && form % 4 is 1 or 2;
                    var inputs = new List<Values?>
                    {
                        Make.Smooth(seed, -1, 1, steps, batch, features),
                        Make.Constant(Make.Smooth(seed + 1, -most, most, gates * hidden, features)),
                        Make.Constant(Make.Smooth(seed + 2, -most, most, gates * hidden, hidden)),
                        bias ? Make.Constant(Make.Smooth(seed + 3, -0.5, 0.5, 2 * gates * hidden)) : null,
                        first ? Make.Smooth(seed + 4, -1, 1, batch, hidden) : null,
                    };
                    if (opcode == Opcode.LSTM)
                    {
                        inputs.Add(first != (form % 5 == 4) ? Make.Smooth(seed + 5, -1, 1, batch, hidden) : null);
                        inputs.Add(peepholes ? Make.Constant(Make.Smooth(seed + 6, -0.5, 0.5, 3 * hidden)) : null);
                    }

                    bool usual = form % 4 != 1;
                    Values last = Make.Output(TensorType.Float32, batch, hidden);
                    Values[] outputs = [Make.Output(TensorType.Float32, steps, batch, hidden), last];
                    yield return new OperatorRow(
                        opcode,
                        $"{steps}x{batch}x{features} to {hidden}, form {form}",
                        [.. inputs],
                        opcode == Opcode.LSTM ? [.. outputs, last] : outputs,
                        ("f", (int)(opcode == Opcode.RNN && usual ? ActivationKind.Tanh : usual ? ActivationKind.Sigmoid : ActivationKind.HardSigmoid)),
                        ("f_alpha", 0.25),
                        ("f_beta", 0.5),
                        ("g", (int)(usual ? ActivationKind.Tanh : ActivationKind.LeakyReLU)),
                        ("g_alpha", 0.125),
                        ("h", (int)(usual ? ActivationKind.Tanh : ActivationKind.ELU)),
                        ("h_alpha", 0.75),
                        ("clip", form % 6 == 5 ? 0.375 : 0),
                        ("reverse", form / 3 % 2),
                        ("variant", form / 2 % 2))
                    { Absolute = 2e-6, NanoAbsolute = 1e-5 };
                }
            }
        }
    }
}
