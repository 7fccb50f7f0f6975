namespace EdgeInference.ModelConverter;

/// <summary>The emitted files, and the cost of an inference.</summary>
/// <param name="Paths">The files that were written; the last has the class that a program calls.</param>
/// <param name="Instructions">IL instructions that one inference executes, estimated.</param>
/// <param name="Milliseconds">Time of one inference on an ESP32, estimated.</param>
/// <param name="NeedsEngine">Whether the code needs the assembly EdgeInference.Nano.</param>
/// <param name="Notices">Choices that the user may want to change, such as a form other than straight-line code; one sentence each.</param>
public sealed record NanoCode(IReadOnlyList<string> Paths, long Instructions, double Milliseconds, bool NeedsEngine, IReadOnlyList<string> Notices);
