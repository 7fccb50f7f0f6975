using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

internal sealed class ArgReduceRuleRows : RuleRows
{
    protected override void Add()
    {
        float[] x = [1, 3, 3, 5, 2, 2];
        Good("the first of the largest", Arg([2, 3], [2], [0, 1, 0]), x, [1, 0]);
        Good("the last of the largest", Arg([2, 3], [2], [0, 1, 1]), x, [2, 0]);
        Good("the first of the smallest", Arg([2, 3], [2, 1], [1, 1, 0]), x, [0, 1]);
        Good("the last of the smallest", Arg([2, 3], [2], [1, 1, 1]), x, [0, 2]);
        Good("the first axis", Arg([2, 3], [3], [0, 0, 0]), x, [1, 0, 0]);
        Good("one dimension", Arg([3], [], [0, 0, 0]), [1, 3, 2], [1]);
        Within("axis", 1, 0, 1, [0, 0, 0], parameters => Arg([2, 3], [3], parameters), true, false);
        Within("smallest", 0, 0, 1, [0, 1, 0], parameters => Arg([2, 3], [2], parameters));
        Within("last", 2, 0, 1, [0, 1, 0], parameters => Arg([2, 3], [2], parameters));
        Bad("int8", "takes float32", One(Opcode.ArgReduce, I8, [2, 3], [2], [0, 1, 0], outputType: F32));
        Bad("a scalar input", "needs an input of one dimension or more", Arg([], [], [0, 0, 0]));
        Bad("an output of another type", "output 0 has the wrong type", One(Opcode.ArgReduce, F32, [2, 3], [2], [0, 1, 0], outputType: I32));
        Bad("an output of one element more", "output 0 has 3 elements, expected 2", Arg([2, 3], [3], [0, 1, 0]));
        Bad("an output of one element less", "output 0 has 1 elements, expected 2", Arg([2, 3], [1], [0, 1, 0]));
    }

    private static RawModel Arg(int[] shape, int[] output, int[] parameters) => One(Opcode.ArgReduce, F32, shape, output, parameters);
}
