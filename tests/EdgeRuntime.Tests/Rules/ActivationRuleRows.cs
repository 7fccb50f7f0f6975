using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

internal sealed class ActivationRuleRows : RuleRows
{
    private static readonly int[] leaky = [(int)ActivationKind.LeakyReLU, Bits(0.5f), 0];

    protected override void Add()
    {
        Good("the first function", Activation([0, 0, 0]), [-1, 2, -3, 4, 0, 5], [-1, 2, -3, 4, 0, 5]);
        Good("the last function", Activation([20, Bits(1f), Bits(0.5f)]), [1, 2, -3, -1, 0, 1.5f], [0, 1.5, -2.5, 0, 0, 1]);
        Good("the last function but one", Activation([19, Bits(1f), 0]), [1, 2, -3, 4, 0, 1.5f], [0, 2, 0, 4, 0, 1.5]);
        Good("a slope", Activation(leaky), [-1, 2, -3, 4, 0, 5], [-0.5, 2, -1.5, 4, 0, 5]);
        Good("a slope for each channel", Slopes([2, 3], 3), [-1, -1, -1, 2, -2, 2], [-1, -2, -3, 2, -4, 2]);
        Good("a slope for a scalar", Slopes([], 1), [-4], [-4]);
        Within("activation", 0, 0, 20, leaky, Activation, false, false);
        Finite("alpha(f)", 1, leaky, Activation);
        Finite("beta(f)", 2, leaky, Activation);
        OutputLikeInput(Opcode.Activation, F32, leaky);
        Bad("int8", "takes float32", One(Opcode.Activation, I8, [2, 3], [2, 3], leaky));
        Bad("an output of another type", "output 0 has the wrong type", One(Opcode.Activation, F32, [2, 3], [2, 3], leaky, outputType: I32));
        Bad("a slope too few", "input 1 has 2 elements, expected 3", Slopes([2, 3], 2));
        Bad("a slope too many", "input 1 has 4 elements, expected 3", Slopes([2, 3], 4));
        Bad("PReLU without slopes", "is missing input 1", Activation([8, 0, 0]));
        Bad("slopes of int32", "input 1 is not a constant of the type that it needs", One(Opcode.Activation, F32, [2, 3], [2, 3], [8, 0, 0], model => [model.Ints([3], 1, 1, 1)]));
        Bad("slopes without PReLU", "has a second input but is not PReLU", One(Opcode.Activation, F32, [2, 3], [2, 3], leaky, model => [model.Floats([3], 1, 1, 1)]));
        Good("PReLU takes no α", One(Opcode.Activation, F32, [2, 3], [2, 3], [8, Bits(float.NaN), 0], model => [model.Floats([3], 1, 2, 3)]), [-1, -1, -1, 2, -2, 2], [-1, -2, -3, 2, -4, 2]);
    }

    private static RawModel Activation(int[] parameters) => One(Opcode.Activation, F32, [2, 3], [2, 3], parameters);

    private static RawModel Slopes(int[] shape, int count) => One(Opcode.Activation, F32, shape, shape, [8, 0, 0], model => [model.Floats([count], Count(count))]);
}
