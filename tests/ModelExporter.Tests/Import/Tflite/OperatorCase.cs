namespace EdgeInference.Tool.Tests.Import.Tflite;

/// <summary>A small model, and how many records of seeded inputs it is run on.</summary>
/// <param name="Name">Unique; the reference outputs are stored under it.</param>
/// <param name="Model">The <c>.tflite</c> file.</param>
/// <param name="Records">Number of inferences.</param>
/// <param name="KeepsState">Whether state lives from one record to the next.</param>
/// <param name="GivesInt32">Whether TensorFlow Lite writes int32, which is float32 or int16 here.</param>
public sealed record OperatorCase(string Name, byte[] Model, int Records, bool KeepsState = false, bool GivesInt32 = false)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
