using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels.Float32.Trees;

/// <summary>The threshold of each split in float32: those of the file, or made from its int16 codes once.</summary>
internal static unsafe class TreeThresholds
{
    /// <summary>One for each split, shared by all sessions.</summary>
    internal static float* Bind(in BindContext context)
    {
        TensorInfo thresholds = context.Input(TreeEnsembleRule.Thresholds);
        byte* codes = context.InputData(TreeEnsembleRule.Thresholds);
        if (thresholds.Type == TensorType.Float32)
        {
            return (float*)codes;
        }

        var source = new Source
        {
            Codes = (short*)codes,
            Features = context.InputData(TreeEnsembleRule.Features),
            Exponents = (sbyte*)context.InputData(TreeEnsembleRule.Exponents),
            FeatureType = context.Input(TreeEnsembleRule.Features).Type,
            Splits = thresholds.Elements,
        };
        return (float*)context.Shared((long)source.Splits * sizeof(float), source, Fill);
    }

    // Exact: a code has 15 bits, and the product is a normal float32 or 0.
    private static void Fill(byte* destination, Source source)
    {
        float* thresholds = (float*)destination;
        for (int i = 0; i < source.Splits; i++)
        {
            thresholds[i] = MathF.ScaleB(source.Codes[i], source.Exponents[IntegerPointer.Unsigned(source.Features, source.FeatureType, i)]);
        }
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Source
    {
        internal short* Codes;
        internal byte* Features;
        internal sbyte* Exponents;
        internal TensorType FeatureType;
        internal int Splits;
    }
}
