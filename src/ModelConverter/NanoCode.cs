namespace EdgeInference.ModelConverter;

/// <summary>The files that a model became, and what an inference costs.</summary>
/// <param name="Paths">The files that were written; the last has the class that a program calls.</param>
/// <param name="Instructions">IL instructions that one inference executes, estimated.</param>
/// <param name="Milliseconds">Time of one inference on an ESP32, estimated.</param>
/// <param name="NeedsEngine">Whether the code needs the assembly EdgeRuntime.Nano.</param>
/// <param name="Notices">What was decided that a person may have meant otherwise, such as another form than straight-line code; a sentence each.</param>
public sealed record NanoCode(IReadOnlyList<string> Paths, long Instructions, double Milliseconds, bool NeedsEngine, IReadOnlyList<string> Notices);
