using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>Activation functions.</summary>
internal static class ActivationOperators
{
    // Those that are more than a kind and its attributes.
    private static readonly Dictionary<string, OnnxConverter> own = new(StringComparer.Ordinal)
    {
        ["PRelu"] = PRelu,
        ["Swish"] = Swish,
    };

    internal static readonly OnnxOperatorRow[] Rows =
    [
        .. ActivationFunctions.Named(names => names.Onnx).GroupBy(entry => entry.Name.Name, StringComparer.Ordinal).Select(Row),
        new("Softmax", call => call.Output(OverAxis(call, x => call.Builder.Softmax(x)))),
        new("LogSoftmax", call => call.Output(OverAxis(call, x => call.Builder.LogSoftmax(x)))),
    ];

    private static OnnxOperatorRow Row(IGrouping<string, (ActivationFunction Function, SourceName Name)> named)
    {
        if (own.TryGetValue(named.Key, out OnnxConverter? convert))
        {
            return new(named.Key, convert);
        }

        (ActivationFunction Function, SourceName Name)[] forms = [.. named];
        return new(named.Key, call => Convert(call, forms));
    }

    private static void Convert(OnnxNodeContext call, (ActivationFunction Function, SourceName Name)[] forms)
    {
        (ActivationFunction function, SourceName name) = forms[0];
        if (name.Form is var (setting, first))
        {
            string form = call.Text(setting, first);
            int index = Array.FindIndex(forms, entry => entry.Name.Form?.Value == form);
            (function, name) = index >= 0 ? forms[index] : throw call.Fault($"has the unknown form '{form}'");
        }

        call.Output(call.Builder.Activation(function.Kind, call.Input(0), name.Alpha?.Read(Number), name.Beta?.Read(Number)));

        float? Number(string attribute) => call.HasAttribute(attribute) ? call.Float(attribute, 0f) : null;
    }

    private static void Swish(OnnxNodeContext call)
    {
        float alpha = call.Float("alpha", 1f);
        Value x = call.Input(0);
        call.Output(alpha == 1f
            ? call.Builder.Activation(ActivationKind.SiLU, x)
            : call.Builder.Arithmetic(Opcode.Mul, x, call.Builder.Activation(ActivationKind.Sigmoid, call.Builder.Arithmetic(Opcode.Mul, x, call.Builder.Scalar(alpha)))));
    }

    private static void PRelu(OnnxNodeContext call)
    {
        Value x = call.Input(0);
        Value slope = call.Input(1);
        if (slope.Data is not float[] slopes)
        {
            call.Output(Composed(call, x, slope));
            return;
        }

        if (slopes.Length == 1)
        {
            call.Output(call.Builder.Activation(ActivationKind.LeakyReLU, x, slopes[0]));
            return;
        }

        call.Output(OverChannels(call, call.Builder.PReLU) ?? Composed(call, x, slope));
    }

    /// <summary>A function of channels on the last axis and their slopes, for a PRelu whose slopes are one for each channel; else null.</summary>
    internal static Value? OverChannels(OnnxNodeContext call, Func<Value, Value, Value> function)
    {
        Value x = call.Input(0);
        Value slope = call.Input(1);
        if (slope.Data is not float[] slopes || x.Shape.Length == 0)
        {
            return null;
        }

        bool lastAxis = slope.LastDimension == slopes.Length && slopes.Length == x.LastDimension;
        bool channelAxis = x.Shape.Length >= 3 && slopes.Length == x.Shape[1] && slope.Shape.Length >= x.Shape.Length - 1 && slope.Shape[^(x.Shape.Length - 1)] == slopes.Length;
        return channelAxis ? call.Builder.ChannelsFirst(function(call.Builder.ChannelsLast(x), slope))
            : lastAxis ? function(x, slope) : null;
    }

    // max(0, x) + slope · min(0, x), for slopes that vary over more than the channels or are computed.
    private static Value Composed(OnnxNodeContext call, Value x, Value slope)
    {
        Value negative = call.Builder.Binary(BinaryKind.Min, x, call.Builder.Scalar(0));
        return call.Builder.Arithmetic(Opcode.Add, call.Builder.Activation(ActivationKind.ReLU, x), call.Builder.Arithmetic(Opcode.Mul, negative, slope));
    }

    /// <summary>A function over the last axis, applied over the axis that the node names. Until opset 12 it spanned that axis and all after it.</summary>
    internal static Value OverAxis(OnnxNodeContext call, Func<Value, Value> function)
    {
        Value x = call.Input(0);
        int axis = call.Axis(call.Int("axis", call.Opset < 13 ? 1 : -1), Math.Max(x.Shape.Length, 1));
        if (x.Shape.Length == 0)
        {
            return call.Builder.Reshape(function(call.Builder.Reshape(x, 1)));
        }

        if (call.Opset < 13)
        {
            long depth = GraphBuilder.Elements(x.Shape[axis..]);
            return call.Builder.Reshape(function(call.Builder.Reshape(x, (int)(x.Elements / depth), (int)depth)), x.Shape);
        }

        // Swapping two axes is its own inverse.
        int[] swap = [.. Enumerable.Range(0, x.Shape.Length)];
        (swap[axis], swap[^1]) = (swap[^1], swap[axis]);
        return call.Builder.Transpose(function(call.Builder.Transpose(x, swap)), swap);
    }
}
