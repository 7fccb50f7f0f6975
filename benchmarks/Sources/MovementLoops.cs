using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Benchmarks.Sources;

/// <summary>Transposes as one loop an axis.</summary>
internal static class MovementLoops
{
    internal static void Transpose(LoopSource source, Node node, int i)
    {
        int[] from = node.Input(0).Shape;
        int[] to = node.Output.Shape;
        string x = source.Name(node.Input(0));
        string y = source.Result(node.Output, $"y{i}");
        string loops = "", read = "0", write = "0";
        for (int axis = 0; axis < to.Length; axis++)
        {
            loops += $"for (int i{axis} = 0; i{axis} < {to[axis]}; i{axis}++) ";
            write = $"({write}) * {to[axis]} + i{axis}";
        }

        for (int axis = 0; axis < from.Length; axis++)
        {
            int place = Array.IndexOf(node.Parameters, axis, TransposeRule.Permutation, from.Length);
            read = $"({read}) * {from[axis]} + i{place}";
        }

        source.Line($"{loops}{y}[{write}] = {x}[{read}];");
    }
}
