namespace EdgeDevice;

/// <summary><c>edge-device replay</c>: a recording through the loop.</summary>
internal static class Replay
{
    internal static int Run(EdgeOptions options, string path, string[] rest) => throw new InvalidDataException($"TODO {options.ModelFolder} {path} {rest.Length}");
}
