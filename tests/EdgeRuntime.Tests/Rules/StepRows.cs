using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

/// <summary>Work of one inference: 2³⁴ steps, and one more. What each operator counts as is LoadLimitTests'.</summary>
internal sealed class StepRows : RuleRows
{
    protected override void Add()
    {
        Good("as many steps as are allowed", Windows(128));
        Bad("one step more", "operators", "with operator 1 (MaxPool) one inference takes more than 17179869184 steps; raise the limit of steps to load it", Behind(128), laid => laid.OperatorStart(1));
        Bad("a row of windows more", "operators", "with operator 0 (MaxPool) one inference takes more than 17179869184 steps; raise the limit of steps to load it", Windows(129), laid => laid.OperatorStart(0));
    }

    // Windows of 1024 by 1024 over an image of that size, 128 in each row.
    private static RawModel Windows(int rows)
    {
        var model = new RawModel();
        int x = model.Arena(I8, [1, 1024, 1024, 1], 1f);
        int y = model.Arena(I8, [1, rows, 128, 1], 1f);
        model.Input(x);
        model.Output(y);
        model.Op(Opcode.MaxPool, [x], [y], 1024, 1024, 1, 1, 1, 1, 64, 64, 64, 64, 0, -128, 127);
        return model;
    }

    // The same and a window of one element.
    private static RawModel Behind(int rows)
    {
        RawModel model = Windows(rows);
        int small = model.Arena(I8, [1, 1, 1, 1], 1f);
        int last = model.Arena(I8, [1, 1, 1, 1], 1f);
        model.Input(small);
        model.Output(last);
        model.Op(Opcode.MaxPool, [small], [last], 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, -128, 127);
        return model;
    }
}
