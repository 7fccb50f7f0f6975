using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Plan;

/// <summary>Which inputs an operator may overwrite with its output.</summary>
internal static class InPlace
{
    /// <summary>
    /// Whether the kernels of all engines read element i of this input for no other element of the output than i, which then
    /// may take its place. An input that is broadcast is read again.
    /// </summary>
    internal static bool Allows(Node node, int position)
    {
        Value input = node.Input(position);
        bool alike = input.Type == node.Output.Type && input.Elements == node.Output.Elements;
        return alike && InPlaceRule.Allows(node.Opcode, position, 0);
    }
}
