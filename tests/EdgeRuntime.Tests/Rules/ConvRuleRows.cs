using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

/// <summary>Conv and ConvTranspose: their shapes; types and fixed point are those of Dense, of which each has some rows here.</summary>
internal sealed class ConvRuleRows : RuleRows
{
    private const string Four = "needs four dimensions";
    private const string Channels = "has weights for a different number of channels";
    private const string Output = "has an output with a different batch or number of channels";
    private const string Far = "has a window that is too large";

    private static readonly int[] plain = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 1];
    private static readonly string[] names = ["stride_h", "stride_w", "dilation_h", "dilation_w", "pad_top", "pad_left"];
    private static readonly int[] lowest = [1, 1, 1, 1, 0, 0];
    private static readonly int[] highest = [65535, 65535, 65535, 65535, 1 << 28, 1 << 28];

    protected override void Add()
    {
        Good("two by two", One(Opcode.Conv, F32, [1, 3, 3, 1], [1, 2, 2, 1], plain, model => [model.Floats([1, 2, 2, 1], 1, 10, 100, 1000)]), Count(9), [5421, 6532, 8754, 9865]);
        Good("a pad, a stride and a dilation", One(Opcode.Conv, F32, [1, 1, 4, 1], [1, 1, 2, 1], [0, 0, 0, 0, 0, 0, 1, 2, 1, 2, 0, 1, 1], model => [model.Floats([1, 1, 2, 1], 1, 10), model.Floats([1], 1000)]), Count(4), [1020, 1042]);
        Good("depthwise", One(Opcode.Conv, F32, [1, 1, 1, 2], [1, 1, 1, 2], With(plain, 12, 2), model => [model.Floats([2, 1, 1, 1], 10, 100)]), [1, 2], [10, 200]);
        Good("transposed", One(Opcode.ConvTranspose, F32, [1, 1, 2, 1], [1, 1, 3, 1], plain, model => [model.Floats([1, 1, 2, 1], 1, 10)]), [1, 2], [1, 12, 20]);
        foreach (Opcode opcode in new[] { Opcode.Conv, Opcode.ConvTranspose })
        {
            Prefix = $"{opcode}: ";
            AddShapes(opcode);
            AddGroups(opcode);
            AddWindows(opcode);
            AddTypes(opcode);
        }
    }

    private void AddShapes(Opcode opcode)
    {
        int[] one = [1, 1, 1, 1];
        Bad("an input of three dimensions", Four, Conv(opcode, [1, 1, 1], one, one));
        Bad("an input of five dimensions", Four, Conv(opcode, [1, 1, 1, 1, 1], one, one));
        Bad("weights of three dimensions", Four, Conv(opcode, one, [1, 1, 1], one));
        Bad("weights of five dimensions", Four, Conv(opcode, one, [1, 1, 1, 1, 1], one));
        Bad("an output of three dimensions", Four, Conv(opcode, one, one, [1, 1, 1]));
        Bad("an output of five dimensions", Four, Conv(opcode, one, one, [1, 1, 1, 1, 1]));
        Bad("a batch more", Output, Conv(opcode, [2, 1, 1, 1], [2, 1, 1, 1], [3, 1, 1, 2]));
        Bad("a batch less", Output, Conv(opcode, [2, 1, 1, 1], [2, 1, 1, 1], [1, 1, 1, 2]));
        Bad("a channel more", Output, Conv(opcode, [2, 1, 1, 1], [2, 1, 1, 1], [2, 1, 1, 3]));
        Bad("a channel less", Output, Conv(opcode, [2, 1, 1, 1], [2, 1, 1, 1], [2, 1, 1, 1]));
        Bad("absent weights", "is missing input 1", One(opcode, F32, one, one, plain, _ => [-1]));
        RawModel model = One(opcode, F32, one, one, plain, model => [model.Arena(F32, one)]);
        model.Input(2);
        Bad("weights of the arena", "needs constant weights", model);
    }

    private void AddGroups(Opcode opcode)
    {
        int[] shape = [1, 1, 1, 2];
        int[] weights = [2, 1, 1, 1];
        Bad("no group", "has parameter 'groups' = 0 outside 1 to 2", Conv(opcode, shape, weights, shape, With(plain, 12, 0)));
        Good("as many groups as channels", Conv(opcode, shape, weights, shape, With(plain, 12, 2)));
        Bad("more groups than channels", "has parameter 'groups' = 3 outside 1 to 2", Conv(opcode, [1, 1, 1, 3], weights, shape, With(plain, 12, 3)));
        Bad("groups that do not divide the channels", Channels, Conv(opcode, shape, [3, 1, 1, 1], [1, 1, 1, 3], With(plain, 12, 2)));
        Bad("an input channel more", Channels, Conv(opcode, [1, 1, 1, 3], weights, shape, With(plain, 12, 2)));
        Bad("an input channel less", Channels, Conv(opcode, [1, 1, 1, 1], weights, shape, With(plain, 12, 2)));
    }

    private void AddWindows(Opcode opcode)
    {
        int[] one = [1, 1, 1, 1];
        for (int i = 0; i < names.Length; i++)
        {
            Within(names[i], 6 + i, lowest[i], highest[i], plain, changed => Conv(opcode, one, one, one, changed));
        }

        // Of Conv the output steps over its input, of ConvTranspose the input over the output.
        for (int axis = 0; axis < 2; axis++)
        {
            int[] many = axis == 0 ? [1, 16385, 1, 1] : [1, 1, 16385, 1];
            int[] input = opcode == Opcode.Conv ? one : many;
            int[] output = opcode == Opcode.Conv ? many : one;
            int[] strides = With(With(plain, 6 + axis, 65535), 10 + axis, 16383);
            int[] dilations = With(With(plain, 8 + axis, 65535), 10 + axis, 16383);
            Good($"strides to the farthest place on axis {axis}", Conv(opcode, input, one, output, strides));
            Bad($"strides one past the farthest place on axis {axis}", Far, Conv(opcode, input, one, output, With(strides, 10 + axis, 16384)));
            Good($"dilations to the farthest place on axis {axis}", Conv(opcode, one, many, one, dilations), [5], [0]);
            Bad($"dilations one past the farthest place on axis {axis}", Far, Conv(opcode, one, many, one, With(dilations, 10 + axis, 16384)));
        }
    }

    private void AddTypes(Opcode opcode)
    {
        int[] one = [1, 1, 1, 1];
        Bad("weights of int32", "mixes types", One(opcode, F32, one, one, plain, model => [model.Ints(one, 1)]));
        Bad("a bias more", "input 2 has 2 elements, expected 1", One(opcode, F32, one, one, plain, model => [model.Floats(one, 1), model.Floats([2], 1, 1)]));
        Bad("PReLU", "cannot fuse PReLU", Conv(opcode, one, one, one, With(plain, 0, 8)));
        Bad("quantization inputs", "has quantization inputs in float32", One(opcode, F32, one, one, plain, model => [model.Floats(one, 1), -1, -1]));
        int[] fixedPoint = With(With(plain, 3, -128), 4, 127);
        Good("int8", One(opcode, I8, one, one, fixedPoint, model => [model.Bytes(one, 3), model.Ints([1], 4), model.Ints([1], 1 << 30), model.Shifts(1)]), [5], [19]);
        Bad("int8 without multipliers", "is missing input 3", One(opcode, I8, one, one, fixedPoint, model => [model.Bytes(one, 3)]));
    }

    private static RawModel Conv(Opcode opcode, int[] input, int[] weights, int[] output, int[]? parameters = null) =>
        One(opcode, F32, input, output, parameters ?? plain, model => [model.Floats(weights, Count(weights.Aggregate(1, (product, size) => product * size)))]);
}
