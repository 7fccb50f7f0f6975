namespace EdgeDevice;

/// <summary><c>edge-device doctor</c>: what of the board, the unit and the settings stands in the way.</summary>
internal static class Doctor
{
    internal static int Run(EdgeOptions options) => throw new InvalidDataException($"TODO {options.ModelFolder}");
}
