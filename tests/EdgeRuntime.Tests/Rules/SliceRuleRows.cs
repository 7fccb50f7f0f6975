using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

internal sealed class SliceRuleRows : RuleRows
{
    private const string Outside = "reads outside its input";

    protected override void Add()
    {
        Good("all backwards", Slice([4], [4], [3], [-1]), Count(4), [4, 3, 2, 1]);
        Good("to the last element", Slice([4], [2], [1], [2]), Count(4), [2, 4]);
        Good("to the first element", Slice([4], [2], [2], [-2]), Count(4), [3, 1]);
        Good("an element again and again", Slice([4], [3], [3], [0]), Count(4), [4, 4, 4]);
        Good("a step as wide as the axis", Slice([4], [1], [3], [4]), Count(4), [4]);
        Good("a step back as wide as the axis", Slice([4], [1], [0], [-4]), Count(4), [1]);
        Good("a scalar", Slice([], [], [], []), [3], [3]);
        Good("two axes", Slice([2, 3], [1, 2], [1, 2], [1, -2]), Count(6), [6, 4]);
        Good("six axes", Slice([1, 1, 2, 1, 1, 3], [1, 1, 1, 1, 1, 2], [0, 0, 1, 0, 0, 0], [1, 1, 1, 1, 1, 2]), Count(6), [4, 6]);
        Bad("one past the end", Outside, Slice([4], [2], [2], [2]));
        Bad("one before the start", Outside, Slice([4], [3], [1], [-1]));
        Bad("one past the end of the last axis", Outside, Slice([2, 3], [2, 3], [0, 1], [1, 1]));
        Bad("a reach of 2³²", Outside, One(Opcode.Slice, I8, [65536], [65537], [0, 0, 0, 0, 0, 0, 65536, 0, 0, 0, 0, 0]));
        Bad("a start past the end", "has parameter 'start_0' = 4 outside 0 to 3", Slice([4], [1], [4], [1]));
        Bad("a negative start", "has parameter 'start_0' = -1 outside 0 to 3", Slice([4], [1], [-1], [1]));
        Bad("a start past the end of the last axis", "has parameter 'start_5' = 3 outside 0 to 2", Slice([1, 1, 2, 1, 1, 3], [1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 3], [1, 1, 1, 1, 1, 1]));
        Bad("a step wider than the axis", "has parameter 'step_0' = 5 outside -4 to 4", Slice([4], [1], [0], [5]));
        Bad("a step back wider than the axis", "has parameter 'step_0' = -5 outside -4 to 4", Slice([4], [1], [0], [-5]));
        Bad("another type", "changes the type or the number of dimensions", One(Opcode.Slice, F32, [4], [4], [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1], outputType: I32));
        Bad("one dimension more", "changes the type or the number of dimensions", Slice([4], [4, 1], [0], [1]));
        Bad("one dimension less", "changes the type or the number of dimensions", Slice([4, 1], [4], [0, 0], [1, 1]));
    }

    private static RawModel Slice(int[] shape, int[] output, int[] starts, int[] steps) =>
        One(Opcode.Slice, F32, shape, output, [.. starts, .. new int[6 - starts.Length], .. steps, .. new int[6 - steps.Length]]);
}
