using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Quantize.Operators;

/// <summary>Ranges and scales around an activation function that becomes a table.</summary>
internal static class ActivationRange
{
    private const int Samples = 512;

    /// <summary>The function of an Activation node, with its parameters.</summary>
    internal static UnaryFunction Function(Node node) => UnaryFunction.Of(
        (ActivationKind)node.Parameters[ActivationRule.Kind], node.Float(ActivationRule.Alpha), node.Float(ActivationRule.Beta));

    /// <summary>
    /// The output's parameters: those that the TensorFlow Lite quantization specification fixes for functions with a known
    /// range (1/256 and −128 for sigmoid, 1/128 and 0 for tanh), else calibrated.
    /// </summary>
    internal static Quantization Output(Quantizer quantizer, Node node, Precision precision) =>
        (node.Opcode == Opcode.Activation ? Known((ActivationKind)node.Parameters[ActivationRule.Kind], precision) : null) ?? quantizer.QuantizationOf(node.Output, precision);

    /// <summary>The output's parameters where the function has a known range; else null.</summary>
    internal static Quantization? Known(ActivationKind kind, Precision precision)
    {
        (double low, double high) = ActivationFunctions.Get(kind).Range;
        bool unit = low == 0 && high == 1;
        bool signed = low == -1 && high == 1;
        return !unit && !signed ? null
            : precision == Precision.Int16 ? new Quantization(1f / 32768, 0)
            : unit ? new Quantization(1f / 256, -128) : new Quantization(1f / 128, 0);
    }

    /// <summary>
    /// The input range worth levels: the calibrated one, cut where the function no longer moves by half an output step,
    /// so that a saturating function spends its 256 entries where it is curved.
    /// </summary>
    internal static ValueRange Input(UnaryFunction function, ValueRange range, double outputScale)
    {
        double low = Math.Min(range.Low, 0);
        double high = Math.Max(range.High, 0);
        return new ValueRange((float)Cut(function.Value, low, outputScale), (float)Cut(function.Value, high, outputScale));
    }

    /// <summary>The same for a function that is computed in float32: cut where its float32 no longer moves.</summary>
    internal static ValueRange Input(UnaryFunction function, ValueRange range)
    {
        double low = Math.Min(range.Low, 0);
        double high = Math.Max(range.High, 0);
        return new ValueRange((float)Cut(x => (float)function.Value(x), low, 0), (float)Cut(x => (float)function.Value(x), high, 0));
    }

    // From the far end towards 0, as long as everything passed stays within half a step of the value at the far end.
    private static double Cut(Func<double, double> function, double end, double outputScale)
    {
        double last = end;
        double reference = function(end);
        for (int i = 1; i <= Samples; i++)
        {
            double x = end * (Samples - i) / Samples;
            if (!(Math.Abs(function(x) - reference) <= outputScale / 2))
            {
                break;
            }

            last = x;
        }

        return last;
    }
}
