namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>What an emitted engine has beside what its model uses.</summary>
/// <param name="Classifier">The class Classifier, and the checks of what the contract says about decisions.</param>
/// <param name="Chunks">Loading a model that stays where it is.</param>
internal readonly record struct EngineParts(bool Classifier, bool Chunks);
