using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

internal sealed class PadRuleRows : RuleRows
{
    private const int Constant = 0;
    private const int Reflect = 1;
    private const int Edge = 2;
    private const int Wrap = 3;
    private const string TooFar = "reflects more elements than there are";

    protected override void Add()
    {
        Good("a value on both sides", Pad([2], [5], [2], Constant, Bits(7f)), [1, 2], [7, 7, 1, 2, 7]);
        Good("float32 bits that fit one byte", Pad([2], [3], [0], Constant, -1), [1, 2], [1, 2, double.NaN]);
        Good("nothing", Pad([2], [2], [0], Constant, Bits(7f)), [1, 2], [1, 2]);
        Good("a scalar", Pad([], [], [], Constant, 0), [3], [3]);
        Good("reflected as far as there are elements", Pad([3], [7], [2], Reflect, 0), [1, 2, 3], [3, 2, 1, 2, 3, 2, 1]);
        Good("one element is reflected nowhere", Pad([1], [1], [0], Reflect, 0), [1], [1]);
        Good("the edges", Pad([2], [6], [3], Edge, 0), [1, 2], [1, 1, 1, 1, 2, 2]);
        Good("wrapped within the axis", Pad([2], [6], [2], Wrap, 0), [1, 2], [1, 2, 1, 2, 1, 2]);
        Good("wrapped wider than the axis", Pad([2], [9], [3], Wrap, 0), [1, 2], [2, 1, 2, 1, 2, 1, 2, 1, 2]);
        Good("edges wider than the axis", Pad([1], [5], [2], Edge, 0), [4], [4, 4, 4, 4, 4]);
        Good("two axes", Pad([1, 2], [2, 3], [1, 0], Constant, 0), [1, 2], [0, 0, 0, 1, 2, 0]);
        Good("six axes", Pad([1, 1, 1, 1, 1, 2], [1, 1, 1, 1, 1, 3], [0, 0, 0, 0, 0, 1], Constant, 0), [1, 2], [0, 1, 2]);
        Within("mode", 6, 0, 3, [0, 0, 0, 0, 0, 0, 0, 0], parameters => One(Opcode.Pad, F32, [2], [2], parameters));
        Within("value", 7, -128, 127, new int[8], parameters => One(Opcode.Pad, I8, [2], [3], parameters));
        Within("value", 7, -32768, 32767, new int[8], parameters => One(Opcode.Pad, I16, [2], [3], parameters));
        Good("a value of int8 that is not looked at", One(Opcode.Pad, I8, [1], [2], [0, 0, 0, 0, 0, 0, Edge, 128]), [4], [4, 4]);
        Bad("reflected before as wide as the axis", TooFar, Pad([3], [6], [3], Reflect, 0));
        Bad("reflected after as wide as the axis", TooFar, Pad([3], [6], [0], Reflect, 0));
        Bad("reflected as wide as the last axis", TooFar, Pad([3, 2], [3, 4], [0, 2], Reflect, 0));
        Bad("more before than the output has", "has parameter 'before_0' = 4 outside 0 to 3", Pad([2], [3], [4], Constant, 0));
        Bad("as much before as the output has", "has an output smaller than its input", Pad([2], [3], [3], Constant, 0));
        Bad("a negative number before", "has parameter 'before_0' = -1 outside 0 to 3", Pad([2], [3], [-1], Constant, 0));
        Bad("one more before than there is room for", "has an output smaller than its input", Pad([2], [3], [2], Constant, 0));
        Bad("an output smaller on the last axis", "has an output smaller than its input", Pad([2, 2], [2, 1], [0, 0], Edge, 0));
        Bad("another type", "changes the type or the number of dimensions", One(Opcode.Pad, F32, [2], [3], [0, 0, 0, 0, 0, 0, 0, 0], outputType: I32));
        Bad("one dimension more", "changes the type or the number of dimensions", Pad([2], [2, 1], [0], Constant, 0));
        Bad("one dimension less", "changes the type or the number of dimensions", Pad([2, 1], [2], [0], Constant, 0));
    }

    private static RawModel Pad(int[] shape, int[] output, int[] before, int mode, int value) =>
        One(Opcode.Pad, F32, shape, output, [.. before, .. new int[6 - before.Length], mode, value]);
}
