using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

internal sealed class CumSumRuleRows : RuleRows
{
    protected override void Add()
    {
        float[] x = [1, 3, 4, 5, 2, 7];
        Good("the last axis", Sum([2, 3], [1, 0, 0]), x, [1, 4, 8, 5, 7, 14]);
        Good("the first axis", Sum([2, 3], [0, 0, 0]), x, [1, 3, 4, 6, 5, 11]);
        Good("without the own value", Sum([2, 3], [1, 1, 0]), x, [0, 1, 4, 0, 5, 7]);
        Good("from the end", Sum([2, 3], [1, 0, 1]), x, [8, 7, 4, 14, 9, 7]);
        Good("from the end without the own value", Sum([2, 3], [1, 1, 1]), x, [7, 4, 0, 9, 7, 0]);
        Within("axis", 0, 0, 1, [0, 0, 0], parameters => Sum([2, 3], parameters));
        Within("exclusive", 1, 0, 1, [0, 0, 0], parameters => Sum([2, 3], parameters));
        Within("reverse", 2, 0, 1, [0, 0, 0], parameters => Sum([2, 3], parameters));
        OutputLikeInput(Opcode.CumSum, F32, [0, 0, 0]);
        Bad("a scalar", "needs an input of one dimension or more", Sum([], [0, 0, 0]));
        Bad("int8", "takes float32", One(Opcode.CumSum, I8, [2], [2], [0, 0, 0], outputType: F32));
        Bad("another output type", "output 0 has the wrong type", One(Opcode.CumSum, F32, [2], [2], [0, 0, 0], outputType: I32));
    }

    private static RawModel Sum(int[] shape, int[] parameters) => One(Opcode.CumSum, F32, shape, shape, parameters);
}
