using System.Globalization;

namespace EdgeInference.ModelConverter;

/// <summary>How raw counts of a sensor become the real inputs of a model: (count + offset) · scale.</summary>
/// <param name="Scales">Real units of a count: one for all features of the last axis, or one for each.</param>
/// <param name="Offsets">Added to a count before it is scaled, in counts: one for all features, or one for each.</param>
public sealed record CountScaling(IReadOnlyList<double> Scales, IReadOnlyList<double> Offsets)
{
    /// <summary>Reads the two lists as a user writes them, numbers with commas between.</summary>
    /// <exception cref="InputException">A list holds something else than finite numbers, or a scale is 0.</exception>
    internal static CountScaling Parse(string scales, string? offsets) =>
        new(Numbers(scales, "--counts-scale", isScale: true), Numbers(offsets ?? "0", "--counts-offset", isScale: false));

    internal double Scale(int feature) => Scales[Scales.Count == 1 ? 0 : feature];

    internal double Offset(int feature) => Offsets[Offsets.Count == 1 ? 0 : feature];

    private static double[] Numbers(string text, string option, bool isScale) =>
        Array.ConvertAll(text.Split(',', StringSplitOptions.TrimEntries), part =>
            double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) && !(isScale && number == 0)
                ? number
                : throw new InputException($"{option} has '{part}', which is not a finite number{(isScale ? " other than 0" : "")}; give one for all features, or one for each with commas between."));
}
