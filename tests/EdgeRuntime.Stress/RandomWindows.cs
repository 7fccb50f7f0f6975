using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Stress;

/// <summary>Operators that move a window over an image: convolutions and poolings.</summary>
internal static class RandomWindows
{
    internal static IReadOnlyList<RandomPrograms.Row> Rows { get; } =
    [
        new(Opcode.Conv, TensorType.Float32, (model, x) => Conv(model, x, Opcode.Conv)),
        new(Opcode.Conv, TensorType.Int8, (model, x) => Conv(model, x, Opcode.Conv)),
        new(Opcode.Conv, TensorType.Int16, (model, x) => Conv(model, x, Opcode.Conv)),
        new(Opcode.ConvTranspose, TensorType.Float32, (model, x) => Conv(model, x, Opcode.ConvTranspose)),
        new(Opcode.ConvTranspose, TensorType.Int8, (model, x) => Conv(model, x, Opcode.ConvTranspose)),
        .. new[] { TensorType.Float32, TensorType.Int8, TensorType.Int16 }.SelectMany(type => (RandomPrograms.Row[])
        [
            new(Opcode.MaxPool, type, (model, x) => Pool(model, x, Opcode.MaxPool)),
            new(Opcode.AveragePool, type, (model, x) => Pool(model, x, Opcode.AveragePool)),
        ]),
    ];

    private static Item Conv(RandomModel model, Item x, Opcode opcode)
    {
        x = model.OfRank(x, 4);
        int channels = x.Shape[3];
        int groups = model.Pick([.. Enumerable.Range(1, channels).Where(count => channels % count == 0)]);
        groups = model.Chance(2) ? 1 : model.Chance(3) ? channels : groups;
        int units = groups * model.Random.Next(1, Math.Max(2, 40 / groups));
        units = model.Chance(3) ? groups : units;
        (int Kernel, int Stride, int Dilation, int Pad, int Outputs)[] axes = [Axis(1), Axis(2)];
        Item y = model.Arena(RandomMatrices.ProductType(model, x), [x.Shape[0], axes[0].Outputs, axes[1].Outputs, units]);
        int[] inputs = RandomMatrices.WeightInputs(model, x, [units, axes[0].Kernel, axes[1].Kernel, channels / groups], y, out int[] parameters);
        return model.Add(opcode, y, [x.Index, .. inputs],
        [
            .. parameters, axes[0].Stride, axes[1].Stride, axes[0].Dilation, axes[1].Dilation, axes[0].Pad, axes[1].Pad, groups,
        ]);

        (int Kernel, int Stride, int Dilation, int Pad, int Outputs) Axis(int axis)
        {
            (int kernel, int stride, int dilation, int pad) = Window(model);
            int reach = ((kernel - 1) * dilation) + 1;
            int usual = opcode == Opcode.Conv ? ((x.Shape[axis] + (2 * pad) - reach) / stride) + 1 : ((x.Shape[axis] - 1) * stride) + reach - (2 * pad);
            return (kernel, stride, dilation, pad, Outputs(model, usual));
        }
    }

    private static Item Pool(RandomModel model, Item x, Opcode opcode)
    {
        x = model.OfRank(x, 4);
        (int Kernel, int Stride, int Dilation, int Pad)[] windows = [Window(model), Window(model)];
        int[] outputs = [.. windows.Select((window, i) => Outputs(model, ((x.Shape[1 + i] + (2 * window.Pad) - ((window.Kernel - 1) * window.Dilation) - 1) / window.Stride) + 1))];
        Item y = model.Arena(x.Type, [x.Shape[0], outputs[0], outputs[1], x.Shape[3]], x.ZeroPoint);
        return model.Add(opcode, y, [x.Index],
        [
            .. windows.Select(window => window.Kernel), .. windows.Select(window => window.Stride), .. windows.Select(window => window.Dilation),
            .. windows.Select(window => window.Pad), .. windows.Select(window => window.Pad), model.Random.Next(2), .. model.Clamp(x.Type),
        ]);
    }

    private static (int Kernel, int Stride, int Dilation, int Pad) Window(RandomModel model)
    {
        int kernel = model.Random.Next(1, 6);
        return (kernel, model.Random.Next(1, 4), model.Random.Next(1, 3), model.Random.Next(kernel + 1));
    }

    // A file may say any number: windows that lie outside see padding only.
    private static int Outputs(RandomModel model, int usual) => model.Chance(4) ? model.Random.Next(1, 12) : Math.Clamp(usual, 1, 80);
}
