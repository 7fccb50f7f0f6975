using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

internal sealed class GatherRuleRows : RuleRows
{
    protected override void Add()
    {
        float[] x = Count(6);
        Good("the first and the last index", Gather([2, 3], [2, 2], 1, model => model.Ints([2], 2, 0)), x, [3, 1, 6, 4]);
        Good("rows by an index of no dimension", Gather([2, 3], [3], 0, model => model.Ints([], 1)), x, [4, 5, 6]);
        Good("indices of two dimensions between axes", Gather([2, 3, 1], [2, 2, 1, 1], 1, model => model.Ints([2, 1], 1, 2)), x, [2, 3, 5, 6]);
        Good("one dimension", Gather([3], [2], 0, model => model.Ints([2], 2, 1)), [7, 8, 9], [9, 8]);
        Good("indices of float32", Gather([2, 3], [2, 2], 1, model => model.Floats([2], 2f, 0f)), x, [3, 1, 6, 4]);
        Bad("an index one past the end", "input 1 holds 3, outside 0 to 2", Gather([2, 3], [2, 2], 1, model => model.Ints([2], 0, 3)));
        Bad("an index of another axis' size", "input 1 holds 2, outside 0 to 1", Gather([2, 3], [2, 3], 0, model => model.Ints([2], 0, 2)));
        Bad("a negative index", "input 1 holds -1, outside 0 to 2", Gather([2, 3], [2, 2], 1, model => model.Ints([2], -1, 0)));
        Bad("a scalar input", "needs an input of one dimension or more", Gather([], [], 0, model => model.Ints([], 0)));
        Bad("an axis past the last", "has parameter 'axis' = 2 outside 0 to 1", Gather([2, 3], [2, 2], 2, model => model.Ints([2], 0, 1)));
        Bad("a negative axis", "has parameter 'axis' = -1 outside 0 to 1", Gather([2, 3], [2, 2], -1, model => model.Ints([2], 0, 1)));
        Bad("an output of another type", "has an output of a different type or number of dimensions", One(Opcode.Gather, F32, [2, 3], [2, 2], [1], model => [model.Ints([2], 0, 1)], outputType: I32));
        Bad("an output of one dimension less", "has an output of a different type or number of dimensions", Gather([2, 3], [4], 1, model => model.Ints([2], 0, 1)));
        Bad("an output of one dimension more", "has an output of a different type or number of dimensions", Gather([2, 3], [2, 2, 1], 1, model => model.Ints([2], 0, 1)));
        Bad("an output longer before the axis", "has an output whose shape does not match its indices", Gather([2, 3], [3, 2], 1, model => model.Ints([2], 0, 1)));
        Bad("an output shorter before the axis", "has an output whose shape does not match its indices", Gather([2, 3], [1, 2], 1, model => model.Ints([2], 0, 1)));
        Bad("more places than indices", "has an output whose shape does not match its indices", Gather([2, 3], [2, 3], 1, model => model.Ints([2], 0, 1)));
        Bad("fewer places than indices", "has an output whose shape does not match its indices", Gather([2, 3], [2, 1], 1, model => model.Ints([2], 0, 1)));
        Bad("another size after the axis", "has an output whose shape does not match its indices", Gather([2, 3], [1, 4], 0, model => model.Ints([1], 0)));
        Bad("absent indices", "is missing input 1", Gather([2, 3], [2, 2], 1, _ => -1));
        Bad("indices of int8", "input 1 is not a constant of the type that it needs", Gather([2, 3], [2, 2], 1, model => model.Bytes([2], 0, 1)));
        Bad("indices of the arena", "input 1 is not a constant of the type that it needs", Gather([2, 3], [2, 2], 1, model =>
        {
            int indices = model.Arena(I32, [2]);
            model.Input(indices);
            return indices;
        }));
    }

    private static RawModel Gather(int[] shape, int[] output, int axis, Func<RawModel, int> indices) => One(Opcode.Gather, F32, shape, output, [axis], model => [indices(model)]);
}
