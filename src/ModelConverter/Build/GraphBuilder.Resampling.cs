using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Build;

/// <content>Elements at places between those of an axis.</content>
internal sealed partial class GraphBuilder
{
    /// <summary>Along one axis, linear interpolation between the two elements around each place; places beyond the ends are at the ends.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="places">Where each element of the result is, in elements of x.</param>
    public Value Interpolate(Value x, int axis, float[] places)
    {
        int last = x.Shape[axis] - 1;
        float[] inside = Array.ConvertAll(places, place => Math.Clamp(place, 0f, last));
        float[] lower = Array.ConvertAll(inside, MathF.Floor);
        Value a = Gather(x, Places(lower), axis);
        if (lower.AsSpan().SequenceEqual(inside))
        {
            return a;
        }

        Value b = Gather(x, Places(Array.ConvertAll(lower, place => Math.Min(place + 1f, last))), axis);
        int[] shape = [places.Length, .. x.Shape[(axis + 1)..].Select(_ => 1)];
        Value share = Value.Constant(Name + ".share", [.. inside.Zip(lower, (place, below) => place - below)], shape);
        return Arithmetic(Opcode.Add, a, Arithmetic(Opcode.Mul, Arithmetic(Opcode.Sub, b, a), share));
    }

    private Value Places(float[] places) => Value.Constant(Name + ".places", places, places.Length);
}
