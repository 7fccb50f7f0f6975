using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Build;

/// <summary>An activation of a recurrent layer.</summary>
internal readonly record struct RecurrentActivation(ActivationKind Kind, float Alpha, float Beta);

/// <summary>How a recurrent layer computes.</summary>
/// <param name="Activations">f, g and h, as many as the operator has.</param>
/// <param name="Clip">Bound of what goes into an activation, 0 for none.</param>
/// <param name="Variant">LSTM: input and forget gate coupled. GRU: the reset gate applies after the matrix.</param>
/// <param name="Reverse">From the last step to the first.</param>
internal sealed record RecurrentSettings(RecurrentActivation[] Activations, float Clip, bool Variant, bool Reverse);

/// <content>Recurrent layers.</content>
internal sealed partial class GraphBuilder
{
    /// <summary>One direction of a recurrent layer; inputs in the order of <see cref="RecurrentRule"/>.</summary>
    /// <returns>All states [t, n, hidden], the last [n, hidden], and for LSTM the last cell [n, hidden].</returns>
    public Value[] Recurrent(Opcode opcode, Value?[] inputs, int hidden, RecurrentSettings settings)
    {
        Value x = inputs[0]!;
        int[] last = [x.Shape[1], hidden];
        int[][] shapes = opcode == Opcode.LSTM ? [[x.Shape[0], x.Shape[1], hidden], last, last] : [[x.Shape[0], x.Shape[1], hidden], last];
        return Add(opcode, inputs, shapes, node =>
        {
            for (int i = 0; i < settings.Activations.Length; i++)
            {
                RecurrentActivation activation = settings.Activations[i];
                node.WithActivation(RecurrentRule.Activations + (3 * i), activation.Kind, activation.Alpha, activation.Beta);
            }

            node.With(RecurrentRule.Clip, settings.Clip)
                .With(RecurrentRule.Reverse, settings.Reverse ? 1 : 0)
                .With(RecurrentRule.Variant, settings.Variant ? 1 : 0);
        });
    }
}
