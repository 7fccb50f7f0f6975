using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

internal sealed class MatMulRuleRows : RuleRows
{
    private const string NoBroadcast = "has shapes that do not broadcast";
    private const string Another = "has an output of the wrong shape";

    protected override void Add()
    {
        Good("two matrices", MatMul([2, 3], [3, 1], [2, 1]), [1, 2, 3, 4, 5, 6, 1, 10, 100], [321, 654]);
        Good("a matrix for each of two", MatMul([2, 1, 2], [2, 2, 1], [2, 1, 1]), [1, 2, 3, 4, 1, 10, 100, 1000], [21, 4300]);
        Good("one matrix for both, of fewer dimensions", MatMul([2, 1, 2], [2, 1], [2, 1, 1]), [1, 2, 3, 4, 1, 10], [21, 43]);
        Good("one first matrix for both", MatMul([1, 2], [2, 2, 1], [2, 1, 1]), [1, 2, 1, 10, 100, 1000], [21, 2100]);
        Good("each repeated on one axis", MatMul([2, 1, 1, 1], [1, 2, 1, 1], [2, 2, 1, 1]), [2, 3, 10, 100], [20, 200, 30, 300]);
        Bad("one column more than rows", "has matrices whose shapes do not match", MatMul([2, 3], [2, 1], [2, 1]));
        Bad("one column less than rows", "has matrices whose shapes do not match", MatMul([2, 1], [2, 1], [2, 1]));
        Bad("an output of one row more", Another, MatMul([2, 3], [3, 1], [3, 1]));
        Bad("an output of one row less", Another, MatMul([2, 3], [3, 1], [1, 1]));
        Bad("an output of one column more", Another, MatMul([2, 3], [3, 2], [2, 3]));
        Bad("an output of one column less", Another, MatMul([2, 3], [3, 2], [2, 1]));
        Bad("a vector first", "needs matrices", MatMul([3], [3, 1], [1, 1]));
        Bad("a vector second", "needs matrices", MatMul([2, 3], [3], [2, 1]));
        Bad("an output of one dimension more", "needs matrices", MatMul([2, 3], [3, 1], [1, 2, 1]));
        Bad("an output of one dimension less", "needs matrices", MatMul([1, 2, 3], [3, 1], [2, 1]));
        Bad("an output of one dimension less than the second", "needs matrices", MatMul([2, 3], [1, 3, 1], [2, 1]));
        Bad("2 and 3 matrices", NoBroadcast, MatMul([2, 1, 1], [3, 1, 1], [3, 1, 1]));
        Bad("3 and 2 matrices", NoBroadcast, MatMul([3, 1, 1], [2, 1, 1], [3, 1, 1]));
        Bad("one result more", NoBroadcast, MatMul([2, 1, 1], [2, 1, 1], [3, 1, 1]));
        Bad("one result less", NoBroadcast, MatMul([2, 1, 1], [2, 1, 1], [1, 1, 1]));
        Bad("results that the second's absent axis does not give", NoBroadcast, MatMul([1, 1, 1], [1, 1], [2, 1, 1]));
        Bad("results that the first's absent axis does not give", NoBroadcast, MatMul([1, 1], [1, 1, 1], [2, 1, 1]));
        Bad("four dimensions that do not fit", NoBroadcast, MatMul([2, 1, 1, 1], [3, 1, 1, 1], [3, 1, 1, 1]));
        for (int i = 0; i < 3; i++)
        {
            RawModel model = MatMul([2, 3], [3, 1], [2, 1]);
            model.Tensors[i].Kind = (int)I32;
            Bad($"tensor {i} of int32", "takes float32", model);
        }

        Bad("an absent second input", "is missing input 1", One(Opcode.MatMul, F32, [2, 2], [2, 2], [], _ => [-1]));
    }

    private static RawModel MatMul(int[] first, int[] second, int[] output)
    {
        int b = -1;
        RawModel model = One(Opcode.MatMul, F32, first, output, [], model => [b = model.Arena(F32, second)]);
        model.Input(b);
        return model;
    }
}
