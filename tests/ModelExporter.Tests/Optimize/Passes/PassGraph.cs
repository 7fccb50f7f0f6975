using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Tool.Tests.Optimize.Passes;

/// <summary>Builds the graph of a case: its constants are drawn with a fixed seed, and none of them is near 0.</summary>
internal sealed class PassGraph
{
    private readonly Random random = new(1);

    internal Graph Graph { get; } = new();

    internal GraphBuilder Builder => new(Graph) { Name = $"v{Graph.Nodes.Count}" };

    internal Value Input(params int[] shape)
    {
        var input = new Value($"x{Graph.Inputs.Count}", TensorType.Float32, shape);
        Graph.Inputs.Add(input);
        return input;
    }

    internal Value C(params int[] shape) =>
        Value.Constant("c", [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => (0.3f + (0.7f * random.NextSingle())) * (random.Next(2) == 0 ? -1f : 1f))], shape);

    internal static Value One(float value) => Value.Constant("c", [value], 1);

    internal Value Dense(Value x, int units, bool bias = false, ActivationKind kind = ActivationKind.Linear)
    {
        Value y = Builder.Dense(x, C(units, x.LastDimension), bias ? C(units) : null);
        Graph.Nodes[^1].WithActivation(DenseRule.Activation, kind);
        return y;
    }

    /// <summary>A convolution with a window of kernel × kernel elements and as many outputs as fit into the image with its pads.</summary>
    internal Value Conv(Value x, int units, int kernel = 2, int stride = 1, int dilation = 1, int pad = 0, int padEnd = 0, int groups = 1, bool bias = false)
    {
        Window Along(int size) => new(kernel, stride, dilation, pad, padEnd, ((size + pad + padEnd - (dilation * (kernel - 1)) - 1) / stride) + 1);
        return Builder.Conv(x, C(units, kernel, kernel, x.Shape[3] / groups), bias ? C(units) : null, Along(x.Shape[1]), Along(x.Shape[2]), groups);
    }

    internal Value Conv1(Value x, int units, int kernel = 3, bool bias = false) =>
        Builder.Conv(x, C(units, 1, kernel, x.Shape[3]), bias ? C(units) : null, new Window(1, 1, 1, 0, 0, 1), new Window(kernel, 1, 1, 0, 0, x.Shape[2] - kernel + 1), 1);

    internal Value ConvTranspose(Value x, int units, bool bias = false, int groups = 1)
    {
        Window Along(int size) => new(2, 2, 1, 0, 0, size * 2);
        return Builder.ConvTranspose(x, C(units, 2, 2, x.Shape[3] / groups), bias ? C(units) : null, Along(x.Shape[1]), Along(x.Shape[2]), groups);
    }

    internal Value Add(Value a, Value b) => Builder.Arithmetic(Opcode.Add, a, b);

    internal Value Sub(Value a, Value b) => Builder.Arithmetic(Opcode.Sub, a, b);

    internal Value Mul(Value a, Value b) => Builder.Arithmetic(Opcode.Mul, a, b);

    internal Value Div(Value a, Value b) => Builder.Arithmetic(Opcode.Div, a, b);

    internal Value Act(ActivationKind kind, Value x, float? alpha = null, float? beta = null) => Builder.Activation(kind, x, alpha, beta);

    internal Value PReLU(Value x) => Builder.PReLU(x, C(x.LastDimension));

    internal Value Erf(Value x) => Builder.Unary(UnaryKind.Erf, x);

    internal Value Transpose(Value x, params int[] permutation) => Builder.Transpose(x, permutation);

    /// <summary>A Transpose or Reshape that the builder would leave out, because it does nothing.</summary>
    internal Value Idle(Opcode opcode, Value x)
    {
        var output = new Value($"v{Graph.Nodes.Count}", x.Type, x.Shape) { Quantization = x.Quantization };
        var node = new Node(opcode, output.Name, [x], output);
        for (int i = 0; opcode == Opcode.Transpose && i < node.Parameters.Length; i++)
        {
            node.With(i, i);
        }

        Graph.Nodes.Add(node);
        return output;
    }

    internal Value Reshape(Value x, params int[] shape) => Builder.Reshape(x, shape);

    internal Value Pad(Value x, int[] before, int[] after, PadMode mode = PadMode.Constant, float value = 0f) => Builder.Pad(x, before, after, mode, value);

    /// <summary>x as int8, scale 1/32.</summary>
    internal Value Quantize(Value x, int zeroPoint = 3)
    {
        return Builder.Add(Opcode.Quantize, [x], x.Shape, node => (node.Output.Type, node.Output.Quantization) = (TensorType.Int8, new Quantization(1f / 32f, zeroPoint)));
    }

    internal Value Dequantize(Value x)
    {
        return Builder.Add(Opcode.Dequantize, [x], x.Shape);
    }

    internal Value Table(Value x, int entries = 256)
    {
        Value table = Value.Constant("table", [.. Enumerable.Range(0, entries).Select(_ => (sbyte)random.Next(-128, 128))], entries);
        return Builder.Add(Opcode.Table, [x, table], x.Shape, node => (node.Output.Type, node.Output.Quantization) = (TensorType.Int8, x.Quantization));
    }

    /// <summary>An int8 convolution or, for an input of rank 2, an int8 Dense.</summary>
    internal Value Layer8(Value x, int units)
    {
        bool dense = x.Shape.Length == 2;
        int[] shape = dense ? [units, x.LastDimension] : [units, 2, 2, x.LastDimension];
        Value weights = Value.Constant("w", [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => (sbyte)random.Next(-127, 128))], shape);
        weights.Quantization = new Quantization(1f / 128f, 0);
        Value[] inputs = [x, weights, Value.Constant("b", [.. Enumerable.Range(0, units).Select(_ => random.Next(-500, 500))], units), Value.Constant("m", [1 << 30], 1), Value.Constant("s", new sbyte[] { -6 }, 1)];
        Value y = Builder.Add(dense ? Opcode.Dense : Opcode.Conv, inputs, dense ? [x.Shape[0], units] : [x.Shape[0], x.Shape[1] - 1, x.Shape[2] - 1, units], node =>
        {
            node.With(DenseRule.Min, -128).With(DenseRule.Max, 127).With(DenseRule.ZeroPoint, -4);
            if (!dense)
            {
                node.With(ConvRule.Stride, 1).With(ConvRule.Stride + 1, 1).With(ConvRule.Dilation, 1).With(ConvRule.Dilation + 1, 1).With(ConvRule.Groups, 1);
            }
        });
        (y.Type, y.Quantization) = (TensorType.Int8, new Quantization(0.25f, -4));
        return y;
    }
}
