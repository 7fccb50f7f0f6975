using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>Operators that work element by element, with broadcasting.</summary>
internal static class ElementwiseOperators
{
    internal static readonly OnnxOperatorRow[] Rows =
    [
        new("Add", call => Arithmetic(call, Opcode.Add)),
        new("Sub", call => Arithmetic(call, Opcode.Sub)),
        new("Mul", call => Arithmetic(call, Opcode.Mul)),
        new("Div", Div),
        new("Pow", Pow),
        new("Mod", call => Binary(call, call.Flag("fmod") ? BinaryKind.Remainder : BinaryKind.Mod)),
        new("Min", call => Fold(call, BinaryKind.Min)),
        new("Max", call => Fold(call, BinaryKind.Max)),
        new("Sum", Sum),
        new("Mean", Mean),
        new("Equal", call => Binary(call, BinaryKind.Equal, OnnxElementType.Bool)),
        new("Less", call => Binary(call, BinaryKind.Less, OnnxElementType.Bool)),
        new("LessOrEqual", call => Binary(call, BinaryKind.LessOrEqual, OnnxElementType.Bool)),
        new("Greater", call => Binary(call, BinaryKind.Less, OnnxElementType.Bool, swap: true)),
        new("GreaterOrEqual", call => Binary(call, BinaryKind.LessOrEqual, OnnxElementType.Bool, swap: true)),
        new("And", call => Binary(call, BinaryKind.And, OnnxElementType.Bool)),
        new("Or", call => Binary(call, BinaryKind.Or, OnnxElementType.Bool)),
        new("Xor", call => Binary(call, BinaryKind.Xor, OnnxElementType.Bool)),
        new("Not", call => Unary(call, UnaryKind.Not)),
        new("Abs", call => Unary(call, UnaryKind.Abs)),
        new("Neg", call => Unary(call, UnaryKind.Neg)),
        new("Exp", call => Unary(call, UnaryKind.Exp)),
        new("Log", call => Unary(call, UnaryKind.Log)),
        new("Sqrt", call => Unary(call, UnaryKind.Sqrt)),
        new("Reciprocal", call => Unary(call, UnaryKind.Reciprocal)),
        new("Floor", call => Unary(call, UnaryKind.Floor)),
        new("Ceil", call => Unary(call, UnaryKind.Ceil)),
        new("Round", call => Unary(call, UnaryKind.Round)),
        new("Sign", call => Unary(call, UnaryKind.Sign)),
        new("Erf", call => Unary(call, UnaryKind.Erf)),
        new("Sin", call => Unary(call, UnaryKind.Sin)),
        new("Cos", call => Unary(call, UnaryKind.Cos)),
        new("Tan", call => Unary(call, UnaryKind.Tan)),
        new("Asin", call => Unary(call, UnaryKind.Asin)),
        new("Acos", call => Unary(call, UnaryKind.Acos)),
        new("Atan", call => Unary(call, UnaryKind.Atan)),
        new("Sinh", call => Unary(call, UnaryKind.Sinh)),
        new("Cosh", call => Unary(call, UnaryKind.Cosh)),
        new("Asinh", call => Unary(call, UnaryKind.Asinh)),
        new("Acosh", call => Unary(call, UnaryKind.Acosh)),
        new("Atanh", call => Unary(call, UnaryKind.Atanh)),
        new("IsNaN", call => call.Output(call.Builder.Unary(UnaryKind.IsNaN, call.Input(0)), OnnxElementType.Bool)),
        new("IsInf", IsInf),
        new("Clip", Clip),
        new("Cast", Cast),
        new("CastLike", call => Cast(call, call.InputType(1))),
    ];

    private static void Arithmetic(OnnxNodeContext call, Opcode opcode)
    {
        RefuseOldBroadcast(call);
        call.Output(call.Builder.Arithmetic(opcode, call.Input(0), call.Input(1)));
    }

    private static void Div(OnnxNodeContext call)
    {
        RefuseOldBroadcast(call);
        Value quotient = call.Builder.Arithmetic(Opcode.Div, call.Input(0), call.Input(1));
        call.Output(call.InputType().IsFloat() ? quotient : call.Builder.Unary(UnaryKind.Truncate, quotient));
    }

    private static void Pow(OnnxNodeContext call)
    {
        Value power = call.Builder.Binary(BinaryKind.Pow, call.Input(0), call.Input(1));
        call.Output(call.InputType().IsFloat() ? power : call.Builder.Unary(UnaryKind.Truncate, power));
    }

    private static void Unary(OnnxNodeContext call, UnaryKind kind) => call.Output(call.Builder.Unary(kind, call.Input(0)));

    private static void Binary(OnnxNodeContext call, BinaryKind kind, OnnxElementType? type = null, bool swap = false)
    {
        RefuseOldBroadcast(call);
        Value a = call.Input(swap ? 1 : 0);
        Value b = call.Input(swap ? 0 : 1);
        call.Output(call.Builder.Binary(kind, a, b), type);
    }

    // Before opset 7 an attribute said which axes broadcast.
    private static void RefuseOldBroadcast(OnnxNodeContext call)
    {
        if (call.HasAttribute("broadcast"))
        {
            throw call.Fault("broadcasts as in opsets before 7; export the model with opset 13 or later");
        }
    }

    private static void Fold(OnnxNodeContext call, BinaryKind kind)
    {
        Value result = call.Input(0);
        for (int i = 1; i < call.InputCount; i++)
        {
            result = call.Builder.Binary(kind, result, call.Input(i));
        }

        call.Output(result);
    }

    private static Value Total(OnnxNodeContext call)
    {
        Value result = call.Input(0);
        for (int i = 1; i < call.InputCount; i++)
        {
            result = call.Builder.Arithmetic(Opcode.Add, result, call.Input(i));
        }

        return result;
    }

    private static void Sum(OnnxNodeContext call) => call.Output(Total(call));

    private static void Mean(OnnxNodeContext call) =>
        call.Output(call.InputCount == 1 ? Total(call) : call.Builder.Arithmetic(Opcode.Div, Total(call), call.Builder.Scalar(call.InputCount)));

    private static void IsInf(OnnxNodeContext call) => call.Output(
        call.Builder.Unary(UnaryKind.IsInf, call.Input(0), call.Flag("detect_negative", true) ? 1f : 0f, call.Flag("detect_positive", true) ? 1f : 0f),
        OnnxElementType.Bool);

    private static void Clip(OnnxNodeContext call)
    {
        bool constant = (!call.Has(1) || call.Operand(1).IsConstant) && (!call.Has(2) || call.Operand(2).IsConstant);
        if (!constant)
        {
            Value bounded = call.InputOrNull(1) is { } low ? call.Builder.Binary(BinaryKind.Max, call.Input(0), low) : call.Input(0);
            call.Output(call.InputOrNull(2) is { } high ? call.Builder.Binary(BinaryKind.Min, bounded, high) : bounded);
            return;
        }

        float min = call.Has(1) ? call.ScalarConstant(1) : call.Opset < 11 ? call.Float("min", float.NegativeInfinity) : float.NegativeInfinity;
        float max = call.Has(2) ? call.ScalarConstant(2) : call.Opset < 11 ? call.Float("max", float.PositiveInfinity) : float.PositiveInfinity;
        Value x = call.Input(0);
        call.Output((min, max) switch
        {
            (0f, float.PositiveInfinity or float.MaxValue) => call.Builder.Activation(ActivationKind.ReLU, x),
            (0f, 6f) => call.Builder.Activation(ActivationKind.ReLU6, x),
            _ => call.Builder.Unary(UnaryKind.Clip, x, min, max),
        });
    }

    private static void Cast(OnnxNodeContext call)
    {
        call.Ignore("saturate", "round_mode");
        Cast(call, (OnnxElementType)call.Int("to"));
    }

    private static void Cast(OnnxNodeContext call, OnnxElementType to)
    {
        call.Ignore("saturate", "round_mode");
        OnnxElementType from = call.InputType();
        if (from == OnnxElementType.Text && to == OnnxElementType.Text)
        {
            call.Output(0, call.Operand(0));
            return;
        }

        if (from == OnnxElementType.Text || to == OnnxElementType.Text)
        {
            throw call.Fault("converts text, which is not supported");
        }

        if (to.Bytes() == 0 || (to.IsFloat() && to.Bytes() < 2))
        {
            throw call.Fault($"converts to {to}, which is not supported");
        }

        OnnxOperand operand = call.Operand(0);
        Value x = operand.Value;
        if (x.Elements > 0)
        {
            x = to == OnnxElementType.Bool && from != OnnxElementType.Bool ? call.Builder.Unary(UnaryKind.Not, call.Builder.Unary(UnaryKind.Not, x))
                : from.IsFloat() && !to.IsFloat() ? call.Builder.Unary(UnaryKind.Truncate, x)
                : x;
        }

        call.Output(0, new OnnxOperand(x, to));
    }
}
