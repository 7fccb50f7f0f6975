using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Tool.Tests.Optimize.Passes;

/// <content>Pads, constants and what moves elements.</content>
internal static partial class PassCases
{
    private static PassCase[] Pads()
    {
        const string Pass = "pad fusion";
        return
        [
            new(Pass, "other pads on each side", g => g.Conv(g.Pad(g.Input(1, 4, 5, 2), [0, 1, 2, 0], [0, 2, 1, 0]), 3), "Conv"),
            new(Pass, "a convolution that pads already", g => g.Conv(g.Pad(g.Input(1, 4, 5, 2), [0, 1, 2, 0], [0, 0, 1, 0]), 3, pad: 1, padEnd: 1), "Conv"),
            new(Pass, "steps and distances", g => g.Conv(g.Pad(g.Input(1, 6, 6, 2), [0, 3, 0, 0], [0, 1, 2, 0]), 3, kernel: 3, stride: 2, dilation: 2), "Conv"),
            new(Pass, "several images in groups", g => g.Conv(g.Pad(g.Input(2, 4, 4, 4), [0, 1, 1, 0], [0, 1, 1, 0]), 4, groups: 4), "Conv"),
            new(Pass, "in front of a Transpose", g => g.Conv(g.Transpose(g.Pad(g.Input(1, 2, 4, 5), [0, 0, 1, 2], [0, 0, 2, 0]), 0, 2, 3, 1), 3), "Transpose Conv"),
            new(Pass, "in front of a Reshape that makes an image", g => g.Conv1(g.Reshape(g.Pad(g.Input(1, 5, 2), [0, 2, 0], [0, 1, 0]), 1, 1, 8, 2), 3), "Reshape Conv"),
            new(Pass, "of one frame, in front of a Reshape that makes an image", g => g.Conv1(g.Reshape(g.Pad(g.Input(1, 1, 2), [0, 2, 0], [0, 1, 0]), 1, 1, 4, 2), 3), "Reshape Conv"),
            new(Pass, "in front of a Transpose and a Reshape", g => g.Conv1(g.Reshape(g.Transpose(g.Pad(g.Input(1, 2, 5), [0, 0, 2], [0, 0, 1]), 0, 2, 1), 1, 1, 8, 2), 3), "Transpose Reshape Conv"),
            new(Pass, "with another number than zero", g => g.Conv(g.Pad(g.Input(1, 4, 5, 2), [0, 1, 1, 0], [0, 1, 1, 0], value: 0.5f), 3), "Pad Conv"),
            new(Pass, "with the pixels of the edge", g => g.Conv(g.Pad(g.Input(1, 4, 5, 2), [0, 1, 1, 0], [0, 1, 1, 0], PadMode.Edge), 3), "Pad Conv"),
            new(Pass, "with reflected pixels", g => g.Conv(g.Pad(g.Input(1, 4, 5, 2), [0, 1, 1, 0], [0, 1, 1, 0], PadMode.Reflect), 3), "Pad Conv"),
            new(Pass, "of channels", g => g.Conv(g.Pad(g.Input(1, 4, 5, 2), [0, 1, 1, 1], [0, 0, 0, 0]), 3), "Pad Conv"),
            new(Pass, "of channels behind", g => g.Conv(g.Pad(g.Input(1, 4, 5, 2), [0, 0, 0, 0], [0, 1, 0, 1]), 3), "Pad Conv"),
            new(Pass, "of the batch", g => g.Conv(g.Pad(g.Input(1, 4, 5, 2), [1, 1, 1, 0], [0, 0, 0, 0]), 3), "Pad Conv"),
            new(Pass, "an activation between", g => g.Conv(g.Act(ActivationKind.Sigmoid, g.Pad(g.Input(1, 4, 5, 2), [0, 1, 1, 0], [0, 1, 1, 0])), 3), "Pad Sigmoid Conv"),
            new(Pass, "a Reshape that mixes rows", g => g.Conv(g.Reshape(g.Pad(g.Input(1, 5, 4), [0, 1, 0], [0, 0, 0]), 1, 3, 4, 2), 3), "Pad Reshape Conv"),
            new(Pass, "a Reshape of an image to another", g => g.Conv(g.Reshape(g.Pad(g.Input(1, 3, 4, 2), [0, 1, 0, 0], [0, 0, 0, 0]), 1, 2, 8, 2), 3), "Pad Reshape Conv"),
            new(Pass, "a transposed convolution", g => g.ConvTranspose(g.Pad(g.Input(1, 2, 2, 2), [0, 1, 1, 0], [0, 0, 0, 0]), 3), "Pad ConvTranspose"),
            new(Pass, "a Dense", g => g.Dense(g.Pad(g.Input(2, 3), [0, 1], [0, 1]), 4), "Pad Dense"),
            new(Pass, "no Pad", g => g.Conv(g.Transpose(g.Input(1, 2, 4, 5), 0, 2, 3, 1), 3), "Transpose Conv"),
            new(Pass, "int8 with its zero point", g => g.Dequantize(g.Layer8(g.Pad(g.Quantize(g.Input(1, 4, 4, 2)), [0, 1, 1, 0], [0, 1, 0, 0], value: 3f), 3)), "Quantize Conv Dequantize", 0),
            new(Pass, "int8 with another number", g => g.Dequantize(g.Layer8(g.Pad(g.Quantize(g.Input(1, 4, 4, 2)), [0, 1, 1, 0], [0, 1, 0, 0], value: 0f), 3)), "Quantize Pad Conv Dequantize", 0),
        ];
    }

    private static PassCase[] Constants()
    {
        const string Folding = "constant folding";
        const string Dead = "dead-node removal";
        return
        [
            new(Folding, "two nodes of constants", g => g.Add(g.Input(2, 3), Raw(g, Opcode.Unary, [Raw(g, Opcode.Activation, [g.C(3)], (int)ActivationKind.Tanh)], (int)UnaryKind.Exp)), "Add"),
            new(Folding, "a node of several outputs", g => g.Add(g.Input(2, 1, 1, 3), LstmOfConstants(g)), "Add"),
            new(Folding, "a node that also reads the input", g => g.Add(g.Input(2, 3), g.C(3)), "Add"),
            new(Folding, "a node whose result is quantized", g => g.Add(g.Input(2, 3), g.Dequantize(g.Quantize(g.C(3)))), "Quantize Dequantize Add"),
            new(Dead, "a chain that nobody reads", g => Beside(g, g.Act(ActivationKind.Tanh, g.Erf(g.Input(2, 3)))), "Sigmoid"),
            new(Dead, "a chain that is read", g => g.Act(ActivationKind.Tanh, g.Act(ActivationKind.ReLU, g.Input(2, 3))), "ReLU Tanh"),
            new(Dead, "one of several outputs is read", LastState, "LSTM"),
            new(Dead, "what writes a state", Counter, "Add Tanh", 0),
        ];
    }

    private static PassCase[] Reshapes()
    {
        const string Removal = "identity and reshape removal";
        const string Sinking = "reshape sinking";
        Value Line(PassGraph g, int units = 3, bool bias = false) => g.Reshape(g.Conv1(g.Input(1, 1, 6, 2), units, bias: bias), 1, 4, units);
        return
        [
            new(Removal, "a Reshape to the same shape", g => g.Act(ActivationKind.Tanh, g.Idle(Opcode.Reshape, g.Input(2, 3))), "Tanh"),
            new(Removal, "an activation that is the identity", g => g.Act(ActivationKind.Tanh, g.Act(ActivationKind.Linear, g.Input(2, 3))), "Tanh"),
            new(Removal, "two Reshapes", g => g.Act(ActivationKind.Tanh, g.Reshape(g.Reshape(g.Input(2, 6), 3, 4), 12)), "Reshape Tanh"),
            new(Removal, "three Reshapes", g => g.Act(ActivationKind.Tanh, g.Reshape(g.Reshape(g.Reshape(g.Input(2, 6), 3, 4), 12), 4, 3)), "Reshape Tanh"),
            new(Removal, "an identity that is an output", g => g.Idle(Opcode.Reshape, g.Act(ActivationKind.Tanh, g.Input(2, 3))), "Tanh Reshape"),
            new(Removal, "a Reshape to another shape of as many axes", g => g.Act(ActivationKind.Tanh, g.Reshape(g.Input(2, 3), 3, 2)), "Reshape Tanh"),
            new(Removal, "a Transpose between two Reshapes", g => g.Reshape(g.Transpose(g.Reshape(g.Input(2, 6), 3, 4), 1, 0), 12), "Reshape Transpose Reshape"),
            new(Sinking, "an activation", g => g.Act(ActivationKind.Tanh, Line(g)), "Conv Tanh Reshape"),
            new(Sinking, "a function", g => g.Erf(Line(g)), "Conv Unary Reshape"),
            new(Sinking, "a number for each channel", g => g.Add(Line(g), g.C(3)), "Conv Add Reshape"),
            new(Sinking, "a number for each frame", g => g.Sub(g.C(4, 1), Line(g)), "Conv Sub Reshape"),
            new(Sinking, "a number for each element", g => g.Mul(Line(g), g.C(1, 4, 3)), "Conv Mul Reshape"),
            new(Sinking, "a number for each element, of an image of one column", g => g.Add(g.Reshape(g.Builder.Conv(g.Input(1, 5, 1, 2), g.C(3, 2, 1, 2), null, new Window(2, 1, 1, 0, 0, 4), new Window(1, 1, 1, 0, 0, 1), 1), 1, 4, 3), g.C(4, 3)), "Conv Add Reshape"),
            new(Sinking, "of a quotient and an activation, the quotient", g => g.Act(ActivationKind.Tanh, g.Div(Line(g), g.C(1))), "Conv Div Reshape Tanh"),
            new(Sinking, "a slope for each channel", g => g.PReLU(Line(g)), "Conv PReLU Reshape"),
            new(Sinking, "a transposed convolution", g => g.Act(ActivationKind.Tanh, g.Reshape(g.ConvTranspose(g.Input(1, 2, 2, 3), 1), 1, 4, 4)), "ConvTranspose Tanh Reshape"),
            new(Sinking, "a slope for each frame, where the Reshape takes the channels away", g => g.PReLU(g.Reshape(g.Conv1(g.Input(1, 1, 6, 2), 1), 1, 4)), "Conv Reshape PReLU"),
            new(Sinking, "two tensors", g => g.Add(Line(g), g.Input(1, 4, 3)), "Conv Reshape Add"),
            new(Sinking, "a constant that makes the shape", g => g.Add(Line(g), g.C(2, 4, 3)), "Conv Reshape Add"),
            new(Sinking, "a softmax", g => g.Builder.Softmax(Line(g)), "Conv Reshape Softmax"),
            new(Sinking, "a Reshape that mixes axes", g => g.Act(ActivationKind.Tanh, g.Reshape(g.Conv1(g.Input(1, 1, 6, 2), 3), 1, 12)), "Conv Reshape Tanh"),
            new(Sinking, "another layer in front", g => g.Act(ActivationKind.Tanh, g.Reshape(g.Dense(g.Input(1, 1, 4, 2), 3), 1, 4, 3)), "Dense Reshape Tanh"),
        ];
    }

    private static PassCase[] Transposes()
    {
        const string Merging = "transpose merging";
        const string Sinking = "transpose sinking";

        // A permutation that is not its own inverse, so that one in place of the other is seen.
        Value Turned(PassGraph g, params int[] shape) => shape.Length == 4 ? g.Transpose(g.Input(shape), 0, 3, 1, 2) : g.Transpose(g.Input(shape), 2, 0, 1);
        return
        [
            new(Merging, "two in a row", g => g.Transpose(g.Transpose(g.Input(2, 3, 4), 1, 2, 0), 0, 2, 1), "Transpose"),
            new(Merging, "two in a row that are not their own inverses", g => g.Transpose(g.Transpose(g.Input(2, 3, 4, 5), 3, 0, 1, 2), 2, 3, 1, 0), "Transpose"),
            new(Merging, "two that undo each other", g => g.Transpose(g.Transpose(g.Input(2, 3, 4), 1, 2, 0), 2, 0, 1), "Reshape"),
            new(Merging, "one that moves axes of one element", g => g.Transpose(g.Input(2, 1, 4, 1), 3, 0, 1, 2), "Reshape"),
            new(Merging, "one that does nothing", g => g.Idle(Opcode.Transpose, g.Input(2, 3)), "Reshape"),
            new(Merging, "one that moves an axis of two elements", g => g.Transpose(g.Input(2, 1, 4, 1), 2, 0, 1, 3), "Transpose"),
            new(Merging, "something between", g => g.Transpose(g.Act(ActivationKind.Tanh, g.Transpose(g.Input(2, 3, 4), 1, 2, 0)), 2, 0, 1), "Transpose Tanh Transpose"),
            new(Merging, "a Reshape between", g => g.Transpose(g.Reshape(g.Transpose(g.Input(2, 3, 4), 1, 2, 0), 12, 2), 1, 0), "Transpose Reshape Transpose"),
            new(Sinking, "an activation", g => g.Act(ActivationKind.Tanh, Turned(g, 2, 3, 4)), "Tanh Transpose"),
            new(Sinking, "a function", g => g.Erf(Turned(g, 2, 3, 4)), "Unary Transpose"),
            new(Sinking, "until one undoes it", g => g.Transpose(g.Act(ActivationKind.Tanh, Turned(g, 2, 3, 4)), 1, 2, 0), "Tanh Transpose Transpose"),
            new(Sinking, "a slope for each channel", g => g.PReLU(Turned(g, 2, 3, 4)), "Transpose PReLU"),
            new(Sinking, "a constant of each element", g => g.Add(Turned(g, 2, 3, 4), g.C(4, 2, 3)), "Add Transpose"),
            new(Sinking, "a constant of fewer axes", g => g.Sub(g.C(2, 1), Turned(g, 2, 3, 4)), "Sub Transpose"),
            new(Sinking, "one number", g => g.Builder.Binary(BinaryKind.Max, Turned(g, 2, 3, 4), g.C(1)), "Binary Transpose"),
            new(Sinking, "two tensors turned alike", g => g.Mul(Turned(g, 2, 3, 4), Turned(g, 2, 3, 4)), "Mul Transpose"),
            new(Sinking, "two tensors turned differently", g => g.Mul(Turned(g, 2, 3, 3), g.Transpose(g.Input(2, 3, 3), 1, 0, 2)), "Transpose Transpose Mul"),
            new(Sinking, "one tensor turned, one not", g => g.Div(g.Input(4, 2, 3), g.Act(ActivationKind.Sigmoid, Turned(g, 2, 3, 4))), "Sigmoid Transpose Div"),
            new(Sinking, "a constant of more axes", g => g.Mul(Turned(g, 2, 3, 4), g.C(2, 4, 2, 3)), "Transpose Mul"),
            new(Sinking, "a choice", g => g.Builder.Where(g.Act(ActivationKind.Step, Turned(g, 2, 3, 4)), Turned(g, 2, 3, 4), g.C(3)), "Step Where Transpose"),
            new(Sinking, "a scale that the layer behind takes", g => g.Dense(g.Mul(Turned(g, 2, 3, 4), g.C(3)), 2), "Transpose Mul Dense"),
            new(Sinking, "a scale in front of no layer", g => g.Builder.Softmax(g.Mul(Turned(g, 2, 3, 4), g.C(3))), "Mul Transpose Softmax"),
            new(Sinking, "tensors joined", g => g.Builder.Concat(1, Turned(g, 2, 3, 4), Turned(g, 1, 3, 4)), "Concat Transpose"),
            new(Sinking, "tensors joined on the last axis", g => g.Builder.Concat(2, Turned(g, 2, 3, 4), Turned(g, 2, 2, 4)), "Concat Transpose"),
            new(Sinking, "joined with one that is not turned", g => g.Builder.Concat(1, Turned(g, 2, 3, 4), g.Input(4, 1, 3)), "Transpose Concat"),
            new(Sinking, "padding", g => g.Pad(Turned(g, 2, 3, 4), [1, 2, 0], [0, 1, 3], value: 0.5f), "Pad Transpose"),
            new(Sinking, "a cut with steps", g => g.Builder.Slice(Turned(g, 5, 6, 7), [1, 2, 0], [2, 1, 3], [3, 2, 2]), "Slice Transpose"),
            new(Sinking, "a cut backward", g => g.Builder.Slice(Turned(g, 5, 6, 7), [6, 4, 5], [-2, -1, -3], [3, 2, 2]), "Slice Transpose"),
            new(Sinking, "a mean that keeps the axes", g => g.Builder.Reduce(ReduceKind.Mean, Turned(g, 2, 3, 4), [0]), "Reduce Transpose"),
            new(Sinking, "a mean of two axes of four that keeps them", g => g.Builder.Reduce(ReduceKind.Mean, Turned(g, 2, 3, 4, 5), [1, 2]), "Reduce Transpose"),
            new(Sinking, "a sum that leaves the order", g => g.Builder.Reduce(ReduceKind.Sum, Turned(g, 2, 3, 4, 5), [2, 3], keepDimensions: false), "Reduce"),
            new(Sinking, "a sum that leaves another order", g => g.Builder.Reduce(ReduceKind.Sum, Turned(g, 2, 3, 4), [2], keepDimensions: false), "Transpose Reduce"),
            new(Sinking, "flattened for a Dense", g => g.Dense(g.Reshape(Turned(g, 2, 3, 4, 5), 2, 60), 3, bias: true), "Reshape Dense"),
            new(Sinking, "flattened together with the batch", g => g.Dense(g.Reshape(Turned(g, 2, 3, 4), 4, 6), 3), "Transpose Reshape Dense"),
            new(Sinking, "flattened where the batch has moved", g => g.Dense(g.Reshape(g.Transpose(g.Input(2, 2, 3), 1, 0, 2), 2, 6), 3), "Transpose Reshape Dense"),
            new(Sinking, "flattened to other rows", g => g.Dense(g.Reshape(Turned(g, 2, 3, 4, 5), 4, 30), 3), "Transpose Reshape Dense"),
            new(Sinking, "flattened for a Dense, more axes left", g => g.Dense(g.Reshape(Turned(g, 2, 3, 4, 5), 2, 5, 12), 3), "Transpose Reshape Dense"),
            new(Sinking, "flattened for something else", g => g.Builder.Softmax(g.Reshape(Turned(g, 2, 3, 4, 5), 2, 60)), "Transpose Reshape Softmax"),
            new(Sinking, "a softmax", g => g.Builder.Softmax(Turned(g, 2, 3, 4)), "Transpose Softmax"),
            new(Sinking, "int8 in and out", g => g.Dequantize(g.Quantize(Turned(g, 2, 3, 4))), "Quantize Dequantize Transpose", 0),
            new(Sinking, "a table", g => g.Dequantize(g.Table(g.Transpose(g.Quantize(g.Input(2, 3, 4)), 2, 0, 1))), "Quantize Table Dequantize Transpose", 0),
            new(Sinking, "a table for each channel", g => g.Dequantize(g.Table(g.Transpose(g.Quantize(g.Input(2, 3, 4)), 2, 0, 1), 768)), "Quantize Transpose Table Dequantize", 0),
            new(Sinking, "int8 flattened for a Dense", g => g.Dequantize(g.Layer8(g.Reshape(g.Transpose(g.Quantize(g.Input(2, 3, 2, 2)), 0, 3, 1, 2), 2, 12), 3)), "Quantize Reshape Dense Dequantize", 0),
        ];
    }

    private static Value Raw(PassGraph g, Opcode opcode, Value[] inputs, int kind)
    {
        var output = new Value($"v{g.Graph.Nodes.Count}", TensorType.Float32, inputs[0].Shape);
        g.Graph.Nodes.Add(new Node(opcode, output.Name, inputs, output).With(0, kind));
        return output;
    }

    private static Value Beside(PassGraph g, Value unread) => g.Act(ActivationKind.Sigmoid, g.Graph.Inputs[0]);

    private static Value[] Lstm(PassGraph g, Value x)
    {
        RecurrentActivation[] functions = [new(ActivationKind.Sigmoid, 0, 0), new(ActivationKind.Tanh, 0, 0), new(ActivationKind.Tanh, 0, 0)];
        return g.Builder.Recurrent(Opcode.LSTM, [x, g.C(12, x.Shape[2]), g.C(12, 3)], 3, new RecurrentSettings(functions, 0f, false, false));
    }

    private static Value LastState(PassGraph g) => Lstm(g, g.Input(4, 1, 2))[2];

    // The builder computes it at once; what an optimizer finds is the node.
    private static Value LstmOfConstants(PassGraph g)
    {
        Value x = g.Input(2, 1, 2);
        Value[] outputs = Lstm(g, x);
        g.Graph.Inputs.Remove(x);
        g.Graph.Nodes[^1].Inputs[0] = g.C(2, 1, 2);
        return g.Builder.Reshape(outputs[0], 2, 1, 1, 3);
    }

    // A state that nobody reads after it was written, in this call.
    private static Value Counter(PassGraph g)
    {
        Value x = g.Input(2, 3);
        var state = new Value("state", TensorType.Float32, 2, 3) { IsState = true };
        Value sum = g.Add(x, state);
        var node = new Node(Opcode.Activation, "next", [sum], state);
        node.WithActivation(ActivationRule.Kind, ActivationKind.Tanh);
        g.Graph.Nodes.Add(node);
        return sum;
    }
}
