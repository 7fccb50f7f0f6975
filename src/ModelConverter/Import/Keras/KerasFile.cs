namespace EdgeInference.ModelConverter.Import.Keras;

/// <summary>What layers need to know of the file they are in.</summary>
/// <param name="Path">The file's path, for messages.</param>
/// <param name="MajorVersion">Keras's major version: 3 gave some names another formula.</param>
/// <param name="Weights">The weights.</param>
internal sealed record KerasFile(string Path, int MajorVersion, KerasWeights Weights)
{
    /// <summary>The texts that the model's inputs take, once its graph is begun.</summary>
    internal TextInputs? Texts { get; set; }
}
