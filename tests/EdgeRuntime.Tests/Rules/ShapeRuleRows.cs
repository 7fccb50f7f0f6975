using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

/// <summary>Reshape, Transpose, Expand and Concat: elements in other places.</summary>
internal sealed class ShapeRuleRows : RuleRows
{
    private const string NoBroadcast = "has shapes that do not broadcast";

    protected override void Add()
    {
        AddReshape();
        AddTranspose();
        AddExpand();
        AddConcat();
    }

    private void AddReshape()
    {
        Prefix = "Reshape: ";
        Good("another shape", One(Opcode.Reshape, F32, [2, 3], [3, 1, 2], []), Count(6), [1, 2, 3, 4, 5, 6]);
        Good("to a scalar", One(Opcode.Reshape, F32, [1], [], []), [5], [5]);
        Bad("an element more", "output 0 has 7 elements, expected 6", One(Opcode.Reshape, F32, [2, 3], [7], []));
        Bad("an element less", "output 0 has 5 elements, expected 6", One(Opcode.Reshape, F32, [2, 3], [5], []));
        Bad("another type", "output 0 has the wrong type", One(Opcode.Reshape, F32, [2, 3], [6], [], outputType: I32));
    }

    private void AddTranspose()
    {
        Prefix = "Transpose: ";
        Good("turned", Transpose([2, 3], [3, 2], 1, 0), Count(6), [1, 4, 2, 5, 3, 6]);
        Good("six dimensions backwards", One(Opcode.Transpose, F32, [1, 2, 1, 1, 3, 1], [1, 3, 1, 1, 2, 1], [5, 4, 3, 2, 1, 0]), Count(6), [1, 4, 2, 5, 3, 6]);
        Good("a scalar", Transpose([], [], 0, 0), [3], [3]);
        Good("entries beyond the rank are free", Transpose([3], [3], 0, 9), [1, 2, 3], [1, 2, 3]);
        Bad("an axis twice", "names an axis twice", Transpose([2, 2], [2, 2], 1, 1));
        Bad("an axis past the last", "has parameter 'perm_0' = 2 outside 0 to 1", Transpose([2, 3], [3, 2], 2, 0));
        Bad("a negative axis", "has parameter 'perm_1' = -1 outside 0 to 1", Transpose([2, 3], [3, 2], 1, -1));
        Bad("a first size too small", "has an output whose shape does not match its permutation", Transpose([2, 3], [2, 3], 1, 0));
        Bad("a first size too large", "has an output whose shape does not match its permutation", Transpose([2, 3], [6, 1], 1, 0));
        Bad("one dimension more", "changes the number of dimensions", Transpose([2, 3], [3, 2, 1], 1, 0));
        Bad("one dimension less", "changes the number of dimensions", Transpose([2, 3], [6], 1, 0));
        Bad("another type", "output 0 has the wrong type", One(Opcode.Transpose, F32, [2, 3], [3, 2], [1, 0, 0, 0, 0, 0], outputType: I32));
        Bad("an element more", "output 0 has 8 elements, expected 6", Transpose([2, 3], [4, 2], 1, 0));
    }

    private void AddExpand()
    {
        Prefix = "Expand: ";
        Good("along the last axis", One(Opcode.Expand, F32, [2, 1], [2, 3], []), [1, 2], [1, 1, 1, 2, 2, 2]);
        Good("along a new axis", One(Opcode.Expand, F32, [2], [3, 2], []), [1, 2], [1, 2, 1, 2, 1, 2]);
        Good("a scalar", One(Opcode.Expand, F32, [], [2], []), [4], [4, 4]);
        Bad("the last axis one larger", NoBroadcast, One(Opcode.Expand, F32, [2], [3], []));
        Bad("the last axis one smaller", NoBroadcast, One(Opcode.Expand, F32, [2], [1], []));
        Bad("the first axis one larger", NoBroadcast, One(Opcode.Expand, F32, [2, 3], [3, 3], []));
        Bad("a dimension less", "changes the type or drops dimensions", One(Opcode.Expand, F32, [1, 2], [2], []));
        Bad("another type", "changes the type or drops dimensions", One(Opcode.Expand, F32, [2], [2], [], outputType: I32));
    }

    private void AddConcat()
    {
        Prefix = "Concat: ";
        Good("on the first axis", Concat([2, 2], [1, 2], [3, 2], 0), Count(6), [1, 2, 3, 4, 5, 6]);
        Good("on the last axis", Concat([2, 2], [2, 1], [2, 3], 1), Count(6), [1, 2, 5, 3, 4, 6]);
        Good("one dimension", Concat([2], [1], [3], 0), Count(3), [1, 2, 3]);
        Good("one input", One(Opcode.Concat, F32, [2], [2], [0]), [1, 2], [1, 2]);
        Within("axis", 0, 0, 1, [0], parameters => Concat([2, 2], [2, 2], [4, 2], parameters[0]), true, false);
        Bad("a scalar output", "has an output of a different type, or a scalar output", One(Opcode.Concat, F32, [], [], [0]));
        Bad("another output type", "has an output of a different type, or a scalar output", One(Opcode.Concat, F32, [2], [2], [0], outputType: I32));
        const string Mixed = "mixes types or numbers of dimensions";
        Bad("a second input of another type", Mixed, One(Opcode.Concat, F32, [2], [3], [0], model => [model.Ints([1], 1)]));
        Bad("a second input of one dimension more", Mixed, Concat([2], [1, 1], [3], 0));
        Bad("a second input of one dimension less", Mixed, Concat([2, 1], [1], [3, 1], 0));
        Bad("an input larger on another axis", "has shapes that do not match", Concat([2, 3], [1, 2], [3, 2], 0));
        Bad("an input smaller on another axis", "has shapes that do not match", Concat([2, 1], [1, 2], [3, 2], 0));
        Bad("an input smaller on the axis before", "has shapes that do not match", Concat([2, 2], [1, 2], [2, 4], 1));
        Bad("an output one too long", "has an output whose size is not the sum of its inputs", Concat([2], [1], [4], 0));
        Bad("an output one too short", "has an output whose size is not the sum of its inputs", Concat([2], [1], [2], 0));
        Bad("an absent second input", "is missing input 1", One(Opcode.Concat, F32, [2], [2], [0], _ => [-1]));
    }

    private static RawModel Transpose(int[] shape, int[] output, int first, int second) => One(Opcode.Transpose, F32, shape, output, [first, second, 0, 0, 0, 0]);

    private static RawModel Concat(int[] shape, int[] other, int[] output, int axis)
    {
        int second = -1;
        RawModel model = One(Opcode.Concat, F32, shape, output, [axis], model => [second = model.Arena(F32, other)]);
        model.Input(second);
        return model;
    }
}
