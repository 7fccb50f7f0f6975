namespace EdgeInference.ModelConverter.Import.Tflite;

/// <summary>An operator as the file declares it.</summary>
/// <param name="Index">Its place in the order of execution.</param>
/// <param name="Code">What it does.</param>
/// <param name="Custom">The name of a custom operator, else empty.</param>
/// <param name="Inputs">Tensor indices, −1 for an optional input that is absent.</param>
/// <param name="Outputs">Tensor indices.</param>
/// <param name="Options">Its parameters, or null if all have their defaults.</param>
internal sealed record TfliteOperator(
    int Index, TfliteOperatorCode Code, string Custom, int[] Inputs, int[] Outputs, FlatTable? Options)
{
    internal string Kind => Code == TfliteOperatorCode.CUSTOM ? $"custom operator '{Custom}'" : Enum.IsDefined(Code) ? Code.ToString() : $"operator {(int)Code}";

    public override string ToString() => $"operator {Index} ({Kind})";
}
