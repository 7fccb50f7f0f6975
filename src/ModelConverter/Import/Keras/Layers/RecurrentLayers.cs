using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Keras.Layers;

/// <summary>SimpleRNN, GRU and LSTM. Every sequence runs from zero, from states that other layers give, or in a stateful layer from where the one before ended.</summary>
internal static class RecurrentLayers
{
    internal static readonly KerasLayerRow[] Rows =
    [
        new("SimpleRNN", layer => Convert(layer)),
        new("GRU", layer => Convert(layer)),
        new("LSTM", layer => Convert(layer)),
    ];

    /// <summary>The outputs: the whole sequence or its last step, and the states where the layer returns them.</summary>
    /// <param name="layer">The call.</param>
    /// <param name="child">The object that owns the cell inside a wrapper, with a stroke at its end, or an empty text.</param>
    /// <param name="aligned">Whether a sequence that is read backwards is returned in the order of its input.</param>
    internal static Value[] Convert(KerasLayer layer, string child = "", bool aligned = false)
    {
        if (layer.Flag("time_major") || layer.Input.Shape.Length != 3)
        {
            throw layer.Fault($"reads {GraphBuilder.Text(layer.Input.Shape)}; time-major layers are not supported");
        }

        Opcode opcode = layer.Kind switch { "LSTM" => Opcode.LSTM, "GRU" => Opcode.GRU, _ => Opcode.RNN };
        int gates = opcode switch { Opcode.LSTM => 4, Opcode.GRU => 3, _ => 1 };
        bool biased = layer.Flag("use_bias", missing: true);
        int steps = layer.Input.Shape[1];
        int features = layer.Input.Shape[2];
        KerasTensor[] weights = layer.Weights(biased ? 3 : 2, child + "cell");
        layer.Require(weights[1], -1, -1);
        int units = weights[1].Shape[0];
        layer.Require(weights[0], features, checked(gates * units));
        layer.Require(weights[1], units, gates * units);

        // Keras before 2.1 had no reset_after, and its GRU reset before the matrix.
        bool resetAfter = opcode == Opcode.GRU && layer.Flag("reset_after");
        GraphBuilder builder = layer.Builder;
        Value?[] inputs =
        [
            builder.Reshape(layer.Input, steps, 1, features),
            Gates(weights[0].Permute(1, 0), opcode, units).Constant(layer.Name + ".kernel", gates * units, features),
            Gates(weights[1].Permute(1, 0), opcode, units).Constant(layer.Name + ".recurrent_kernel", gates * units, units),
            biased ? Bias(layer, weights[2], opcode, gates, units, resetAfter) : null,
            layer.Inputs.Length > 1 ? layer.Inputs[1] : null,
            layer.Inputs.Length > 2 ? layer.Inputs[2] : null,
        ];
        RecurrentActivation own = KerasActivation.Recurrent(layer, "activation", "tanh");
        RecurrentActivation[] functions = opcode switch
        {
            Opcode.LSTM => [KerasActivation.Recurrent(layer, "recurrent_activation", "sigmoid"), own, own],
            Opcode.GRU => [KerasActivation.Recurrent(layer, "recurrent_activation", "sigmoid"), own],
            _ => [own],
        };
        bool backwards = layer.Flag("go_backwards");
        Value[] states = builder.Recurrent(opcode, inputs, units, new RecurrentSettings(functions, 0f, resetAfter, backwards));
        if (layer.Flag("stateful") && layer.Inputs.Length == 1)
        {
            Keep(builder.Graph.Nodes[^1]);
        }

        Value result = states[1];
        if (layer.Flag("return_sequences"))
        {
            result = builder.Reshape(states[0], 1, steps, units);
            result = backwards && !aligned ? builder.Slice(result, [0, steps - 1, 0], [1, -1, 1], result.Shape) : result;
        }

        return layer.Flag("return_state") ? [result, .. states[1..]] : [result];
    }

    // The last state of one inference is the first of the next.
    private static void Keep(Node node)
    {
        for (int i = 1; i < node.Outputs.Count; i++)
        {
            int position = RecurrentRule.FirstState + i - 1;
            while (node.Inputs.Count <= position)
            {
                node.Inputs.Add(null);
            }

            node.Outputs[i].IsState = true;
            node.Inputs[position] = node.Outputs[i];
        }
    }

    // Rows of an LSTM's gates from Keras's order i f c o to the engine's i o f c.
    private static KerasTensor Gates(KerasTensor rows, Opcode opcode, int units)
    {
        if (opcode != Opcode.LSTM)
        {
            return rows;
        }

        int gate = rows.Data.Length / 4;
        float[] data = [.. rows.Data[..gate], .. rows.Data[(3 * gate)..], .. rows.Data[gate..(3 * gate)]];
        return rows with { Data = data };
    }

    private static Value Bias(KerasLayer layer, KerasTensor bias, Opcode opcode, int gates, int units, bool resetAfter)
    {
        // With the reset after the matrix there is one bias for the input and one for the state.
        layer.Require(bias, resetAfter ? [2, gates * units] : [gates * units]);
        float[] data = resetAfter ? bias.Data : [.. Gates(bias, opcode, units).Data, .. new float[gates * units]];
        return Value.Constant(layer.Name + ".bias", data, 2 * gates * units);
    }
}
