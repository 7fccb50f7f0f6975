namespace EdgeInference.ModelConverter;

/// <summary>The emitted sources of an engine for one model.</summary>
/// <param name="Paths">The files that were written: the source, the project and its packages.</param>
/// <param name="Types">Number of types of the source.</param>
/// <param name="AssemblyBytes">Bytes of the assembly on a device, estimated.</param>
public sealed record EngineCode(IReadOnlyList<string> Paths, int Types, int AssemblyBytes);
