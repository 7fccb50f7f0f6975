using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

internal sealed class WhereRuleRows : RuleRows
{
    private const string NoBroadcast = "has shapes that do not broadcast";
    private const string Input = "takes float32 of no more dimensions than its output";

    protected override void Add()
    {
        Good("each of its own shape", Where([2, 1], [2], [], [2, 2]), [1, 0, 5, 6, 9], [5, 6, 9, 9]);
        Good("an output larger than all", Where([1], [1], [1], [2]), [0, 5, 9], [9, 9]);
        for (int i = 0; i < 3; i++)
        {
            int at = i;
            Prefix = $"input {i}, ";
            Bad("one larger on the last axis", NoBroadcast, Where(Shape([3]), [2]));
            Bad("one smaller on the last axis", NoBroadcast, Where(Shape([2]), [3]));
            Bad("one larger on the first axis", NoBroadcast, Where(Shape([3, 2]), [2, 2]));
            Bad("one dimension more", Input, Where(Shape([1, 2]), [2]));
            RawModel model = Where([2], [2], [2], [2]);
            model.Tensors[i].Kind = (int)I32;
            Bad("int32", Input, model);

            int[][] Shape(int[] shape)
            {
                int[][] shapes = [[1], [1], [1]];
                shapes[at] = shape;
                return shapes;
            }
        }

        Prefix = "";
        RawModel typed = Where([2], [2], [2], [2]);
        typed.Tensors[3].Kind = (int)I32;
        Bad("an output of int32", "writes float32", typed);
        Bad("an absent second choice", "is missing input 2", One(Opcode.Where, F32, [2], [2], [], _ => [0, -1]));
    }

    private static RawModel Where(int[] condition, int[] a, int[] b, int[] output) => Where([condition, a, b], output);

    private static RawModel Where(int[][] shapes, int[] output)
    {
        var model = new RawModel();
        int[] inputs = [.. shapes.Select(shape => model.Arena(F32, shape))];
        int y = model.Arena(F32, output);
        foreach (int input in inputs)
        {
            model.Input(input);
        }

        model.Output(y);
        model.Op(Opcode.Where, inputs, [y]);
        return model;
    }
}
