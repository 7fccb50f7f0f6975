namespace EdgeInference.Tool.Commands;

/// <summary>A fault of the command line that no parser of options sees: which file is read has no part in it.</summary>
internal sealed class UsageException(string message) : InputException(message);
