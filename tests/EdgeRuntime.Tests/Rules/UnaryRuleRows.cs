using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

internal sealed class UnaryRuleRows : RuleRows
{
    protected override void Add()
    {
        Good("the first function", Unary([0, 0, 0]), [-1, 2, -3, 4, 0, -5], [1, 2, 3, 4, 0, 5]);
        Good("the last function", Unary([27, 0, 0]), [0, 0.5f, -0.5f, 0, 0, 0], [0, 0.5493061443340549, -0.5493061443340549, 0, 0, 0], 1e-6);
        Good("bounds that are infinite", Unary([12, Bits(float.NegativeInfinity), Bits(float.PositiveInfinity)]), [-1, 2, -3, 4, 0, -5], [-1, 2, -3, 4, 0, -5]);
        Within("function", 0, 0, 27, [0, 0, 0], Unary, false, false);
        OutputLikeInput(Opcode.Unary, F32, [0, 0, 0]);
        Bad("int8", "takes float32", One(Opcode.Unary, I8, [2, 3], [2, 3], [0, 0, 0], outputType: F32));
        Bad("an output of another type", "output 0 has the wrong type", One(Opcode.Unary, F32, [2, 3], [2, 3], [0, 0, 0], outputType: I32));
    }

    private static RawModel Unary(int[] parameters) => One(Opcode.Unary, F32, [2, 3], [2, 3], parameters);
}
