namespace EdgeInference.ModelConverter.NanoEngine;

/// <summary>An engine for one model.</summary>
/// <param name="Files">File names and texts: the source, the project and its packages.</param>
/// <param name="Operators">Its operators with the types of their first inputs.</param>
/// <param name="Types">Number of types of the source.</param>
/// <param name="AssemblyBytes">Bytes of the assembly (.pe) on a device, estimated.</param>
internal sealed record EmittedEngine(IReadOnlyList<(string Name, string Text)> Files, IReadOnlyList<string> Operators, int Types, int AssemblyBytes);
